// What happened to an order, the newest on top.

import { h } from "../../grid/js/dom.js";
import { dateTime, money, quantity } from "../../grid/js/format.js";
import { drawState } from "../../grid/js/cells.js";

const NAMES = {
  kind: "tipo", branch: "sucursal", zone: "zona", delivery: "entrega", address: "dirección", payment_method: "forma de pago", cash_with: "paga con", comment: "comentario", name: "a nombre de",
  delivery_fee: "costo de envío", amount: "monto", total: "total", needs_person: "pide una persona", person_reason: "motivo", payment_proof: "comprobante", about_order: "sobre el pedido", latitude: "ubicación", custom: "campos propios",
};
const MONEY = new Set(["total", "amount", "cash_with", "delivery_fee"]);
const SILENT = new Set(["longitude"]); // said with the latitude
const WHO = { cliente: "Cliente", bot: "Bot", sistema: "Sistema", operador: "Operador" };

export function historyList(history, grid) {
  return h("ol", { class: "history", "data-scroll": true }, [...history].reverse().map((entry) => h("li", {},
    h("div", { class: "history-head" }, h("time", {}, dateTime(entry.at, grid.config.timeZone)), h("strong", {}, nameOf(entry))),
    moveLine(entry, grid),
    entry.fields.filter(({ field }) => !SILENT.has(field)).map(changeLine),
    entry.reason && h("div", { class: "history-reason" }, `«${entry.reason}»`),
  )));
}

function moveLine({ from_state: from, to_state: to }, grid) {
  if (!to) return null;
  const badge = (state) => {
    const span = h("span", {});
    drawState(span, state, grid.tone(state));
    return span;
  };
  return h("div", { class: "history-move" }, from && [badge(from), " → "], badge(to));
}

/** Who did it: a person's name, or which part of the system. */
export function nameOf({ who, actor }) {
  return who || WHO[actor] || actor;
}

function changeLine({ field, name, before, after }) {
  const title = name || NAMES[field] || field;
  const [old, fresh] = [shown(field, before), shown(field, after)];
  if (!old) return h("div", {}, `${title}: ${fresh || "vacío"}`);
  return h("div", {}, `${title}: `, h("s", {}, old), ` → ${fresh || "vacío"}`);
}

function shown(field, value) {
  if (value === null || value === undefined || value === "") return "";
  if (value === true || value === false) return value ? "sí" : "no";
  if (field === "item") return `${quantity(value[0])} a ${money(value[1])}`;
  if (MONEY.has(field)) return money(value);
  if (typeof value === "object") return Object.entries(value).map(([key, one]) => `${key} ${one}`).join(", ");
  return String(value);
}
