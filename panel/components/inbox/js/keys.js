// The inbox without a mouse. «?» shows the keys.

import { openDialog } from "../../grid/js/dialog.js";
import { h, isTyping } from "../../grid/js/dom.js";

const KEYS = [
  ["/", "buscar; al escribir un mensaje: respuestas rápidas"],
  ["j  k", "conversación siguiente, anterior"],
  ["Enter", "abrir la conversación; al escribir: enviar"],
  ["Shift+Enter", "otro renglón"],
  ["r", "responder el último mensaje del cliente"],
  ["n", "escribir una nota privada"],
  ["t", "tomar la conversación"],
  ["i", "ver los datos del contacto y el pedido"],
  ["Esc", "volver a la lista"],
  ["?", "esta ayuda"],
];

export function showKeys(room) {
  const rows = KEYS.map(([key, title]) => h("div", { class: "key-row" }, h("dt", {}, key.split("  ").map((one) => h("kbd", {}, one))), h("dd", {}, title)));
  openDialog(room, { title: "Teclas", body: h("dl", { class: "keys" }, rows), buttons: [{ title: "Entendido", primary: true, run: (dialog) => dialog.close() }] });
}

export function listenToKeys(room) {
  const listener = (event) => pressed(room, event);
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}

function pressed(room, event) {
  const target = event.composedPath()[0];
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (room.popover || room.host.querySelector("dialog[open]") || document.querySelector("[role=dialog][aria-modal=true]")) return;
  const isEscape = event.key === "Escape";
  if (isTyping(target) && !(isEscape && room.host.contains(target))) return;
  const act = commands(room)[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function commands(room) {
  const { list, talk } = room;
  return {
    "?": () => room.showKeys(),
    "/": () => (list ? list.input.select() : talk?.focus()),
    j: () => list?.step(1),
    k: () => list?.step(-1),
    r: () => talk?.replyToLast(),
    n: () => talk?.composer.writeNote(),
    t: () => talk?.take(),
    i: () => room.toggleCard(),
    Escape: () => (room.host.classList.contains("card-open") ? room.toggleCard(false) : list && room.close()),
  };
}
