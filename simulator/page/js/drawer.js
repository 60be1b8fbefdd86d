// The drawer of switches: clock, webhooks, answers of the API, figures.

import { h, icon, iconButton } from "./dom.js";
import { call, now, world } from "./live.js";
import { moment } from "./markup.js";

const place = document.getElementById("drawer-place");
const ANSWERS = [
  ["drop_answer", "Acepta y corta la conexión", { mode: "close" }],
  ["drop_answer", "Acepta y no contesta nunca", { mode: "hang" }],
  ["error_5xx", "Error 503", {}],
  ["html_502", "Página HTML con 502", {}],
  ["html_200", "Página HTML con 200 (aceptado)", {}],
  ["rate_limit", "130429 · demasiados mensajes del número", {}],
  ["slow", "Contesta tarde (3 s)", { ms: 3000 }],
  ["code:131056", "131056 · demasiados al mismo cliente", {}],
  ["code:131047", "131047 · ventana cerrada", {}],
  ["code:131026", "131026 · no se puede entregar", {}],
  ["code:131030", "131030 · no está en la lista de prueba", {}],
  ["code:131048", "131048 · límite por spam", {}],
  ["code:131000", "131000 · algo salió mal", {}],
  ["code:190", "190 · token vencido", {}],
];
const WEBHOOKS = [
  ["duplicate", "Duplicar", "Cada mensaje llega dos veces", { copies: 1 }],
  ["reorder", "Desordenar", "De a tres, en orden inverso", { size: 3, window_ms: 1500 }],
  ["batch", "Agrupar", "Hasta cinco mensajes en un envío", { size: 5, window_ms: 1500 }],
  ["delay_ms", "Demorar", "Tres segundos antes de cada envío", 3000],
];
const JUMPS = [
  ["+10 min", 600],
  ["+1 h", 3600],
  ["+12 h", 43200],
  ["+24 h", 86400],
  ["+3 días", 259200],
];
const chosen = { answer: "0", times: "1" };
let open = false;

export function openDrawer() {
  open = true;
  refreshDrawer();
  place.querySelector("button")?.focus();
}

function close() {
  open = false;
  place.replaceChildren();
}

/** Draw the drawer again, if it is open. */
export async function refreshDrawer() {
  if (!open) return;
  const [figures, faults] = await Promise.all([call("GET", "statistics"), call("GET", "faults")]);
  world.faults = faults; // counted switches were used up meanwhile
  if (!open) return;
  const scrolled = place.querySelector(".drawer-body")?.scrollTop ?? 0;
  const focused = document.activeElement?.getAttribute("data-key");
  place.replaceChildren(
    h("div", { class: "drawer-veil", onclick: close }),
    h(
      "aside",
      { class: "drawer", role: "dialog", "aria-label": "Ajustes", onkeydown: (event) => event.key === "Escape" && close() },
      h("header", { class: "drawer-head" }, h("h2", {}, "Ajustes"), iconButton("close", "Cerrar", close)),
      h("div", { class: "drawer-body" }, clockPart(), webhookPart(), answerPart(), figuresPart(figures), resetPart()),
    ),
  );
  place.querySelector(".drawer-body").scrollTop = scrolled;
  if (focused) place.querySelector(`[data-key="${focused}"]`)?.focus();
}

const part = (title, ...children) => h("section", { class: "part" }, h("h3", {}, title), ...children);
const setFaults = (wish) => call("PUT", "faults", wish);

function clockPart() {
  const jump = ([label, seconds]) => h("button", { type: "button", class: "chip", "data-key": label, onclick: () => call("PUT", "clock", { advance_seconds: seconds }) }, label);
  const real = Math.abs(world.offsetSeconds) < 1;
  return part(
    "Reloj",
    h("p", { class: "big" }, moment(now())),
    h("div", { class: "chips" }, JUMPS.map(jump), h("button", { type: "button", class: "chip chip-plain", disabled: real, "data-key": "now", onclick: () => call("PUT", "clock", { offset_seconds: 0 }) }, "Hora real")),
    h("p", { class: "hint" }, "La ventana de 24 horas y las horas de los mensajes siguen a este reloj."),
  );
}

