// WhatsApp's own marks (*bold* _italics_ ~struck~ ```code```) and addresses, as nodes; and Argentine figures and times.

import { h } from "./dom.js";

const MARKS = [
  [/```([^`]+)```/, "code"],
  [/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*[^*\s])\*(?![\p{L}\p{N}*])/u, "strong"],
  [/(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*[^_\s])_(?![\p{L}\p{N}_])/u, "em"],
  [/(?<![\p{L}\p{N}~])~(?=\S)([^~\n]*[^~\s])~(?![\p{L}\p{N}~])/u, "s"],
];
const ADDRESS = /https?:\/\/[^\s<>"]+/;

/** Nodes of a text; newlines are kept by the style sheet. */
export function marked(text) {
  const address = ADDRESS.exec(text);
  if (address) {
    const link = h("a", { href: address[0], target: "_blank", rel: "noopener noreferrer" }, address[0]);
    return [...marked(text.slice(0, address.index)), link, ...marked(text.slice(address.index + address[0].length))];
  }
  let first = null;
  for (const [pattern, tag] of MARKS) {
    const found = pattern.exec(text);
    if (found && (first === null || found.index < first.found.index)) first = { found, tag };
  }
  if (first === null) return text ? [text] : [];
  const { found, tag } = first;
  const inner = tag === "code" ? [found[1]] : marked(found[1]);
  return [...marked(text.slice(0, found.index)), h(tag, {}, inner), ...marked(text.slice(found.index + found[0].length))];
}

const CLOCK = new Intl.DateTimeFormat("es-AR", { hour: "2-digit", minute: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat("es-AR", { day: "numeric", month: "long", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat("es-AR", {
  weekday: "long",
  day: "numeric",
  month: "long",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});
const MONEY = new Intl.NumberFormat("es-AR", { style: "currency", currency: "ARS" });

/** 14:05 */
export const clock = (milliseconds) => CLOCK.format(milliseconds);
/** domingo, 22 de noviembre, 14:05 */
export const moment = (milliseconds) => MOMENT.format(milliseconds);
/** $ 12.450,00 */
export const money = (amount) => MONEY.format(amount);

/** Hoy, Ayer, or the date. */
export function day(milliseconds, today) {
  const midnight = new Date(today).setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date(milliseconds).setHours(0, 0, 0, 0)) / 86400000);
  return ["Hoy", "Ayer"][days] ?? DAY.format(milliseconds);
}

/** +54 9 11 2345-6789 for an Argentine mobile, else the digits. */
export function phoneText(digits) {
  const found = /^549(11|2\d{2}|3\d{2})(\d{3,4})(\d{4})$/.exec(digits);
  return found ? `+54 9 ${found[1]} ${found[2]}-${found[3]}` : `+${digits}`;
}
