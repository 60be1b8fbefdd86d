// Changing an order's state. The server says which moves this person may make; here they are only asked for.

import { get, Refused, send } from "../../grid/js/api.js";
import { openDialog } from "../../grid/js/dialog.js";
import { showRefusal } from "../../grid/js/actions.js";
import { h } from "../../grid/js/dom.js";
import { Form } from "../../grid/js/forms.js";
import { openMenu } from "../../grid/js/popover.js";

const CLOSED = ["FACTURADO", "CANCELADO", "RESUELTO", "NO CONTESTA", "VENCIDO"];

/** What a move is called, seen from the state the order is in. */
export function moveTitle(row, to) {
  if (to === "EN PROCESO") return CLOSED.includes(row.state) ? "Reabrir" : "Tomar";
  return row.state === "EN PROCESO" && !CLOSED.includes(to) ? "Devolver al bot" : to;
}

export function moveMenu(grid, row, anchor) {
  const items = row.moves.map((move) => {
    const title = moveTitle(row, move.to);
    return { title, hint: title === move.to ? "" : move.to, tone: grid.tone(move.to), run: () => startMove(grid, row.id, move) };
  });
  openMenu(grid, anchor, items, { label: `Cambiar el estado del pedido ${row.number}` });
}

export function moveButtons(row, grid) {
  return row.moves.map((move) => {
    const title = moveTitle(row, move.to);
    return h("button", { type: "button", class: "button move", style: `--tone: ${grid.tone(move.to)}`, title: title === move.to ? null : move.to, onclick: () => startMove(grid, row.id, move) }, h("span", { class: "dot" }), title);
  });
}

/** Make a move, asking first for what it needs. */
export function startMove(grid, id, move) {
  const row = grid.rowOf(id);
  const isClosing = CLOSED.includes(move.to);
  const needsMore = move.needs_reason || move.to === "FACTURADO" || (isClosing && row.unread > 0);
  if (needsMore) return askMore(grid, row, move);
  return makeMove(grid, row, { to: move.to }).catch((error) => refused(grid, row, error));
}

function askMore(grid, row, move) {
  const fields = [
    move.to === "FACTURADO" && { key: "amount", title: "Monto cobrado", kind: "money", required: true, hint: "Lo que se cobró; los reportes suman este importe." },
    move.needs_reason && { key: "reason", title: "Motivo", kind: "longtext", required: true, length: 500 },
  ].filter(Boolean);
  const form = new Form(fields, { amount: row.amount ?? (Number(row.total) ? row.total : null), reason: "" }, { sentences: grid.config.sentences });
  const unread = row.unread > 0 && CLOSED.includes(move.to) && h("p", { class: "warning" }, `${row.unread === 1 ? "Hay 1 mensaje" : `Hay ${row.unread} mensajes`} del cliente sin leer. Después del cierre el bot no los contesta.`);
  const title = moveTitle(row, move.to);
  openDialog(grid, {
    title: `${title === move.to ? `Pasar a ${title}` : title}: pedido ${row.number}${row.name ? ` de ${row.name}` : ""}`,
    body: [unread, form.element],
    buttons: [
      { title: "Volver", run: (dialog) => dialog.close() },
      { title: title === move.to ? `Pasar a ${title}` : title, primary: true, run: (dialog) => confirm(grid, row, move, form, dialog) },
    ],
  });
  const input = form.parts.values().next().value?.input;
  input?.focus();
  input?.select?.();
}

async function confirm(grid, row, move, form, dialog) {
  const values = form.read();
  if (!values) return;
  try {
    await makeMove(grid, row, { to: move.to, ...values });
    dialog.close();
  } catch (error) {
    if (error instanceof Refused && Object.keys(error.fields).length) {
      showRefusal(grid, form, error, dialog);
      return;
    }
    dialog.close();
    await refused(grid, row, error);
  }
}

async function makeMove(grid, row, wish, { canUndo = true } = {}) {
  const answer = await send("POST", `/api/orders/${row.id}/move`, { version: row.version, ...wish });
  grid.setRow({ ...row, ...answer });
  const back = canUndo ? wayBack(row, wish.to) : null;
  const undo = back && (() => makeMove(grid, grid.rowOf(row.id) ?? answer, back.wish, { canUndo: false }).catch((error) => refused(grid, row, error)));
  const text = wish.to === "EN PROCESO" && !CLOSED.includes(row.state) ? `Tomaste el pedido ${row.number}: ahora contestás vos.` : `Pedido ${row.number}: ${wish.to}.`;
  grid.say(text, undo ? { button: { title: back.title, run: undo } } : {});
  grid.live.retryNow();
  return answer;
}

/** The move that takes this one back, if there is one. */
function wayBack(row, to) {
  if (to === "EN PROCESO" && !CLOSED.includes(row.state)) return { title: "Deshacer", wish: { to: row.state } };
  if (row.state === "EN PROCESO" && !CLOSED.includes(to)) return { title: "Deshacer", wish: { to: "EN PROCESO" } };
  if (CLOSED.includes(to)) return { title: "Reabrir", wish: { to: "EN PROCESO", reason: "Cerrado por error, deshecho al momento" } };
  return null;
}

/** Say why, and show what the order is now. */
async function refused(grid, row, error) {
  const { by } = error.detail ?? {};
  const text = error.code === "order_changed" ? `${by ?? "Otra persona"} cambió el pedido ${row.number} recién: mirá cómo quedó y probá de nuevo.` : grid.sentence(error);
  grid.say(text, { isError: true });
  if (!(error instanceof Refused)) return;
  try {
    grid.setRow({ ...row, ...(await get(`/api/orders/${row.id}`)) });
  } catch {
    grid.live.retryNow();
  }
}