function webhookPart() {
  const line = ([name, title, text, value]) => {
    const on = Boolean(world.faults[name]);
    const off = name === "delay_ms" ? 0 : null;
    return h(
      "label",
      { class: "switch" },
      h("span", {}, title, h("small", {}, text)),
      h("input", { type: "checkbox", role: "switch", checked: on, "data-key": name, onchange: () => setFaults({ [name]: on ? off : value }) }),
    );
  };
  return part("Lo que llega al bot", WEBHOOKS.map(line));
}

function answerPart() {
  const choice = h("select", { "aria-label": "Falla", onchange: () => (chosen.answer = choice.value) }, ANSWERS.map(([, label], at) => h("option", { value: String(at) }, label)));
  const times = h("select", { "aria-label": "Cuántas veces", onchange: () => (chosen.times = times.value) }, [["1", "la próxima vez"], ["3", "tres veces"], ["", "siempre"]].map(([value, label]) => h("option", { value }, label)));
  choice.value = chosen.answer;
  times.value = chosen.times;
  const add = () => {
    const [name, , more] = ANSWERS[Number(choice.value)];
    const next = times.value === "" ? null : Number(times.value);
    if (name.startsWith("code:")) setFaults({ codes: [...activeCodes(), { code: Number(name.slice(5)), next }] });
    else setFaults({ [name]: { ...more, next } });
  };
  const active = [
    ...[...new Set(ANSWERS.map(([name]) => name))].filter((name) => world.faults[name]).map((name) => [name, name, world.faults[name].next, () => setFaults({ [name]: null })]),
    ...activeCodes().map((code, at) => [`code:${code.code}`, `code-${at}`, code.next, () => setFaults({ codes: activeCodes().filter((_, other) => other !== at) })]),
  ].filter(([, , next]) => next !== 0);
  const label = (name) => ANSWERS.find(([other]) => other === name)?.[1] ?? name.replace("code:", "Código ");
  return part(
    "Lo que contesta la API",
    h("div", { class: "choose" }, choice, times, h("button", { type: "button", class: "pill", "data-key": "add", onclick: add }, "Activar")),
    active.length
      ? h("ul", { class: "active" }, active.map(([name, key, next, stop]) => h("li", {}, icon("warn"), h("span", {}, label(name), h("small", {}, next === null ? "siempre" : `le quedan ${next}`)), iconButton("close", "Desactivar", stop, `small`, key))))
      : h("p", { class: "hint" }, "Todo contesta bien."),
  );
}

const activeCodes = () => (world.faults.codes ?? []).filter((code) => code.next !== 0);

function figuresPart(figures) {
  const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
  const lines = [
    ["Mensajes aceptados", figures.sends.accepted],
    ["Rechazados", list(figures.sends.refused)],
    ["Fallaron después", list(figures.sends.failed_later)],
    ["Repetidos (mismo identificador)", Object.keys(figures.duplicates).length],
    ["Fuera de la ventana", figures.sends.window_violations],
    ["Entregas al bot", `${figures.webhooks.delivered} de ${figures.webhooks.attempts} intentos`],
    ["Entregas que esperan", figures.webhooks.waiting],
    ["Entregas sin un 200", sum(figures.webhooks.not_200)],
    ["Mensajes gratis del mes", `${figures.free_tier.used} de ${world.behaviour.free_tier}`],
  ];
  return part("Cifras", h("dl", { class: "figures" }, lines.map(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))])), h("button", { type: "button", class: "chip", "data-key": "figures", onclick: refreshDrawer }, "Actualizar"));
}

const list = (counts) => Object.entries(counts).map(([code, count]) => `${code} × ${count}`).join(", ") || 0;

function resetPart() {
  const reset = () => window.confirm("¿Borrar todos los chats y volver a los tres clientes de ejemplo?") && call("POST", "reset", { customers: 3 });
  return part("Empezar de nuevo", h("button", { type: "button", class: "pill pill-danger", "data-key": "reset", onclick: reset }, "Borrar todo"));
}
