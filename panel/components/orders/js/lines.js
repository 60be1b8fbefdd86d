// The items of an order, to be changed: quantities, more products, none.

import { fill, h } from "../../grid/js/dom.js";
import { folded, money, parseQuantity, quantity } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { quantities, same } from "./rebase.js";
import { lineTotal, stepped, sum } from "./sums.js";

const SHOWN = 8;

export class Lines {
  /** `products` of the catalogue; `onchange` hears of every touch. */
  constructor({ items, products, fee, onchange, isFixed = false }) {
    Object.assign(this, { products, fee, onchange, isFixed, touched: new Set(), lines: new Map(), notes: new Map() });
    for (const item of items) this.lines.set(item.product_id, { ...item });
    this.base = quantities(items);
    this.list = h("div", { class: "line-list" });
    this.total = h("div", { class: "line-total" });
    this.error = h("small", { class: "error-text", role: "alert" });
    this.element = h("div", { class: "lines" }, this.list, !isFixed && this.picker(), this.total, this.error);
    this.draw();
  }

  draw() {
    const shown = [...this.lines.values()];
    fill(this.list, shown.length ? shown.map((line) => this.line(line)) : h("p", { class: "faint" }, "Sin ítems. Buscá un producto para agregarlo."));
    this.recount();
  }

  line(item) {
    const id = item.product_id;
    const input = h("input", { class: "field number", inputmode: "decimal", value: quantity(item.quantity), disabled: this.isFixed, "aria-label": `Cantidad de ${item.name}` });
    const subtotal = h("span", { class: "amount" });
    const recount = () => {
      const read = parseQuantity(input.value);
      element.classList.toggle("wrong", read === null);
      if (read !== null) this.change(id, read);
      subtotal.textContent = read === null ? "¿?" : money(lineTotal(read, item.unit_price));
    };
    const by = (sign) => () => { input.value = quantity(stepped(this.lines.get(id).quantity, sign, item.step || "1")); recount(); };
    const element = h("div", { class: "line", "data-product": id },
      h("span", { class: "line-name" }, item.name, h("small", {}, `${money(item.unit_price)}${item.unit && item.unit !== "unidad" ? ` por ${item.unit}` : ""}`)),
      h("span", { class: "stepper" },
        h("button", { type: "button", class: "icon-button", disabled: this.isFixed, "aria-label": `Uno menos de ${item.name}`, onclick: by(-1) }, icon("minus")), input,
        h("button", { type: "button", class: "icon-button", disabled: this.isFixed, "aria-label": `Uno más de ${item.name}`, onclick: by(1) }, icon("plus"))),
      subtotal,
      h("button", { type: "button", class: "icon-button danger", disabled: this.isFixed, "aria-label": `Quitar ${item.name}`, onclick: () => this.remove(id) }, icon("trash")),
      this.notes.has(id) && h("small", { class: "field-note" }, this.notes.get(id)));
    input.addEventListener("input", recount);
    subtotal.textContent = money(lineTotal(item.quantity, item.unit_price));
    return element;
  }

  change(id, read) {
    this.lines.get(id).quantity = read;
    this.touch(id);
  }

  remove(id) {
    this.lines.delete(id);
    this.touch(id);
    this.draw();
  }

  touch(id) {
    this.touched.add(id);
    this.error.textContent = "";
    this.recount();
    this.onchange();
  }

  add(product) {
    const before = this.lines.get(product.id);
    if (before) before.quantity = stepped(before.quantity, 1, product.step || "1");
    else this.lines.set(product.id, { product_id: product.id, name: product.name, unit: product.unit, unit_price: product.price, step: product.step, quantity: "1" });
    this.touch(product.id);
    this.draw();
  }

  setFee(fee) {
    this.fee = fee;
    this.recount();
  }

  recount() {
    const goods = [...this.lines.values()].map((item) => lineTotal(item.quantity, item.unit_price));
    const all = sum([...goods, this.fee || "0"]);
    fill(this.total, Number(this.fee) > 0 && h("span", {}, "Envío ", h("b", {}, money(this.fee))), h("span", {}, "Total ", h("strong", {}, money(all))));
  }

