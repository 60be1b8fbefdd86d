// After 24 hours only a template goes: choose one, fill in its variables, see how it reads, send it once.

import { get, Refused, send, Unreachable } from "../../grid/js/api.js";
import { openDialog, setNote } from "../../grid/js/dialog.js";
import { fill, h } from "../../grid/js/dom.js";
import { marked } from "../../chat/js/words.js";
import { nameOf, uuid } from "./words.js";

/** «Hola {{1}}» with {1: "Ana"} → pieces; what is missing stays visible. Pure. */
export function filledBody(body, values) {
  return body.replace(/\{\{\s*([\w]+)\s*\}\}/g, (whole, name) => values[name]?.trim() || whole);
}

export async function pickTemplate(room, talk) {
  let templates = [];
  try {
    const answer = await get("/api/templates");
    templates = (answer.rows ?? answer).filter(({ status }) => status === "APPROVED");
  } catch (error) {
    room.failed(error);
    return;
  }
  if (!templates.length) {
    openDialog(room, { title: "Plantillas", body: h("p", {}, "Todavía no hay plantillas aprobadas por WhatsApp. Un administrador las carga y las actualiza en Difusiones."), buttons: [{ title: "Entendido", primary: true, run: (dialog) => dialog.close() }] });
    return;
  }
  new Picker(room, talk, templates).open();
}

class Picker {
  constructor(room, talk, templates) {
    Object.assign(this, { room, talk, templates, key: uuid(), values: {} });
    this.select = h("select", { class: "field", onchange: () => this.choose() }, templates.map(({ id, name, language }) => h("option", { value: String(id) }, `${name} (${language})`)));
    this.fields = h("div", { class: "form" });
    this.preview = h("div", { class: "template-preview" });
  }

  open() {
    const body = h("div", { class: "form" }, h("label", { class: "form-field" }, h("span", { class: "label" }, "Plantilla"), this.select), this.fields, h("span", { class: "label" }, "Así la lee el cliente"), this.preview);
    openDialog(this.room, { title: "Enviar una plantilla", body, buttons: [
      { title: "Volver", run: (dialog) => dialog.close() },
      { title: "Enviar", primary: true, run: (dialog) => this.send(dialog) },
    ] });
    this.choose();
  }

  get template() {
    return this.templates.find(({ id }) => String(id) === this.select.value);
  }

  choose() {
    const { variables } = this.template;
    this.values = Object.fromEntries(variables.map((name, at) => [name, at === 0 ? this.firstName : ""]));
    this.inputs = new Map();
    fill(this.fields, variables.map((name) => this.field(name)));
    this.draw();
  }

  get firstName() {
    const { contact } = this.talk.card;
    return contact.name ? nameOf(contact).split(" ")[0] : "";
  }

  field(name) {
    const input = h("input", { class: "field", type: "text", maxlength: "1024", value: this.values[name], autocomplete: "off" });
    const error = h("small", { class: "error-text", role: "alert" });
    input.addEventListener("input", () => {
      this.values[name] = input.value;
      error.textContent = "";
      this.draw();
    });
    this.inputs.set(name, { input, error });
    return h("label", { class: "form-field" }, h("span", { class: "label" }, `Variable {{${name}}}`), input, error);
  }

  draw() {
    const { body, buttons } = this.template;
    fill(this.preview, h("div", { class: "message out begins" }, h("div", { class: "bubble" }, h("div", { class: "words", dir: "auto" }, marked(filledBody(body, this.values))),
      buttons.length ? h("div", { class: "options" }, buttons.map((title) => h("span", { class: "option" }, typeof title === "string" ? title : title.text))) : null)));
  }

  async send(dialog) {
    const missing = [...this.inputs].filter(([name]) => !this.values[name].trim());
    for (const [, { error }] of missing) error.textContent = "Falta completar este dato.";
    if (missing.length) {
      missing[0][1].input.focus();
      return;
    }
    try {
      await send("POST", `${this.talk.url}/template`, { key: this.key, template_id: this.template.id, values: this.values });
      dialog.close();
      this.room.say("Se envía la plantilla.");
      this.room.live.retryNow();
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      for (const [name, code] of Object.entries(error.fields ?? {})) {
        const field = this.inputs.get(name.replace(/^values\./, ""));
        if (field) field.error.textContent = this.room.config.sentences[code] ?? code;
      }
      setNote(dialog, error instanceof Unreachable ? "Sin conexión: probá de nuevo, se envía una sola vez." : this.room.sentence(error), true);
    }
  }
}
