// What can be in a message besides its words: a quote, a file, a place, a cart, cards, options.

import { h } from "../../grid/js/dom.js";
import { money, phone, quantity } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { kindName, marked, typeName } from "./words.js";

const NAMES = { cliente: "Cliente", bot: "Bot", operador: "Operador", sistema: "Sistema", difusión: "Difusión", nota: "Nota privada" };
const MEDIA_ICONS = { image: "image", sticker: "image", document: "pdf", audio: "bell", video: "image" };

/** Who said it, as people read it. */
export function authorName({ author, operator, is_from_phone: fromPhone }) {
  if (fromPhone) return "Desde el teléfono de la empresa";
  return author === "operador" && operator ? operator : (NAMES[author] ?? author);
}

/** The message that this one answers; a button that leads to it. */
export function quote(message, find) {
  const of = message.reply_to;
  if (!of) return null;
  const words = of.text ? marked(of.text) : kindName(of.kind);
  const text = of.id ? words : "Un mensaje que ya no está";
  const inner = [h("b", {}, of.id ? authorName(of) : ""), h("span", { dir: "auto" }, text)];
  return of.id
    ? h("button", { type: "button", class: "quote", title: "Ir al mensaje", onclick: () => find(of.id) }, inner)
    : h("div", { class: "quote" }, inner);
}

/** A file that is not in the store: what it is and its name. */
export function file(media) {
  if (!media) return null;
  const name = media.is_voice ? "Nota de voz" : media.name || kindName(media.kind);
  const type = media.mime_type ? typeName(media.mime_type) : "";
  const state = media.is_unavailable ? "WhatsApp no pudo entregarlo" : "El archivo no está guardado en el panel";
  return h(
    "div",
    { class: "file" },
    h("span", { class: "file-icon" }, icon(MEDIA_ICONS[media.kind] ?? "box")),
    h("span", { class: "file-words" }, h("b", { dir: "auto" }, name), h("small", {}, [type, state].filter(Boolean).join(" · "))),
  );
}

/** A place, with a link to a map: nothing is loaded from elsewhere until somebody follows it. */
export function placeCard(location) {
  if (!location || location.latitude === undefined) return null;
  const at = [location.latitude, location.longitude].map(Number);
  const map = `https://www.openstreetmap.org/?mlat=${at[0]}&mlon=${at[1]}#map=17/${at[0]}/${at[1]}`;
  return h(
    "div",
    { class: "file place" },
    h("span", { class: "file-icon" }, icon("pin")),
    h(
      "span",
      { class: "file-words" },
      h("b", { dir: "auto" }, location.name || "Ubicación"),
      location.address ? h("small", { dir: "auto" }, location.address) : null,
      h("a", { href: map, target: "_blank", rel: "noopener noreferrer" }, "Abrir en el mapa"),
    ),
  );
}

/** Buttons as they were, or the list behind its button; they cannot be pressed here. */
export function options({ buttons, menu, request }) {
  const shown = buttons.map((title) => h("span", { class: "option" }, title));
  if (request) shown.push(h("span", { class: "option" }, request === "location" ? "Enviar ubicación" : "Compartir mi número"));
  if (!menu) return shown.length ? h("div", { class: "options" }, shown) : null;
  const rows = menu.sections.map((section) => [
    section.title ? h("b", {}, section.title) : null,
    section.rows.map((row) => h("span", { class: "list-row" }, h("span", {}, row.title), row.description ? h("small", {}, row.description) : null)),
  ]);
  return h("details", { class: "options list" }, h("summary", { class: "option" }, icon("down"), menu.button), h("div", { class: "list-rows" }, rows));
}

/** The lines of a WhatsApp cart. */
export function cart(lines) {
  if (!lines.length) return null;
  const rows = lines.map((line) =>
    h("tr", {}, h("td", { class: "number" }, quantity(line.quantity)), h("td", {}, line.name), h("td", { class: "number" }, line.price ? money(line.price) : "")),
  );
  return h("table", { class: "cart" }, h("caption", {}, "Carrito de WhatsApp"), h("tbody", {}, rows));
}

/** Contacts that were sent along. */
export function cards(people) {
  if (!people.length) return null;
  return people.map((person) =>
    h(
      "div",
      { class: "file" },
      h("span", { class: "file-icon" }, icon("user")),
      h(
        "span",
        { class: "file-words" },
        h("b", { dir: "auto" }, person.name || "Contacto"),
        (person.phones ?? []).map((each) => h("small", {}, phone(each.wa_id || String(each.phone ?? "").replace(/[^\d]/g, "")) || each.phone)),
      ),
    ),
  );
}
