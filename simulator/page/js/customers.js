// The dialog for a new customer.

import { h, iconButton } from "./dom.js";
import { call } from "./live.js";

/** Ask for name and phone; calls back with the new customer's id. */
export function newCustomer(done) {
  const dialog = h("dialog", { class: "dialog", "aria-label": "Cliente nuevo" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const phone = h("input", { name: "phone", value: `+54 9 11 ${1000 + random(9000)}-${1000 + random(9000)}`, inputmode: "tel", autocomplete: "off" });
  const username = h("input", { name: "username", placeholder: "ana.perez", autocomplete: "off" });
  const usernameField = h("label", { class: "field", hidden: true }, "Usuario (opcional)", username);
  const phoneField = h("label", { class: "field" }, "Número", phone);
  const hidden = h("input", { type: "checkbox", name: "hidden", onchange: () => {
    phoneField.hidden = hidden.checked;
    usernameField.hidden = !hidden.checked;
  } });
  const form = h(
    "form",
    { method: "dialog", onsubmit: submit },
    h("header", { class: "sheet-head" }, iconButton("close", "Cerrar", () => dialog.close()), h("h2", {}, "Cliente nuevo")),
    h("label", { class: "field" }, "Nombre", h("input", { name: "name", required: true, maxlength: "80", autocomplete: "off", placeholder: "Ana Pérez" })),
    phoneField,
    h("label", { class: "check" }, hidden, h("span", {}, "Oculta su número", h("small", {}, "La empresa ve sólo un identificador, como con los nombres de usuario de WhatsApp."))),
    usernameField,
    problem,
    h("footer", { class: "sheet-foot" }, h("button", { type: "submit", class: "pill" }, "Crear")),
  );
  async function submit(event) {
    event.preventDefault();
    const given = new FormData(form);
    const identity = hidden.checked ? { username: given.get("username").trim() || null } : { phone: given.get("phone") };
    try {
      const customer = await call("POST", "customers", { name: given.get("name").trim(), ...identity });
      dialog.close();
      done(customer.id);
    } catch (error) {
      problem.replaceChildren(error.message === "Another customer has this phone or user id." ? "Ya hay un cliente con ese número." : error.message);
      problem.hidden = false;
    }
  }
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const random = (below) => Math.floor(Math.random() * below);
