// The fields of «Editar», and an order's values for them.

import { money } from "../../grid/js/format.js";

export const KEYS = ["amount", "payment_method_id", "name", "kind", "branch_id", "delivery", "zone_id", "address", "comment"];

const AFTERWARDS = /^(amount|payment_method_id|comment|custom\..*)$/;

export function fieldsOf(choices, order) {
  const named = (list) => list.map(({ id, name }) => ({ value: id, title: name }));
  const zones = choices.zones.filter((zone) => !order.branch_id || zone.branch_id === order.branch_id);
  return [
    { key: "amount", title: "Monto", kind: "money", hint: Number(order.total) ? `Total del pedido: ${money(order.total)}` : "" },
    { key: "payment_method_id", title: "Forma de pago", kind: "choice", choices: named(choices.payment_methods) },
    { key: "name", title: "A nombre de", kind: "text", length: 100 },
    { key: "kind", title: "Tipo", kind: "choice", required: true, choices: ["PEDIDO", "AYUDA"].map((kind) => ({ value: kind, title: kind })) },
    { key: "branch_id", title: "Sucursal", kind: "choice", choices: named(choices.branches) },
    { key: "delivery", title: "Entrega", kind: "choice", choices: [{ value: "ENVÍO", title: "Envío" }, { value: "RETIRO", title: "Retira en la sucursal" }] },
    { key: "zone_id", title: "Zona", kind: "choice", choices: zones.map((zone) => ({ value: zone.id, title: `${zone.name} (${money(zone.fee)})` })) },
    { key: "address", title: "Dirección", kind: "text", length: 300 },
    { key: "comment", title: "Comentario", kind: "longtext", length: 1000 },
    ...(choices.custom_fields ?? []).map((field) => ({ ...field, key: `custom.${field.key}`, kind: field.kind || "text" })),
  ].map((field) => ({ ...field, disabled: isClosed(order) && !AFTERWARDS.test(field.key) }));
}

/** Of a closed order only what was charged and remarked may still change. */
export function isClosed(order) {
  return order.closed_at !== null;
}

export function valuesOf(order) {
  const values = Object.fromEntries(KEYS.map((key) => [key, order[key] ?? null]));
  values.name = order.order_name;
  for (const [name, value] of Object.entries(order.custom ?? {})) values[`custom.${name}`] = value;
  return values;
}

/** A value as a person reads it. */
export function wordsOf(key, value, choices) {
  if (value === null || value === "") return "nada";
  const lists = { payment_method_id: "payment_methods", branch_id: "branches", zone_id: "zones" };
  if (key === "amount") return money(value);
  return lists[key] ? choices[lists[key]].find(({ id }) => id === value)?.name ?? value : value;
}
