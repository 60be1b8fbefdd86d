// Sheets that rise from the bottom of a phone: list, attachments, location, cart, emojis.

import { h, icon, iconButton } from "./dom.js";
import { money } from "./markup.js";

const PLACES = [
  { name: "Obelisco", address: "Av. 9 de Julio s/n, C1043 CABA", latitude: -34.60374, longitude: -58.38159 },
  { name: "Plaza Moreno", address: "Calle 12 y 51, B1900 La Plata", latitude: -34.92131, longitude: -57.95453 },
  { name: "Patio Olmos", address: "Av. Vélez Sarsfield 361, X5000 Córdoba", latitude: -31.42013, longitude: -64.18877 },
  { name: "Monumento a la Bandera", address: "Santa Fe 581, S2000 Rosario", latitude: -32.94773, longitude: -60.63038 },
  { name: "Estación Morón", address: "Av. Rivadavia 17800, B1708 Morón", latitude: -34.64941, longitude: -58.6203 },
  { name: "Base Marambio", address: "Antártida Argentina", latitude: -64.24156, longitude: -56.62617 },
];
const EMOJIS = "😀 😂 😊 😍 😉 😎 🤔 😅 😢 😡 👍 👎 🙏 👏 💪 🙌 👌 ✌️ ❤️ 🔥 🎉 ✅ ❌ ❓ 🧉 🥤 🍕 🥐 🍞 🧀 🥩 🛒 📦 🚚 🏠 💵".split(" ");
const CART = "simulator-cart";

/** Open a sheet over the phone and return its close function; Escape and the veil close it, focus stays inside. */
function sheet(phone, title, children, { onsubmit, submit } = {}) {
  const before = document.activeElement;
  const veil = h("div", { class: "veil veil-dark", onclick: close });
  const panel = h(
    "form",
    { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title },
    h("header", { class: "sheet-head" }, iconButton("close", "Cerrar", close), h("h2", {}, title)),
    h("div", { class: "sheet-body" }, children),
    submit && h("footer", { class: "sheet-foot" }, h("button", { type: "submit", class: "pill" }, submit)),
  );
  function close() {
    veil.remove();
    panel.remove();
    before?.focus?.({ preventScroll: true });
  }
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    if (onsubmit(panel) !== false) close();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key !== "Tab") return;
    const stops = [...panel.querySelectorAll("button, input, a")].filter((one) => !one.disabled);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? stops.at(-1) : stops[0]).focus();
    }
  });
  phone.screen.append(veil, panel);
  (panel.querySelector(".sheet-body button, .sheet-body input") ?? panel.querySelector("button")).focus({ preventScroll: true });
  return close;
}

/** The rows of a list message; one is chosen, then sent. */
export function listSheet(phone, message) {
  const action = message.content.action;
  const send = h("button", { type: "submit", class: "pill", disabled: true }, "Enviar");
  const row = (one) =>
    h(
      "label",
      { class: "row" },
      h("span", { class: "row-text" }, h("span", { class: "row-title" }, one.title), one.description && h("small", {}, one.description)),
      h("input", { type: "radio", name: "row", value: one.id, onchange: () => (send.disabled = false) }),
    );
  const sections = action.sections.map((section) =>
    h("fieldset", { class: "rows" }, section.title && h("legend", {}, section.title), section.rows.map(row)),
  );
  sheet(phone, action.button, [sections, h("div", { class: "sheet-foot" }, send)], {
    onsubmit: (form) => {
      const option = new FormData(form).get("row");
      if (option === null) return false;
      phone.do("tap", { message: message.id, option });
      return true;
    },
  });
}

export function attachSheet(phone) {
  let close;
  const choose = (name, label, colour, run) =>
    h("button", { type: "button", class: "attach", onclick: () => (close(), run()) }, h("span", { class: `attach-icon ${colour}` }, icon(name)), label);
  close = sheet(
    phone,
    "Adjuntar",
    h(
      "div",
      { class: "attach-grid" },
      choose("photo", "Foto", "blue", () => phone.do("image")),
      choose("file", "Documento", "violet", () => phone.do("document")),
      choose("mic", "Nota de voz", "orange", () => phone.do("audio")),
      choose("sticker", "Sticker", "teal", () => phone.do("sticker")),
      choose("place", "Ubicación", "green", () => locationSheet(phone)),
      choose("cart", "Carrito", "red", () => cartSheet(phone)),
      choose("person", "Mi contacto", "sky", () => phone.do("contact")),
      choose("plus", "Archivo propio", "grey", () => pickFile(phone)),
    ),
  );
}

