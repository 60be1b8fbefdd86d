// The conversations on the left: filters, search, rows that follow what happens and stay where the eye is.

import { get } from "../../grid/js/api.js";
import { debounced, fill, h } from "../../grid/js/dom.js";
import { icon } from "../../grid/js/icons.js";
import { soundButton } from "../../orders/js/sound.js";
import { FILTERS } from "./place.js";
import { RowView } from "./row.js";

const PAGE = 50;
const MOST = 100; // of one answer
const NEAR_END_PX = 600;
const CALM_MS = 1200; // a pointer that moved so lately aims at something
const TICK_MS = 15_000;
const EMPTY = {
  all: "Todavía no hay conversaciones.\nAparecen acá cuando alguien escribe por WhatsApp.",
  unread: "No hay mensajes sin leer.",
  mine: "No estás atendiendo a nadie.\nTomá una conversación y aparece acá.",
  waiting: "Nadie espera a una persona.",
  closing: "Ninguna ventana está por cerrar.",
};

export class ConversationList {
  constructor(room) {
    this.room = room;
    this.rows = new Map();
    this.order = [];
    this.views = new Map();
    this.next = null;
    this.zone = room.config.timeZone;
    this.asked = 0;
    this.aimed = 0;
    this.build();
    this.ticking = setInterval(() => this.draw(), TICK_MS);
  }

  build() {
    const search = debounced(() => this.room.setPlace({ search: this.input.value.trim() }), 250);
    this.input = h("input", { class: "field", type: "search", placeholder: "Nombre o celular", "aria-label": "Buscar conversaciones", value: this.room.place.search, oninput: search });
    this.input.addEventListener("keydown", (event) => this.inSearch(event));
    this.tabs = h("div", { class: "filter-tabs", role: "tablist", "aria-label": "Filtrar conversaciones" }, FILTERS.map(({ key, title, short }) =>
      h("button", { type: "button", class: "filter-tab", role: "tab", "data-filter": key, title, onclick: () => this.room.setPlace({ filter: key }) }, short ?? title, h("span", { class: "figure-badge", hidden: true }))));
    this.items = h("ul", { class: "conversation-rows" });
    this.scroller = h("div", { class: "conversation-scroller" }, this.items);
    this.note = h("p", { class: "empty", hidden: true });
    this.scroller.append(this.note);
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.scroller.addEventListener("pointermove", () => { this.aimed = Date.now(); }, { passive: true });
    this.scroller.addEventListener("pointerleave", () => { this.aimed = 0; this.draw(); });
    const help = h("button", { type: "button", class: "icon-button", "aria-label": "Teclas", title: "Teclas (?)", onclick: () => this.room.showKeys() }, icon("help"));
    this.element = h("nav", { class: "conversations", "aria-label": "Conversaciones" },
      h("header", { class: "inbox-head" }, h("h1", {}, "Comunicaciones"), soundButton(this.room), help),
      h("div", { class: "inbox-search" }, icon("search"), this.input), this.tabs, this.scroller);
    fill(this.items, Array.from({ length: 8 }, () => h("li", { class: "conversation-bones" }, h("span", { class: "bone", style: "width: 55%" }), h("span", { class: "bone", style: "width: 85%" }))));
    this.drawTabs({});
  }

  stop() {
    clearInterval(this.ticking);
  }

  // --- what is fetched --------------------------------------------------------------------------

  params(limit, after = "") {
    const { filter, search } = this.room.place;
    return new URLSearchParams({ filter, limit, ...(search ? { search } : {}), ...(after ? { after } : {}) });
  }

  /** Ask for another list from its beginning. */
  async reload() {
    this.isFresh = true;
    this.scroller.setAttribute("aria-busy", "true");
    await this.refresh();
  }

  async refresh() {
    const ticket = ++this.asked;
    const isFresh = Boolean(this.isFresh);
    const shown = isFresh ? PAGE : Math.min(MOST, Math.max(PAGE, this.order.length));
    const answer = await get("/api/conversations", this.params(shown));
    if (ticket !== this.asked) return; // another one was asked meanwhile
    this.isFresh = false;
    this.zone = answer.time_zone ?? this.zone;
    this.counts = answer.counts;
    if (isFresh) this.order = [];
    this.merge(answer, isFresh);
    this.scroller.setAttribute("aria-busy", "false");
    this.draw(isFresh);
    if (isFresh) this.scroller.scrollTop = 0;
  }

  /** The beginning is as it was answered; what was loaded further down stays below. */
  merge({ rows, next }, isFresh) {
    const ids = rows.map((row) => row.contact_id);
    const inAnswer = new Set(ids);
    const further = next !== null && !isFresh ? this.order.slice(rows.length).filter((id) => !inAnswer.has(id)) : [];
    if (!further.length) this.next = next;
    const wanted = this.withOpen([...ids, ...further]);
    for (const row of rows) this.rows.set(row.contact_id, row);
    for (const id of this.rows.keys()) if (!wanted.includes(id)) this.rows.delete(id);
    this.wanted = wanted;
  }

