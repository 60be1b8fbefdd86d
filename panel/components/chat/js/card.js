// Beside the conversation: who it is, who answers, the orders. And the head above it.

import { now } from "../../grid/js/api.js";
import { fill, h } from "../../grid/js/dom.js";
import { dateTime, moment, phone, roughly } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { orderLine } from "./orders.js";

/** Draw the head; `onCard` shows and hides the card where there is no room for both. */
export function drawHead(element, contact, zone, onCard) {
  const name = nameOf(contact);
  fill(
    element,
    h("a", { class: "icon-button", href: "/contactos", target: "_self", "aria-label": "Volver a Contactos", title: "Volver a Contactos" }, icon("left")),
    h("span", { class: "initials", "aria-hidden": "true" }, initials(name)),
    h(
      "div",
      { class: "who" },
      h("h1", { dir: "auto", title: name }, name),
      h("small", {}, [phone(contact.phone), answering(contact, zone)].filter(Boolean).join(" · ")),
    ),
    contact.blocked ? h("span", { class: "tag bad" }, "Bloqueado") : null,
    h("button", { type: "button", class: "icon-button card-button", "aria-label": "Ver los datos del contacto", title: "Datos del contacto", onclick: onCard }, icon("user")),
  );
}

/** Draw the card. */
export function drawCard(element, contact, { zone, tone, onClose }) {
  const facts = [
    ["Celular", phone(contact.phone) || "oculto"],
    ["Nombre en WhatsApp", contact.profile_name],
    ["Usuario", contact.username],
    ["Contacto desde", dateTime(contact.created_at, zone)],
    ["Último mensaje", dateTime(contact.last_message_at, zone)],
    ["Ventana de 24 h", windowOf(contact)],
  ].filter(([, value]) => value);
  fill(
    element,
    h("div", { class: "card-head" }, h("h2", {}, "Contacto"), h("button", { type: "button", class: "icon-button card-close", "aria-label": "Cerrar", onclick: onClose }, icon("close"))),
    h("dl", {}, facts.map(([title, value]) => [h("dt", {}, title), h("dd", { dir: "auto" }, value)])),
    tags(contact),
    section("Pedido abierto", contact.open_order ? [contact.open_order] : [], "No tiene un pedido abierto.", tone, zone),
    section("Pedidos anteriores", contact.earlier_orders, "Todavía no tiene.", tone, zone),
  );
}

function section(title, orders, empty, tone, zone) {
  const lines = orders.map((order) => orderLine(order, tone, zone));
  return [h("h3", {}, title), lines.length ? h("ul", { class: "order-lines" }, lines) : h("p", { class: "faint" }, empty)];
}

function tags(contact) {
  const words = [
    contact.blocked ? h("span", { class: "tag bad" }, "Bloqueado: se guarda lo que escribe y no se le responde") : null,
    contact.opted_out ? h("span", { class: "tag" }, "No quiere publicidad") : null,
  ].filter(Boolean);
  return words.length ? h("p", { class: "tags" }, words) : null;
}

function answering(contact, zone) {
  if (contact.blocked) return "";
  if (contact.phone_reply_until) return `Atendido desde el teléfono hasta las ${moment(contact.phone_reply_until, zone).time}`;
  if (contact.owner === "operador") return contact.open_order?.operator ? `Atiende ${contact.open_order.operator}` : "Lo atiende un operador";
  if (contact.owner === "espera") return `Espera a una persona desde las ${moment(contact.waiting_since, zone).time}`;
  return "Atiende el bot";
}

function windowOf({ window_ends_at: ends }) {
  if (!ends) return "";
  const left = (Date.parse(ends) - now()) / 1000;
  return left > 0 ? `cierra en ${roughly(left)}` : "cerrada";
}

/** The name, or what stands for it. */
export function nameOf(contact) {
  return contact.name || phone(contact.phone) || `Contacto ${contact.id}`;
}

function initials(name) {
  const words = [...name.matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => [...word][0].toUpperCase());
  return words.length > 1 ? words[0] + words.at(-1) : (words[0] ?? "·");
}
