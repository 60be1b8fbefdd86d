// Beside the conversation: who it is, what they want and what is missing, the order with its messages, the earlier ones.

import { now, send } from "../../grid/js/api.js";
import { ask } from "../../grid/js/dialog.js";
import { fill, h } from "../../grid/js/dom.js";
import { dateTime, money, phone } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { orderLine } from "../../chat/js/orders.js";
import { nameOf, windowWords } from "./words.js";

export class Side {
  constructor(room, talk) {
    this.room = room;
    this.talk = talk;
    this.element = h("aside", { class: "card", "aria-label": "Datos del contacto y el pedido", tabindex: "-1" });
  }

  focus() {
    (this.element.querySelector(".card-close") ?? this.element).focus();
  }

  /** Drawn again only when it would read differently: a focus and a selection of text in it stay. */
  update(card) {
    const left = windowWords(card.composer.window_ends_at, now());
    const key = JSON.stringify([card.contact, card.order, card.digest, card.time_zone, left?.text, this.room.isDark]);
    if (key === this.shown) return;
    this.shown = key;
    const scroll = this.element.scrollTop;
    fill(
      this.element,
      h("div", { class: "card-head" }, h("h2", {}, "Contacto"), h("button", { type: "button", class: "icon-button card-close", "aria-label": "Cerrar los datos", onclick: () => this.room.toggleCard(false) }, icon("close"))),
      this.facts(card, left),
      this.digest(card.digest),
      this.order(card),
      this.earlier(card),
      this.wishes(card.contact),
    );
    this.element.scrollTop = scroll;
  }

  facts({ contact, time_zone: zone }, left) {
    const lines = [
      ["Celular", phone(contact.phone) || "oculto"],
      ["En WhatsApp", contact.profile_name],
      ["Usuario", contact.username],
      ["Contacto desde", dateTime(contact.created_at, zone)],
      ["Ventana de 24 h", left?.text],
    ];
    return h("dl", {}, lines.filter(([, value]) => value).map(([title, value]) => [h("dt", {}, title), h("dd", { dir: "auto" }, value)]));
  }

  /** What a person needs to know before answering: what the bot understood. */
  digest(digest) {
    const lines = [["Quiere", digest?.wants], ["Falta", digest?.missing], ["Última pregunta", digest?.last_question]]
      .map(([title, value]) => [title, Array.isArray(value) ? value.join(", ") : value]).filter(([, value]) => value);
    if (!lines.length) return null;
    return [h("h3", {}, "Resumen"), h("dl", { class: "digest" }, lines.map(([title, value]) => [h("dt", {}, title), h("dd", { dir: "auto" }, value)]))];
  }

  order({ order }) {
    if (!order) return [h("h3", {}, "Pedido abierto"), h("p", { class: "faint" }, "No tiene un pedido abierto.")];
    const head = h("div", { class: "order-title" },
      h("h3", {}, h("a", { href: `/pedidos?vista=all&pedido=${order.id}`, target: "_self" }, `${order.kind === "AYUDA" ? "Ayuda" : "Pedido"} ${order.id}`)),
      h("span", { class: "state", style: `--tone: ${this.room.tone(order.state)}` }, order.state));
    const facts = (list, kind) => list.map((fact) => this.linked(fact.message, [h("span", { class: `${kind}-title` }, fact.title), h("span", { class: `${kind}-text`, dir: "auto" }, fact.text)]));
    const [items, fields] = [facts(order.items, "item"), facts(order.fields, "field")];
    return [
      head,
      order.person_reason ? h("p", { class: "faint" }, `Pide una persona: ${order.person_reason}`) : null,
      items.length ? h("ul", { class: "order-fields" }, items.map((each) => h("li", {}, each))) : null,
      Number(order.total) ? h("p", { class: "order-sum" }, h("span", {}, order.is_estimated ? "Total estimado" : "Total"), h("b", { class: "number" }, money(order.total))) : null,
      fields.length ? h("ul", { class: "order-fields" }, fields.map((each) => h("li", {}, each))) : null,
    ];
  }

  /** A press leads to the message that said so. */
  linked(message, content) {
    if (!message) return h("span", { class: "linked" }, content);
    const lead = () => {
      this.room.toggleCard(false);
      this.talk.transcript.find(message);
    };
    return h("button", { type: "button", class: "linked", title: "Ir al mensaje que lo dijo", onclick: lead }, content, icon("chat"));
  }

  earlier({ contact, time_zone: zone }) {
    const lines = contact.earlier_orders.map((order) => orderLine(order, (state) => this.room.tone(state), zone));
    return [h("h3", {}, "Pedidos anteriores"), lines.length ? h("ul", { class: "order-lines" }, lines) : h("p", { class: "faint" }, "Todavía no tiene.")];
  }

  wishes(contact) {
    const box = h("input", { type: "checkbox", role: "switch", checked: !contact.opted_out, onchange: () => this.optOut(!box.checked) });
    return [
      h("h3", {}, "Avisos"),
      h("label", { class: "choice" }, box, "Acepta difusiones y recordatorios"),
      contact.blocked ? h("p", { class: "tags" }, h("span", { class: "tag bad" }, "Bloqueado: se guarda lo que escribe y no se le responde")) : null,
    ];
  }

  async optOut(optedOut) {
    this.shown = ""; // the switch shows what is stored, whatever comes of it
    await this.talk.act("opt-out", { opted_out: optedOut }, optedOut ? "No recibe más difusiones ni recordatorios." : "Vuelve a recibir difusiones y recordatorios.");
    this.talk.draw();
  }

  async block(isBlocking) {
    const { contact } = this.talk.card;
    const sure = !isBlocking || await ask(this.room, { title: "Bloquear", text: `¿Bloquear a ${nameOf(contact)}?\nSe guarda lo que escribe y no se le responde.`, button: "Bloquear", danger: true });
    if (!sure) return;
    try {
      await send("POST", `/api/contacts/${contact.id}/${isBlocking ? "block" : "unblock"}`);
      this.room.say(isBlocking ? "Bloqueado." : "Desbloqueado.");
      this.room.live.retryNow();
    } catch (error) {
      this.room.failed(error);
    }
  }
}
