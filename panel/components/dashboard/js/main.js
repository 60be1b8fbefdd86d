// From Streamlit's component to our figures: made once, told again at every run of the script.

import { Dashboard } from "./dashboard.js";

const mounted = new WeakMap();

export default function figures({ data, parentElement }) {
  const there = mounted.get(parentElement);
  if (there) there.setTheme();
  else mounted.set(parentElement, new Dashboard(parentElement, data));
  return () => {
    mounted.get(parentElement)?.destroy();
    mounted.delete(parentElement);
  };
}
