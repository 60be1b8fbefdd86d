// One message as an element: a bubble of a side, or a line in the middle for what nobody says.

import { h } from "../../grid/js/dom.js";
import { dateTime, moment } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { preview } from "./files.js";
import { authorName, cards, cart, file, options, placeCard, quote } from "./parts.js";
import { ticks } from "./ticks.js";
import { kindName, marked } from "./words.js";

const LINES = {
  call: "Llamada perdida",
  request_welcome: "Abrió el chat por primera vez",
  revoke: "Eliminó un mensaje",
};
const UNREADABLE = new Set(["unsupported", "unknown"]);

/** Around a message: the zone, whether it begins a group, the reactions to it, whether it was deleted. */
export function bubble(message, { zone, begins, reactions, isRevoked, find, onReply, onRetry }) {
  const line = lineOf(message);
  if (line) return middle(message, line, zone);
  const side = message.author === "cliente" ? "in" : "out";
  const kinds = [side, `by-${message.author}`, begins ? "begins" : "", message.ticks ?? "", isRevoked ? "revoked" : "", message.is_pending ? "pending" : ""];
  return h(
    "div",
    { class: `message ${kinds.filter(Boolean).join(" ")}`, "data-id": message.id },
    h(
      "div",
      { class: "bubble" },
      message.author === "nota" ? h("div", { class: "author" }, icon("lock"), `Nota privada · ${message.operator}`) : null,
      begins && side === "out" && message.author !== "nota" ? h("div", { class: "author" }, authorName(message)) : null,
      message.template ? h("small", { class: "note" }, `Plantilla «${message.template}»`) : null,
      message.is_forwarded ? h("small", { class: "note" }, "Reenviado") : null,
      message.kind === "edit" ? h("small", { class: "note" }, "Editó un mensaje") : null,
      message.kind === "tap" ? h("small", { class: "note" }, "Eligió una opción") : null,
      quote(message.kind === "edit" ? { reply_to: message.target } : message, find),
      message.file ? preview(message.file, message.media) : file(message.media),
      placeCard(message.location),
      cart(message.cart),
      cards(message.cards),
      words(message),
      options(message),
      foot(message, zone, isRevoked),
      message.may_retry && onRetry ? h("button", { type: "button", class: "text-button retry", onclick: () => onRetry(message) }, icon("refresh"), "Reintentar") : null,
      reactions?.length ? h("div", { class: "reactions", title: "Reacción del cliente" }, reactions) : null,
    ),
    onReply && canAnswer(message) ? h("button", { type: "button", class: "icon-button reply", tabindex: "-1", "aria-label": "Responder este mensaje", title: "Responder este mensaje", onclick: () => onReply(message) }, icon("undo")) : null,
  );
}

/** What WhatsApp knows by an id of its own can be quoted. */
function canAnswer({ id, author, ticks: how, is_pending: isPending }) {
  return !isPending && author !== "nota" && (id.startsWith("in-") || ["sent", "delivered", "read"].includes(how));
}

function words(message) {
  if (message.location || (message.kind === "contacts" && message.cards.length)) return null;
  if (UNREADABLE.has(message.kind)) return h("div", { class: "words unreadable" }, "Un mensaje que WhatsApp no nos deja ver");
  if (!message.text) {
    const isEmpty = !message.media && !message.file && !message.cart.length && !message.buttons.length && !message.menu;
    return isEmpty ? h("div", { class: "words unreadable" }, kindName(message.kind)) : null;
  }
  return h("div", { class: "words", dir: "auto" }, marked(message.text));
}

function foot(message, zone, isRevoked) {
  const { time } = moment(message.at, zone);
  const late = message.received_at ? `llegó ${dateTime(message.received_at, zone)}` : "";
  return [
    h(
      "div",
      { class: "foot" },
      late ? h("span", {}, late) : null,
      isRevoked ? h("span", {}, "lo eliminó el cliente") : null,
      message.reason?.code === "blocked" ? h("span", {}, "estaba bloqueado") : null,
      h("time", { datetime: message.at, title: dateTime(message.at, zone) }, time),
      message.is_pending ? h("span", {}, "enviando") : null,
      message.ticks && message.ticks !== "none" ? ticks(message.ticks) : null,
    ),
    message.reason?.text ? h("div", { class: "reason" }, `${sentenceOf(message)}: ${message.reason.text}`) : null,
  ];
}

function sentenceOf({ ticks: how }) {
  if (how === "discarded") return "No se envió";
  return how === "failed" ? "No se pudo enviar" : "Se demora";
}

function lineOf(message) {
  if (message.kind === "reaction") {
    const what = message.target?.text ? ` a «${message.target.text.slice(0, 60)}»` : "";
    return message.text ? `Reaccionó ${message.text}${what}` : `Quitó su reacción${what}`;
  }
  if (message.kind === "system") return message.text || "Aviso de WhatsApp";
  return LINES[message.kind] ?? "";
}

function middle(message, text, zone) {
  const { time } = moment(message.at, zone);
  return h("div", { class: "message middle", "data-id": message.id }, h("span", { class: "line", dir: "auto" }, `${text} · ${time}`));
}
