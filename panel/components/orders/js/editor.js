// «Editar»: one window for everything that may change in an order. What is typed is never lost.

import { get, Refused, send, Unreachable } from "../../grid/js/api.js";
import { showRefusal } from "../../grid/js/actions.js";
import { openDialog, setNote } from "../../grid/js/dialog.js";
import { h } from "../../grid/js/dom.js";
import { Draft } from "../../grid/js/draft.js";
import { Form } from "../../grid/js/forms.js";
import { dateTime, money } from "../../grid/js/format.js";
import { fieldsOf, isClosed, KEYS, valuesOf, wordsOf } from "./fields.js";
import { nameOf } from "./history.js";
import { Lines } from "./lines.js";
import { quantities, rebase, same } from "./rebase.js";

export async function openEditor(grid, id) {
  const draft = new Draft(`order ${id}`);
  try {
    const [order, choices, typed] = await Promise.all([get(`/api/orders/${id}`), formChoices(grid), draft.load()]);
    new Editor(grid, { order, choices, draft, typed }).open();
  } catch (error) {
    grid.say(grid.sentence(error), { isError: true });
  }
}

/** What can be chosen; asked once a minute at most. */
async function formChoices(grid) {
  const { kept } = grid.plugin;
  if (kept && Date.now() - kept.at < 60_000) return kept.choices;
  const choices = await get("/api/orders/form");
  grid.plugin.kept = { at: Date.now(), choices };
  return choices;
}

class Editor {
  constructor(grid, { order, choices, draft, typed }) {
    Object.assign(this, { grid, base: order, choices, draft, kept: typed });
    this.form = new Form([], {}, { sentences: grid.config.sentences, onchange: (key) => this.changed(key) });
    const values = valuesOf(order);
    const parts = Object.fromEntries(fieldsOf(choices, order).map((field) => [field.key, this.form.add(field, values[field.key])]));
    this.lines = new Lines({ items: order.items, products: choices.products, fee: order.delivery_fee, onchange: () => this.touched(), isFixed: isClosed(order) });
    this.body = layout(parts, this.lines);
    this.listener = () => this.look();
    this.leaving = () => this.draft.flush();
  }

  open() {
    this.dialog = openDialog(this.grid, {
      title: `Editar pedido ${this.base.number}${this.base.name ? ` de ${this.base.name}` : ""}`,
      wide: true,
      body: this.body,
      buttons: [
        { title: "Descartar", run: () => this.discard() },
        { title: "Guardar", primary: true, run: () => this.save() },
      ],
      onclose: () => this.closed(),
    });
    this.discardButton = this.dialog.querySelector("footer .button");
    if (isClosed(this.base)) setNote(this.dialog, "El pedido está cerrado: pueden cambiar el monto, la forma de pago y el comentario.");
    if (this.kept) this.restore();
    this.showDelivery();
    this.mark();
    window.addEventListener("openbot:changed", this.listener);
    window.addEventListener("pagehide", this.leaving);
    this.form.parts.get("amount").input.focus();
    this.grid.memory.editing = { action: "edit", id: this.base.id };
  }

  get isTouched() {
    return this.form.touched.size > 0 || this.lines.touched.size > 0;
  }

  changed(key) {
    if (key === "branch_id") this.limitZones();
    if (key === "delivery" || key === "zone_id" || key === "branch_id") this.showDelivery();
    this.touched();
  }

  touched() {
    this.mark();
    setNote(this.dialog, "Se guarda como borrador mientras escribís.");
    const { version } = this.base;
    const base = { ...valuesOf(this.base), items: this.base.items };
    this.draft.save({ version, base, typed: this.form.typed(), items: this.lines.typed() }, (text, isError) => this.draftTold(text, isError));
  }

  /** A word about the draft never covers one about an error. */
  draftTold(text, isError) {
    if (!this.dialog.querySelector(".dialog-note.error")) setNote(this.dialog, text, isError);
  }

  mark() {
    this.discardButton.textContent = this.isTouched ? "Descartar cambios" : "Volver";
  }

  restore() {
    const { body, updated_at: at } = this.kept;
    this.form.restore(body.typed ?? {});
    this.lines.restore(body.items);
    setNote(this.dialog, `Recuperamos lo que dejaste sin guardar${at ? ` (${dateTime(at, this.grid.config.timeZone)})` : ""}.`);
    if (body.version === this.base.version || !body.base) return;
    const fresh = this.base;
    this.base = { ...fresh, ...body.base };
    this.lines.base = quantities(body.base.items);
    this.rebase(fresh);
  }

  /** Fields of a delivery only where there is one; the fee follows the zone. */
  showDelivery() {
    const isDelivery = this.form.value("delivery") === "ENVÍO";
    for (const key of ["address", "zone_id"]) this.form.parts.get(key).element.parentElement.hidden = !isDelivery;
    const zone = this.choices.zones.find(({ id }) => id === this.form.value("zone_id"));
    const isAsBefore = same(this.form.value("zone_id"), this.base.zone_id) && same(this.form.value("delivery"), this.base.delivery);
    this.lines.setFee(isAsBefore ? this.base.delivery_fee : isDelivery ? zone?.fee ?? "0" : "0");
  }

