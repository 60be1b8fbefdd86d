// Above the conversation: who it is, who answers, who else is here, and what may be done.

import { get, now } from "../../grid/js/api.js";
import { fill, h } from "../../grid/js/dom.js";
import { phone } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { openMenu } from "../../grid/js/popover.js";
import { moveMenu, startMove } from "../../orders/js/moves.js";
import { answering, company, initials, nameOf, windowWords } from "./words.js";

export function drawHead(element, card, room, talk) {
  const { contact, composer, order } = card;
  const name = nameOf(contact);
  const words = [phone(contact.phone), answering({ ...contact, operator: composer.operator }, room.config.me, card.time_zone)];
  const others = company(card.here, room.config.me);
  const left = windowWords(composer.window_ends_at, now());
  const key = JSON.stringify([name, words, others, left?.text, order, contact, composer.operator, room.isDark]);
  if (element.dataset.shown === key) return;
  element.dataset.shown = key;
  const focused = element.getRootNode().activeElement?.dataset?.key;
  fill(
    element,
    back(room),
    h("span", { class: "initials", "aria-hidden": "true" }, initials(name)),
    h("div", { class: "who" },
      h("h2", { dir: "auto", title: name }, name),
      h("small", {}, words[0] ? h("span", { class: "phone-number" }, `${words[0]} · `) : null, words[1]),
      h("small", { class: "here", role: "status", hidden: !others }, others)),
    contact.blocked ? h("span", { class: "tag bad" }, "Bloqueado") : null,
    left ? h("span", { class: `mark left ${left.level}`, title: "Hasta 24 h después del último mensaje del cliente se le puede escribir libremente" }, icon("clock"), left.text) : null,
    order ? stateButton(order, room, talk) : null,
    mainButton(card, talk),
    more(card, room, talk),
    h("button", { type: "button", class: "icon-button card-button", "data-key": "card", "aria-label": "Ver los datos del contacto y el pedido", title: "Datos (i)", onclick: () => room.toggleCard() }, icon("user")),
  );
  if (focused) element.querySelector(`[data-key="${focused}"]`)?.focus();
}

function back(room) {
  if (!room.list) return h("a", { class: "icon-button", href: "/contactos", target: "_self", "aria-label": "Volver a Contactos", title: "Volver a Contactos" }, icon("left"));
  return h("button", { type: "button", class: "icon-button back", "data-key": "back", "aria-label": "Volver a la lista", title: "Volver a la lista (Esc)", onclick: () => room.close() }, icon("left"));
}

function stateButton(order, room, talk) {
  const tone = `--tone: ${room.tone(order.state)}`;
  if (!order.moves?.length) return h("span", { class: "state", style: tone }, order.state);
  const button = h("button", { type: "button", class: "state", style: tone, "data-key": "state", "aria-haspopup": "menu", title: "Cambiar el estado del pedido", onclick: () => moveMenu(room, talk.orderRow(order.id), button) }, order.state, icon("down"));
  return button;
}

function mainButton({ contact, composer }, talk) {
  if (composer.why === "deleted" || contact.blocked) return null;
  if (talk.isMine || (contact.owner === "operador" && contact.phone_reply_until)) {
    return h("button", { type: "button", class: "button", "data-key": "main", onclick: () => talk.giveBack() }, icon("undo"), h("span", {}, "Devolver al bot"));
  }
  const isOthers = contact.owner === "operador";
  return h("button", { type: "button", class: `button ${isOthers ? "" : "primary"}`, "data-key": "main", title: "Tomar la conversación (t)", onclick: () => talk.take() }, isOthers ? "Tomarla" : "Tomar");
}

function more({ order, contact }, room, talk) {
  const button = h("button", { type: "button", class: "icon-button", "data-key": "more", "aria-haspopup": "menu", "aria-label": "Más acciones", title: "Más acciones", onclick: () => open() }, icon("dots"));
  const open = () => openMenu(room, button, [
    { title: "Asignar a…", icon: icon("user"), keepsFocus: true, run: () => chooseOperator(room, talk, button) },
    ...(order ? closings(order, room) : []),
    "-",
    ...(order ? [{ title: `Ver el pedido ${order.id}`, icon: icon("link"), run: () => location.assign(`/pedidos?vista=all&pedido=${order.id}`) }] : []),
    { title: contact.blocked ? "Desbloquear" : "Bloquear", icon: icon("lock"), danger: !contact.blocked, run: () => talk.side.block(!contact.blocked) },
  ], { label: "Más acciones", align: "end" });
  return button;
}

function closings(order, room) {
  return (order.moves ?? []).filter(({ to }) => ["FACTURADO", "RESUELTO", "NO CONTESTA", "CANCELADO"].includes(to))
    .map((move) => ({ title: `Cerrar: ${move.to}`, tone: room.tone(move.to), keepsFocus: true, run: () => startMove(room, order.id, move) }));
}

async function chooseOperator(room, talk, anchor) {
  try {
    const answer = await get(`${talk.url}/people`);
    const people = (answer.rows ?? answer).filter(({ id }) => id !== talk.card.composer.operator?.id || talk.card.contact.owner !== "operador");
    if (!people.length) room.say("No hay otra persona que pueda atenderla.");
    else openMenu(room, anchor, people.map((person) => ({ title: person.id === room.config.me.id ? `${person.name} (vos)` : person.name, icon: icon("user"), run: () => talk.assign(person) })), { label: "Asignar a", align: "end" });
  } catch (error) {
    room.failed(error);
  }
}
