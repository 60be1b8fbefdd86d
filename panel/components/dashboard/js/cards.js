// The four figures of the manual.

import { h } from "../../grid/js/dom.js";
import { dayOf, grouped } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";

/** Mensajes, Mensajes restantes, Contactos únicos, Nuevos contactos de hoy. */
export function cards({ messages, plan, contacts, contacts_today: fresh, orders }) {
  return [
    card("chat", "Mensajes", grouped(messages.today), trend(messages)),
    card("box", "Mensajes restantes", plan.allowance === null ? "Sin límite" : grouped(plan.remaining), planWords(plan), meter(plan)),
    card("user", "Contactos únicos", grouped(contacts), "desde el primer día", null, "/contactos"),
    card("plus", "Nuevos contactos de hoy", grouped(fresh), dayOf(orders.today_is), null, `/contactos?created_from=${orders.today_is}&created_to=${orders.today_is}`),
  ];
}

function card(name, title, value, words, more = null, href = null) {
  const inner = [
    h("span", { class: "figure-head" }, icon(name), h("span", {}, title)),
    h("strong", { class: value.length > 9 ? "figure-value long" : "figure-value" }, value),
    h("span", { class: "figure-words" }, words),
    more,
  ];
  return href ? h("a", { class: "figure", href, target: "_self", "data-key": title }, inner) : h("div", { class: "figure" }, inner);
}

function trend({ today, yesterday, change_percent: change }) {
  if (change === null) return today ? "hoy; ayer a esta hora, ninguno" : "hoy todavía ninguno";
  const direction = change > 0 ? "up" : change < 0 ? "down" : "same";
  const sign = change > 0 ? "+" : change < 0 ? "−" : "";
  return [
    h("b", { class: `trend ${direction}` }, direction === "same" ? null : icon(direction === "up" ? "ascending" : "descending"), `${sign}${grouped(Math.abs(change))} %`),
    ` que ayer a esta hora (${grouped(yesterday)})`,
  ];
}

function planWords({ allowance, used, excess }) {
  if (allowance === null) return `${grouped(used)} procesados este mes`;
  const of = `${grouped(used)} de ${grouped(allowance)} este mes`;
  return excess ? `${of}; ${grouped(excess)} de más` : of;
}

function meter({ percent, warning }) {
  if (percent === null) return null;
  const full = Math.min(percent, 100);
  const level = warning === "used_up" ? "bad" : warning ? "warn" : "";
  return h("span", { class: `meter ${level}`, role: "img", "aria-label": `${percent} % usado` }, h("span", { style: `width: ${full}%` }));
}
