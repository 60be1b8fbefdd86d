// One row on the screen, and what it opens into. Rows are found by id, never by place.

import { drawCell } from "./cells.js";
import { h } from "./dom.js";
import { filled } from "./format.js";
import { icon } from "./icons.js";

const FRESH_MS = 6000;

export class RowView {
  constructor(grid, id) {
    this.grid = grid;
    this.id = id;
    this.row = null;
    this.cells = new Map();
    this.marks = "";
    this.actionKeys = "";
    this.element = h("div", { class: "row", role: "row", "data-id": id, tabindex: "-1", id: `${grid.config.key}-${id}` });
    this.build();
  }

  build() {
    const { config } = this.grid;
    const [noun] = config.nouns;
    if (this.grid.canSelect) {
      this.pick = h("input", { type: "checkbox", class: "pick", "aria-label": `Seleccionar ${noun} ${this.id}` });
      this.element.append(h("div", { class: "cell lead", role: "gridcell" }, this.pick));
    }
    if (this.grid.canOpen) {
      this.expander = h("button", { type: "button", class: "expander", tabindex: "-1", "aria-expanded": "false", "aria-label": `Ver ${noun} ${this.id}` }, icon("plus"));
      this.element.append(h("div", { class: "cell lead", role: "gridcell" }, this.expander));
    }
    for (const column of config.columns) {
      const cell = h("div", { class: `cell kind-${column.kind} ${column.card ? `card-${column.card}` : "card-none"}`, role: "gridcell", "data-key": column.key });
      this.cells.set(column.key, cell);
      this.element.append(cell);
    }
    this.actions = h("div", { class: "cell actions", role: "gridcell" });
    if (this.grid.rowActions.length) this.element.append(this.actions);
    this.chips = h("div", { class: "marks", role: "gridcell" });
    this.element.append(this.chips);
  }

  /** Show this row. Cells that say something else than before light up for a moment. */
  update(row) {
    const isFirst = this.row === null;
    this.row = row;
    for (const column of this.grid.config.columns) {
      const cell = this.cells.get(column.key);
      if (drawCell(cell, column, row, this.grid) && !isFirst) flash(cell);
    }
    this.updateActions();
    this.tick();
    this.element.className = `row ${this.flags()}`;
  }

  /** What changes with time alone. */
  tick() {
    if (!this.row) return;
    for (const column of this.grid.config.columns) {
      if (column.kind === "duration") drawCell(this.cells.get(column.key), column, this.row, this.grid);
    }
    const marks = this.grid.plugin.marks?.(this.row, this.grid) ?? [];
    const key = JSON.stringify(marks);
    if (key === this.marks) return;
    this.marks = key;
    this.chips.replaceChildren(...marks.map(({ text, tone, title }) => h("span", { class: `mark ${tone}`, title }, text)));
    this.element.classList.toggle("has-marks", marks.length > 0);
  }

  updateActions() {
    const shown = this.grid.rowActions.filter((action) => this.grid.applies(action, this.row));
    const key = shown.map((action) => action.key + filled(action.href, this.row)).join();
    if (key === this.actionKeys) return;
    this.actionKeys = key;
    this.actions.replaceChildren(...shown.map((action) => actionButton(action, this.row)));
  }

  setFlags() {
    this.element.className = `row ${this.flags()}`;
  }

  flags() {
    const { grid, id } = this;
    const isOpen = grid.open.has(id);
    const isSelected = grid.selected.has(id);
    this.element.setAttribute("aria-selected", String(isSelected));
    this.element.tabIndex = grid.active === id ? 0 : -1;
    if (this.pick) this.pick.checked = isSelected;
    if (this.expander) {
      this.expander.setAttribute("aria-expanded", String(isOpen));
      const name = isOpen ? "minus" : "plus";
      if (!this.expander.querySelector(`.icon-${name}`)) this.expander.replaceChildren(icon(name));
    }
    return [
      isOpen && "open",
      isSelected && "selected",
      grid.active === id && "active",
      grid.gone.has(id) && "gone",
      grid.open.pinned.has(id) && "pinned",
      this.freshUntil > Date.now() && "fresh",
      this.marks && this.marks !== "[]" && "has-marks",
      this.row && grid.plugin.rowClass?.(this.row, grid),
    ].filter(Boolean).join(" ");
  }

  /** It has just arrived. */
  markFresh() {
    this.freshUntil = Date.now() + FRESH_MS;
    this.setFlags();
    setTimeout(() => this.setFlags(), FRESH_MS + 50);
  }

  remove() {
    this.element.remove();
    this.detail?.element.remove();
  }
}

export function actionButton(action, row, hasWords = false) {
  const inside = [icon(action.icon || "dots"), hasWords && h("span", {}, action.title)];
  const attributes = { class: `${hasWords ? "button" : "icon-button"} ${action.danger ? "danger" : ""}`, title: hasWords ? null : action.title, "aria-label": hasWords ? null : action.title, "data-action": action.key };
  if (!action.href) return h("button", { type: "button", tabindex: hasWords ? null : "-1", ...attributes }, inside);
  const link = h("a", { href: filled(action.href, row), download: action.download, ...attributes }, inside);
  if (!hasWords) link.tabIndex = -1;
  return link;
}

/** Play the light of a change again from its beginning. */
function flash(cell) {
  cell.classList.remove("flash");
  void cell.offsetWidth; // the browser has to notice that the class was away
  cell.classList.add("flash");
}

export function skeleton(columns) {
  const row = h("div", { class: "row skeleton", role: "presentation" });
  for (let index = 0; index < columns; index += 1) row.append(h("div", { class: "cell" }, h("span", { class: "bone" })));
  return row;
}

export function labelOf(row, config) {
  return `${config.nouns[0]} ${row.number ?? row.id}`;
}