  /** The lines that were changed, for the API; 0 takes one out. Null when a quantity cannot be read. */
  changes() {
    const wrong = this.list.querySelector(".line.wrong input");
    if (wrong) {
      this.error.textContent = "Revisá las cantidades marcadas.";
      wrong.focus();
      return null;
    }
    return [...this.touched].map((id) => ({ product_id: id, quantity: this.lines.get(id)?.quantity ?? "0" }));
  }

  /** Take over what somebody else saved, except where I changed something; those get a word. */
  rebase(items, by) {
    const fresh = new Map(items.map((item) => [item.product_id, item]));
    for (const id of [...this.lines.keys()]) if (!this.touched.has(id) && !fresh.has(id)) this.lines.delete(id);
    for (const [id, item] of fresh) {
      const mine = this.lines.get(id);
      if (!this.touched.has(id)) this.lines.set(id, { ...item });
      else if (!same(this.base[id], item.quantity) && !same(mine?.quantity ?? "0", item.quantity)) this.notes.set(id, `${by} puso ${quantity(item.quantity)}`);
    }
    this.base = quantities(items);
    this.draw();
  }

  restore(changes) {
    for (const [id, change] of Object.entries(changes ?? {})) {
      const known = this.lines.get(Number(id)) ?? change;
      this.touched.add(Number(id));
      if (Number(change.quantity) === 0) this.lines.delete(Number(id));
      else this.lines.set(Number(id), { ...known, quantity: change.quantity });
    }
    this.draw();
  }

  typed() {
    return Object.fromEntries([...this.touched].map((id) => [id, this.lines.get(id) ?? { product_id: id, quantity: "0" }]));
  }

  /** Search for a product and add it: type, Enter. */
  picker() {
    const input = h("input", { class: "field", type: "text", placeholder: "Agregar producto…", role: "combobox", "aria-expanded": "false", "aria-label": "Agregar producto", autocomplete: "off" });
    const results = h("div", { class: "results", role: "listbox", hidden: true });
    let found = [];
    let at = 0;
    const close = () => { results.hidden = true; input.setAttribute("aria-expanded", "false"); };
    const take = (product) => { this.add(product); input.value = ""; close(); input.focus(); };
    const draw = () => {
      found = input.value.trim() ? search(this.products, input.value) : [];
      at = Math.min(at, Math.max(0, found.length - 1));
      results.hidden = !input.value.trim();
      input.setAttribute("aria-expanded", String(!results.hidden));
      fill(results, found.length ? found.map((product, index) => h("button", { type: "button", class: index === at ? "at" : "", role: "option", "aria-selected": String(index === at), onclick: () => take(product) },
        h("span", {}, product.name), product.available === false && h("small", {}, "agotado"), h("span", { class: "amount" }, money(product.price)))) : h("p", {}, "Ningún producto se llama así."));
    };
    input.addEventListener("input", () => { at = 0; draw(); });
    input.addEventListener("blur", () => setTimeout(() => !results.contains(results.getRootNode().activeElement) && close(), 120));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); if (found[at]) take(found[at]); }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); at = Math.max(0, Math.min(found.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))); draw(); }
      if (event.key === "Escape" && !results.hidden) { event.preventDefault(); event.stopPropagation(); close(); }
    });
    this.input = input;
    return h("div", { class: "picker" }, input, results);
  }
}

/** Every word somewhere in the name or code; names that begin with the first word come first. */
export function search(products, typed) {
  const parts = folded(typed).split(/\s+/).filter(Boolean);
  const matches = products.filter(({ name, code = "" }) => parts.every((part) => folded(`${name} ${code}`).includes(part)));
  const rank = ({ name, available }) => (folded(name).startsWith(parts[0]) ? 0 : 1) + (available === false ? 2 : 0);
  return matches.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, "es")).slice(0, SHOWN);
}
