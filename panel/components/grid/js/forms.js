// A form out of a list of fields: knows what was touched, shows each error beside its field.

import { control } from "./controls.js";
import { fill, h } from "./dom.js";

export class Form {
  /** `fields` as in spec.Field; `onchange` hears of every touch. */
  constructor(fields, values, { sentences = {}, onchange = null } = {}) {
    this.sentences = sentences;
    this.onchange = onchange;
    this.touched = new Set();
    this.parts = new Map();
    this.element = h("div", { class: "form" });
    for (const field of fields) this.element.append(this.add(field, values[field.key] ?? field.initial ?? null));
  }

  /** Make one field; the caller puts its element where it wants. */
  add(field, value) {
    const touch = () => {
      this.touched.add(field.key);
      this.setError(field.key, null);
      this.onchange?.(field.key);
    };
    const part = control(field, touch);
    const error = h("small", { class: "error-text", role: "alert", id: `error-${field.key}` });
    const note = h("div", { class: "field-note" });
    part.input?.setAttribute("aria-describedby", error.id);
    part.set(value);
    if (field.disabled && part.input) part.input.disabled = true;
    const isBox = field.kind === "check";
    const isGroup = isBox || field.kind === "choices" || field.kind === "shift";
    const label = h("span", { class: "label" }, field.title, field.required && h("i", { title: "Obligatorio" }, " *"));
    const hint = field.hint && h("small", { class: "hint" }, field.hint);
    const element = h(isGroup ? "div" : "label", { class: `form-field field-${field.kind} ${field.wide ? "wide" : ""}`, "data-field": field.key }, !isBox && label, part.element, hint, note, error);
    this.parts.set(field.key, { ...part, field, error, note, element });
    return element;
  }

  /** A value as it stands; null when it cannot be read (and then the field says so). */
  value(key) {
    return this.parts.get(key).get();
  }

  set(key, value) {
    this.parts.get(key).set(value);
  }

  /** What was typed, readable or not: for drafts. */
  typed() {
    return Object.fromEntries([...this.touched].filter((key) => this.parts.has(key)).map((key) => {
      const part = this.parts.get(key);
      return [key, part.raw ? part.raw() : part.get()];
    }));
  }

  restore(typed) {
    for (const [key, value] of Object.entries(typed)) {
      const part = this.parts.get(key);
      if (!part) continue;
      if (part.setRaw) part.setRaw(value);
      else part.set(value);
      this.touched.add(key);
    }
  }

  /** {key: value} of these fields, or null when one of them is wrong; the first wrong one gets the focus. */
  read(keys = [...this.parts.keys()]) {
    const values = {};
    const errors = {};
    for (const key of keys) {
      const { field } = this.parts.get(key);
      try {
        values[key] = this.value(key);
        const isEmpty = values[key] === null || values[key] === "";
        if (field.required && isEmpty) errors[key] = "missing";
      } catch (error) {
        errors[key] = error.message;
      }
    }
    this.setErrors(errors);
    return Object.keys(errors).length ? null : values;
  }

  /** Codes beside their fields; returns those that have no field here. */
  setErrors(errors) {
    for (const key of this.parts.keys()) this.setError(key, errors[key] ?? null);
    this.parts.get(Object.keys(errors).find((key) => this.parts.has(key)))?.input?.focus();
    return Object.entries(errors).filter(([key]) => !this.parts.has(key)).map(([, code]) => this.sentences[code] ?? code);
  }

  setError(key, code) {
    const { error, element, input } = this.parts.get(key);
    error.textContent = code ? this.sentences[code] ?? `No es válido (${code}).` : "";
    element.classList.toggle("wrong", Boolean(code));
    input?.setAttribute("aria-invalid", String(Boolean(code)));
  }

  setNote(key, ...content) {
    fill(this.parts.get(key).note, content);
  }
}
