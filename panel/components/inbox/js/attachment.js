// One file of a message: chosen, pasted or dropped; on its way up; refused with the reason.

import { fill, h } from "../../grid/js/dom.js";
import { icon } from "../../grid/js/icons.js";
import { fileSize, kindName } from "../../chat/js/words.js";

const ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf,audio/*,video/mp4,video/3gpp,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt";
const LARGEST = 100 * 1024 * 1024; // of anything; the server knows the rest

export class Attachment {
  constructor(room, composer) {
    Object.assign(this, { room, composer, file: null, busy: null, error: "" });
    this.input = h("input", { type: "file", accept: ACCEPTED, hidden: true, tabindex: "-1", onchange: () => { this.take(this.input.files); this.input.value = ""; } });
    this.button = h("button", { type: "button", class: "icon-button", "aria-label": "Adjuntar un archivo", title: "Adjuntar un archivo", onclick: () => this.input.click() }, icon("link"));
    this.element = h("div", { class: "strip file-strip", hidden: true });
  }

  get isBusy() {
    return Boolean(this.busy);
  }

  get isReady() {
    return Boolean(this.file);
  }

  get isShown() {
    return Boolean(this.file || this.busy || this.error);
  }

  listen(wall, foot, field) {
    foot.append(this.input);
    field.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      this.take(files);
    });
    for (const place of [wall, foot]) {
      place.addEventListener("dragover", (event) => {
        if (!this.composer.may || !event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        wall.classList.add("dropping");
      });
      place.addEventListener("dragleave", () => wall.classList.remove("dropping"));
      place.addEventListener("drop", (event) => {
        event.preventDefault();
        wall.classList.remove("dropping");
        if (this.composer.may) this.take([...event.dataTransfer.files]);
      });
    }
  }

  stop() {
    this.busy?.request.abort();
  }

  /** Put a file that is on the server already, or none. */
  set(file) {
    this.file = file;
    this.error = "";
    this.draw();
  }

  restore(file) {
    this.set(file);
  }

  take(files) {
    const [first, ...rest] = files;
    if (!first || this.composer.sending.isBusy) return;
    this.busy?.request.abort();
    this.file = null;
    this.error = rest.length ? "Va un archivo por mensaje: se adjuntó el primero." : "";
    if (first.size > LARGEST) return this.refuse("El archivo es demasiado grande (hasta 100 MB).");
    if (!first.size) return this.refuse(this.sentence("attachment_empty"));
    return this.upload(first);
  }

  upload(file) {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name || "imagen.png");
    this.busy = { request, name: file.name || "Imagen pegada", share: 0 };
    request.upload.addEventListener("progress", ({ loaded, total }) => this.progress(request, loaded / total));
    request.addEventListener("load", () => this.arrived(request));
    request.addEventListener("error", () => this.lost(request, file));
    request.open("POST", `${this.composer.talk.url}/files`);
    request.setRequestHeader("Accept", "application/json");
    request.send(form);
    this.changed();
  }

  progress(request, share) {
    if (this.busy?.request !== request) return;
    this.busy.share = share;
    const bar = this.element.querySelector("progress");
    if (bar) bar.value = share;
  }

  arrived(request) {
    if (this.busy?.request !== request) return;
    this.busy = null;
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = {};
    }
    if (request.status === 201) this.file = answer;
    else return this.refuse(this.why(answer.error ?? {}));
    this.changed();
    this.composer.focus();
    return undefined;
  }

  lost(request, file) {
    if (this.busy?.request !== request) return;
    this.busy = null;
    this.refuse("Sin conexión: el archivo no subió.", h("button", { type: "button", class: "text-button", onclick: () => this.take([file]) }, "Reintentar"));
  }

  why({ code = "refused", detail }) {
    const { largest } = detail ?? {};
    return largest ? `El archivo es demasiado grande: WhatsApp acepta hasta ${fileSize(largest)} de este tipo.` : this.sentence(code);
  }

  sentence(code) {
    return this.room.sentence({ code, detail: {} });
  }

  refuse(words, more = null) {
    this.error = words;
    this.more = more;
    this.changed();
  }

  remove() {
    this.busy?.request.abort();
    Object.assign(this, { file: null, busy: null, error: "" });
    this.changed();
    this.composer.focus();
  }

  changed() {
    this.draw();
    this.composer.recount();
    this.composer.keep();
  }

  draw() {
    const { file, busy, error } = this;
    this.element.hidden = !this.isShown;
    this.element.classList.toggle("bad", Boolean(error) && !file && !busy);
    if (!this.isShown) return;
    const words = busy
      ? [h("b", {}, busy.name), h("progress", { max: "1", value: String(busy.share), "aria-label": "Subiendo" })]
      : file
        ? [h("b", { dir: "auto" }, file.filename || kindName(file.kind)), h("span", {}, [kindName(file.kind), fileSize(file.size)].filter(Boolean).join(" · "))]
        : [];
    const thumb = file?.kind === "image" ? h("img", { src: `/api/files/${file.id}`, alt: "" }) : icon(file || busy ? "pdf" : "alert");
    fill(this.element, thumb, h("span", { class: "strip-words" }, words, error ? h("span", { class: "error-text", role: "alert" }, error, this.file || this.busy ? null : this.more) : null),
      h("button", { type: "button", class: "icon-button", "aria-label": "Quitar el archivo", onclick: () => this.remove() }, icon("close")));
    this.more = null;
  }
}
