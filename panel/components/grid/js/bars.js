// Above the table: tabs, search, buttons; below those a line with the count and the filters in force.

import { debounced, fill, h, setText } from "./dom.js";
import { describe, isActive, openAllFilters, cleaned } from "./filters.js";
import { counted, moment } from "./format.js";
import { icon } from "./icons.js";
import { openMenu } from "./popover.js";
import { columnParams, withFilter } from "./query.js";

const DEBOUNCE_MS = 250;

export class TopBar {
  constructor(grid) {
    this.grid = grid;
    const { config } = grid;
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Vistas de la lista" }, config.tabs.map((tab) =>
      h("button", { type: "button", role: "tab", class: "tab", "data-tab": tab.key, onclick: () => grid.setTab(tab.key) }, tab.title, h("span", { class: "count", hidden: true }))));
    this.search = config.search.param ? this.searchBox() : null;
    this.filters = h("button", { type: "button", class: "button quiet filters-button", title: "Todos los filtros", "aria-haspopup": "dialog", onclick: () => openAllFilters(grid, this.filters) }, icon("filter"), h("span", {}, "Filtros"));
    this.tools = h("div", { class: "tools" }, grid.plugin.tools?.(grid), toolbarActions(grid), helpButton(grid));
    this.element = h("div", { class: "topbar" }, config.title && h("h1", {}, config.title), config.tabs.length > 1 && this.tabs, h("span", { class: "spacer" }), this.search, this.filters, this.tools);
  }

  searchBox() {
    const { grid } = this;
    const { param, hint } = grid.config.search;
    const input = h("input", { type: "search", class: "search-input", placeholder: hint, "aria-label": hint, spellcheck: "false", autocomplete: "off" });
    const column = grid.config.columns.find((other) => columnParams(other).includes(param)) ?? { digits_only: false };
    const apply = debounced(() => grid.setFilter(param, [cleaned(column, input.value)]), DEBOUNCE_MS);
    input.addEventListener("input", apply);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && input.value) {
        event.stopPropagation();
        apply.cancel();
        input.value = "";
        grid.setFilter(param, []);
      } else if (event.key === "Escape" || event.key === "Enter" || event.key === "ArrowDown") {
        event.preventDefault();
        grid.focusRow(grid.order[0]);
      }
    });
    this.input = input;
    return h("label", { class: "search" }, icon("search"), input, h("kbd", { "aria-hidden": "true" }, "/"));
  }

  update() {
    const { grid } = this;
    for (const tab of this.tabs.children) tab.setAttribute("aria-selected", String(tab.dataset.tab === grid.query.tab));
    const hasHidden = grid.hidden.some((key) => grid.config.columns.find((column) => column.key === key)?.filter);
    this.filters.hidden = !hasHidden && !grid.host.classList.contains("phone");
    if (this.input && this.input.getRootNode().activeElement !== this.input) {
      this.input.value = grid.query.filters[grid.config.search.param]?.[0] ?? "";
    }
  }

  setCount(key, count) {
    const badge = this.tabs.querySelector(`[data-tab="${key}"] .count`);
    if (!badge) return;
    badge.hidden = !count;
    setText(badge, count > 999 ? "999+" : String(count));
  }
}

export class StatusLine {
  constructor(grid) {
    this.grid = grid;
    this.count = h("span", { class: "total", role: "status" });
    this.chips = h("div", { class: "chips" });
    this.state = h("span", { class: "connection", role: "status" });
    this.element = h("div", { class: "statusline" }, this.count, this.chips, h("span", { class: "spacer" }), this.state);
  }

  update() {
    const { grid } = this;
    const { config, query } = grid;
    setText(this.count, grid.page.total === null ? "" : `${grid.page.isCapped ? "más de " : ""}${counted(grid.page.total, config.nouns)}`);
    const chips = config.columns.filter((column) => isActive(query, column)).map((column) => chip(describe(column, query), () => grid.clearColumn(column)));
    const { param } = config.search;
    const isColumns = config.columns.some((column) => columnParams(column).includes(param));
    if (param && !isColumns && query.filters[param]) chips.unshift(chip(`«${query.filters[param][0]}»`, () => grid.setFilter(param, [])));
    if (chips.length) chips.push(h("button", { type: "button", class: "text-button", onclick: () => grid.clearAll() }, "Limpiar"));
    fill(this.chips, chips);
  }

  setState(state) {
    const isOffline = state === "offline";
    if (!isOffline) this.since = new Date(this.grid.now()).toISOString();
    const shown = this.since ? ` Se ve lo de las ${moment(this.since, this.grid.config.timeZone).time}.` : "";
    this.element.classList.toggle("offline", isOffline);
    setText(this.state, isOffline ? `Sin conexión, reintentando…${shown}` : "");
  }
}

/** Without one column's filter. */
export function withoutColumn(query, column) {
  return columnParams(column).reduce((left, name) => withFilter(left, name, []), query);
}

function chip(text, run) {
  const button = h("button", { type: "button", class: "icon-button", "aria-label": `Quitar el filtro ${text}`, onclick: run }, icon("close"));
  return h("span", { class: "chip" }, h("span", { title: text }, text), button);
}

function toolbarActions(grid) {
  const actions = grid.config.actions.filter((action) => action.place === "toolbar");
  const files = actions.filter((action) => action.download);
  const parts = actions.filter((action) => !action.download).map((action) =>
    h("button", { type: "button", class: "button primary", "data-action": action.key, onclick: () => grid.run(action, null) }, action.icon && icon(action.icon), h("span", {}, action.title)));
  if (files.length) parts.unshift(exportButton(grid, files));
  return parts;
}

function exportButton(grid, files) {
  const items = () => files.map((action) => ({ title: action.title, icon: icon(action.icon || "download"), href: grid.hrefWithFilters(action), download: "" }));
  const button = h("button", { type: "button", class: "button quiet", "aria-haspopup": "menu", onclick: () => openMenu(grid, button, items(), { label: "Exportar", align: "end" }) }, icon("download"), h("span", {}, "Exportar"));
  return button;
}

function helpButton(grid) {
  return h("button", { type: "button", class: "icon-button help", title: "Teclas (?)", "aria-label": "Teclas", onclick: () => grid.showKeys() }, icon("help"));
}
