// The head of the table: sort by a click on the title, search with the magnifier, filter with the funnel.

import { debounced, h } from "./dom.js";
import { cleaned, isActive, openFilter } from "./filters.js";
import { icon } from "./icons.js";
import { columnParams } from "./query.js";

const DEBOUNCE_MS = 250;

export class HeaderView {
  constructor(grid) {
    this.grid = grid;
    this.columns = new Map();
    this.element = h("div", { class: "row head", role: "row" });
    if (grid.canSelect) {
      this.all = h("input", { type: "checkbox", class: "pick-all", "aria-label": "Seleccionar toda la página", onchange: () => grid.selected.page(this.all.checked) });
      this.element.append(h("div", { class: "cell lead", role: "columnheader" }, this.all));
    }
    if (grid.canOpen) this.element.append(h("div", { class: "cell lead", role: "columnheader", "aria-label": "Abrir" }));
    for (const column of grid.config.columns) this.element.append(this.build(column));
    if (grid.rowActions.length) this.element.append(h("div", { class: "cell actions", role: "columnheader" }, "Acciones"));
  }

  build(column) {
    const cell = h("div", { class: `cell kind-${column.kind} card-${column.card || "none"}`, role: "columnheader", "data-key": column.key });
    const parts = { cell, column };
    if (column.sort) {
      parts.arrow = h("span", { class: "arrow" });
      parts.title = h("button", { type: "button", class: "sort", title: `Ordenar por ${column.title}`, onclick: () => this.grid.toggleSort(column) }, h("span", {}, column.title), parts.arrow);
    } else {
      parts.title = h("span", { class: "plain-title" }, column.title);
    }
    cell.append(parts.title);
    if (column.filter === "search") this.addSearch(parts);
    else if (column.filter) this.addFilter(parts);
    this.columns.set(column.key, parts);
    return cell;
  }

  addFilter(parts) {
    const { column } = parts;
    const label = `Filtrar por ${column.title}`;
    parts.button = h("button", { type: "button", class: "head-tool", title: label, "aria-label": label, "aria-haspopup": "dialog", onclick: () => openFilter(this.grid, column, parts.button) }, icon("filter"));
    parts.cell.append(parts.button);
  }

  addSearch(parts) {
    const { cell, column } = parts;
    const label = `Buscar por ${column.title}`;
    const [name] = columnParams(column);
    const search = debounced(() => this.grid.setFilter(name, [cleaned(column, parts.input.value)]), DEBOUNCE_MS);
    parts.input = h("input", { class: "head-search", type: "search", "aria-label": label, placeholder: column.hint || column.title, spellcheck: "false", autocomplete: "off" });
    parts.input.hidden = true;
    parts.button = h("button", { type: "button", class: "head-tool", title: label, "aria-label": label, onclick: () => this.openSearch(column.key) }, icon("search"));
    parts.input.addEventListener("input", search);
    parts.input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        search.cancel();
        parts.input.value = "";
        this.grid.setFilter(name, []);
        this.closeSearch(parts);
        parts.button.focus();
      }
      if (event.key === "Enter" || event.key === "ArrowDown") {
        event.preventDefault();
        this.grid.focusRow(this.grid.order[0]);
      }
    });
    parts.input.addEventListener("blur", () => !parts.input.value.trim() && this.closeSearch(parts));
    cell.append(parts.input, parts.button);
  }

  openSearch(key) {
    const parts = this.columns.get(key);
    parts.input.hidden = false;
    parts.cell.classList.add("searching");
    parts.input.focus();
    parts.input.select();
  }

  closeSearch(parts) {
    parts.input.hidden = true;
    parts.cell.classList.remove("searching");
  }

  /** Bring arrows, funnels and searches in line with the query. */
  update() {
    const { query, sort } = this.grid;
    for (const { cell, column, arrow, button, input } of this.columns.values()) {
      const isSorted = column.sort !== "" && sort.replace(/^-/, "") === column.sort;
      const isDown = sort.startsWith("-") !== (column.kind === "duration"); // a wait is long when it began early
      if (column.sort) cell.setAttribute("aria-sort", isSorted ? (isDown ? "descending" : "ascending") : "none");
      if (arrow) arrow.replaceChildren(...(isSorted ? [icon(isDown ? "descending" : "ascending")] : []));
      button?.classList.toggle("on", isActive(query, column));
      if (input) this.showSearch(column, cell, input);
    }
  }

  /** A search that is being typed is left alone. */
  showSearch(column, cell, input) {
    if (cell.getRootNode().activeElement === input) return;
    const value = this.grid.query.filters[columnParams(column)[0]]?.[0] ?? "";
    if (cleaned(column, input.value) !== value) input.value = value;
    input.hidden = !value;
    cell.classList.toggle("searching", Boolean(value));
  }

  updateSelection() {
    if (!this.all) return;
    const { order, selected } = this.grid;
    const count = order.filter((id) => selected.has(id)).length;
    this.all.checked = count > 0 && count === order.length;
    this.all.indeterminate = count > 0 && count < order.length;
  }

  /** Where the row's small words begin: below the column that has most room. */
  marksLeft() {
    const widest = [...this.columns.values()].reduce((best, parts) => (parts.column.grow > (best?.column.grow ?? 0) ? parts : best), null);
    return (widest?.cell.offsetLeft ?? 0) + 6;
  }

  /** Which columns have room; the others wait in «Filtros» and in the detail. */
  showColumns(keys) {
    for (const { cell, column } of this.columns.values()) cell.hidden = !keys.has(column.key);
  }
}

