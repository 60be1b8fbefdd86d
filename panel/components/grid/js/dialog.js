// Windows that ask for an answer, and the short words that need none.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Open a window over the list. `buttons`: {title, danger?, primary?, run(dialog)}; `run` may be async, the buttons
 * wait for it; what it returns is ignored: it closes the window itself. Esc closes, and `onclose` hears of it.
 */
export function openDialog(grid, { title, body, buttons = [], wide = false, note = null, onclose = null }) {
  const dialog = h("dialog", { class: `dialog ${wide ? "wide" : ""}`, "aria-label": title });
  const shut = h("button", { type: "button", class: "icon-button", "aria-label": "Cerrar", onclick: () => dialog.close() });
  shut.append(icon("close"));
  const foot = h("footer", {}, h("div", { class: "dialog-note", "aria-live": "polite" }, note));
  const form = h("form", { method: "dialog", novalidate: true }, h("header", {}, h("h2", {}, title), shut));
  form.append(h("div", { class: "dialog-body" }, body), foot);
  dialog.append(form);
  for (const button of buttons) foot.append(dialogButton(button, dialog));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    foot.querySelector(".primary:not(:disabled)")?.click();
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => {
    dialog.remove();
    onclose?.();
    grid.afterDialog();
  });
  grid.popover?.close(false);
  grid.host.append(dialog);
  dialog.showModal();
  (dialog.querySelector(".dialog-body :is(input, select, textarea):not(:disabled)") ?? foot.querySelector(".primary"))?.focus();
  return dialog;
}

/** Ask a question; resolves to true when it was confirmed. */
export function ask(grid, { title, text, button, danger = false }) {
  return new Promise((resolve) => {
    let answer = false;
    openDialog(grid, {
      title,
      body: text.split("\n").map((line) => h("p", {}, line)),
      buttons: [
        { title: "Volver", run: (dialog) => dialog.close() },
        { title: button, primary: true, danger, run: (dialog) => { answer = true; dialog.close(); } },
      ],
      onclose: () => resolve(answer),
    });
  });
}

export function setNote(dialog, text, isError = false) {
  const note = dialog.querySelector(".dialog-note");
  note.classList.toggle("error", isError);
  fill(note, text);
}

/** Say something for a while; `button` {title, run} offers to take it back. */
export function toast(grid, text, { button = null, isError = false, seconds = button ? 8 : 4 } = {}) {
  const box = h("div", { class: `toast ${isError ? "error" : ""}` }, h("span", {}, text));
  const gone = () => box.remove();
  if (button) {
    const press = () => { gone(); button.run(); };
    box.append(h("button", { type: "button", class: "toast-button", onclick: press }, button.title));
  }
  const shut = h("button", { type: "button", class: "icon-button", "aria-label": "Cerrar aviso", onclick: gone });
  shut.append(icon("close"));
  box.append(shut);
  grid.toasts.append(box);
  while (grid.toasts.childElementCount > 3) grid.toasts.firstElementChild.remove();
  let timer = setTimeout(gone, (isError ? 8 : seconds) * 1000);
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => { timer = setTimeout(gone, 3000); });
}

function dialogButton({ title, primary = false, danger = false, run }, dialog) {
  const classes = `button ${primary ? "primary" : ""} ${danger ? "danger" : ""}`;
  const button = h("button", { type: "button", class: classes }, title);
  button.addEventListener("click", async () => {
    const all = [...dialog.querySelectorAll("footer .button")];
    all.forEach((other) => { other.disabled = true; });
    try {
      await run(dialog);
    } finally {
      all.forEach((other) => { other.disabled = false; });
    }
  });
  return button;
}
