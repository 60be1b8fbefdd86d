// One message as WhatsApp draws it on the customer's phone.

import { h, icon, ticks } from "./dom.js";
import { clock, marked, money, phoneText } from "./markup.js";
import { world } from "./live.js";
import { voiceNote } from "./voice.js";

const MAP = "img/map.svg";

/** The element of a message, or null when the phone would show nothing. `on` has tap(message, option) and openList(message). */
export function bubble(customer, message, on) {
  if (message.type === "reaction" || message.type === "system") return null;
  const mine = message.side === "customer";
  if (!mine && message.status === "failed") return failure(message);
  if (!mine && ["accepted", "sent"].includes(message.status)) return null;
  const sticker = message.type === "sticker";
  const body = h("div", { class: `bubble ${sticker ? "bubble-sticker" : ""}` }, quote(customer, message), content(message, on), foot(message, mine));
  const reactions = Object.values(message.reactions).filter(Boolean);
  if (reactions.length) body.append(h("span", { class: "reactions", "aria-label": `Reacciones: ${reactions.join(" ")}` }, reactions.join(" ")));
  const replies = mine ? [] : message.options.filter((option) => option.kind !== "list");
  return h(
    "article",
    { class: `message ${mine ? "mine" : "theirs"} ${reactions.length ? "has-reactions" : ""}`, tabindex: "-1", "data-id": message.id, "aria-label": spoken(message, mine) },
    body,
    replies.length > 0 && h("div", { class: "replies" }, replies.map((option) => replyButton(message, option, on))),
  );
}

/** One line for quotes: what the message is about. */
export function summary(message) {
  const kinds = { image: "📷 Foto", document: "📄 Documento", audio: "🎤 Mensaje de voz", sticker: "💟 Sticker", video: "🎥 Video", location: "📍 Ubicación", order: "🛒 Carrito", contacts: "👤 Contacto" };
  const kind = kinds[message.type];
  return [kind, message.text].filter(Boolean).join(" · ") || "Mensaje";
}

function spoken(message, mine) {
  return `${mine ? "Vos" : world.business.name}: ${summary(message)}, ${clock(message.timestamp * 1000)}`;
}

function foot(message, mine) {
  return h("span", { class: "foot" }, clock(message.timestamp * 1000), mine ? ticks(message.status) : null);
}

function failure(message) {
  const error = message.error ?? {};
  return h(
    "article",
    { class: "message note note-failed", "data-id": message.id },
    h("p", {}, icon("warn"), `No llegó al teléfono · ${error.code} ${error.title ?? ""}`),
    h("p", { class: "note-text" }, summary(message)),
  );
}

function quote(customer, message) {
  const quoted = message.context?.id ? world.chats.get(customer.id)?.get(message.context.id) : null;
  if (!quoted) return null;
  const ours = quoted.side === "customer";
  return h(
    "div",
    { class: `quote ${ours ? "quote-mine" : ""}` },
    h("b", {}, ours ? "Vos" : world.business.name),
    h("span", {}, summary(quoted)),
  );
}

function text(value, className = "text") {
  return value ? h("div", { class: className }, marked(value), h("span", { class: "foot-room" })) : null;
}

function content(message, on) {
  const part = message.content;
  switch (message.type) {
    case "text":
      return text(part.body, onlyEmoji(part.body) ? "text text-emoji" : "text");
    case "image":
      return h("div", { class: "picture" }, picture(part, "Foto"), text(part.caption));
    case "video":
      return h("div", { class: "picture" }, h("div", { class: "video" }, icon("play")), text(part.caption));
    case "sticker":
      return picture(part, "Sticker");
    case "document":
      return h("div", {}, documentCard(part), text(part.caption));
    case "audio":
      return part.id ? voiceNote(`/sim/media/${part.id}`) : text("🎤 Audio");
    case "location":
      return location(part);
    case "contacts":
      return h("div", {}, part.map(card), h("span", { class: "foot-space" }));
    case "order":
      return cart(part);
    case "interactive":
      return interactive(message, on);
    case "template":
      return text(part.body);
    case "button":
      return text(part.text);
    case "unsupported":
      return text("_Mensaje de un tipo que la empresa no puede leer_");
    default:
      return text(`_${message.type}_`);
  }
}

