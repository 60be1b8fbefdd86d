// The list of Pedidos: the grid, and what only orders have.

import { drawText } from "../../grid/js/cells.js";
import { h } from "../../grid/js/dom.js";
import { icon } from "../../grid/js/icons.js";
import { mount } from "../../grid/js/mount.js";
import { viewsButton } from "../../grid/js/views.js";
import { watchForNews } from "../../alerts/js/watch.js";
import { bulkButtons } from "./bulk.js";
import { copySummary } from "./copying.js";
import { orderDetail } from "./detail.js";
import { openEditor } from "./editor.js";
import { marksOf } from "./marks.js";
import { moveMenu, startMove } from "./moves.js";
import { soundButton } from "./sound.js";

const plugin = {
  rowClass: (row) => row.is_new_work && "new-work",
  marks: (row, grid) => marksOf(row, grid.now()),
  cell: (cell, column, row, grid) => {
    if (column.key === "state") return stateCell(cell, row, grid);
    if (column.key === "operator") return operatorCell(cell, row, grid);
    if (column.key === "total" && row.kind === "AYUDA" && !Number(row.total)) return drawText(cell, ""); // nothing is sold
    return undefined;
  },
  run: (action, row, grid) => action.key === "edit" && (openEditor(grid, row.id), true),
  detail: orderDetail,
  bulk: bulkButtons,
  tools: (grid) => [viewsButton(grid), soundButton(grid)],
  keys: (grid) => [
    { key: "t", title: "tomar el pedido", run: () => takeActive(grid) },
    { key: "e", title: "editar el pedido", run: () => grid.active !== null && openEditor(grid, grid.active) },
    { key: "s", title: "copiar el resumen", run: () => grid.active !== null && copySummary(grid.active, grid) },
  ],
};

export default function orders(component) {
  watchForNews();
  return mount(component, plugin);
}

/** The state, and a press on it changes it. */
function stateCell(cell, row, grid) {
  const key = JSON.stringify([row.state, row.moves, grid.isDark]);
  if (cell.dataset.shown === key) return false;
  const isChanged = Boolean(cell.dataset.state) && cell.dataset.state !== row.state;
  cell.dataset.shown = key;
  cell.dataset.state = row.state;
  const tone = `--tone: ${grid.tone(row.state)}`;
  const badge = row.moves?.length
    ? h("button", { type: "button", class: "state", tabindex: "-1", style: tone, "aria-haspopup": "menu", title: "Cambiar el estado", onclick: () => moveMenu(grid, grid.rowOf(row.id), badge) }, row.state, icon("down"))
    : h("span", { class: "state", style: tone }, row.state);
  cell.replaceChildren(badge);
  return isChanged;
}

/** Who attends; where nobody does, the button to begin. */
function operatorCell(cell, row, grid) {
  const take = !row.operator && row.moves?.find((move) => move.to === "EN PROCESO" && !move.needs_reason);
  const key = JSON.stringify([row.operator, Boolean(take)]);
  if (cell.dataset.shown === key) return false;
  const isChanged = cell.dataset.shown !== undefined;
  cell.dataset.shown = key;
  const button = take && h("button", { type: "button", class: "button take", tabindex: "-1", title: "Tomar (t): desde ahora contestás vos", onclick: () => startMove(grid, row.id, take) }, "Tomar");
  cell.replaceChildren(...(button ? [button] : [h("span", { class: "name", title: row.operator ?? "" }, row.operator ?? "")]));
  return isChanged;
}

function takeActive(grid) {
  const row = grid.rowOf(grid.active);
  const move = row?.moves?.find(({ to }) => to === "EN PROCESO");
  if (move) startMove(grid, row.id, move);
}

