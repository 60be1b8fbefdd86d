// The same move for many orders: asked once, answered order by order.

import { send } from "../../grid/js/api.js";
import { openDialog, setNote } from "../../grid/js/dialog.js";
import { showRefusal } from "../../grid/js/actions.js";
import { fill, h } from "../../grid/js/dom.js";
import { Form } from "../../grid/js/forms.js";
import { counted } from "../../grid/js/format.js";

const STATES = ["RESUELTO", "NO CONTESTA", "CANCELADO"];
const MOST = 100;

export function bulkButtons(grid) {
  const isTooMany = grid.selected.size > MOST;
  const buttons = STATES.map((to) => h("button", { type: "button", class: "button move", disabled: isTooMany, style: `--tone: ${grid.tone(to)}`, onclick: () => askBulk(grid, to) }, h("span", { class: "dot" }), to));
  return [buttons, isTooMany && h("span", { class: "error-text" }, `Hasta ${MOST} por vez`)];
}

function askBulk(grid, to) {
  const ids = [...grid.selected.ids];
  const form = new Form([{ key: "reason", title: "Motivo (queda en el historial de cada uno)", kind: "longtext", length: 500 }], {}, { sentences: grid.config.sentences });
  const list = h("ul", { class: "bulk-list" }, ids.map((id) => {
    const row = grid.rowOf(id);
    return h("li", {}, h("strong", {}, String(row?.number ?? id)), row ? ` ${row.name || "sin nombre"} · ${row.state}` : " (en otra página)");
  }));
  openDialog(grid, {
    title: `¿Pasar ${counted(ids.length, grid.config.nouns)} a ${to}?`,
    body: [list, form.element],
    buttons: [
      { title: "Volver", run: (dialog) => dialog.close() },
      { title: `Pasar ${ids.length} a ${to}`, primary: true, danger: to === "CANCELADO", run: (dialog) => perform(grid, { ids, to, form, dialog }) },
    ],
  });
}

async function perform(grid, { ids, to, form, dialog }) {
  const values = form.read();
  if (!values) return;
  try {
    const answer = await send("POST", "/api/orders/bulk", { ids, to, reason: values.reason || "" });
    grid.selected.set(answer.refused.map(({ id }) => id));
    grid.live.retryNow();
    if (answer.refused.length) showRefused(grid, answer, to, dialog);
    else {
      dialog.close();
      grid.say(`${counted(answer.done.length, grid.config.nouns)} en ${to}.`);
    }
  } catch (error) {
    showRefusal(grid, form, error, dialog);
  }
}

/** Those that did not move stay selected; each with its reason. */
function showRefused(grid, { done, refused }, to, dialog) {
  const rows = refused.map(({ id, code }) => h("li", {}, h("strong", {}, String(id)), ` ${grid.sentence({ code })}`));
  fill(dialog.querySelector(".dialog-body"), h("p", {}, `${counted(done.length, grid.config.nouns)} en ${to}. ${refused.length === 1 ? "Uno no se pudo" : `${refused.length} no se pudieron`}:`), h("ul", { class: "bulk-list" }, rows));
  dialog.querySelector("footer .primary").remove();
  dialog.querySelector("footer .button").textContent = "Cerrar";
  setNote(dialog, "Los que no se pudieron siguen seleccionados.");
}
