// The scrolling part: head, rows, what rows open into; keeps everything under the pointer where it is.

import { fill, h, place } from "./dom.js";
import { HeaderView } from "./header.js";
import { RowView, skeleton } from "./rowview.js";

const LEAD = 25; // checkbox and «+»
const ICON = 23; // an action
const CARDS_BELOW = 640;
const SETTLED_MS = 350; // after rows moved, a click may still be meant for the row that was there

export class Table {
  constructor(grid) {
    this.grid = grid;
    this.views = new Map();
    this.movedAt = 0;
    this.pointerAt = 0;
    this.isPointerIn = false;
    this.header = new HeaderView(grid);
    this.body = h("div", { class: "body", role: "rowgroup" });
    this.empty = h("div", { class: "empty", hidden: true });
    this.table = h("div", { class: "table", role: "grid", "aria-label": grid.config.title || grid.config.nouns[1], "aria-multiselectable": grid.canSelect ? "true" : null }, h("div", { class: "head-group", role: "rowgroup" }, this.header.element), this.body);
    this.element = h("div", { class: "scroller" }, this.table, this.empty);
    this.overId = null; // the row that the person saw under the pointer
    this.body.addEventListener("pointermove", (event) => {
      this.pointerAt = Date.now();
      this.isPointerIn = true;
      this.overId = event.target.closest(".row")?.dataset.id ?? null;
    });
    this.body.addEventListener("pointerleave", () => { this.isPointerIn = false; });
    this.element.addEventListener("scroll", () => grid.scrolled(), { passive: true });
  }

  /** Is somebody aiming at a row just now? */
  isBusy() {
    const selection = this.element.getRootNode().getSelection?.() ?? document.getSelection();
    const isSelecting = selection && !selection.isCollapsed && this.element.contains(selection.anchorNode);
    return (this.isPointerIn && Date.now() - this.pointerAt < 1200) || Boolean(this.grid.popover) || isSelecting;
  }

  /** Did another row slip under the pointer in the last instant? */
  isMistaken(id) {
    return Date.now() - this.movedAt < SETTLED_MS && this.overId !== null && this.overId !== String(id);
  }

  /** Show these ids in this order; with `keepPlace` what is on the screen stays where it is. */
  paint(ids, keepPlace) {
    const anchor = keepPlace ? this.anchor(new Set(ids)) : null;
    const focused = this.body.getRootNode().activeElement;
    const wanted = new Set(ids);
    for (const [id, view] of this.views) {
      if (wanted.has(id)) continue;
      view.remove();
      this.views.delete(id);
    }
    for (const bone of this.body.querySelectorAll(".skeleton")) bone.remove();
    let next = this.body.firstChild;
    for (const id of ids) {
      for (const node of this.nodesOf(id)) {
        if (node === next) next = next.nextSibling;
        else place(this.body, node, next);
      }
    }
    if (focused && this.body.contains(focused) && this.body.getRootNode().activeElement !== focused) focused.focus({ preventScroll: true });
    if (anchor) this.element.scrollTop += anchor.element.offsetTop - anchor.top;
    ids.forEach((id, index) => this.views.get(id).element.setAttribute("aria-rowindex", String(index + 2)));
    this.table.setAttribute("aria-rowcount", String(ids.length + 1));
  }

  nodesOf(id) {
    const view = this.view(id);
    return view.detail ? [view.element, view.detail.element] : [view.element];
  }

  view(id) {
    if (!this.views.has(id)) {
      this.views.set(id, new RowView(this.grid, id));
      this.hideCells(this.views.get(id));
    }
    return this.views.get(id);
  }

  /** The first row on the screen that stays. */
  anchor(ids) {
    const top = this.element.scrollTop;
    for (const [id, view] of [...this.views].sort(([, one], [, other]) => one.element.offsetTop - other.element.offsetTop)) {
      const { offsetTop, offsetHeight } = view.element;
      if (ids.has(id) && offsetTop + offsetHeight > top + this.header.element.offsetHeight) return { element: view.element, top: offsetTop };
    }
    return null;
  }

  showSkeleton() {
    const columns = this.template().split(" ").length;
    this.views.clear();
    fill(this.body, Array.from({ length: 12 }, () => skeleton(columns)));
    this.empty.hidden = true;
  }

  showEmpty(parts) {
    this.empty.hidden = parts === null;
    fill(this.empty, parts ?? []);
  }

  /** Fit the columns to the room there is. */
  layout(width) {
    const { grid } = this;
    const isPhone = width < CARDS_BELOW;
    grid.host.classList.toggle("phone", isPhone);
    let shown = [...grid.config.columns];
    while (!isPhone && this.least(shown) > width) {
      const last = Math.max(...shown.map((column) => column.priority));
      if (last <= 1) break;
      const victim = [...shown].reverse().find((column) => column.priority === last);
      shown = shown.filter((column) => column !== victim);
    }
    this.shown = shown;
    const keys = new Set(shown.map((column) => column.key));
    const hidden = grid.config.columns.filter((column) => !keys.has(column.key)).map((column) => column.key);
    this.header.showColumns(keys);
    this.table.dataset.hidden = hidden.join(" ");
    this.table.style.setProperty("--columns", this.template());
    this.table.style.minWidth = isPhone ? "" : `${this.least(shown)}px`;
    this.element.style.setProperty("--room", `${width}px`);
    grid.hidden = hidden;
    this.table.style.setProperty("--marks-left", `${this.header.marksLeft()}px`);
    for (const view of this.views.values()) this.hideCells(view);
  }

  hideCells(view) {
    const hidden = this.grid.host.classList.contains("phone") ? [] : this.grid.hidden;
    for (const [key, cell] of view.cells) cell.hidden = hidden.includes(key);
  }

  template() {
    const { grid } = this;
    const shown = this.shown ?? grid.config.columns;
    const lead = [grid.canSelect, grid.canOpen].filter(Boolean).map(() => `${LEAD}px`);
    const columns = shown.map(({ width, grow }) => (grow ? `minmax(${width}px,${grow}fr)` : `${width}px`));
    return [...lead, ...columns, ...(grid.rowActions.length ? [`${this.actionsWidth()}px`] : [])].join(" ");
  }

  least(columns) {
    const { grid } = this;
    const lead = (Number(grid.canSelect) + Number(grid.canOpen)) * LEAD;
    return lead + columns.reduce((sum, { width }) => sum + width, 0) + (grid.rowActions.length ? this.actionsWidth() : 0) + 2;
  }

  actionsWidth() {
    return Math.max(70, this.grid.rowActions.length * ICON + 6);
  }

  tick() {
    for (const view of this.views.values()) view.tick();
  }
}
