// Which rows are open, and rows that a link opened although they are not on this page.

import { get, Refused } from "./api.js";
import { DetailView } from "./details.js";
import { filled } from "./format.js";

export class Opening {
  /** `wanted` are ids that the page's address names. */
  constructor(grid, wanted) {
    this.grid = grid;
    this.ids = new Set();
    this.pinned = new Map();
    this.wanted = wanted;
  }

  has(id) {
    return this.ids.has(id);
  }

  toggle(id) {
    if (!this.grid.canOpen || id === null) return;
    if (this.ids.has(id)) this.ids.delete(id);
    else this.ids.add(id);
    for (const pinned of [...this.pinned.keys()]) if (!this.ids.has(pinned)) this.pinned.delete(pinned);
    this.grid.setActive(id);
    this.grid.paint(false);
    this.grid.updateBars();
  }

  /** Another page is shown: what is not on it is closed; what a link asked for is opened. */
  pageShown() {
    this.ids = new Set([...this.ids].filter((id) => this.grid.rows.has(id)));
    this.pinned.clear();
    const { wanted } = this;
    this.wanted = [];
    wanted.forEach((id) => this.openLinked(id));
  }

  async openLinked(id) {
    const { grid } = this;
    if (!grid.rows.has(id)) {
      try {
        this.pinned.set(id, await get(filled(grid.config.detailUrl, { id })));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        grid.say(grid.sentence(error), { isError: true });
        return;
      }
    }
    this.ids.add(id);
    grid.active = id;
    grid.paint(false);
    grid.loader.setEmpty();
    grid.updateBars();
    grid.table.views.get(id).element.scrollIntoView({ block: "nearest" });
  }

  /** Give an open row its detail, and take it from a closed one. */
  show(id, view) {
    if (!this.ids.has(id)) {
      view.detail?.element.remove();
      view.detail = null;
      return;
    }
    if (!view.detail) view.detail = new DetailView(this.grid, id);
    view.detail.load(this.grid.rowOf(id));
  }

  /** Open rows show what is stored now. */
  refresh() {
    const { grid } = this;
    return Promise.all([...this.ids].map(async (id) => {
      const value = await grid.table.views.get(id)?.detail?.load(grid.rowOf(id), { force: true });
      if (value && this.pinned.has(id)) grid.setRow(value);
    }));
  }
}
