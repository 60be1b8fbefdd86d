// One phone: header, chat, and the line to write in.

import { h, icon, iconButton } from "./dom.js";
import { act, call, now, world } from "./live.js";
import { clock, day, phoneText } from "./markup.js";
import { bubble, summary } from "./bubble.js";
import { attachSheet, cartSheet, emojiSheet, listSheet, locationSheet } from "./sheets.js";
import { messageMenu, phoneMenu } from "./menus.js";

const NEAR_END = 120;

export class Phone {
  constructor(customerId) {
    this.id = customerId;
    this.shown = new Map(); // message id → element
    this.replyTo = null;
    this.build();
    this.refreshCustomer();
    for (const message of world.chats.get(customerId)?.values() ?? []) this.refreshMessage(message, { quiet: true });
    this.scrollToEnd();
  }

  get customer() {
    return world.customers.get(this.id);
  }

  build() {
    this.time = h("span", { class: "status-time" });
    this.subtitle = h("span", { class: "who-line" });
    this.chat = h("div", { class: "chat", role: "log", "aria-label": "Conversación: flechas para recorrerla, Enter para reaccionar", tabindex: "0", onkeydown: (event) => this.walk(event) });
    this.empty = h("p", { class: "empty" }, h("span", { class: "empty-hint" }, "Escribí un mensaje para empezar"));
    const lock = h("p", { class: "lock" }, "Este chat es una simulación: los mensajes no salen de esta computadora.");
    this.typing = h("div", { class: "message theirs typing", hidden: true }, h("div", { class: "bubble" }, h("i"), h("i"), h("i")));
    this.chat.append(lock, this.empty, this.typing);
    this.chat.classList.add("empty-chat");
    this.quoted = h("div", { class: "replying", hidden: true });
    this.problem = h("p", { class: "problem", role: "alert", hidden: true });
    this.off = h("div", { class: "phone-off", hidden: true }, h("span", {}, "Teléfono apagado"), h("button", { type: "button", class: "pill", onclick: () => this.change({ online: true }) }, "Encender"));
    this.screen = h("div", { class: "screen" }, this.header(), this.chat, this.problem, this.quoted, this.composer(), this.off);
    this.label = h("div", { class: "phone-label" });
    this.element = h("section", { class: "phone", "data-customer": this.id }, this.label, h("div", { class: "frame" }, this.screen));
  }

  header() {
    return h(
      "header",
      { class: "top" },
      h("div", { class: "status", "aria-hidden": "true" }, this.time, h("span", { class: "status-icons" }, h("i", { class: "signal" }), h("i", { class: "battery" }))),
      h(
        "div",
        { class: "who" },
        h("span", { class: "avatar avatar-shop" }, icon("shop")),
        h("div", { class: "who-text" }, h("b", {}, world.business.name, h("span", { class: "verified", title: "Cuenta verificada" }, icon("tick"))), this.subtitle),
        iconButton("call", "Llamar a la empresa", () => this.try(call("POST", `customers/${this.id}/events`, { kind: "call" }))),
        iconButton("more", "Más opciones", (event) => phoneMenu(this, event.currentTarget)),
      ),
    );
  }

  composer() {
    this.input = h("textarea", { rows: "1", placeholder: "Mensaje", "aria-label": "Escribí un mensaje", oninput: () => this.resize(), onkeydown: (event) => this.key(event) });
    this.main = h("button", { type: "button", class: "round", onclick: () => this.send() });
    this.resize();
    return h(
      "div",
      { class: "composer" },
      h(
        "div",
        { class: "line" },
        iconButton("smile", "Emojis", () => emojiSheet(this)),
        this.input,
        iconButton("clip", "Adjuntar", () => attachSheet(this)),
        iconButton("camera", "Enviar una foto de ejemplo", () => this.do("image")),
      ),
      this.main,
    );
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
    if (event.key === "Escape") this.reply(null);
  }

  resize() {
    this.input.style.setProperty("height", "auto");
    if (this.input.scrollHeight) this.input.style.setProperty("height", `${Math.min(this.input.scrollHeight, 120)}px`);
    const voice = this.input.value.trim() === "";
    if (this.voice === voice) return;
    this.voice = voice;
    this.main.replaceChildren(icon(voice ? "mic" : "send"));
    this.main.setAttribute("aria-label", voice ? "Enviar la nota de voz de ejemplo" : "Enviar");
    this.main.title = voice ? "Nota de voz de ejemplo" : "Enviar";
  }

  send() {
    const text = this.input.value.trim();
    if (text === "") return void this.do("audio");
    this.input.value = "";
    this.resize();
    this.do("text", { text });
  }

  /** The customer does something; a quote that was begun goes with it. */
  do(kind, action = {}) {
    const quoting = this.replyTo && !["tap", "reaction"].includes(kind) ? { reply_to: this.replyTo } : {};
    this.reply(null);
    this.follow = true;
    return this.try(act(this.id, kind, { ...quoting, ...action }));
  }

  change(wish) {
    return this.try(call("PATCH", `customers/${this.id}`, wish));
  }

