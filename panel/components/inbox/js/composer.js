// Where one writes: text, reply, file, note; why one may not, and the button that helps. What is typed is a draft.

import { now } from "../../grid/js/api.js";
import { fill, h } from "../../grid/js/dom.js";
import { Draft } from "../../grid/js/draft.js";
import { icon } from "../../grid/js/icons.js";
import { authorName } from "../../chat/js/parts.js";
import { kindName } from "../../chat/js/words.js";
import { Attachment } from "./attachment.js";
import { Canned } from "./canned.js";
import { emojiButton } from "./emoji.js";
import { helpFor } from "./refusals.js";
import { Sending } from "./sending.js";
import { pickTemplate } from "./templates.js";
import { parts, uuid, windowWords } from "./words.js";

const LINES = 6;

export class Composer {
  constructor(room, talk) {
    Object.assign(this, { room, talk, isNote: false, reply: null, key: uuid(), may: false, longest: 4096 });
    this.draft = new Draft(`conversation ${talk.contact}`);
    this.attachment = new Attachment(room, this);
    this.canned = new Canned(room, this);
    this.sending = new Sending(room, this);
    this.build();
    this.restoring = this.restore();
  }

  build() {
    this.input = h("textarea", { class: "field message-field", rows: "1", "aria-label": "Mensaje", placeholder: "Escribí un mensaje", enterkeyhint: "send", spellcheck: "true" });
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => setTimeout(() => !this.element.contains(this.element.getRootNode().activeElement) && this.canned.close(), 120));
    this.note = h("button", { type: "button", class: "text-button note-toggle", "aria-pressed": "false", title: "La ve solo el equipo, nunca el cliente", onclick: () => this.setNote(!this.isNote) }, icon("lock"), "Nota privada");
    this.button = h("button", { type: "button", class: "icon-button send-button", "aria-label": "Enviar", title: "Enviar (Enter)", onclick: () => this.send() }, icon("send"));
    this.replyStrip = h("div", { class: "strip reply-strip", hidden: true });
    this.said = h("div", { class: "composer-said", role: "status", "aria-live": "polite" });
    this.window = h("span", { class: "mark left" });
    this.refusal = h("div", { class: "refusal", hidden: true });
    this.tools = h("div", { class: "composer-tools" },
      this.attachment.button, emojiButton(this.room, (text) => this.insert(text)),
      h("button", { type: "button", class: "icon-button", "aria-label": "Respuestas rápidas", title: "Respuestas rápidas (/)", onclick: () => this.canned.toggle() }, h("b", { class: "slash" }, "/")));
    this.writing = h("div", { class: "writing" }, this.canned.element, this.replyStrip, this.attachment.element,
      h("div", { class: "composer-row" }, this.tools, this.input, this.button),
      h("div", { class: "composer-foot" }, this.note, this.said, h("span", { class: "spacer" }), this.window));
    this.element = h("footer", { class: "composer" }, this.refusal, this.writing);
    this.attachment.listen(this.talk.transcript.element, this.element, this.input);
  }

  destroy() {
    this.isGone = true;
    this.sending.stop();
    this.attachment.stop();
    this.draft.flush();
  }

  focus() {
    if (!this.writing.hidden && !this.room.popover) this.input.focus({ preventScroll: true });
    else if (!this.refusal.hidden) this.refusal.querySelector("button")?.focus({ preventScroll: true });
  }

  // --- the draft --------------------------------------------------------------------------------

  async restore() {
    let kept = null;
    try {
      kept = (await this.draft.load())?.body;
    } catch (error) {
      this.room.failed(error);
    }
    if (!kept || this.isGone || this.input.value || this.isEmpty === false) return;
    this.input.value = kept.text ?? "";
    this.key = kept.key || this.key;
    this.isNote = Boolean(kept.note);
    if (kept.reply_to) this.reply = kept.reply ?? { id: kept.reply_to, author: "", text: "…" };
    if (kept.file) this.attachment.restore(kept.file);
    this.draw();
    this.grow();
  }

  get isEmpty() {
    return !this.input.value.trim() && !this.attachment.file && !this.reply && !this.isNote;
  }

  keep() {
    if (this.isEmpty) {
      this.draft.drop();
      return;
    }
    const { id, author, operator, text, kind } = this.reply ?? {};
    const reply = this.reply && { id, author, operator, kind, text: (text ?? "").slice(0, 200) };
    const body = { text: this.input.value.slice(0, 15_000), reply_to: id ?? null, reply, file_id: this.attachment.file?.id ?? null, file: this.attachment.file, note: this.isNote, key: this.key };
    this.draft.save(body, (words, isError) => isError && this.say(words, "warn"));
  }

  // --- what is shown ----------------------------------------------------------------------------

  /** What may be done, by the card of the conversation. */
  update(card) {
    this.card = card;
    const { composer } = card;
    this.may = composer.may_write;
    this.longest = composer.longest ?? 4096;
    const left = windowWords(composer.window_ends_at, now());
    this.window.className = `mark left ${left?.level ?? ""}`;
    fill(this.window, left ? [icon("clock"), `La ventana ${left.text === "cerrada" ? "está cerrada" : left.text}`] : null);
    this.draw();
  }

  draw() {
    const help = this.card && !this.may ? helpFor(this.card, this) : null;
    this.refusal.hidden = !help;
    this.writing.hidden = Boolean(help) && !this.isNote;
    if (help) {
      this.drawRefusal(help);
    } else {
      fill(this.refusal);
      this.refusal.dataset.shown = "";
    }
    const { isNote } = this;
    this.element.classList.toggle("is-note", isNote);
    this.note.setAttribute("aria-pressed", String(isNote));
    this.input.placeholder = isNote ? "Escribí una nota para el equipo" : "Escribí un mensaje";
    this.tools.hidden = isNote;
    this.attachment.element.hidden = isNote || !this.attachment.isShown;
    this.drawReply();
    this.recount();
  }

  drawRefusal({ words, button, mayNote }) {
    const key = JSON.stringify([words, button?.title, this.isNote, Boolean(this.input.value)]);
    if (this.refusal.dataset.shown === key) return;
    this.refusal.dataset.shown = key;
    fill(this.refusal, icon("lock"), h("span", {}, words, this.input.value && !this.isNote ? h("small", {}, " Lo que escribiste sigue guardado.") : null),
      button ? h("button", { type: "button", class: "button primary", onclick: button.run }, button.title) : null,
      mayNote && !this.isNote ? h("button", { type: "button", class: "button", onclick: () => this.writeNote() }, "Nota privada") : null);
  }

  drawReply() {
    this.replyStrip.hidden = !this.reply || this.isNote;
    if (!this.reply) return;
    const { text, kind } = this.reply;
    fill(this.replyStrip, icon("undo"), h("span", { class: "strip-words" }, h("b", {}, `Responder a ${authorName(this.reply) || "un mensaje"}`), h("span", { dir: "auto" }, text || kindName(kind))),
      h("button", { type: "button", class: "icon-button", "aria-label": "No responder a ese mensaje", onclick: () => this.replyTo(null) }, icon("close")));
  }

  /** Say something beside the field. `tone` "", "warn" or "bad". */
  say(words, tone = "", ...buttons) {
    this.said.className = `composer-said ${tone}`;
    fill(this.said, words, buttons);
  }

  recount() {
    const count = this.isNote ? 1 : parts(this.input.value, this.longest);
    const isSplit = count > 1;
    if (isSplit) this.say(`Se va a enviar en ${count} mensajes`, "warn");
    else if (this.wasSplit) this.say("");
    this.wasSplit = isSplit;
    this.button.disabled = (!this.input.value.trim() && !this.attachment.isReady) || this.attachment.isBusy || this.input.readOnly;
  }

  grow() {
    const { input } = this;
    input.style.height = "auto";
    const line = parseFloat(getComputedStyle(input).lineHeight) || 20;
    const most = line * LINES + 14;
    input.style.height = `${Math.min(input.scrollHeight + 2, most)}px`;
    input.style.overflowY = input.scrollHeight > most ? "auto" : "hidden";
  }

  // --- what people do ---------------------------------------------------------------------------

  typed() {
    this.grow();
    this.sending.edited();
    this.recount();
    this.canned.follow(this.input.value);
    this.keep();
    if (this.input.value && !this.isNote) this.talk.presence.typing();
  }

  pressed(event) {
    if (event.isComposing) return;
    if (this.canned.pressed(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.reply) {
      event.preventDefault();
      this.replyTo(null);
    } else if (event.key === "Escape" && this.isNote) {
      event.preventDefault();
      this.setNote(false);
    }
  }

  send() {
    this.canned.close();
    this.sending.start();
  }

  insert(text) {
    const { input } = this;
    input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
    input.focus();
    this.typed();
  }

  replyTo(message) {
    if (message && this.writing.hidden) return;
    this.reply = message;
    if (message) this.isNote = false;
    this.draw();
    this.keep();
    this.focus();
  }

  writeNote() {
    if (this.card?.composer.why !== "deleted") this.setNote(true);
  }

  setNote(isNote) {
    if (this.sending.isBusy) return;
    this.isNote = isNote;
    this.draw();
    this.grow();
    this.keep();
    this.focus();
  }

  template() {
    pickTemplate(this.room, this.talk);
  }

  online() {
    this.sending.online();
  }
}
