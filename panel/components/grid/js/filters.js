// The filters in the columns' headers.

import { dayRange } from "./calendar.js";
import { now } from "./api.js";
import { debounced, fill, h } from "./dom.js";
import { dayOf, folded, money, moneyField, moment, parseMoney } from "./format.js";
import { icon } from "./icons.js";
import { openPopover } from "./popover.js";
import { columnParams, withFilter } from "./query.js";

const MANY = 8; // choices; from here on a search among them helps

export function openFilter(grid, column, anchor) {
  const content = h("div", { class: `filter filter-${column.filter}` }, controlFor(grid, column));
  openPopover(grid, anchor, content, { label: `Filtrar por ${column.title}` });
}

/** All filters in one window: where columns are hidden or the screen is a phone's. */
export function openAllFilters(grid, anchor) {
  const parts = grid.config.columns.filter((column) => column.filter).map((column) =>
    h("details", { open: isActive(grid.query, column) }, h("summary", {}, column.title, icon("down")), controlFor(grid, column)),
  );
  openPopover(grid, anchor, h("div", { class: "filter all-filters" }, sortControl(grid), parts), { label: "Filtros", align: "end" });
}

export function isActive(query, column) {
  return columnParams(column).some((name) => query.filters[name]);
}

/** What the chip of an active filter says. */
export function describe(column, query) {
  const [first, last] = columnParams(column).map((name) => query.filters[name] ?? []);
  switch (column.filter) {
    case "dates": return between(column.title, first[0] && dayOf(first[0]), last[0] && dayOf(last[0]), "del", "al");
    case "amounts": return between(column.title, first[0] && money(first[0]), last[0] && money(last[0]), "de", "a");
    case "search": return `${column.title}: «${first[0]}»`;
    default: return `${column.title}: ${first.map((value) => titleOf(column, value)).join(", ")}`;
  }
}

export function titleOf(column, value) {
  return column.choices.find((choice) => choice.value === String(value))?.title ?? String(value ?? "");
}

function between(title, from, to, word, until) {
  if (from && from === to) return `${title}: ${from}`;
  if (from && to) return `${title}: ${word} ${from} ${until} ${to}`;
  return from ? `${title}: desde ${from}` : `${title}: hasta ${to}`;
}

function controlFor(grid, column) {
  switch (column.filter) {
    case "choice": return choiceControl(grid, column);
    case "one": return oneControl(grid, column);
    case "dates": return datesControl(grid, column);
    case "amounts": return amountsControl(grid, column);
    default: return searchControl(grid, column);
  }
}

function choiceControl(grid, column) {
  const [name] = columnParams(column);
  const chosen = new Set(grid.query.filters[name] ?? []);
  const apply = debounced(() => grid.setFilter(name, [...chosen]), 150);
  const list = h("div", { class: "choices", role: "group", "aria-label": column.title });
  const draw = (words = "") => fill(list, column.choices.filter((choice) => folded(choice.title).includes(folded(words))).map((choice) => {
    const tone = column.kind === "state" ? grid.tone(choice.value) : null;
    const box = h("input", { type: "checkbox", checked: chosen.has(choice.value) });
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(choice.value);
      else chosen.delete(choice.value);
      apply();
    });
    return h("label", { class: "choice" }, box, tone && h("span", { class: "dot", style: `--tone: ${tone}` }), h("span", {}, choice.title));
  }));
  draw();
  const none = h("button", { type: "button", class: "text-button", onclick: () => { chosen.clear(); draw(); apply(); } }, "Limpiar");
  const words = column.choices.length > MANY && h("input", { class: "field", placeholder: "Buscar…", "aria-label": `Buscar en ${column.title}` });
  if (words) words.addEventListener("input", () => draw(words.value));
  return [words, list, h("div", { class: "filter-foot" }, none)];
}

/** One of a few, or any. */
function oneControl(grid, column) {
  const [name] = columnParams(column);
  const chosen = grid.query.filters[name]?.[0] ?? "";
  const choices = [{ value: "", title: "Cualquiera" }, ...column.choices];
  return h("div", { class: "choices", role: "radiogroup", "aria-label": column.title }, choices.map(({ value, title }) =>
    h("label", { class: "choice" }, h("input", { type: "radio", name: `one-${name}`, checked: value === chosen, onchange: () => grid.setFilter(name, [value]) }), title)));
}

function datesControl(grid, column) {
  const [first, last] = columnParams(column);
  return dayRange({
    from: grid.query.filters[first]?.[0] ?? "",
    to: grid.query.filters[last]?.[0] ?? "",
    today: moment(new Date(now()).toISOString(), grid.config.timeZone).iso,
    onchange: (from, to) => {
      const query = withFilter(grid.query, first, from ? [from] : []);
      grid.show(withFilter(query, last, to ? [to] : []));
    },
  });
}

function amountsControl(grid, column) {
  return h("div", { class: "pair" }, columnParams(column).map((name, end) => {
    const input = h("input", { class: "field number", inputmode: "decimal", value: moneyField(grid.query.filters[name]?.[0] ?? ""), placeholder: "$" });
    const error = h("small", { class: "error-text", role: "alert" });
    const apply = debounced(() => {
      const amount = input.value.trim() ? parseMoney(input.value) : "";
      error.textContent = amount === null ? "No es un importe" : "";
      if (amount !== null) grid.setFilter(name, amount ? [amount] : []);
    }, 350);
    input.addEventListener("input", apply);
    return h("label", {}, end ? "Hasta" : "Desde", input, error);
  }));
}

function searchControl(grid, column) {
  const [name] = columnParams(column);
  const input = h("input", { class: "field", type: "search", placeholder: column.hint || `Buscar ${column.title.toLowerCase()}`, value: grid.query.filters[name]?.[0] ?? "", "aria-label": `Buscar por ${column.title}` });
  input.addEventListener("input", debounced(() => grid.setFilter(name, [cleaned(column, input.value)]), 250));
  return input;
}

/** What is sent for a typed search: «11 3694-3434» → «1136943434» where only digits count. */
export function cleaned(column, typed) {
  const text = typed.trim();
  return column.digits_only ? text.replace(/\D/g, "") : text;
}

function sortControl(grid) {
  const choices = grid.config.columns.filter((column) => column.sort).flatMap((column) => [
    [column.sort, `${column.title} ↑`],
    [`-${column.sort}`, `${column.title} ↓`],
  ]);
  const select = h("select", { class: "field", "aria-label": "Ordenar por" }, choices.map(([value, title]) => h("option", { value }, title)));
  select.value = grid.sort;
  select.addEventListener("change", () => grid.setSort(select.value));
  return h("label", { class: "sort-by" }, "Ordenar por", select);
}
