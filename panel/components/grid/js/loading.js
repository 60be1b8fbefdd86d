// Brings pages in, and mixes a refreshed page into the one on the screen without disturbing who works there.

import { get, Refused, sentence, Unreachable } from "./api.js";
import { h } from "./dom.js";
import { counted, filled } from "./format.js";
import { merge } from "./merge.js";
import { isFiltered, tabOf, toParams } from "./query.js";

const SLOW_MS = 150; // before this nobody needs to see that something loads
const KEEP_GONE_MS = 5000;
const LOOK_AGAIN_MS = 300;
const COUNTS_APART_MS = 4000;

export class Loader {
  constructor(grid) {
    this.grid = grid;
    this.isStale = true; // what is on the screen is not what was asked for
    this.pending = null;
    this.countedAt = 0;
    this.news = new Set(); // arrived above what is on the screen
  }

  /** Fetch what was asked for and show it from its top. */
  async load() {
    const { grid } = this;
    this.isStale = true;
    this.drop();
    const slow = setTimeout(() => (grid.order.length ? grid.host.classList.add("loading") : grid.table.showSkeleton()), grid.order.length ? SLOW_MS : 60);
    try {
      const answer = await this.fetch();
      this.isStale = false;
      this.show(answer);
    } catch (error) {
      if (error instanceof Refused) this.refused(error);
      else throw error;
    } finally {
      clearTimeout(slow);
      if (!this.isStale) grid.host.classList.remove("loading");
    }
    this.count();
  }

  /** Fetch the same page again and mix it in. */
  async refresh() {
    if (this.isStale) return this.load();
    const answer = await this.fetch();
    this.take(answer);
    this.count();
    return this.grid.open.refresh();
  }

  async fetch() {
    this.abort?.abort();
    this.abort = new AbortController();
    const { grid } = this;
    const params = toParams(grid.query, grid.config);
    params.set("limit", String(grid.page.size));
    if (grid.page.cursor) params.set("after", grid.page.cursor);
    return get(grid.config.url, params, this.abort.signal);
  }

  show(answer) {
    const { grid } = this;
    this.setPage(answer);
    grid.rows = new Map(answer.rows.map((row) => [row.id, row]));
    grid.order = answer.rows.map((row) => row.id);
    grid.gone.clear();
    grid.shownAfresh();
    grid.table.element.scrollTop = grid.scroll;
    grid.scroll = 0;
    this.setEmpty();
  }

  setPage(answer) {
    const { page } = this.grid;
    page.next = answer.next ?? null;
    page.total = answer.total ?? null;
    page.isCapped = Boolean(answer.total_is_capped);
  }

  /** Update the rows in place at once; move rows only while nobody is aiming at one. */
  take(answer) {
    const { grid } = this;
    this.setPage(answer);
    for (const row of answer.rows) {
      grid.gone.delete(row.id);
      grid.open.pinned.delete(row.id);
      if (grid.order.includes(row.id)) grid.setRow(row);
    }
    this.pending = answer;
    this.settle();
  }

  settle() {
    clearTimeout(this.again);
    const { grid, pending } = this;
    if (!pending) return;
    const change = merge(grid.order, pending.rows.map((row) => row.id), pending.next !== null);
    this.greyOut(change.gone);
    const swept = this.sweepable(change.gone);
    const isCalm = change.isSame && !swept.size;
    if (isCalm || !grid.table.isBusy()) {
      if (!isCalm) this.apply(change, swept);
      if (change.gone.length === swept.size) this.pending = null;
      else this.again = setTimeout(() => this.settle(), LOOK_AGAIN_MS * 3);
    } else {
      this.tell(change.added.length);
      this.again = setTimeout(() => this.settle(), LOOK_AGAIN_MS);
    }
    grid.updateBars();
  }

