// The whole list without a mouse. «?» shows the keys.

import { h, isTyping } from "./dom.js";
import { openDialog } from "./dialog.js";

const PLAIN = [
  ["/", "buscar"],
  ["j  k", "fila siguiente, anterior (también ↓ ↑)"],
  ["Enter", "abrir o cerrar la fila"],
  ["x", "seleccionar la fila"],
  ["[  ]", "página anterior, siguiente"],
  ["Esc", "cerrar lo que está abierto"],
  ["?", "esta ayuda"],
];

export function listenToKeys(grid) {
  const listener = (event) => onKey(grid, event);
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}

export function showKeys(grid) {
  const keys = [...PLAIN.slice(0, -1), ...(grid.plugin.keys?.(grid) ?? []).map(({ key, title }) => [key, title]), PLAIN[PLAIN.length - 1]];
  const rows = keys.map(([key, title]) => h("div", { class: "key-row" }, h("dt", {}, key.split("  ").map((one) => h("kbd", {}, one))), h("dd", {}, title)));
  openDialog(grid, { title: "Teclas", body: h("dl", { class: "keys" }, rows), buttons: [{ title: "Entendido", primary: true, run: (dialog) => dialog.close() }] });
}

function onKey(grid, event) {
  const target = event.composedPath()[0];
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (grid.popover || grid.host.querySelector("dialog[open]") || document.querySelector("[role=dialog][aria-modal=true]")) return;
  if (isTyping(target)) return;
  const act = commands(grid, target)[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function commands(grid, target) {
  const isButton = target.matches?.("button, a, summary, input");
  const isOurs = grid.host.contains(target) || target === document.body || !isButton;
  const own = Object.fromEntries((grid.plugin.keys?.(grid) ?? []).map(({ key, run }) => [key, run]));
  return {
    ...own,
    "/": () => grid.focusSearch(),
    "?": () => grid.showKeys(),
    j: () => grid.step(1),
    k: () => grid.step(-1),
    x: () => grid.selected.toggle(grid.active),
    "[": () => grid.turn(-1),
    "]": () => grid.turn(1),
    Escape: () => grid.escape(),
    ...(isOurs && !isButton ? { Enter: () => grid.open.toggle(grid.active) } : {}),
    ...(isOurs ? { ArrowDown: () => grid.step(1), ArrowUp: () => grid.step(-1) } : {}),
  };
}
