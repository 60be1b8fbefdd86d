// From Streamlit's component to our list: made once, told again at every run of the script.

import { Grid } from "./grid.js";

const mounted = new WeakMap();

/** `plugin` adds what only one screen has: special cells, the detail, keys, buttons (see orders/js/main.js). */
export function mount({ data, parentElement, setTriggerValue }, plugin) {
  const before = mounted.get(parentElement);
  const text = JSON.stringify(data);
  const isBusy = before?.grid.host.querySelector("dialog[open]"); // what is typed there comes first
  if (before && (before.text === text || isBusy)) {
    before.grid.trigger = setTriggerValue;
    before.grid.setTheme();
  } else {
    if (before) remove(parentElement);
    const grid = new Grid(parentElement, { config: data, plugin, trigger: setTriggerValue });
    mounted.set(parentElement, { grid, text });
  }
  return () => remove(parentElement);
}

function remove(parent) {
  const there = mounted.get(parent);
  mounted.delete(parent);
  there?.grid.destroy();
  there?.grid.host.remove();
}
