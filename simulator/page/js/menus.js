// Small menus: what to do with a message, and with the phone.

import { h, icon } from "./dom.js";
import { call } from "./live.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** Show a menu over the phone; it closes on Escape, on a choice and on a click elsewhere. */
function popup(phone, className, label, children) {
  const before = document.activeElement;
  const menu = h("div", { class: `menu ${className}`, role: "menu", "aria-label": label }, children);
  const veil = h("div", { class: "veil", onclick: close, oncontextmenu: (event) => event.preventDefault() });
  function close() {
    veil.remove();
    menu.remove();
    before?.focus?.({ preventScroll: true });
  }
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) items[(at + step + items.length) % items.length].focus();
    if (event.key === "Escape") close();
    if (step || event.key === "Escape") event.preventDefault();
  });
  menu.addEventListener("click", (event) => event.target.closest("button") && close());
  phone.screen.append(veil, menu);
  menu.querySelector("button")?.focus({ preventScroll: true });
  return menu;
}

const item = (label, onclick, name) => h("button", { type: "button", role: "menuitem", class: "menu-item", onclick }, name && icon(name), label);

/** Reactions and reply, beside the message. */
export function messageMenu(phone, message, element) {
  const mine = message.reactions.customer;
  const menu = popup(phone, "menu-message", "Mensaje", [
    h(
      "div",
      { class: "menu-emojis" },
      EMOJIS.map((emoji) => h("button", { type: "button", role: "menuitem", class: emoji === mine ? "chosen" : "", "aria-label": emoji === mine ? `Quitar ${emoji}` : `Reaccionar ${emoji}`, onclick: () => phone.do("reaction", { message: message.id, emoji: emoji === mine ? "" : emoji }) }, emoji)),
    ),
    item("Responder", () => setTimeout(() => phone.reply(message)), "reply"),
  ]);
  const place = element.getBoundingClientRect();
  const screen = phone.screen.getBoundingClientRect();
  const room = screen.height - menu.offsetHeight - 76;
  menu.style.setProperty("top", `${Math.min(Math.max(place.top - screen.top - 52, 96), room)}px`);
  menu.style.setProperty(message.side === "customer" ? "right" : "left", "12px");
}

/** What can happen to this phone and its owner. */
export function phoneMenu(phone) {
  const customer = phone.customer;
  const event = (body) => phone.try(call("POST", `customers/${phone.id}/events`, body));
  const ask = (question, value) => (window.prompt(question, value) ?? "").trim();
  popup(phone, "menu-phone", "Opciones del teléfono", [
    item(customer.reading ? "Cerrar el chat (no lee)" : "Abrir el chat (lee)", () => phone.change({ reading: !customer.reading })),
    item("Apagar el teléfono", () => phone.change({ online: false })),
    item(customer.blocked ? "Desbloquear a la empresa" : "Bloquear a la empresa", () => phone.change({ blocked: !customer.blocked })),
    item("Cambiar de número", () => {
      const digits = ask("Número nuevo, con código de país", "+54 9 11 ");
      if (digits.replace(/\D/g, "").length > 7) event({ kind: "change_number", phone: digits });
    }),
    item("La empresa contesta desde su celular", () => {
      const text = ask("¿Qué escribe?", "Hola, te atiendo yo 😊");
      if (text) event({ kind: "echo", text });
    }),
    item("Mandar una encuesta (no soportada)", () => phone.do("unsupported")),
  ]);
}
