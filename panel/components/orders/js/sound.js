// The bell: mute, how loud, and a press to try it.

import { chime, setSound, soundSettings } from "../../alerts/js/chime.js";
import { h } from "../../grid/js/dom.js";
import { icon } from "../../grid/js/icons.js";
import { openPopover } from "../../grid/js/popover.js";

export function soundButton(grid) {
  const button = h("button", { type: "button", class: "icon-button sound", "aria-haspopup": "dialog", onclick: () => openPopover(grid, button, settings(draw), { label: "Sonido", align: "end" }) });
  const draw = () => {
    const { muted } = soundSettings();
    const words = muted ? "Sonido apagado" : "Sonido de pedidos nuevos";
    button.title = words;
    button.setAttribute("aria-label", words);
    button.replaceChildren(icon(muted ? "mute" : "bell"));
  };
  draw();
  return button;
}

function settings(draw) {
  const { muted, volume } = soundSettings();
  const on = h("input", { type: "checkbox", checked: !muted });
  const loud = h("input", { type: "range", min: "5", max: "100", value: String(Math.round(volume * 100)), "aria-label": "Volumen" });
  const note = h("small", { class: "faint" });
  const keep = () => {
    setSound({ muted: !on.checked, volume: Number(loud.value) / 100 });
    draw();
  };
  const listen = () => {
    const isHeard = chime("complete", { volume: Number(loud.value) / 100 });
    note.textContent = isHeard ? "" : "El navegador todavía no deja sonar: hacé clic otra vez.";
  };
  on.addEventListener("change", keep);
  loud.addEventListener("change", () => { keep(); listen(); });
  return h("div", { class: "filter sound-settings" },
    h("label", { class: "choice" }, on, "Avisar con sonido"),
    h("label", { class: "volume" }, "Volumen", loud),
    h("button", { type: "button", class: "button", onclick: listen }, icon("bell"), "Probar"),
    h("small", { class: "faint" }, "Suena cuando un pedido queda COMPLETO, cuando alguien pide una persona y cuando te escribe un cliente que atendés."), note);
}
