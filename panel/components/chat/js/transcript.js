// The messages of one conversation: loads the end, then older ones on the way up, and follows what happens.

import { get } from "../../grid/js/api.js";
import { fill, h } from "../../grid/js/dom.js";
import { counted } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { Log } from "./log.js";

const PAGE = 50;
const NEAR_TOP_PX = 400;

export class Transcript {
  /** `room`: tone(state), refuse(error), failed(error), onReply(message), onRetry(message), onSeen(). */
  constructor(contact, room) {
    this.room = room;
    this.url = `/api/conversations/${contact}/messages`;
    this.unseen = 0;
    this.list = h("div", { class: "log", role: "log", tabindex: "0", "aria-live": "polite", "aria-busy": "true" });
    this.pill = h("button", { type: "button", class: "pill", hidden: true, onclick: () => this.toBottom() });
    this.older = h("button", { type: "button", class: "button older", "data-fixed": "1", hidden: true, onclick: () => this.loadOlder() }, "Ver mensajes anteriores");
    this.list.append(this.older, ...bones());
    this.element = h("div", { class: "middle-part" }, this.list, this.pill);
    this.log = new Log(this.list, { tone: (state) => room.tone(state), find: (id) => this.find(id), onReply: room.onReply, onRetry: room.onRetry });
    this.follows = true; // the end is looked at: it stays in sight when the room for it changes
    this.list.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.sizes = new ResizeObserver(() => this.follows && this.log.toBottom());
    this.sizes.observe(this.list);
    this.list.addEventListener("keydown", (event) => event.key === "End" && this.toBottom());
  }

  stop() {
    this.sizes.disconnect();
  }

  get isAtBottom() {
    return this.log.isAtBottom;
  }

  // --- what is fetched --------------------------------------------------------------------------

  async open() {
    const page = await get(this.url, new URLSearchParams({ limit: PAGE }));
    for (const bone of this.list.querySelectorAll(".bone-line")) bone.remove();
    this.before = page.before;
    this.after = page.after;
    this.older.hidden = !page.has_more;
    this.log.take(page);
    this.log.draw("bottom");
    this.list.setAttribute("aria-busy", "false");
    this.isOpen = true;
    this.drawEmpty();
  }

  async loadOlder() {
    if (this.isLoading || this.older.hidden) return;
    this.isLoading = true;
    this.list.setAttribute("aria-busy", "true"); // old ones are not read aloud
    try {
      const page = await get(this.url, new URLSearchParams({ limit: PAGE, before: this.before }));
      this.before = page.before;
      this.older.hidden = !page.has_more;
      this.log.take(page);
      this.log.draw("eye");
    } catch (error) {
      if (error.status) this.room.refuse(error);
      else this.room.failed(error);
    } finally {
      this.isLoading = false;
      this.list.setAttribute("aria-busy", "false");
    }
  }

  /** What is new, and how far ours came. The last page is enough, unless very much happened. */
  async refresh() {
    if (!this.isOpen) return this.open();
    const last = await get(this.url, new URLSearchParams({ limit: PAGE }));
    let fresh = 0;
    if (last.has_more && !last.messages.some((message) => this.log.messages.has(message.id))) fresh += await this.loadNewer();
    fresh += this.log.take(last);
    this.after = last.after;
    this.show(fresh);
    return undefined;
  }

  async loadNewer() {
    let fresh = 0;
    for (let more = true; more; ) {
      const page = await get(this.url, new URLSearchParams({ limit: 200, after: this.after }));
      fresh += this.log.take(page);
      this.after = page.after;
      more = page.has_more;
    }
    return fresh;
  }

  // --- what is shown ----------------------------------------------------------------------------

  show(fresh) {
    const follows = this.isAtBottom;
    this.log.draw(follows ? "bottom" : "eye");
    this.unseen = follows ? 0 : this.unseen + fresh;
    this.drawEmpty();
    this.drawPill();
  }

  /** Show a message that the server has not taken yet, and go to it. */
  showPending(message) {
    this.log.addPending(message);
    this.log.draw("bottom");
    this.drawEmpty();
  }

  /** It is there under these ids; without any it never went. */
  settlePending(key, ids = []) {
    this.log.settlePending(key, ids);
    this.log.draw(this.isAtBottom ? "bottom" : "eye");
  }

  drawEmpty() {
    const isEmpty = !this.log.messages.size && !this.log.pending.size;
    this.list.querySelector(".empty")?.remove();
    if (isEmpty) this.list.append(h("p", { class: "empty" }, "Todavía no hay mensajes."));
  }

  drawPill() {
    this.pill.hidden = this.unseen === 0;
    fill(this.pill, counted(this.unseen, ["mensaje nuevo", "mensajes nuevos"]), icon("down"));
  }

  setTitle(title) {
    this.list.setAttribute("aria-label", title);
  }

  // --- what people do ---------------------------------------------------------------------------

  scrolled() {
    this.follows = this.isAtBottom;
    if (this.list.scrollTop < NEAR_TOP_PX) this.loadOlder();
    if (!this.isAtBottom) return;
    if (this.unseen) {
      this.unseen = 0;
      this.drawPill();
    }
    this.room.onSeen();
  }

  toBottom() {
    this.log.toBottom();
    this.unseen = 0;
    this.drawPill();
    this.list.focus({ preventScroll: true });
  }

  /** Lead to a message, also to an older one. */
  async find(id) {
    for (let tries = 0; !this.log.show(id) && !this.older.hidden && tries < 20; tries += 1) await this.loadOlder();
  }

  /** The last message that can be answered: of the customer if there is one. */
  get lastToAnswer() {
    const all = [...this.log.messages.values()].filter((message) => /^in-/.test(message.id) && message.kind !== "reaction");
    return all.reduce((last, message) => (last && last.at > message.at ? last : message), null);
  }
}

function bones() {
  return [46, 62, 38, 55, 30].map((width, at) =>
    h("div", { class: `message bone-line ${at % 2 ? "out" : "in"}`, "aria-hidden": "true" }, h("span", { class: "bone", style: `width: ${width}%; height: 44px` })),
  );
}
