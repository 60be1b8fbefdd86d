// The list as a whole: what it shows, which rows are open, selected and active, and what the person asks of it.

import { now, sentence } from "./api.js";
import { reopen, runAction } from "./actions.js";
import { StatusLine, TopBar, withoutColumn } from "./bars.js";
import { toast } from "./dialog.js";
import { debounced, h } from "./dom.js";
import { Footer } from "./footer.js";
import { listenToKeys, showKeys } from "./keyboard.js";
import { Live } from "./live.js";
import { Loader } from "./loading.js";
import { Memory } from "./memory.js";
import { Opening } from "./opening.js";
import { clicked } from "./pointing.js";
import { emptyQuery, sortOf, toParams, withFilter } from "./query.js";
import { Selection } from "./selection.js";
import { Table } from "./table.js";
import { followTheme, toneOf } from "./theme.js";

const PAGE = 50;
const TICK_MS = 15_000;

export class Grid {
  constructor(root, { config, plugin, trigger }) {
    Object.assign(this, { config, plugin, trigger, rows: new Map(), order: [], gone: new Map() });
    Object.assign(this, { selected: new Selection(this), active: null, hidden: [], popover: null, isDark: false });
    this.rowActions = config.actions.filter((action) => action.place === "row");
    this.canSelect = Boolean(plugin.bulk) || config.actions.some((action) => action.place === "bulk");
    this.canOpen = Boolean(config.detailUrl);
    this.memory = new Memory(config);
    const { query, page, open, scroll } = this.memory.recall();
    this.scroll = scroll; // where the person was in the first page that is shown
    this.query = query;
    this.page = { size: PAGE, cursor: page.cursor, stack: page.stack, next: null, total: null, isCapped: false };
    this.open = new Opening(this, open);
    this.build(root);
    this.loader = new Loader(this);
    this.live = new Live(() => this.loader.refresh(), (state) => this.status.setState(state));
    this.stopKeys = listenToKeys(this);
    this.timer = setInterval(() => this.table.tick(), TICK_MS);
    this.reload();
  }

