// The bell: mute, how loud, again until somebody attends, notifications of the browser; and a press to try it.

import { chime, setSound, soundSettings } from "../../alerts/js/chime.js";
import { askForNotifications, notificationState } from "../../alerts/js/notify.js";
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
  const { muted, volume, once } = soundSettings();
  const on = h("input", { type: "checkbox", checked: !muted });
  const again = h("input", { type: "checkbox", checked: !once });
  const loud = h("input", { type: "range", min: "5", max: "100", value: String(Math.round(volume * 100)), "aria-label": "Volumen" });
  const note = h("small", { class: "faint" });
  const keep = () => {
    setSound({ muted: !on.checked, once: !again.checked, volume: Number(loud.value) / 100 });
    draw();
  };
  const listen = () => {
    const isHeard = chime("complete", { volume: Number(loud.value) / 100 });
    note.textContent = isHeard ? "" : "El navegador todavía no deja sonar: hacé clic otra vez.";
  };
  for (const box of [on, again]) box.addEventListener("change", keep);
  loud.addEventListener("change", () => { keep(); listen(); });
  return h("div", { class: "filter sound-settings" },
    h("label", { class: "choice" }, on, "Avisar con sonido"),
    h("label", { class: "choice" }, again, "Repetir cada 30 s hasta que alguien atienda"),
    h("label", { class: "volume" }, "Volumen", loud),
    h("button", { type: "button", class: "button", onclick: listen }, icon("bell"), "Probar"),
    notifications(),
    h("small", { class: "faint" }, "Suena cuando un pedido queda COMPLETO, cuando alguien pide una persona y cuando te escribe un cliente que atendés."), note);
}

/** The browser is asked only when somebody presses. */
function notifications() {
  const place = h("div", { class: "notifications" });
  const draw = () => {
    const state = notificationState();
    const words = { granted: "Las notificaciones del navegador están activadas.", denied: "El navegador tiene bloqueadas las notificaciones de esta página: se activan en el candado de la dirección.", unsupported: "" }[state];
    const button = h("button", { type: "button", class: "button", onclick: async () => { await askForNotifications(); draw(); } }, icon("bell"), "Activar notificaciones");
    place.replaceChildren(...(state === "default" ? [button] : words ? [h("small", { class: "faint" }, words)] : []));
  };
  draw();
  return place;
}
