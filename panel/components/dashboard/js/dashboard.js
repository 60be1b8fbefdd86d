// Fetches the figures, keeps them fresh, and touches only what changed.

import { get, sentence } from "../../grid/js/api.js";
import { fill, h } from "../../grid/js/dom.js";
import { moment } from "../../grid/js/format.js";
import { Live } from "../../grid/js/live.js";
import { followTheme, toneOf } from "../../grid/js/theme.js";
import { cards } from "./cards.js";
import { ordersPanel } from "./states.js";
import { planNotice } from "./notice.js";
import { waitingPanel } from "./waiting.js";

export class Dashboard {
  constructor(parent, config) {
    this.config = config;
    this.period = "today";
    this.texts = new WeakMap();
    this.build(parent);
    this.live = new Live(() => this.refresh(), (state) => this.setState(state));
    this.setTheme();
    // Waiting times grow while nothing happens.
    this.ticking = setInterval(() => this.figures && this.draw(), 30_000);
    this.live.run();
  }

  build(parent) {
    this.notice = h("div", { class: "notice-place" });
    this.cards = h("div", { class: "cards" }, [1, 2, 3, 4].map(() => h("div", { class: "figure bones" }, h("span", { class: "bone" }), h("span", { class: "bone tall" }))));
    this.orders = h("section", { class: "box" });
    this.waiting = h("section", { class: "box" });
    this.state = h("small", { class: "fresh", role: "status" });
    this.host = h("div", { class: "grid-host dash-host" }, h("header", { class: "dash-head" }, h("h1", {}, "Dashboard"), this.state), this.notice, this.cards, h("div", { class: "boxes" }, this.waiting, this.orders));
    parent.append(this.host);
  }

  destroy() {
    this.live.stop();
    clearInterval(this.ticking);
    this.host.remove();
  }

  async refresh() {
    try {
      this.figures = await get("/api/dashboard");
    } catch (error) {
      if (!error.status) throw error;
      this.live.stop();
      fill(this.notice, h("p", { class: "notice bad", role: "alert" }, sentence(error, this.config.sentences)));
      return;
    }
    this.draw();
  }

  draw() {
    const { figures } = this;
    const tone = (state) => this.tone(state);
    this.put(this.notice, planNotice(figures.plan));
    this.put(this.cards, cards(figures));
    this.put(this.waiting, waitingPanel(figures, tone));
    this.put(this.orders, ordersPanel(figures.orders, { period: this.period, tone, onPeriod: (period) => this.show(period) }));
  }

  /** Replace what is in a place only when it would look different: a pointer or focus on it stays. */
  put(element, children) {
    const fresh = new XMLSerializer().serializeToString(h("div", {}, children)); // only compared
    if (this.texts.get(element) === fresh) return;
    const focused = this.host.getRootNode().activeElement?.dataset?.key;
    this.texts.set(element, fresh);
    fill(element, children);
    if (focused) element.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  show(period) {
    this.period = period;
    this.draw();
  }

  setState(state) {
    const isOffline = state === "offline";
    this.state.classList.toggle("bad", isOffline);
    if (isOffline) this.state.textContent = "Sin conexión, reintentando…";
    else if (this.figures) this.state.textContent = `Al día, ${moment(this.figures.at, this.figures.time_zone).time}`;
  }

  tone(state) {
    return toneOf(this.config.palette, state, this.isDark);
  }

  setTheme() {
    this.isDark = followTheme(this.host);
    if (this.figures) this.draw();
  }
}
