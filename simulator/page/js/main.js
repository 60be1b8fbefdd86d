// Lays the phones out side by side and keeps them up to date.

import { h, icon, iconButton } from "./dom.js";
import { call, connect, listen, world } from "./live.js";
import { Phone } from "./phone.js";
import { openDrawer, refreshDrawer } from "./drawer.js";
import { newCustomer } from "./customers.js";

const PHONE_WIDTH = 400;
const MOST_PHONES = 3;

const tabs = document.getElementById("tabs");
const place = document.getElementById("phones");
const linkState = document.getElementById("link-state");
const phones = new Map(); // customer id → Phone
let drawnOffset = 0; // of the clock, when the phones were drawn
let visible = []; // customer ids, oldest choice first

function fits() {
  return Math.max(1, Math.min(MOST_PHONES, Math.floor((window.innerWidth - 24) / PHONE_WIDTH)));
}

/** Bring a customer's phone to the screen, in place of the one chosen longest ago. */
function choose(id) {
  if (visible.includes(id)) visible = visible.filter((other) => other !== id);
  visible.push(id);
  visible = visible.slice(-fits());
  layOut();
  phones.get(id)?.input.focus({ preventScroll: true });
}

function layOut() {
  drawnOffset = world.offsetSeconds;
  visible = visible.filter((id) => world.customers.has(id)).slice(-fits());
  for (const id of world.customers.keys()) if (visible.length < fits() && !visible.includes(id)) visible.push(id);
  const shown = [...world.customers.keys()].filter((id) => visible.includes(id));
  for (const id of phones.keys()) if (!shown.includes(id)) phones.delete(id);
  for (const id of shown) if (!phones.has(id)) phones.set(id, new Phone(id));
  place.replaceChildren(...shown.map((id) => phones.get(id).element), shown.length ? "" : welcome());
  for (const id of shown) phones.get(id).scrollToEnd();
  tabs.replaceChildren(
    ...[...world.customers.values()].map((customer) =>
      h("button", { type: "button", class: "tab", "aria-pressed": String(visible.includes(customer.id)), onclick: () => choose(customer.id) }, customer.name),
    ),
  );
}

function welcome() {
  if (!world.connected) return h("div", { class: "welcome" }, h("p", {}, "Conectando con el simulador…"));
  return h(
    "div",
    { class: "welcome" },
    h("span", { class: "welcome-icon" }, icon("call")),
    h("h2", {}, "Todavía no hay clientes"),
    h("p", {}, "Cada cliente es un teléfono con WhatsApp que le escribe a la empresa."),
    h("button", { type: "button", class: "pill", onclick: () => call("POST", "customers/demo") }, "Traer tres clientes de ejemplo"),
    h("button", { type: "button", class: "pill pill-plain", onclick: () => newCustomer(choose) }, "Crear uno"),
  );
}

function showLink() {
  const answered = world.webhook === "" || world.webhook === "200";
  linkState.className = `link-state ${world.connected ? (answered ? "good" : "bad") : "lost"}`;
  const reason = /^\d+$/.test(world.webhook) ? `contestó ${world.webhook}` : "no responde";
  const sentence = answered ? (world.webhook ? "El bot recibe" : "Sin mensajes todavía") : `El bot ${reason}: se reintenta`;
  linkState.replaceChildren(world.connected ? sentence : "Simulador desconectado: reconectando…");
}

document.getElementById("bar-actions").append(
  h("button", { type: "button", class: "pill pill-bar", onclick: () => newCustomer(choose) }, icon("plus"), h("span", {}, "Cliente")),
  iconButton("gear", "Ajustes: fallas, reloj, cifras", () => openDrawer()),
);

listen((kind, event) => {
  if (kind === "snapshot") {
    phones.clear();
    layOut();
  }
  if (kind === "customer") {
    if (phones.has(event.customer.id)) phones.get(event.customer.id).refreshCustomer();
    if (tabs.childElementCount !== world.customers.size) layOut();
  }
  if (kind === "message") phones.get(event.customer)?.refreshMessage(event.message);
  if (kind === "controls") {
    if (Math.abs(world.offsetSeconds - drawnOffset) > 1800) {
      phones.clear(); // «Hoy» and «Ayer» moved
      layOut();
    }
    for (const phone of phones.values()) phone.refreshClock();
    refreshDrawer();
  }
  showLink();
});
setInterval(() => {
  for (const phone of phones.values()) phone.refreshClock();
}, 5000);
window.addEventListener("resize", () => {
  if (fits() !== visible.length) layOut();
});
layOut();
connect();