  build(root) {
    this.host = h("div", { class: `grid-host list-${this.config.key}` });
    this.table = new Table(this);
    this.topbar = new TopBar(this);
    this.status = new StatusLine(this);
    this.footer = new Footer(this);
    this.pill = h("button", { type: "button", class: "pill", hidden: true, onclick: () => this.toTop() });
    this.toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    this.host.append(this.topbar.element, this.status.element, h("div", { class: "frame" }, this.pill, this.table.element), this.footer.element, this.toasts);
    root.append(this.host);
    this.table.body.addEventListener("click", (event) => clicked(this, event), true);
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.host);
    this.fit = this.fit.bind(this);
    window.addEventListener("resize", this.fit);
    this.setTheme();
    this.fit();
  }

  destroy() {
    this.live.stop();
    this.loader.abort?.abort();
    this.loader.drop();
    this.stopKeys();
    this.sizes.disconnect();
    window.removeEventListener("resize", this.fit);
    clearInterval(this.timer);
    for (const dialog of this.host.querySelectorAll("dialog")) dialog.close(); // each keeps what was typed
    this.plugin.stop?.(this);
  }

  /** Fill the window down to its end, and give the columns the width there is. */
  fit() {
    if (!this.host.isConnected) return;
    const top = this.host.getBoundingClientRect().top + (document.scrollingElement?.scrollTop ?? 0);
    this.host.style.setProperty("--height", `${Math.max(360, window.innerHeight - Math.max(0, top) - 10)}px`);
    this.table.layout(this.table.element.clientWidth || this.host.clientWidth);
    this.topbar.update();
  }

  /** Light or dark, as the page is now. */
  setTheme() {
    this.isDark = followTheme(this.host);
    for (const view of this.table.views.values()) if (view.row) view.update(view.row);
  }

  tone(value) {
    return toneOf(this.config.palette, value, this.isDark);
  }

  // --- what is shown ----------------------------------------------------------------------------

  get sort() {
    return sortOf(this.query, this.config);
  }

  /** Show another query from its first page. */
  show(query) {
    this.query = query;
    Object.assign(this.page, { cursor: null, stack: [] });
    return this.reload();
  }

  reload() {
    this.topbar.update();
    this.table.header.update();
    this.status.update();
    return this.loader.load().then(() => this.live.succeeded(), (error) => this.live.failed(error));
  }

  setTab(key) {
    if (key !== this.query.tab) this.show({ ...this.query, tab: key, sort: "" });
  }

  setFilter(name, values) {
    const query = withFilter(this.query, name, values);
    if (JSON.stringify(query.filters[name]) !== JSON.stringify(this.query.filters[name])) this.show(query);
  }

  clearColumn(column) {
    this.show(withoutColumn(this.query, column));
  }

  clearAll() {
    this.show({ ...emptyQuery(this.config), tab: this.query.tab, sort: this.query.sort });
  }

  setSort(sort) {
    this.show({ ...this.query, sort });
  }

  /** Dates and figures start with the highest, words with A, waits with the longest; the next click turns it round. */
  toggleSort(column) {
    const isFirstDown = ["date", "money", "number", "day"].includes(column.kind);
    const orders = isFirstDown ? [`-${column.sort}`, column.sort] : [column.sort, `-${column.sort}`];
    this.setSort(this.sort === orders[0] ? orders[1] : orders[0]);
  }

  turn(step) {
    const { page } = this;
    if (step > 0 && page.next !== null) {
      page.stack = [...page.stack, page.cursor];
      page.cursor = page.next;
    } else if (step < 0 && (page.stack.length || page.cursor !== null)) {
      page.cursor = page.stack.length ? page.stack[page.stack.length - 1] : null;
      page.stack = page.stack.slice(0, -1);
    } else {
      return Promise.resolve();
    }
    page.next = null; // until the answer: a second press does nothing
    return this.reload();
  }

  /** Other rows are shown. */
  shownAfresh() {
    if (!this.rows.has(this.active)) this.active = null;
    this.open.pageShown();
    this.paint(false);
    this.updateBars();
    reopen(this);
  }

  paint(keepPlace) {
    const ids = [...[...this.open.pinned.keys()].filter((id) => !this.order.includes(id)), ...this.order];
    for (const id of ids) {
      const view = this.table.view(id);
      const row = this.rowOf(id);
      if (view.row !== row) view.update(row);
      else view.setFlags();
      this.open.show(id, view);
    }
    this.table.paint(ids, keepPlace);
    this.footer.update();
  }

  updateBars() {
    this.status.update();
    this.footer.update();
    this.topbar.update();
    this.table.header.update();
    this.table.header.updateSelection();
    this.remember();
  }

  remember() {
    const { query, open, page } = this;
    this.memory.keep({ query, open: [...open.ids], page: { cursor: page.cursor, stack: page.stack }, scroll: this.table.element.scrollTop });
  }

  /** A row as the API has it now; an answer that was overtaken by a newer one is no news. */
  setRow(row) {
    if (this.rowOf(row.id)?.version > row.version) return;
    if (this.open.pinned.has(row.id)) this.open.pinned.set(row.id, row);
    if (this.rows.has(row.id)) this.rows.set(row.id, row);
    const view = this.table.views.get(row.id);
    if (!view) return;
    const isChanged = JSON.stringify(view.row) !== JSON.stringify(row);
    if (isChanged) view.update(row);
    else view.setFlags();
  }

  rowOf(id) {
    return this.rows.get(id) ?? this.open.pinned.get(id);
  }

  // --- the active row -------------------------------------------------------------------------

  setActive(id) {
    const before = this.active;
    this.active = id;
    for (const one of [before, id]) this.table.views.get(one)?.setFlags();
  }

  step(by) {
    const ids = [...this.open.pinned.keys(), ...this.order];
    const at = ids.indexOf(this.active);
    this.focusRow(ids[Math.max(0, Math.min(ids.length - 1, at < 0 ? 0 : at + by))]);
  }

  focusRow(id) {
    const view = this.table.views.get(id);
    if (!view) return;
    this.setActive(id);
    view.element.focus({ preventScroll: true });
    view.element.scrollIntoView({ block: "nearest" });
  }

  hasFocus(id) {
    const view = this.table.views.get(id);
    const focused = this.host.getRootNode().activeElement;
    return Boolean(view && focused && (view.element.contains(focused) || view.detail?.element.contains(focused)));
  }

  escape() {
    if (this.active !== null && this.open.has(this.active)) this.open.toggle(this.active);
    else if (this.selected.size) this.selected.set([]);
  }

  focusSearch() {
    const column = this.config.columns.find((one) => one.filter === "search");
    if (this.topbar.input) this.topbar.input.select();
    else if (column) this.table.header.openSearch(column.key);
  }

  showKeys() {
    showKeys(this);
  }

  afterDialog() {
    if (this.active !== null) this.table.views.get(this.active)?.element.focus({ preventScroll: true });
  }

  toTop() {
    this.table.isPointerIn = false;
    this.loader.settle();
    this.table.element.scrollTop = 0;
    this.loader.seen();
  }

  scrolled() {
    if (this.table.element.scrollTop < 4) this.loader.seen();
    this.rememberSoon ??= debounced(() => this.remember(), 300);
    this.rememberSoon();
  }

  // --- actions ----------------------------------------------------------------------------------

  applies(action, row) {
    if (!action.when) return true;
    return action.when.startsWith("!") ? !row[action.when.slice(1)] : Boolean(row[action.when]);
  }

  run(action, row) {
    return runAction(this, action, row);
  }

  hrefWithFilters(action) {
    if (!action.with_filters) return action.href;
    return `${action.href}?${toParams(this.query, this.config)}`;
  }

  say(text, more) {
    toast(this, text, more);
  }

  sentence(error) {
    return sentence(error, this.config.sentences);
  }

  now() {
    return now();
  }
}
