// Orders as the conversation shows them: a chip between messages, lines in the card.

import { h } from "../../grid/js/dom.js";
import { dateTime, money } from "../../grid/js/format.js";

/** «Pedido 123 · FACTURADO»; a link when it is of one's branches. */
export function orderChip(order, tone) {
  const words = [
    h("span", { class: "dot", style: `--tone: ${tone(order.state)}` }),
    `Pedido ${order.id}${order.state ? " ·" : ""}`,
    order.state ? h("b", { style: `color: ${tone(order.state)}` }, order.state) : null,
  ];
  if (!order.is_reached) return h("span", { class: "order-chip", title: "De otra sucursal" }, words);
  return h("a", { class: "order-chip", href: orderLink(order.id), target: "_self" }, words);
}

/** One order of the card. */
export function orderLine(order, tone, zone) {
  const facts = [dateTime(order.created_at, zone), order.branch, order.operator ? `con ${order.operator}` : ""];
  const inner = [
    h("span", { class: "order-head" }, h("b", {}, String(order.id)), h("span", { class: "state", style: `--tone: ${tone(order.state)}` }, order.state)),
    h("span", { class: "order-facts" }, h("small", {}, facts.filter(Boolean).join(" · ")), order.total && Number(order.total) ? h("span", { class: "number" }, money(order.total)) : null),
  ];
  if (!order.is_reached) return h("li", {}, h("span", { class: "order-line", title: "De otra sucursal" }, inner));
  return h("li", {}, h("a", { class: "order-line", href: orderLink(order.id), target: "_self" }, inner));
}

function orderLink(id) {
  return `/pedidos?vista=all&pedido=${id}`;
}
