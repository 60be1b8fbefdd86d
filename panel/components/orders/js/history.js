// What happened to an order, newest first.

import { h } from "../../grid/js/dom.js";
import { dateTime, money, quantity } from "../../grid/js/format.js";
import { drawState } from "../../grid/js/cells.js";

const NAMES = {
  kind: "tipo", branch_id: "sucursal", branch: "sucursal", zone_id: "zona", zone: "zona", delivery: "entrega", address: "dirección", payment_method_id: "forma de pago", payment_method: "forma de pago",
  cash_with: "paga con", comment: "comentario", name: "nombre", delivery_fee: "costo de envío", amount: "monto", total: "total", needs_person: "pide una persona",
  person_reason: "motivo", payment_proof: "comprobante", about_order_id: "sobre el pedido", latitude: "ubicación", longitude: "ubicación", custom: "campos propios", items: "ítems",
};
const MONEY = new Set(["total", "amount", "cash_with", "delivery_fee"]);
const SILENT = new Set(["longitude", "version"]);

export function historyList(history, grid) {
  return h("ol", { class: "history", "data-scroll": true }, history.map((entry) => h("li", {},
    h("div", { class: "history-head" }, h("time", {}, dateTime(entry.at, grid.config.timeZone)), h("strong", {}, entry.who)),
    moveLine(entry, grid),
    Object.entries(entry.fields ?? {}).filter(([key]) => !SILENT.has(key)).map(([key, [before, after]]) => changeLine(key, before, after)),
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

function changeLine(key, before, after) {
  const name = NAMES[key] ?? key.replace(/^item:/, "");
  const [old, fresh] = [shown(key, before), shown(key, after)];
  if (!old) return h("div", {}, `${name}: ${fresh || "vacío"}`);
  return h("div", {}, `${name}: `, h("s", {}, old), ` → ${fresh || "vacío"}`);
}

function shown(key, value) {
  if (value === null || value === undefined || value === "") return "";
  if (value === true || value === false) return value ? "sí" : "no";
  if (MONEY.has(key)) return money(value);
  if (Array.isArray(value)) return `${quantity(value[0])} a ${money(value[1])}`; // an item: how many, at what price
  if (typeof value === "object") return Object.entries(value).map(([name, one]) => `${name} ${one}`).join(", ");
  return /^\d+\.\d{3}$/.test(value) ? quantity(value) : String(value);
}