  apply(change, swept) {
    const { grid } = this;
    const { table } = grid;
    const isFirstPage = grid.page.cursor === null;
    const added = new Set(change.added);
    for (const row of this.pending.rows) if (added.has(row.id)) grid.rows.set(row.id, row); // the others are newer
    grid.order = change.order.filter((id) => !swept.has(id));
    const isAtTop = table.element.scrollTop < 4;
    grid.paint(!isAtTop);
    table.movedAt = Date.now();
    for (const id of change.added) {
      table.view(id).markFresh();
      if (!isAtTop && isFirstPage && this.isAbove(id)) this.news.add(id);
    }
    this.tell(0);
    this.setEmpty();
  }

  isAbove(id) {
    const { element } = this.grid.table.view(id);
    return element.offsetTop < this.grid.table.element.scrollTop;
  }

  greyOut(gone) {
    const { grid } = this;
    const fresh = gone.filter((id) => !grid.gone.has(id));
    for (const id of fresh) {
      grid.gone.set(id, Date.now());
      grid.table.views.get(id)?.setFlags();
    }
    if (fresh.length && fresh.length <= 5 && grid.config.detailUrl) fresh.forEach((id) => this.lookAfter(id));
  }

  /** A row that left the view still says the truth: what it has become. */
  async lookAfter(id) {
    const { grid } = this;
    try {
      const value = await get(filled(grid.config.detailUrl, { id }));
      if (grid.rows.has(id)) grid.setRow({ ...grid.rows.get(id), ...value });
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
    }
  }

  /** Rows that were grey long enough and that nobody works with. */
  sweepable(gone) {
    const { grid } = this;
    const isInUse = (id) => grid.open.has(id) || grid.selected.has(id) || grid.hasFocus(id);
    return new Set(gone.filter((id) => Date.now() - grid.gone.get(id) > KEEP_GONE_MS && !isInUse(id)));
  }

  /** «3 pedidos nuevos» above the rows, while they are out of sight. */
  tell(waiting) {
    const { grid } = this;
    const count = waiting + this.news.size;
    const [one, many] = grid.config.nouns;
    grid.pill.hidden = count === 0;
    grid.pill.textContent = count ? `${counted(count, [`${one} nuevo`, `${many} nuevos`])} ↑` : "";
  }

  /** The person looks at the top: nothing is news any more. */
  seen() {
    if (!this.news.size) return;
    this.news.clear();
    this.tell(0);
  }

  drop() {
    clearTimeout(this.again);
    this.pending = null;
    this.news.clear();
    this.tell(0);
  }

  setEmpty() {
    const { grid } = this;
    if (grid.order.length || grid.open.pinned.size) return grid.table.showEmpty(null);
    const clear = h("button", { type: "button", class: "button", onclick: () => grid.clearAll() }, "Limpiar filtros");
    if (isFiltered(grid.query)) return grid.table.showEmpty([h("p", {}, `Ningún ${grid.config.nouns[0]} coincide con los filtros.`), clear]);
    const text = tabOf(grid.query, grid.config)?.empty || grid.config.empty || `Todavía no hay ${grid.config.nouns[1]}.`;
    return grid.table.showEmpty(text.split("\n").map((line) => h("p", {}, line)));
  }

  refused(error) {
    const { grid } = this;
    this.isStale = false;
    grid.rows.clear();
    grid.order = [];
    grid.page.total = null;
    grid.shownAfresh();
    const clear = h("button", { type: "button", class: "button", onclick: () => grid.clearAll() }, "Ver todo sin filtros");
    grid.table.showEmpty([h("p", {}, sentence(error, grid.config.sentences)), clear]);
  }

  /** The figures beside the tabs. */
  async count() {
    const { grid } = this;
    if (Date.now() - this.countedAt < COUNTS_APART_MS) return;
    this.countedAt = Date.now();
    for (const tab of grid.config.tabs.filter((one) => one.count_url)) {
      try {
        const answer = await get(tab.count_url);
        grid.topbar.setCount(tab.key, answer[tab.count_key]);
      } catch (error) {
        if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      }
    }
  }
}