  limitZones() {
    const branch = this.form.value("branch_id");
    const { input } = this.form.parts.get("zone_id");
    const zones = this.choices.zones.filter((zone) => !branch || zone.branch_id === branch);
    const before = input.value;
    input.replaceChildren(h("option", { value: "" }, "—"), ...zones.map((zone) => h("option", { value: zone.id }, `${zone.name} (${money(zone.fee)})`)));
    input.value = zones.some(({ id }) => String(id) === before) ? before : "";
    if (input.value !== before) this.form.touched.add("zone_id");
  }

  // --- somebody else saved meanwhile ------------------------------------------------------------

  /** Look whether the order changed under the open window. */
  async look() {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const fresh = await get(`/api/orders/${this.base.id}`);
      if (fresh.version !== this.base.version) this.rebase(fresh);
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
    } finally {
      setTimeout(() => { this.isLooking = false; }, 2000);
    }
  }

  rebase(fresh) {
    const by = nameOf(fresh.history[fresh.history.length - 1]);
    const keys = [...this.form.parts.keys()];
    const [base, now] = [valuesOf(this.base), valuesOf(fresh)];
    const mine = (key) => { try { return this.form.value(key); } catch { return undefined; } };
    const { taken, conflicts } = rebase({ base, fresh: now, keys, touched: this.form.touched, mine });
    for (const key of taken) {
      this.form.set(key, now[key]);
      this.form.setNote(key, `${by} lo cambió recién`);
    }
    for (const key of conflicts) this.offer(key, now[key], by);
    this.lines.rebase(fresh.items, by);
    this.base = fresh;
    this.showDelivery();
    const text = conflicts.length ? `${by} guardó cambios en lo mismo que vos. Lo tuyo sigue acá: elegí y guardá.` : `${by} guardó cambios recién; lo tuyo sigue acá.`;
    setNote(this.dialog, text, conflicts.length > 0);
    return conflicts;
  }

  offer(key, value, by) {
    const take = () => {
      this.form.set(key, value);
      this.form.touched.delete(key);
      this.form.setNote(key);
      this.changed(key);
    };
    const button = h("button", { type: "button", class: "text-button", onclick: take }, "usar ese");
    this.form.setNote(key, `${by} puso «${wordsOf(key, value, this.choices)}» `, button);
  }

  // --- the end ----------------------------------------------------------------------------------

  async save() {
    const items = this.lines.changes();
    const values = this.form.read([...this.form.touched]);
    if (!values || !items) return;
    const custom = Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith("custom.")).map(([key, value]) => [key.slice(7), value]));
    const fields = Object.fromEntries(Object.entries(values).filter(([key]) => KEYS.includes(key)));
    const wish = { version: this.base.version, ...fields, ...(Object.keys(custom).length ? { custom: { ...this.base.custom, ...custom } } : {}), ...(items.length ? { items } : {}) };
    if (Object.keys(wish).length === 1) {
      this.dialog.close();
      return;
    }
    try {
      this.saved(await send("PATCH", `/api/orders/${this.base.id}`, wish));
    } catch (error) {
      await this.refused(error);
    }
  }

  saved(answer) {
    this.isDone = true;
    this.draft.drop();
    this.grid.setRow({ ...(this.grid.rowOf(this.base.id) ?? {}), ...answer });
    this.grid.live.retryNow();
    this.grid.say(`Pedido ${this.base.number} guardado.`);
    this.dialog.close();
  }

  async refused(error) {
    if (error instanceof Refused && error.code === "order_changed") {
      this.rebase(await get(`/api/orders/${this.base.id}`));
      return;
    }
    const { fields = {} } = error;
    if (fields.items) this.lines.error.textContent = this.grid.sentence({ code: fields.items });
    showRefusal(this.grid, this.form, error, this.dialog);
  }

  discard() {
    this.isDone = true;
    if (this.isTouched) this.draft.drop();
    this.dialog.close();
  }

  closed() {
    this.grid.memory.editing = null;
    window.removeEventListener("openbot:changed", this.listener);
    window.removeEventListener("pagehide", this.leaving);
    if (this.isDone || !this.isTouched) return;
    this.draft.flush();
    this.grid.say(`Lo que escribiste en el pedido ${this.base.number} queda como borrador.`, { button: { title: "Seguir", run: () => openEditor(this.grid, this.base.id) } });
  }
}

function layout(parts, lines) {
  const group = (...keys) => h("div", { class: "edit-group" }, keys.map((key) => parts[key]));
  const custom = Object.keys(parts).filter((key) => key.startsWith("custom."));
  return h("div", { class: "edit" },
    h("div", { class: "edit-left" },
      group("amount", "payment_method_id"), group("name", "kind"), group("branch_id", "delivery"), group("zone_id"), group("address"), group("comment"),
      custom.length > 0 && group(...custom)),
    h("div", { class: "edit-right" }, h("h3", {}, "Ítems"), lines.element));
}