  /** What is being read stays in the list, though it is no longer unread or mine. */
  withOpen(ids) {
    const open = this.room.place.contact;
    const at = this.order.indexOf(open);
    if (at < 0 || ids.includes(open)) return ids;
    return [...ids.slice(0, at), open, ...ids.slice(at)];
  }

  /** The open one by its card: it may not be in the answers of this filter any more. */
  follow({ contact, composer, order, here }) {
    const row = this.rows.get(contact.id);
    if (!row) return;
    const { unread, owner, waiting_since, window_ends_at, phone_reply_until, blocked, opted_out } = contact;
    const attended = order ? { ...row.order, id: order.id, state: order.state, kind: order.kind } : row.order && contact.open_order ? row.order : null;
    this.rows.set(contact.id, { ...row, unread, owner, waiting_since, window_ends_at, phone_reply_until, blocked, opted_out, operator: composer.operator, order: attended, here });
    this.draw();
  }

  async more() {
    if (this.isLoading || !this.next || this.isFresh) return;
    this.isLoading = true;
    const cursor = this.next;
    try {
      const answer = await get("/api/conversations", this.params(PAGE, cursor));
      if (this.next !== cursor) return;
      this.next = answer.next;
      for (const row of answer.rows) this.rows.set(row.contact_id, row);
      this.wanted = [...new Set([...this.wanted, ...answer.rows.map((row) => row.contact_id)])];
      this.draw(true);
    } catch (error) {
      this.room.failed(error);
    } finally {
      this.isLoading = false;
    }
  }

  // --- what is shown ----------------------------------------------------------------------------

  /** Rows change at once; they change places only while nobody aims at one. */
  draw(isForced = false) {
    if (!this.wanted) return;
    const mayMove = isForced || Date.now() - this.aimed > CALM_MS;
    if (mayMove) this.order = [...this.wanted];
    const anchor = this.anchor();
    for (const element of [...this.items.children]) if (!element.firstElementChild?.dataset?.contact) element.remove();
    for (const [id, view] of this.views) {
      if (this.order.includes(id)) continue;
      view.element.remove();
      this.views.delete(id);
    }
    let place = this.items.firstElementChild;
    for (const id of this.order) {
      const view = this.view(id);
      if (this.rows.has(id)) view.update(this.rows.get(id), { isOpen: id === this.room.place.contact, zone: this.zone });
      if (view.element === place) place = place.nextElementSibling;
      else this.items.insertBefore(view.element, place);
    }
    if (anchor?.element.isConnected) this.scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top;
    this.drawTabs(this.counts ?? {});
    this.drawEmpty();
  }

  view(id) {
    if (!this.views.has(id)) this.views.set(id, new RowView(this.room, id));
    return this.views.get(id);
  }

  /** The first row in sight, unless the list stands at its beginning: there new ones push in from above. */
  anchor() {
    if (this.scroller.scrollTop < 4) return null;
    const top = this.scroller.getBoundingClientRect().top;
    for (const element of this.items.children) {
      const box = element.getBoundingClientRect();
      if (box.bottom > top) return { element, top: box.top };
    }
    return null;
  }

  drawTabs(counts) {
    const { filter } = this.room.place;
    for (const tab of this.tabs.children) {
      const { filter: key } = tab.dataset;
      tab.setAttribute("aria-selected", String(key === filter));
      const figure = tab.querySelector(".figure-badge");
      figure.hidden = !counts[key];
      figure.textContent = counts[key] > 999 ? "999+" : String(counts[key] ?? "");
    }
  }

  drawEmpty() {
    const { filter, search } = this.room.place;
    this.note.hidden = this.order.length > 0;
    const words = search ? `Ninguna conversación con «${search}».` : EMPTY[filter];
    fill(this.note, words.split("\n").map((line) => h("span", {}, line)));
  }

  // --- what people do ---------------------------------------------------------------------------

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.more();
  }

  inSearch(event) {
    if (event.key === "Escape" && this.input.value) {
      this.input.value = "";
      this.room.setPlace({ search: "" });
      event.stopPropagation();
    } else if (event.key === "Escape" || event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      this.focusRow(this.order[0]);
    }
  }

  /** Go to the next or the one before; from the open one when none has the focus. */
  step(by) {
    const focused = Number(this.items.getRootNode().activeElement?.dataset?.contact);
    const from = this.order.indexOf(focused || this.room.place.contact);
    this.focusRow(this.order[Math.max(0, Math.min(this.order.length - 1, from + by))]);
  }

  focusRow(id) {
    const link = this.views.get(id)?.link;
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest" });
  }

  focusOpen() {
    this.focusRow(this.order.includes(this.room.place.contact) ? this.room.place.contact : this.order[0]);
  }

  rowOf(id) {
    return this.rows.get(id);
  }
}
