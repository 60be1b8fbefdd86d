// The open conversation: its messages, what may be done with it, and who else is here.

import { get, Refused, send, sentence, Unreachable } from "../../grid/js/api.js";
import { fill, h } from "../../grid/js/dom.js";
import { Live } from "../../grid/js/live.js";
import { Transcript } from "../../chat/js/transcript.js";
import { Composer } from "./composer.js";
import { drawHead } from "./head.js";
import { Presence } from "./presence.js";
import { Side } from "./side.js";
import { nameOf } from "./words.js";

const HEARD_MS = 800;

export class Talk {
  constructor(room, contact) {
    this.room = room;
    this.contact = contact;
    this.url = `/api/conversations/${contact}`;
    this.presence = new Presence(this.url);
    this.transcript = new Transcript(contact, {
      tone: (state) => room.tone(state),
      refuse: (error) => this.refuse(error),
      failed: (error) => room.failed(error),
      onReply: (message) => this.composer.replyTo(message),
      onRetry: (message) => this.retry(message),
      onSeen: () => this.markRead(),
    });
    this.composer = new Composer(room, this);
    this.side = new Side(room, this);
    this.head = h("header", { class: "head" });
    this.element = h("section", { class: "talk", "aria-label": "Conversación" }, this.head, this.transcript.element, this.composer.element);
    this.seen = () => this.markRead();
    window.addEventListener("focus", this.seen);
    this.ticking = setInterval(() => this.draw(), 15_000);
    this.hearing = new Live(() => this.hear(), () => undefined, { apart: HEARD_MS });
    this.opening = this.refresh().then(() => room.live.succeeded(), (error) => room.failed(error));
  }

  destroy() {
    this.isGone = true;
    this.hearing.stop();
    clearInterval(this.ticking);
    window.removeEventListener("focus", this.seen);
    this.presence.leave();
    this.composer.destroy();
    this.transcript.stop();
    this.element.remove();
    this.side.element.remove();
  }

  // --- what is fetched --------------------------------------------------------------------------

  async refresh() {
    if (this.isRefused) return;
    this.heardAt = Date.now();
    try {
      await Promise.all([this.transcript.refresh(), this.loadCard()]);
      this.markRead();
    } catch (error) {
      if (error instanceof Refused) this.refuse(error);
      else throw error;
    }
  }

  /** Only the messages: whoever waits for an answer sees it within a second, however much goes on elsewhere. */
  async hear() {
    if (this.isRefused || Date.now() - this.heardAt < HEARD_MS) return;
    this.heardAt = Date.now();
    try {
      await this.transcript.refresh();
      this.markRead();
    } catch (error) {
      if (error instanceof Refused) this.refuse(error);
      else throw error;
    }
  }

  async loadCard() {
    this.show(await get(this.url));
  }

  /** Take the conversation as the API has it now. */
  show(card) {
    if (this.isGone) return;
    this.card = card;
    this.presence.enter();
    this.room.list?.follow(card);
    this.draw();
  }

  draw() {
    const { card } = this;
    if (!card || this.isGone) return;
    drawHead(this.head, card, this.room, this);
    this.side.update(card);
    this.composer.update(card);
    const name = nameOf(card.contact);
    this.transcript.setTitle(`Conversación con ${name}`);
    document.title = `${name} · Openbot`;
  }

  refuse(error) {
    this.isRefused = true;
    const back = this.room.list ? null : h("a", { href: "/contactos", target: "_self" }, "Ir a Contactos");
    this.element.classList.add("refused");
    this.side.element.hidden = true;
    fill(this.transcript.list, h("p", { class: "empty", role: "alert" }, sentence(error, this.room.config.sentences), " ", back));
    fill(this.head);
  }

  // --- what people do ---------------------------------------------------------------------------

  get isMine() {
    return this.card?.contact.owner === "operador" && this.card.composer.operator?.id === this.room.config.me.id;
  }

  focus() {
    this.opening.then(() => this.composer.focus());
  }

  replyToLast() {
    const message = this.transcript.lastToAnswer;
    if (message) this.composer.replyTo(message);
  }

  /** Read is what somebody looks at who may answer it. */
  async markRead() {
    const unread = this.card?.contact.unread ?? 0;
    const isOthers = this.card?.contact.owner === "operador" && !this.isMine;
    if (!unread || isOthers || this.isMarking || this.isGone || document.hidden || !document.hasFocus() || !this.transcript.isAtBottom) return;
    this.isMarking = true;
    try {
      await send("POST", `${this.url}/read`);
      this.card.contact.unread = 0;
      this.room.list?.follow(this.card);
      this.room.live.schedule();
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
    } finally {
      this.isMarking = false;
    }
  }

  /** Call something that answers with the conversation as it is then. */
  async act(path, body, said) {
    const card = await this.post(path, said, body);
    if (!card) return;
    this.show(card);
    this.composer.focus();
  }

  /** Call, say what was done or why it was not; null when it was not. */
  async post(path, said, body = undefined) {
    if (this.isActing) return null;
    this.isActing = true;
    try {
      const answer = await send("POST", `${this.url}/${path}`, body);
      this.room.say(said);
      this.room.live.retryNow();
      return answer;
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      const { by, operator } = error.detail ?? {};
      const who = operator?.name ?? by;
      this.room.say(error.code === "not_yours" && who ? `La atiende ${who}.` : this.room.sentence(error), { isError: true });
      this.room.live.retryNow();
      return null;
    } finally {
      this.isActing = false;
    }
  }

  take() {
    const { operator } = this.card?.composer ?? {};
    const from = this.card?.contact.owner === "operador" && operator && !this.isMine ? { from_operator: operator.id } : {};
    return this.act("take", from, "Tomaste la conversación: ahora contestás vos.");
  }

  giveBack() {
    return this.act("give-back", undefined, "Contesta el bot.");
  }

  assign(person) {
    return this.act("assign", { operator_id: person.id }, `Ahora atiende ${person.name}.`);
  }

  retry(message) {
    return this.post(`messages/${message.id.replace("out-", "")}/retry`, "Se envía de nuevo.");
  }

  /** The order as the window that closes it asks for it. */
  orderRow(id) {
    const { order, contact } = this.card ?? {};
    return order?.id === id ? { ...order, number: order.id, unread: contact.unread, name: nameOf(contact), amount: order.amount ?? null } : undefined;
  }
}
