// A stretch of days: usual ones by name, any other by typing or in a month.

import { fill, h } from "./dom.js";
import { dayOf, isoDay, parseDay } from "./format.js";
import { icon } from "./icons.js";

const MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(" ");

/** `onchange(from, to)` gets ISO days or "". */
export function dayRange({ from, to, today, onchange }) {
  const state = { from, to, month: (to || from || today).slice(0, 7) };
  const fields = ["from", "to"].map((end) => dayField(state, end, today, changed));
  const month = h("div", { class: "month" });
  function changed(isDone = true) {
    if (state.from && state.to && state.from > state.to) [state.from, state.to] = [state.to, state.from];
    draw();
    if (isDone) onchange(state.from, state.to);
  }
  function draw() {
    fields.forEach((field) => field.show());
    fill(month, monthHead(state, draw), monthDays(state, today, changed));
  }
  draw();
  const usual = presets(today).map(([title, first, last]) =>
    h("button", { type: "button", class: "preset", onclick: () => { Object.assign(state, { from: first, to: last }); changed(); } }, title),
  );
  return h("div", { class: "days" }, h("div", { class: "presets" }, usual),
    h("div", { class: "days-right" }, h("div", { class: "pair" }, fields.map((field) => field.element)), month));
}

function dayField(state, end, today, changed) {
  const input = h("input", { type: "text", class: "field", placeholder: "dd/mm/aaaa", inputmode: "numeric", maxlength: "10" });
  const error = h("small", { class: "error-text", role: "alert" });
  input.addEventListener("change", () => {
    const day = input.value.trim() ? parseDay(input.value, today) : "";
    error.textContent = day === null ? "No es una fecha" : "";
    if (day === null) return;
    state[end] = day;
    if (day) state.month = day.slice(0, 7);
    changed();
  });
  return {
    element: h("label", {}, end === "from" ? "Desde" : "Hasta", input, error),
    show: () => { input.value = dayOf(state[end]); error.textContent = ""; },
  };
}

function monthHead(state, draw) {
  const [year, month] = state.month.split("-").map(Number);
  const turn = (step) => () => {
    state.month = new Date(Date.UTC(year, month - 1 + step, 1)).toISOString().slice(0, 7);
    draw();
  };
  return h("div", { class: "month-head" },
    h("button", { type: "button", class: "icon-button", "aria-label": "Mes anterior", onclick: turn(-1) }, icon("left")),
    h("strong", {}, `${MONTHS[month - 1]} ${year}`),
    h("button", { type: "button", class: "icon-button", "aria-label": "Mes siguiente", onclick: turn(1) }, icon("right")),
  );
}

function monthDays(state, today, changed) {
  const [year, month] = state.month.split("-").map(Number);
  const before = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7;
  const days = h("div", { class: "month-days" }, "LMMJVSD".split("").map((name) => h("span", { "aria-hidden": "true" }, name)));
  for (let gap = 0; gap < before; gap += 1) days.append(h("i"));
  for (let day = 1; isoDay(year, month, day); day += 1) {
    const iso = isoDay(year, month, day);
    const isEnd = iso === state.from || iso === state.to;
    const isIn = state.from && state.to && iso > state.from && iso < state.to;
    const classes = `${isEnd ? "end" : ""} ${isIn ? "in" : ""} ${iso === today ? "today" : ""}`;
    days.append(h("button", { type: "button", class: classes, "aria-label": dayOf(iso), "aria-pressed": String(isEnd), onclick: () => pick(state, iso, changed) }, String(day)));
  }
  return days;
}

/** The first click begins a stretch of one day, the second one ends it. */
function pick(state, iso, changed) {
  if (state.from && state.from === state.to && iso !== state.from) state.to = iso;
  else Object.assign(state, { from: iso, to: iso });
  changed();
}

function presets(today) {
  const [year, month, day] = today.split("-").map(Number);
  const at = (y, m, d) => new Date(Date.UTC(y, m - 1, d)).toISOString().slice(0, 10);
  return [
    ["Hoy", today, today],
    ["Ayer", at(year, month, day - 1), at(year, month, day - 1)],
    ["Últimos 7 días", at(year, month, day - 6), today],
    ["Últimos 30 días", at(year, month, day - 29), today],
    ["Este mes", at(year, month, 1), at(year, month + 1, 0)],
    ["Mes pasado", at(year, month - 1, 1), at(year, month, 0)],
    ["Cualquier fecha", "", ""],
  ];
}
