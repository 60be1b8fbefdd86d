// Buttons that are data: a question, a form or nothing first, then one call of the API.

import { Refused, send, Unreachable } from "./api.js";
import { ask, openDialog, setNote } from "./dialog.js";
import { h } from "./dom.js";
import { Draft } from "./draft.js";
import { Form } from "./forms.js";
import { dateTime, filled } from "./format.js";

/** Run an action for a row, for the selected rows (place "bulk"), or for none (place "toolbar"). */
export async function runAction(grid, action, row) {
  if (grid.plugin.run?.(action, row, grid)) return;
  if (action.href) {
    location.assign(row ? filled(action.href, row) : grid.hrefWithFilters(action));
    return;
  }
  if (!action.call) {
    grid.trigger("event", { action: action.key, ids: row ? [row.id] : [...grid.selected.ids], at: Date.now() });
    return;
  }
  if (action.fields.length) {
    await openForm(grid, action, row ?? {});
    return;
  }
  const question = { title: action.title, text: filled(action.confirm, row ?? {}), button: action.confirm_button || action.title, danger: action.danger };
  if (action.confirm && !(await ask(grid, question))) return;
  try {
    await perform(grid, action, row ?? {}, {});
  } catch (error) {
    failed(grid, error);
  }
}

/** Open the form again that was open when the page was left. */
export function reopen(grid) {
  const { editing } = grid.memory;
  if (!editing || grid.host.querySelector("dialog[open]")) return;
  grid.memory.editing = null;
  const action = grid.config.actions.find(({ key }) => key === editing.action);
  const row = editing.id === null ? null : grid.rowOf(editing.id);
  if (action && (row || editing.id === null)) runAction(grid, action, row);
}

async function perform(grid, action, row, values) {
  const [method, url] = filled(action.call, row).split(" ");
  const version = row.version === undefined ? {} : { version: row.version };
  const body = method === "DELETE" ? undefined : { ...action.body, ...values, ...version };
  const answer = await send(method, url, body);
  if (action.done) grid.say(filled(action.done, { ...row, ...values, ...(answer ?? {}) }));
  if (answer?.id !== undefined && grid.rows.has(answer.id)) grid.setRow({ ...grid.rows.get(answer.id), ...answer });
  grid.live.retryNow();
  return answer;
}

function failed(grid, error) {
  grid.say(grid.sentence(error), { isError: true });
  if (error instanceof Refused) grid.live.retryNow();
  else if (!(error instanceof Unreachable)) throw error;
}

/**
 * The form of an action. What was typed stays through every refusal, and as a draft through a reload; a conflict shows
 * what the other one changed.
 */
async function openForm(grid, action, row) {
  const values = action.prefill ? row : {};
  const draft = new Draft([grid.config.key, action.key, row.id].filter((part) => part !== undefined).join(" "));
  let kept = null;
  try {
    kept = await draft.load();
  } catch (error) {
    if (!(error instanceof Unreachable) && !(error instanceof Refused)) throw error;
  }
  let version = kept?.body.version ?? row.version;
  let isDone = false;
  const typed = () => Object.fromEntries(Object.entries(form.typed()).filter(([key]) => form.parts.get(key).field.kind !== "password"));
  const touched = () => {
    back.textContent = "Descartar cambios";
    draft.save({ version, typed: typed() }, (text, isError) => dialog.querySelector(".dialog-note.error") || setNote(dialog, text, isError));
  };
  const form = new Form(action.fields, values, { sentences: grid.config.sentences, onchange: touched });
  const title = filled(action.form_title || action.title, row);
  const leaving = () => draft.flush();
  const save = async () => {
    const read = form.read();
    if (!read) return;
    try {
      await perform(grid, action, { ...row, version }, read);
      await leave();
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && error.detail.version !== undefined) version = showConflict(form, error, dialog);
      else showRefusal(grid, form, error, dialog);
    }
  };
  const leave = async () => {
    isDone = true;
    if (form.touched.size) await draft.drop();
    dialog.close();
  };
  const dialog = openDialog(grid, {
    title,
    body: form.element,
    buttons: [
      { title: "Volver", run: leave },
      { title: action.confirm_button || "Guardar", primary: true, danger: action.danger, run: save },
    ],
    onclose: () => {
      grid.memory.editing = null;
      window.removeEventListener("pagehide", leaving);
      if (isDone || !form.touched.size) return;
      draft.flush();
      grid.say("Lo que escribiste queda como borrador.", { button: { title: "Seguir", run: () => openForm(grid, action, row) } });
    },
  });
  const back = dialog.querySelector("footer .button");
  if (kept) {
    form.restore(kept.body.typed ?? {});
    back.textContent = "Descartar cambios";
    setNote(dialog, `Recuperamos lo que dejaste sin guardar (${dateTime(kept.updated_at, grid.config.timeZone)}).`);
  }
  window.addEventListener("pagehide", leaving);
  grid.memory.editing = { action: action.key, id: row.id ?? null };
  form.parts.values().next().value?.input?.focus();
}

export function showRefusal(grid, form, error, dialog) {
  const rest = error instanceof Refused ? form.setErrors(error.fields) : [];
  const isBeside = error instanceof Refused && Object.keys(error.fields).length > rest.length;
  setNote(dialog, isBeside && !rest.length ? "Revisá los campos marcados." : rest[0] ?? grid.sentence(error), true);
}

/** Somebody saved first: say what, keep what was typed; saving again is then on top of theirs. */
function showConflict(form, error, dialog) {
  const { by, changed = {} } = error.detail;
  for (const [key, [, now]] of Object.entries(changed)) {
    if (!form.parts.has(key)) continue;
    if (!form.touched.has(key)) form.set(key, now);
    const take = h("button", { type: "button", class: "text-button", onclick: () => { form.set(key, now); form.setNote(key); } }, "usar ese");
    const shown = form.parts.get(key).shown?.(now) ?? now ?? "";
    form.setNote(key, `${by ?? "Otra persona"} puso «${shown}» `, take);
  }
  setNote(dialog, `${by ?? "Otra persona"} guardó cambios recién. Revisá y guardá de nuevo: lo tuyo sigue acá.`, true);
  return error.detail.version;
}