function pickFile(phone) {
  const input = h("input", { type: "file" });
  input.addEventListener("change", () => {
    const file = input.files[0];
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const kind = ["image/jpeg", "image/png"].includes(file.type) ? "image" : file.type.startsWith("audio/") ? "audio" : "document";
      phone.do(kind, { data: reader.result.split(",", 2)[1], mime_type: file.type || "application/octet-stream", filename: file.name });
    });
    reader.readAsDataURL(file);
  });
  input.click();
}

/** A place from the list, or any coordinates; `replyTo` is the message that asked for it. */
export function locationSheet(phone, replyTo = null) {
  const quoting = replyTo ? { reply_to: replyTo } : {};
  let close;
  const places = PLACES.map((place) =>
    h(
      "button",
      { type: "button", class: "row row-button", onclick: () => (close(), phone.do("location", { ...quoting, ...place })) },
      h("span", { class: "attach-icon small green" }, icon("place")),
      h("span", { class: "row-text" }, h("span", { class: "row-title" }, place.name), h("small", {}, place.address)),
    ),
  );
  const field = (name, label, more = {}) => h("label", { class: "field" }, label, h("input", { name, autocomplete: "off", ...more }));
  close = sheet(
    phone,
    "Enviar ubicación",
    [
      places,
      h("h3", {}, "Otro lugar"),
      h("div", { class: "fields" }, field("latitude", "Latitud", { type: "number", step: "any", min: "-90", max: "90", required: true }), field("longitude", "Longitud", { type: "number", step: "any", min: "-180", max: "180", required: true })),
      h("div", { class: "fields" }, field("name", "Nombre (opcional)"), field("address", "Dirección (opcional)")),
    ],
    {
      submit: "Enviar este lugar",
      onsubmit: (form) => {
        const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
        phone.do("location", { ...quoting, ...given, latitude: Number(given.latitude), longitude: Number(given.longitude) });
      },
    },
  );
}

/** A cart of codes, quantities and prices; it is remembered in this browser. */
export function cartSheet(phone) {
  const total = h("b", {});
  const lines = h("div", { class: "cart-lines" });
  const read = () =>
    [...lines.children].map((line) => {
      const value = (name) => line.querySelector(`[name=${name}]`).value.trim();
      return { code: value("code"), quantity: Number(value("quantity")), price: Number(value("price")) };
    });
  const count = () => total.replaceChildren(money(read().reduce((sum, line) => sum + line.quantity * line.price, 0)));
  const add = (line) => {
    const input = (name, label, more) => h("input", { name, "aria-label": label, title: label, value: String(line[name]), autocomplete: "off", oninput: count, required: true, ...more });
    const element = h(
      "div",
      { class: "cart-line" },
      input("code", "Código", { placeholder: "Código" }),
      input("quantity", "Cantidad", { type: "number", min: "0.5", step: "0.5" }),
      input("price", "Precio", { type: "number", min: "0", step: "0.01" }),
      iconButton("trash", "Quitar", () => (element.remove(), count())),
    );
    lines.append(element);
    count();
  };
  remembered().forEach(add);
  sheet(
    phone,
    "Carrito",
    [
      h("div", { class: "cart-line cart-titles", "aria-hidden": "true" }, h("span", {}, "Código"), h("span", {}, "Cantidad"), h("span", {}, "Precio")),
      lines,
      h("div", { class: "cart-total" }, h("button", { type: "button", class: "pill pill-plain", onclick: () => add({ code: "", quantity: 1, price: 0 }) }, "Agregar línea"), h("span", {}, "Total ", total)),
    ],
    {
      submit: "Enviar carrito",
      onsubmit: () => {
        const items = read();
        if (!items.length) return false;
        localStorage.setItem(CART, JSON.stringify(items));
        phone.do("cart", { items });
        return true;
      },
    },
  );
}

function remembered() {
  try {
    const lines = JSON.parse(localStorage.getItem(CART));
    if (Array.isArray(lines) && lines.length) return lines;
  } catch {
    localStorage.removeItem(CART);
  }
  return [
    { code: "GAS-COCA-225", quantity: 2, price: 5200 },
    { code: "ALM-YERBA-1", quantity: 1, price: 5900 },
  ];
}

export function emojiSheet(phone) {
  const insert = (emoji) => {
    phone.input.setRangeText(emoji, phone.input.selectionStart, phone.input.selectionEnd, "end");
    phone.resize();
  };
  sheet(phone, "Emojis", h("div", { class: "emoji-grid" }, EMOJIS.map((emoji) => h("button", { type: "button", onclick: () => insert(emoji) }, emoji))));
}
