// «Copiar resumen»: the order in a few lines, as the API writes it, to be pasted anywhere.

import { get, Refused, Unreachable } from "../../grid/js/api.js";
import { h } from "../../grid/js/dom.js";

export async function copySummary(id, grid) {
  try {
    await copy((await get(`/api/orders/${id}/summary`)).text);
    grid.say("Resumen copiado.");
  } catch (error) {
    const isOurs = error instanceof Refused || error instanceof Unreachable;
    grid.say(isOurs ? grid.sentence(error) : "El navegador no dejó copiar.", { isError: true });
  }
}

async function copy(text) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyTheOldWay(text); // a page without TLS has no clipboard
}

function copyTheOldWay(text) {
  const area = h("textarea", { style: "position: fixed; opacity: 0" });
  area.value = text;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  if (!isDone) throw new Error("not copied");
}
