// Orders by state: what is open now, and what came in today or in the last days. Each leads to its list.

import { h } from "../../grid/js/dom.js";
import { dayOf, grouped } from "../../grid/js/format.js";

const PERIODS = { today: "Hoy", lately: "Últimos 7 días", open: "Abiertos ahora" };
const ORDER = ["INCOMPLETO", "COMPLETO", "EN PROCESO", "FACTURADO", "RESUELTO", "CANCELADO", "NO CONTESTA", "VENCIDO"];

/** The panel; `period` is a key of PERIODS. */
export function ordersPanel(orders, { period, tone, onPeriod }) {
  const counts = orders[period];
  const shown = ORDER.filter((state) => period !== "open" || ORDER.indexOf(state) < 3);
  const most = Math.max(1, ...shown.map((state) => counts[state] ?? 0));
  const total = shown.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return [
    h("header", { class: "box-head" }, h("h2", {}, "Pedidos por estado"), periods(period, onPeriod)),
    h("ul", { class: "states" }, shown.map((state) => line(state, counts[state] ?? 0, most, { orders, period, tone }))),
    h("p", { class: "faint" }, total ? `${grouped(total)} en total${since(orders, period)}` : `Ninguno${since(orders, period)}.`),
  ];
}

function periods(current, onPeriod) {
  const buttons = Object.entries(PERIODS).map(([key, title]) =>
    h("button", { type: "button", class: "preset", "data-key": key, "aria-pressed": String(key === current), onclick: () => onPeriod(key) }, title),
  );
  return h("div", { class: "presets", role: "group", "aria-label": "Período" }, buttons);
}

function line(state, count, most, { orders, period, tone }) {
  const query = new URLSearchParams({ vista: "all", state });
  if (period !== "open") {
    query.set("created_from", period === "today" ? orders.today_is : orders.lately_from);
    query.set("created_to", orders.today_is);
  }
  return h(
    "li",
    {},
    h(
      "a",
      { class: "state-line", href: `/pedidos?${query}`, target: "_self", style: `--tone: ${tone(state)}`, "data-key": `state ${state}` },
      h("span", { class: "dot" }),
      h("span", { class: "state-word" }, state),
      h("span", { class: "bar" }, h("span", { style: `width: ${(count / most) * 100}%` })),
      h("b", { class: count ? "number" : "number faint" }, grouped(count)),
    ),
  );
}

function since(orders, period) {
  if (period === "open") return "";
  return period === "today" ? " recibidos hoy" : ` recibidos desde el ${dayOf(orders.lately_from)}`;
}
