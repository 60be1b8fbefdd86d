// The conversation: loads the end, then older ones on the way up, and follows what happens.

import { get, sentence } from "../../grid/js/api.js";
import { fill, h } from "../../grid/js/dom.js";
import { counted } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { Live } from "../../grid/js/live.js";
import { drawCard, drawHead, nameOf } from "./card.js";
import { Log } from "./log.js";

const PAGE = 50;
const NEAR_TOP_PX = 400;

export class Chat {
  constructor(parent, config) {
    this.config = config;
    this.url = `/api/conversations/${config.contact}/messages`;
    this.unseen = 0;
    this.build(parent);
    this.log = new Log(this.list, { tone: (state) => this.tone(state), find: (id) => this.find(id) });
    this.live = new Live(() => this.refresh(), (state) => this.setState(state));
    this.stop = new AbortController();
    window.addEventListener("resize", () => this.fit(), { signal: this.stop.signal });
    this.list.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.setTheme();
    this.fit();
    this.open();
  }

  build(parent) {
    this.head = h("header", { class: "head" });
    this.list = h("div", { class: "log", role: "log", tabindex: "0", "aria-live": "polite", "aria-busy": "true" });
    this.pill = h("button", { type: "button", class: "pill", hidden: true, onclick: () => this.toBottom() });
    this.offline = h("div", { class: "offline", role: "status", hidden: true }, "Sin conexión, reintentando…");
    this.foot = h("footer", { class: "composer" }, icon("lock"), h("span", {}, "Esta conversación es de solo lectura."));
    this.card = h("aside", { class: "card", "aria-label": "Datos del contacto" });
    this.older = h("button", { type: "button", class: "button older", "data-fixed": "1", hidden: true, onclick: () => this.loadOlder() }, "Ver mensajes anteriores");
    this.list.append(this.older, ...bones());
    const middle = h("div", { class: "middle-part" }, this.list, this.pill);
    this.host = h("section", { class: "grid-host chat-host" }, h("div", { class: "talk" }, this.head, this.offline, middle, this.foot), this.card);
    this.host.addEventListener("keydown", (event) => this.pressed(event));
    parent.append(this.host);
  }

  destroy() {
    this.live.stop();
    this.stop.abort();
    this.host.remove();
  }

  // --- what is fetched --------------------------------------------------------------------------

  async open() {
    try {
      await Promise.all([this.loadLatest(), this.loadContact()]);
      this.live.succeeded();
    } catch (error) {
      if (error.status) this.refuse(error);
      else this.live.failed(error);
    }
  }

  async loadLatest() {
    const page = await get(this.url, new URLSearchParams({ limit: PAGE }));
    for (const bone of this.list.querySelectorAll(".bone-line")) bone.remove();
    this.before = page.before;
    this.after = page.after;
    this.older.hidden = !page.has_more;
    this.log.take(page);
    this.log.draw("bottom");
    this.list.setAttribute("aria-busy", "false");
    this.isOpen = true;
    if (!page.messages.length) this.list.append(h("p", { class: "empty" }, "Todavía no hay mensajes."));
  }

  async loadContact() {
    this.contact = await get(`/api/contacts/${this.config.contact}`);
    this.drawContact();
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
      this.live.succeeded();
    } catch (error) {
      if (error.status) this.refuse(error);
      else this.live.failed(error);
    } finally {
      this.isLoading = false;
      this.list.setAttribute("aria-busy", "false");
    }
  }

  /** What is new, and how far ours came. The last page is enough, unless very much happened. */
  async refresh() {
    if (!this.isOpen) return this.open();
    try {
      const last = await get(this.url, new URLSearchParams({ limit: PAGE }));
      let fresh = 0;
      if (last.has_more && !last.messages.some((message) => this.log.messages.has(message.id))) fresh += await this.loadNewer();
      fresh += this.log.take(last);
      this.after = last.after;
      this.show(fresh);
      await this.loadContact();
    } catch (error) {
      if (!error.status) throw error;
      this.refuse(error);
    }
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
    if (fresh) this.list.querySelector(".empty")?.remove();
    const follows = this.log.isAtBottom;
    this.log.draw(follows ? "bottom" : "eye");
    this.unseen = follows ? 0 : this.unseen + fresh;
    this.drawPill();
  }

  drawPill() {
    this.pill.hidden = this.unseen === 0;
    fill(this.pill, counted(this.unseen, ["mensaje nuevo", "mensajes nuevos"]), icon("down"));
  }

  drawContact() {
    const { contact } = this;
    drawHead(this.head, contact, this.log.zone, () => this.toggleCard());
    drawCard(this.card, contact, { zone: this.log.zone, tone: (state) => this.tone(state), onClose: () => this.toggleCard(false) });
    this.list.setAttribute("aria-label", `Conversación con ${nameOf(contact)}`);
    document.title = `${nameOf(contact)} · Openbot`;
  }

  refuse(error) {
    this.live.stop();
    this.host.classList.add("refused");
    fill(this.list, h("p", { class: "empty", role: "alert" }, sentence(error, this.config.sentences), " ", h("a", { href: "/contactos", target: "_self" }, "Ir a Contactos")));
  }

  setState(state) {
    this.offline.hidden = state !== "offline";
  }

  tone(state) {
    return this.config.palette[state]?.[this.isDark ? 1 : 0] ?? "currentColor";
  }

  setTheme() {
    const colour = getComputedStyle(this.host).getPropertyValue("--st-background-color").trim();
    const parts = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour);
    const light = parts ? parts.slice(1).reduce((sum, part, at) => sum + parseInt(part, 16) * [0.3, 0.6, 0.1][at], 0) : 255;
    this.isDark = light < 128;
    this.host.classList.toggle("dark", this.isDark);
  }

  fit() {
    const top = this.host.getBoundingClientRect().top + window.scrollY;
    this.host.style.setProperty("--height", `${Math.max(380, window.innerHeight - Math.max(0, top) - 10)}px`);
  }

  // --- what people do ---------------------------------------------------------------------------

  scrolled() {
    if (this.list.scrollTop < NEAR_TOP_PX) this.loadOlder();
    if (this.unseen && this.log.isAtBottom) {
      this.unseen = 0;
      this.drawPill();
    }
  }

  toBottom() {
    this.log.toBottom();
    this.unseen = 0;
    this.drawPill();
    this.list.focus({ preventScroll: true });
  }

  async find(id) {
    for (let tries = 0; !this.log.show(id) && !this.older.hidden && tries < 20; tries += 1) await this.loadOlder();
  }

  toggleCard(open) {
    this.host.classList.toggle("card-open", open);
    if (this.host.classList.contains("card-open")) this.card.querySelector(".card-close")?.focus();
  }

  pressed(event) {
    if (event.key === "Escape") this.toggleCard(false);
    if (event.key === "End" && event.target === this.list) this.toBottom();
  }
}

function bones() {
  return [46, 62, 38, 55, 30].map((width, at) =>
    h("div", { class: `message bone-line ${at % 2 ? "out" : "in"}`, "aria-hidden": "true" }, h("span", { class: "bone", style: `width: ${width}%; height: 44px` })),
  );
}
