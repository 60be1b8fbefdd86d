// The plan's warning at 80 and 100 per cent.

import { h } from "../../grid/js/dom.js";
import { dayOf, grouped } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";

/** A bar above everything; nothing while there is enough. */
export function planNotice({ warning, percent, remaining, excess, renews_on: renews }) {
  if (!warning) return null;
  const isUp = warning === "used_up";
  const words = isUp
    ? `Se usaron todos los mensajes del plan de este mes${excess ? ` (y ${grouped(excess)} de más)` : ""}.`
    : `Ya se usó el ${percent} % de los mensajes del plan: quedan ${grouped(remaining)}.`;
  return h("p", { class: `notice ${isUp ? "bad" : "warn"}`, role: "status" }, icon("alert"), h("span", {}, `${words} Se renueva el ${dayOf(renews)}.`));
}
