// What a row opens into. Fetched when it is opened and whenever the row has changed since.

import { get, Refused, sentence, Unreachable } from "./api.js";
import { words } from "./cells.js";
import { fill, h } from "./dom.js";
import { filled } from "./format.js";
import { actionButton } from "./rowview.js";

export class DetailView {
  constructor(grid, id) {
    this.grid = grid;
    this.id = id;
    this.shown = "";
    this.version = null;
    this.value = null;
    this.inside = h("div", { class: "detail-inside" }, bones());
    this.element = h("div", { class: "detail", role: "row", "data-detail": id }, h("div", { class: "detail-cell", role: "gridcell", "aria-live": "off" }, this.inside));
  }

  /** Fetch it unless this version is shown already. */
  async load(row, { force = false } = {}) {
    const stamp = JSON.stringify(row);
    if (!force && stamp === this.version) return this.value;
    this.version = stamp;
    try {
      this.value = await get(filled(this.grid.config.detailUrl, { id: this.id }));
      this.draw();
    } catch (error) {
      this.version = null;
      if (error instanceof Unreachable && this.value) return this.value; // the list says «Sin conexión»
      if (error.name !== "AbortError") this.fail(error, row);
    }
    return this.value;
  }

  draw() {
    const text = JSON.stringify(this.value);
    if (text === this.shown) return;
    this.shown = text;
    const { plugin } = this.grid;
    const scrolled = [...this.inside.querySelectorAll("[data-scroll]")].map((part) => part.scrollTop);
    fill(this.inside, plugin.detail ? plugin.detail(this.value, this.grid) : plainDetail(this.value, this.grid));
    this.inside.querySelectorAll("[data-scroll]").forEach((part, index) => { part.scrollTop = scrolled[index] ?? 0; });
  }

  fail(error, row) {
    const again = h("button", { type: "button", class: "button", onclick: () => { fill(this.inside, bones()); this.load(row, { force: true }); } }, "Reintentar");
    const isFinal = error instanceof Refused && [403, 404].includes(error.status);
    fill(this.inside, h("div", { class: "detail-error" }, sentence(error, this.grid.config.sentences), !isFinal && again));
  }
}

function plainDetail(value, grid) {
  const { config } = grid;
  const fields = config.detailFields.map((field) => h("div", { class: "fact" }, h("dt", {}, field.title), h("dd", {}, words(field, value, config.timeZone) || "—")));
  const actions = config.actions.filter((action) => ["detail", "row"].includes(action.place) && grid.applies(action, value));
  return [
    h("dl", { class: "facts" }, fields),
    h("div", { class: "detail-actions" }, actions.map((action) => actionButton(action, value, true))),
  ];
}

function bones() {
  return h("div", { class: "detail-bones" }, Array.from({ length: 4 }, () => h("span", { class: "bone" })));
}
