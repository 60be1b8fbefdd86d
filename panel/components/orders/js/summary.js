// An order as a few lines of text, to be pasted anywhere. Pure.

import { dateTime, money, phone, quantity } from "../../grid/js/format.js";

export function summaryOf(order, zone) {
  const where = order.delivery === "ENVÍO" ? `Envío a ${order.address || "domicilio sin cargar"}` : order.delivery === "RETIRO" ? "Retira en la sucursal" : "";
  const lines = [
    `Pedido ${order.number} · ${order.state} · ${dateTime(order.created_at, zone)}`,
    [order.name, phone(order.phone)].filter(Boolean).join(" · "),
    [order.branch, where].filter(Boolean).join(" · "),
    "",
    ...order.items.map((item) => `${quantity(item.quantity)} ${unitOf(item)}${item.name}: ${money(item.total)}`),
    Number(order.delivery_fee) > 0 ? `Envío: ${money(order.delivery_fee)}` : null,
    `Total: ${money(order.total)}`,
    order.amount ? `Monto: ${money(order.amount)}` : null,
    order.payment_method ? `Pago: ${order.payment_method}${order.cash_with ? ` (con ${money(order.cash_with)})` : ""}` : null,
    order.comment ? `Comentario: ${order.comment}` : null,
  ];
  return lines.filter((line) => line !== null).join("\n").replace(/\n{3,}/g, "\n\n").replace(/\u00a0/g, " ");
}

const PLURALS = { kg: "kg", "cajón": "cajones" };

/** "kg ", "docenas " …; single pieces have none. */
export function unitOf({ unit, quantity: amount }) {
  if (!unit || unit === "unidad") return "";
  return `${Number(amount) === 1 ? unit : PLURALS[unit] ?? `${unit}s`} `;
}
