// Who waits for a person, longest first, and the oldest message without an answer.

import { now } from "../../grid/js/api.js";
import { h } from "../../grid/js/dom.js";
import { counted, duration, phone } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";

const SLOW_S = 10 * 60;
const LATE_S = 20 * 60;

/** The panel. */
export function waitingPanel({ waiting, waiting_total: total, unanswered }, tone) {
  return [
    h("header", { class: "box-head" }, h("h2", {}, "Esperan hace más tiempo"), total ? h("a", { class: "text-button", href: "/pedidos?vista=attend", target: "_self", "data-key": "attend" }, `En espera: ${total}`) : null),
    oldest(unanswered),
    waiting.length
      ? h("ul", { class: "waiting" }, waiting.map((order) => line(order, tone)))
      : h("p", { class: "nobody" }, icon("check"), "Nadie espera a una persona."),
    total > waiting.length ? h("p", { class: "faint" }, `y ${counted(total - waiting.length, ["pedido más", "pedidos más"])}`) : null,
  ];
}

function line(order, tone) {
  const since = age(order.since);
  const facts = [order.kind === "AYUDA" ? "AYUDA" : "", order.branch || "sin sucursal"].filter(Boolean).join(" · ");
  return h(
    "li",
    {},
    h(
      "a",
      { class: "waiting-line", href: `/pedidos?vista=all&pedido=${order.id}`, target: "_self", "data-key": `order ${order.id}` },
      h("span", { class: "waiting-who" }, h("b", { dir: "auto" }, order.name || phone(order.phone) || `Pedido ${order.id}`), h("small", {}, `Pedido ${order.id} · ${facts}`)),
      h("span", { class: "state", style: `--tone: ${tone(order.state)}` }, order.state),
      h("b", { class: `wait ${level(since)}` }, duration(since)),
    ),
  );
}

function oldest(unanswered) {
  if (!unanswered) return null;
  const since = age(unanswered.since);
  const who = unanswered.name || phone(unanswered.phone) || `contacto ${unanswered.contact_id}`;
  const waits = unanswered.for_person ? "espera respuesta de una persona" : "espera la respuesta del bot";
  return h(
    "a",
    { class: "oldest", href: `/comunicaciones?contacto=${unanswered.contact_id}`, target: "_self", "data-key": "oldest" },
    icon("clock"),
    h("span", { class: "oldest-words" }, "Mensaje sin responder más viejo: ", h("bdi", {}, who), ` ${waits}`),
    h("b", { class: `wait ${level(since)}` }, duration(since)),
  );
}

function age(iso) {
  return (now() - Date.parse(iso)) / 1000;
}

function level(seconds) {
  if (seconds > LATE_S) return "late";
  return seconds > SLOW_S ? "slow" : "";
}
