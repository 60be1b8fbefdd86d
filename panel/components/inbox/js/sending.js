// Sending once: under a key that stays the same through double clicks, retries and reloads, until the server took it.

import { now, Refused, send, Unreachable } from "../../grid/js/api.js";
import { h } from "../../grid/js/dom.js";
import { uuid } from "./words.js";

const RETRY_MS = [1500, 3000, 6000, 10_000];

export class Sending {
  constructor(room, composer) {
    Object.assign(this, { room, composer, flying: null, waiting: null, tries: 0 });
  }

  /** Something is on its way, or waits for a line. */
  get isBusy() {
    return Boolean(this.flying || this.waiting);
  }

  stop() {
    clearTimeout(this.timer);
  }

  start() {
    const { composer } = this;
    if (this.waiting) return this.again();
    if (this.flying || composer.button.disabled || (!composer.may && !composer.isNote)) return undefined;
    const message = { key: composer.key, text: composer.input.value.trim(), reply: composer.reply, file: composer.isNote ? null : composer.attachment.file, isNote: composer.isNote };
    return this.fly(message);
  }

  /** The field is free at once for what comes next; the message stands at the end of the conversation. */
  async fly(message) {
    const { composer } = this;
    const { talk } = composer;
    this.flying = message;
    this.waiting = null;
    composer.draft.flush();
    talk.presence.pause();
    talk.transcript.showPending(this.pending(message));
    composer.input.readOnly = false;
    this.put(this.next ?? { text: "" });
    composer.say("");
    try {
      const { messages = [] } = (await send("POST", ...this.request(message))) ?? {};
      this.taken(message, messages);
    } catch (error) {
      this.failed(message, error);
    }
  }

  request({ key, text, reply, file, isNote }) {
    const { url } = this.composer.talk;
    if (isNote) return [`${url}/notes`, { key, text }];
    return [`${url}/messages`, { key, ...(text ? { text } : {}), ...(reply ? { reply_to: reply.id } : {}), ...(file ? { file_id: file.id } : {}) }];
  }

  pending({ key, text, reply, file, isNote }) {
    const at = new Date(now()).toISOString();
    return {
      id: `new-${key}`, at, place: at, received_at: null, author: isNote ? "nota" : "operador", operator: this.room.config.me.name, is_from_phone: false,
      kind: file?.kind ?? "text", text, buttons: [], menu: null, request: "", media: null, file: file ? { ...file, state: "uploaded" } : null, location: null, cart: [], cards: [],
      reply_to: isNote ? null : reply, target: null, is_forwarded: false, ticks: isNote ? "none" : "sending", reason: null, order_id: null, is_pending: true,
    };
  }

  taken(message, ids) {
    const { composer } = this;
    const typed = composer.input.value;
    this.flying = null;
    this.next = null;
    this.tries = 0;
    composer.key = uuid();
    composer.draft.drop().then(() => typed && composer.keep());
    composer.talk.transcript.settlePending(`new-${message.key}`, ids);
    if (composer.isGone) return;
    composer.draw();
    this.room.live.retryNow();
  }

  /** No line: it comes back into the field and goes by itself, once. Refused: it comes back with the reason. */
  failed(message, error) {
    const { composer } = this;
    this.flying = null;
    composer.talk.transcript.settlePending(`new-${message.key}`);
    this.next = { text: composer.input.value };
    this.put(message);
    if (error instanceof Unreachable) {
      this.wait(message);
      return;
    }
    if (!(error instanceof Refused)) throw error;
    if (this.next.text) composer.input.value = `${message.text}\n${this.next.text}`; // one text to correct
    this.next = null;
    composer.key = uuid(); // it was not taken, and may be changed now
    composer.say(this.why(error), "bad");
    composer.typed();
    composer.say(this.why(error), "bad");
    this.room.live.retryNow();
  }

  why(error) {
    const { operator } = error.detail;
    return error.code === "not_yours" && operator?.name ? `No se envió: la atiende ${operator.name}.` : `No se envió. ${this.room.sentence(error)}`;
  }

  put({ text, reply = null, file = null, isNote = false }) {
    const { composer } = this;
    composer.input.value = text;
    composer.reply = reply;
    composer.attachment.set(file);
    composer.isNote = isNote;
    composer.draw();
    composer.grow();
  }

  wait(message) {
    const { composer } = this;
    this.waiting = message;
    composer.input.readOnly = true;
    composer.draw();
    composer.say("Sin conexión, se reintenta", "warn", h("button", { type: "button", class: "text-button", onclick: () => this.again() }, "Ahora"), h("button", { type: "button", class: "text-button", onclick: () => this.cancel() }, "Editar"));
    const delay = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), delay);
  }

  again() {
    clearTimeout(this.timer);
    if (this.waiting && !this.composer.isGone) this.fly(this.waiting);
  }

  online() {
    if (this.waiting && navigator.onLine) this.again();
  }

  /** Whether the server has it nobody knows, so what it becomes is another message. */
  cancel() {
    const { composer } = this;
    clearTimeout(this.timer);
    this.waiting = null;
    composer.key = uuid();
    composer.input.readOnly = false;
    if (this.next?.text) composer.input.value += `\n${this.next.text}`;
    this.next = null;
    composer.say("");
    composer.typed();
    composer.focus();
  }

  edited() {
    if (!this.isBusy && this.composer.said.classList.contains("bad")) this.composer.say("");
  }
}