function onlyEmoji(value) {
  return /^(\p{Extended_Pictographic}(\uFE0F|\u200D|\p{Emoji_Modifier})*){1,3}$/u.test(value);
}

function picture(part, label) {
  if (part.id) return h("img", { src: `/sim/media/${part.id}`, alt: part.caption || label, loading: "lazy" });
  return h("a", { class: "picture-link", href: part.link, target: "_blank", rel: "noopener noreferrer" }, icon("photo"), part.link);
}

function documentCard(part) {
  const name = part.filename || "Documento";
  const extension = (name.includes(".") ? name.split(".").pop() : "doc").toUpperCase().slice(0, 4);
  const address = part.id ? `/sim/media/${part.id}` : part.link;
  return h(
    "a",
    { class: "document", href: address, target: "_blank", rel: "noopener noreferrer", download: part.id ? name : null },
    h("span", { class: `document-icon document-${extension.toLowerCase()}` }, extension),
    h("span", { class: "document-name" }, h("b", {}, name), h("small", {}, `${extension} · tocar para abrir`)),
  );
}

function location(part) {
  const figures = `${Number(part.latitude).toFixed(5)}, ${Number(part.longitude).toFixed(5)}`;
  return h(
    "div",
    { class: "place" },
    h("img", { class: "place-map", src: MAP, alt: "Mapa con la ubicación" }),
    h("div", { class: "place-text" }, part.name && h("b", {}, part.name), h("span", {}, part.address || figures)),
    h("span", { class: "foot-space" }),
  );
}

function card(person) {
  const phone = person.phones?.[0]?.phone ?? "";
  return h(
    "div",
    { class: "card" },
    h("span", { class: "avatar avatar-person" }, icon("person")),
    h("span", { class: "card-text" }, h("b", {}, person.name?.formatted_name ?? "Contacto"), h("small", {}, phoneText(phone.replace(/\D/g, "")))),
  );
}

function cart(part) {
  const count = part.product_items.reduce((sum, line) => sum + Number(line.quantity), 0);
  const total = part.product_items.reduce((sum, line) => sum + line.quantity * line.item_price, 0);
  return h(
    "div",
    { class: "cart" },
    h("div", { class: "cart-head" }, icon("cart"), h("span", {}, h("b", {}, `${count} ${count === 1 ? "artículo" : "artículos"}`), h("small", {}, `${money(total)} (total estimado)`))),
    h("ul", {}, part.product_items.map((line) => h("li", {}, h("span", {}, `${line.quantity} × ${line.product_retailer_id}`), h("span", {}, money(line.quantity * line.item_price))))),
    text(part.text),
    h("span", { class: "foot-space" }),
  );
}

function interactive(message, on) {
  const part = message.content;
  if (part.button_reply || part.list_reply) {
    const reply = part.button_reply ?? part.list_reply;
    return h("div", {}, text(reply.title), reply.description ? h("div", { class: "sub" }, reply.description) : null);
  }
  return h(
    "div",
    {},
    part.header?.text && h("div", { class: "head" }, part.header.text),
    part.header?.image && picture(part.header.image, "Foto"),
    part.header?.document && documentCard(part.header.document),
    part.body && text(part.body.text),
    part.footer && h("div", { class: "sub" }, part.footer.text),
    action(message, part, on),
  );
}

function action(message, part, on) {
  const wide = (name, label, onclick) => h("button", { type: "button", class: "wide", onclick }, icon(name), label);
  switch (part.type) {
    case "list":
      return wide("list", part.action.button, () => on.openList(message));
    case "location_request_message":
      return wide("place", "Enviar ubicación", () => on.openLocation(message));
    case "request_contact_info":
      return wide("person", "Compartir mi número", () => on.shareNumber(message));
    case "catalog_message":
    case "product_list":
    case "product":
      return wide("cart", "Ver catálogo", () => on.openCart());
    case "cta_url": {
      const { url, display_text: label } = part.action.parameters;
      return h("a", { class: "wide", href: url, target: "_blank", rel: "noopener noreferrer" }, icon("open"), label);
    }
    default:
      return null;
  }
}

function replyButton(message, option, on) {
  return h("button", { type: "button", class: "reply", onclick: () => on.tap(message, option) }, icon("reply"), option.title);
}