  async try(promise) {
    try {
      this.problem.hidden = true;
      return await promise;
    } catch (error) {
      this.problem.replaceChildren(error.message);
      this.problem.hidden = false;
      return null;
    }
  }

  reply(message) {
    this.replyTo = message?.id ?? null;
    this.quoted.hidden = message === null;
    if (message === null) return;
    const author = message.side === "customer" ? "Vos" : world.business.name;
    this.quoted.replaceChildren(h("div", { class: "quote" }, h("b", {}, author), h("span", {}, summary(message))), iconButton("close", "No responder a este mensaje", () => this.reply(null)));
    this.input.focus();
  }

  get handlers() {
    return {
      tap: (message, option) => this.do("tap", { message: message.id, option: option.id }),
      openList: (message) => listSheet(this, message),
      openLocation: (message) => locationSheet(this, message.id),
      openCart: () => cartSheet(this),
      shareNumber: (message) => this.do("contact", { reply_to: message.id }),
    };
  }

  refreshMessage(message, { quiet = false } = {}) {
    const element = bubble(this.customer, message, this.handlers);
    const old = this.shown.get(message.id);
    const atEnd = this.follow || this.isAtEnd();
    if (element === null) return;
    this.follow = false;
    this.empty.hidden = true;
    this.chat.classList.remove("empty-chat");
    element.addEventListener("contextmenu", (event) => this.openMenu(event, message, element));
    element.addEventListener("keydown", (event) => {
      if (event.target === element && (event.key === "Enter" || event.key === "ContextMenu")) this.openMenu(event, message, element);
    });
    holdToOpen(element, (event) => this.openMenu(event, message, element));
    if (old) {
      element.classList.toggle("tail", old.classList.contains("tail"));
      old.replaceWith(element);
    }
    if (!old) this.append(message, element, quiet);
    this.shown.set(message.id, element);
    if (atEnd && !quiet) this.scrollToEnd();
  }

  append(message, element, quiet) {
    const date = day(message.timestamp * 1000, now());
    if (date !== this.lastDay) this.typing.before(h("p", { class: "day" }, h("span", {}, date)));
    this.lastDay = date;
    element.classList.toggle("tail", this.lastSide !== message.side);
    this.lastSide = message.side;
    if (!quiet) element.classList.add("fresh");
    this.typing.before(element);
  }

  /** Up and down go through the messages. */
  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...this.chat.querySelectorAll(".message[data-id]")];
    const at = all.indexOf(document.activeElement.closest(".message"));
    all[at < 0 ? all.length - 1 : Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
  }

  openMenu(event, message, element) {
    if (event.target.closest("a, button, input")) return;
    event.preventDefault();
    messageMenu(this, message, element);
  }

  refreshCustomer() {
    const customer = this.customer;
    const typingLeft = customer.typing_seconds * 1000 - (Date.now() - customer.heardAt);
    const typing = typingLeft > 0;
    clearTimeout(this.typingEnd);
    if (typing) this.typingEnd = setTimeout(() => this.refreshCustomer(), typingLeft + 50);
    const atEnd = this.isAtEnd();
    this.typing.hidden = !typing;
    this.subtitle.replaceChildren(typing ? "escribiendo…" : "Cuenta de empresa");
    this.subtitle.classList.toggle("is-typing", typing);
    this.off.hidden = customer.online;
    this.element.setAttribute("aria-label", `Teléfono de ${customer.name}`);
    this.refreshClock();
    if (typing && atEnd) this.scrollToEnd();
  }

  refreshClock() {
    const customer = this.customer;
    if (!customer) return;
    this.time.replaceChildren(clock(now()));
    const left = customer.window_seconds === null ? null : Math.max(0, customer.window_seconds - (Date.now() - customer.heardAt) / 1000);
    const hours = left === null ? "" : `${Math.floor(left / 3600)} h ${String(Math.floor((left % 3600) / 60)).padStart(2, "0")} min`;
    const state = left === null ? "sin ventana" : left > 0 ? `ventana: ${hours}` : "ventana cerrada";
    const marks = [!customer.reading && "no lee", customer.blocked && "bloqueó a la empresa"].filter(Boolean);
    const identity = customer.phone_visible ? phoneText(customer.phone) : `sin número · ${customer.username ? `@${customer.username}` : customer.user_id}`;
    const who = h("span", { class: "label-text" }, h("b", {}, customer.name), h("span", { title: customer.user_id }, [identity, ...marks].join(" · ")));
    this.label.replaceChildren(who, h("span", { class: `window ${left > 0 ? "" : "window-closed"}`, title: "Tiempo que le queda a la empresa para escribir sin plantilla" }, state));
  }

  isAtEnd() {
    return this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < NEAR_END;
  }

  scrollToEnd() {
    requestAnimationFrame(() => this.chat.scrollTo({ top: this.chat.scrollHeight }));
  }
}

function holdToOpen(element, open) {
  let timer = null;
  const stop = () => clearTimeout(timer);
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") timer = setTimeout(() => open(event), 450);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove"]) element.addEventListener(name, stop);
}
