// Buttons that are data: a question, a form or nothing first, then one call of the API.

import { Refused, send, Unreachable } from "./api.js";
import { ask, openDialog, setNote } from "./dialog.js";
import { Form } from "./forms.js";
import { h } from "./dom.js";
import { filled } from "./format.js";

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
    openForm(grid, action, row ?? {});
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

/** The form of an action. What was typed stays through every refusal; a conflict shows what the other one changed. */
function openForm(grid, action, row) {
  const values = action.prefill ? row : {};
  const form = new Form(action.fields, values, { sentences: grid.config.sentences });
  let version = row.version;
  const title = filled(action.form_title || action.title, row);
  const save = async (dialog) => {
    const read = form.read();
    if (!read) return;
    try {
      await perform(grid, action, { ...row, version }, read);
      dialog.close();
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && error.detail.version !== undefined) version = showConflict(form, error, dialog);
      else showRefusal(grid, form, error, dialog);
    }
  };
  const dialog = openDialog(grid, {
    title,
    body: form.element,
    buttons: [
      { title: "Volver", run: (window_) => window_.close() },
      { title: action.confirm_button || "Guardar", primary: true, danger: action.danger, run: save },
    ],
  });
  form.parts.values().next().value?.input?.focus();
  return dialog;
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
