// Below the table: pages, or what to do with the selected rows. Always there, so that nothing moves.

import { fill, h, setText } from "./dom.js";
import { grouped } from "./format.js";
import { icon } from "./icons.js";

export class Footer {
  constructor(grid) {
    this.grid = grid;
    this.range = h("span", { class: "range" });
    this.previous = h("button", { type: "button", class: "button quiet", title: "Página anterior ( [ )", onclick: () => grid.turn(-1) }, icon("left"), h("span", {}, "Anterior"));
    this.next = h("button", { type: "button", class: "button quiet", title: "Página siguiente ( ] )", onclick: () => grid.turn(1) }, h("span", {}, "Siguiente"), icon("right"));
    this.pager = h("nav", { class: "pager", "aria-label": "Páginas" }, this.range, this.previous, this.next);
    this.bulk = h("div", { class: "bulk", role: "toolbar", "aria-label": "Con los seleccionados" });
    this.element = h("div", { class: "footer" }, this.bulk, h("span", { class: "spacer" }), this.pager);
  }

  update() {
    const { page, order, gone } = this.grid;
    const count = order.filter((id) => !gone.has(id)).length;
    const first = page.stack.length * page.size + 1;
    setText(this.range, count ? `${grouped(first)}–${grouped(first + count - 1)}` : "");
    this.previous.disabled = page.stack.length === 0 && page.cursor === null;
    this.next.disabled = page.next === null;
    this.pager.hidden = this.previous.disabled && this.next.disabled;
    this.updateBulk();
  }

  updateBulk() {
    const { grid } = this;
    const count = grid.selected.size;
    this.element.classList.toggle("selecting", count > 0);
    this.element.classList.toggle("idle", count === 0 && this.pager.hidden);
    this.bulk.hidden = count === 0;
    if (!count) return;
    const elsewhere = [...grid.selected.ids].filter((id) => !grid.order.includes(id)).length;
    const text = `${grouped(count)} ${count === 1 ? "seleccionado" : "seleccionados"}${elsewhere ? ` (${elsewhere} en otras páginas)` : ""}`;
    fill(this.bulk, h("strong", { role: "status" }, text), bulkButtons(grid),
      h("button", { type: "button", class: "text-button", onclick: () => grid.selected.set([]) }, "Quitar selección"));
  }
}

function bulkButtons(grid) {
  if (grid.plugin.bulk) return grid.plugin.bulk(grid);
  return grid.config.actions.filter((action) => action.place === "bulk").map((action) =>
    h("button", { type: "button", class: "button", onclick: () => grid.run(action, null) }, action.title));
}
