// The list of messages on the page: only what differs is touched, and the eye stays where it was.

import { h } from "../../grid/js/dom.js";
import { now } from "../../grid/js/api.js";
import { bubble } from "./bubble.js";
import { inOrder, plan } from "./order.js";
import { orderChip } from "./orders.js";
import { dayName } from "./words.js";

const BOTTOM_PX = 48;

export class Log {
  /** `onReply` and `onRetry` put their buttons to the messages that may have them. */
  constructor(element, { tone, find, onReply = null, onRetry = null }) {
    this.element = element; // it scrolls
    Object.assign(this, { tone, find, onReply, onRetry });
    this.messages = new Map();
    this.pending = new Map(); // key → a message that the server has not taken yet
    this.orders = new Map();
    this.drawn = new Map(); // key → {element, text}
    this.zone = "America/Argentina/Buenos_Aires";
  }

  get isAtBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < BOTTOM_PX;
  }

  /** Take messages in; return how many of them are new. */
  take({ messages, orders, time_zone: zone }) {
    let fresh = 0;
    for (const message of messages) {
      if (!this.messages.has(message.id)) fresh += 1;
      this.messages.set(message.id, message);
    }
    for (const order of orders) this.orders.set(order.id, order);
    this.zone = zone ?? this.zone;
    return fresh;
  }

  addPending(message) {
    this.pending.set(message.id, { ...message, known: new Set(this.messages.keys()), becomes: null });
  }

  /** The server took it under these ids (it goes when they are here); none: it never went. */
  settlePending(key, ids) {
    if (ids.length) this.pending.get(key).becomes = ids;
    else this.pending.delete(key);
  }

  /** What is shown after everything: what is on its way and not here under its own id yet. */
  waiting() {
    for (const [key, message] of this.pending) {
      const isHere = message.becomes ? message.becomes.some((id) => this.messages.has(id)) : [...this.messages.values()].some((one) => isSame(one, message));
      if (isHere) this.pending.delete(key);
    }
    return [...this.pending.values()];
  }

  /** Show what was taken in. `keep` "bottom": go to the end; "eye": what is looked at stays where it is. */
  draw(keep) {
    const anchor = keep === "eye" ? this.anchor() : null;
    const items = plan([...inOrder(this.messages.values()), ...this.waiting()], this.zone);
    const keys = new Set(items.map((item) => item.key));
    for (const [key, { element }] of this.drawn) {
      if (keys.has(key)) continue;
      element.remove();
      this.drawn.delete(key);
    }
    let place = this.element.firstElementChild;
    while (place?.dataset.fixed) place = place.nextElementSibling;
    for (const item of items) {
      const before = this.drawn.get(item.key)?.element;
      const element = this.elementOf(item);
      if (before === place) place = element; // it stands where the one before stood
      if (element === place) place = place.nextElementSibling;
      else this.element.insertBefore(element, place);
    }
    if (keep === "bottom") this.toBottom();
    const eye = anchor && this.drawn.get(anchor.id)?.element;
    if (eye) this.element.scrollTop += eye.getBoundingClientRect().top - anchor.top;
  }

  toBottom() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /** Lead to a message that is here; false when it is not. */
  show(id) {
    const element = this.drawn.get(id)?.element;
    if (!element) return false;
    element.scrollIntoView({ block: "center" });
    element.classList.remove("found");
    void element.offsetWidth; // begin the animation again
    element.classList.add("found");
    return true;
  }

  /** The first message in sight; the line of a day or an order goes up when older ones come. By its id: its element is replaced. */
  anchor() {
    const top = this.element.getBoundingClientRect().top;
    for (const element of this.element.children) {
      const box = element.getBoundingClientRect();
      if (element.dataset.id && box.bottom > top) return { id: element.dataset.id, top: box.top };
    }
    return null;
  }

  elementOf(item) {
    const text = this.textOf(item);
    const there = this.drawn.get(item.key);
    if (there?.text === text) return there.element;
    const element = this.make(item);
    if (there) there.element.replaceWith(element);
    this.drawn.set(item.key, { element, text });
    return element;
  }

  textOf(item) {
    if (item.kind === "day") return dayName(item.iso, new Date(now()).toISOString(), this.zone);
    if (item.kind === "order") return JSON.stringify(this.orders.get(item.id) ?? item.id);
    return JSON.stringify([item.message, item.begins, item.reactions, item.isRevoked, this.zone]);
  }

  make(item) {
    if (item.kind === "day") return h("div", { class: "message middle day" }, h("span", { class: "line" }, this.textOf(item)));
    if (item.kind === "order") {
      const order = this.orders.get(item.id) ?? { id: item.id, state: "", is_reached: false };
      return h("div", { class: "message middle" }, orderChip(order, this.tone));
    }
    return bubble(item.message, { ...item, zone: this.zone, find: this.find, onReply: this.onReply, onRetry: this.onRetry });
  }
}

function isSame(one, pending) {
  return one.author === pending.author && !pending.known.has(one.id) && one.text === pending.text && one.id.startsWith("out-");
}
