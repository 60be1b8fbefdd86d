// Canned replies: «/» and some letters, arrows, Enter. And the window to write them.

import { get, Refused, send, Unreachable } from "../../grid/js/api.js";
import { ask, openDialog, setNote } from "../../grid/js/dialog.js";
import { fill, h } from "../../grid/js/dom.js";
import { folded } from "../../grid/js/format.js";
import { Form } from "../../grid/js/forms.js";
import { icon } from "../../grid/js/icons.js";

const SHOWN = 7;
const FIELDS = [
  { key: "shortcut", title: "Atajo", kind: "text", required: true, length: 30, hint: "Lo que se escribe después de la barra: hola, horarios, alias." },
  { key: "text", title: "Texto", kind: "longtext", required: true, length: 4096, hint: "Se completan solos: {{nombre}} {{pedido}} {{total}} {{sucursal}} {{operador}}" },
];

export class Canned {
  constructor(room, composer) {
    Object.assign(this, { room, composer, rows: null, found: [], at: 0 });
    this.results = h("div", { class: "canned-rows", role: "listbox", "aria-label": "Respuestas rápidas" });
    this.element = h("div", { class: "canned", hidden: true }, this.results, room.config.me.isAdministrator &&
      h("button", { type: "button", class: "text-button", onclick: () => this.manage() }, "Editar las respuestas rápidas…"));
  }

  async load() {
    const answer = await get(`/api/canned-replies?contact_id=${this.composer.talk.contact}`);
    this.rows = answer.rows ?? answer;
  }

  // --- while one types --------------------------------------------------------------------------

  /** Show what begins like the text, if it is a slash and letters. */
  async follow(text) {
    const wanted = /^\/(\S*)$/.exec(text);
    if (!wanted || this.composer.isNote) return this.close();
    if (!this.isOpen) this.at = 0;
    this.isOpen = true;
    try {
      if (!this.rows) await this.load();
    } catch (error) {
      this.close();
      return this.room.failed(error);
    }
    if (!this.isOpen) return undefined;
    const now = /^\/(\S*)$/.exec(this.composer.input.value);
    if (!now) return this.close();
    this.found = search(this.rows, now[1]).slice(0, SHOWN);
    this.at = Math.min(this.at, Math.max(0, this.found.length - 1));
    this.draw();
    return undefined;
  }

  draw() {
    this.element.hidden = false;
    const empty = this.rows.length ? "Ninguna empieza así." : this.room.config.me.isAdministrator ? "Todavía no hay respuestas rápidas." : "Todavía no hay respuestas rápidas: las escribe un administrador.";
    fill(this.results, this.found.length ? this.found.map((row, index) => this.option(row, index)) : h("p", { class: "faint" }, empty));
  }

  option(row, index) {
    const isAt = index === this.at;
    return h("button", { type: "button", class: `canned-row ${isAt ? "at" : ""}`, role: "option", tabindex: "-1", "aria-selected": String(isAt), onclick: () => this.choose(row) },
      h("b", {}, `/${row.shortcut}`), h("span", { dir: "auto" }, row.filled ?? row.text));
  }

  close() {
    this.isOpen = false;
    this.element.hidden = true;
    this.rows = null; // asked again the next time: the order's total may be another one
  }

  toggle() {
    if (this.isOpen) {
      this.close();
      this.composer.focus();
      return;
    }
    const { input } = this.composer;
    if (!input.value.trim()) this.composer.insert("/");
    else this.choosing();
  }

  /** Beside a text that is there already: the chosen one goes where the cursor is. */
  async choosing() {
    try {
      await this.load();
    } catch (error) {
      this.room.failed(error);
      return;
    }
    Object.assign(this, { isOpen: true, found: this.rows.slice(0, 50), at: 0 });
    this.draw();
    this.composer.input.focus();
  }

