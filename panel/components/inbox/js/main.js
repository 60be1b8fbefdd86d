// From Streamlit's component to our inbox: made once, told again at every run of the script.

import { watchForNews } from "../../alerts/js/watch.js";
import { Inbox } from "./inbox.js";

const mounted = new WeakMap();

export default function inbox({ data, parentElement }) {
  watchForNews();
  const text = JSON.stringify(data);
  const there = mounted.get(parentElement);
  if (there && there.text === text) {
    there.inbox.setTheme();
  } else {
    remove(parentElement);
    mounted.set(parentElement, { inbox: new Inbox(parentElement, data), text });
  }
  return () => remove(parentElement);
}

function remove(parent) {
  const there = mounted.get(parent);
  mounted.delete(parent);
  there?.inbox.destroy();
}