  choose(row) {
    const { input } = this.composer;
    const text = row.filled ?? row.text;
    if (/^\/\S*$/.test(input.value)) input.select();
    this.close();
    this.composer.insert(text);
  }

  /** True when the key was for the list. */
  pressed(event) {
    if (!this.isOpen || this.element.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.found.length) % Math.max(1, this.found.length);
      this.draw();
      this.results.querySelector(".at")?.scrollIntoView({ block: "nearest" });
    } else if ((event.key === "Enter" || event.key === "Tab") && this.found.length) {
      this.choose(this.found[this.at]);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  // --- writing them -----------------------------------------------------------------------------

  async manage() {
    this.close();
    try {
      await this.load();
    } catch (error) {
      this.room.failed(error);
      return;
    }
    const list = h("div", { class: "canned-list" });
    const dialog = openDialog(this.room, { title: "Respuestas rápidas", wide: false, body: list, buttons: [
      { title: "Cerrar", run: (window_) => window_.close() },
      { title: "Nueva", primary: true, run: () => this.edit(null, () => this.drawList(list)) },
    ] });
    this.drawList(list);
    dialog.addEventListener("close", () => this.close());
  }

  drawList(list) {
    fill(list, this.rows.length ? this.rows.map((row) => h("div", { class: "canned-line" },
      h("span", {}, h("b", {}, `/${row.shortcut}`), h("small", { dir: "auto" }, row.text)),
      h("button", { type: "button", class: "icon-button", "aria-label": `Editar /${row.shortcut}`, title: "Editar", onclick: () => this.edit(row, () => this.drawList(list)) }, icon("pencil")),
      h("button", { type: "button", class: "icon-button danger", "aria-label": `Eliminar /${row.shortcut}`, title: "Eliminar", onclick: () => this.remove(row, () => this.drawList(list)) }, icon("trash")))) :
      h("p", { class: "faint" }, "Todavía no hay ninguna. Con «Nueva» escribís la primera; después se usa con la barra: /hola."));
  }

  edit(row, done) {
    const form = new Form(FIELDS, row ?? {}, { sentences: this.room.config.sentences });
    openDialog(this.room, { title: row ? `Editar /${row.shortcut}` : "Nueva respuesta rápida", body: form.element, buttons: [
      { title: "Volver", run: (dialog) => dialog.close() },
      { title: "Guardar", primary: true, run: (dialog) => this.save(row, form, dialog, done) },
    ] });
  }

  async save(row, form, dialog, done) {
    const values = form.read();
    if (!values) return;
    values.shortcut = values.shortcut.replace(/^\/+/, "");
    try {
      if (row) await send("PATCH", `/api/canned-replies/${row.id}`, { ...values, version: row.version });
      else await send("POST", "/api/canned-replies", values);
      await this.load();
      dialog.close();
      done();
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      const rest = form.setErrors(error.fields ?? {});
      setNote(dialog, rest.length || !Object.keys(error.fields ?? {}).length ? this.room.sentence(error) : "", true);
    }
  }

  async remove(row, done) {
    const isSure = await ask(this.room, { title: "Eliminar", text: `¿Eliminar la respuesta rápida /${row.shortcut}?\nLa usan todos.`, button: "Eliminar", danger: true });
    if (!isSure) return;
    try {
      await send("DELETE", `/api/canned-replies/${row.id}`);
      await this.load();
    } catch (error) {
      this.room.failed(error);
    }
    done();
  }
}

/** By the beginning of the shortcut first, then by any word of it or of the text. */
export function search(rows, typed) {
  const wanted = folded(typed);
  const rank = ({ shortcut, text }) => (folded(shortcut).startsWith(wanted) ? 0 : folded(shortcut).includes(wanted) ? 1 : folded(text).includes(wanted) ? 2 : 3);
  return rows.filter((row) => rank(row) < 3).sort((one, other) => rank(one) - rank(other) || one.shortcut.localeCompare(other.shortcut, "es"));
}
