// Views the operator keeps: tab, filters and order under a name. They live on the server, with the operator.

import { get, Refused, send, Unreachable } from "./api.js";
import { ask, openDialog } from "./dialog.js";
import { showRefusal } from "./actions.js";
import { h } from "./dom.js";
import { Form } from "./forms.js";
import { icon } from "./icons.js";
import { openMenu } from "./popover.js";
import { isFiltered, sameQuery } from "./query.js";

const URL = "/api/saved-views";

/** The button «Vistas»; its screen is the list's key. */
export function viewsButton(grid) {
  const words = h("span", {}, "Vistas");
  const button = h("button", { type: "button", class: "button quiet views", title: "Vistas guardadas", "aria-haspopup": "menu" }, icon("bookmark"), words);
  button.addEventListener("click", async () => {
    try {
      const { rows } = await get(`${URL}?screen=${grid.config.key}`);
      openMenu(grid, button, items(grid, rows), { label: "Vistas guardadas", align: "end" });
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      grid.say(grid.sentence(error), { isError: true });
    }
  });
  return button;
}

function items(grid, views) {
  const shown = views.map((view) => ({
    title: view.name,
    icon: icon(sameQuery({ ...view.query }, grid.query) ? "check" : "bookmark"),
    checked: sameQuery(view.query, grid.query),
    run: () => grid.show({ tab: "", sort: "", filters: {}, ...view.query }),
  }));
  const mine = views.find((view) => sameQuery(view.query, grid.query));
  const can = isFiltered(grid.query) || grid.query.sort !== "";
  return [
    ...shown,
    shown.length && "-",
    !mine && { title: "Guardar esta vista…", icon: icon("plus"), run: () => (can ? keep(grid) : grid.say("Elegí primero filtros u orden: la vista los guarda con un nombre.")) },
    mine && { title: `Borrar «${mine.name}»`, icon: icon("trash"), danger: true, run: () => forget(grid, mine) },
  ].filter(Boolean);
}

function keep(grid) {
  const form = new Form([{ key: "name", title: "Nombre de la vista", required: true, length: 60 }], {}, { sentences: grid.config.sentences });
  const save = async (dialog) => {
    const values = form.read();
    if (!values) return;
    try {
      await send("POST", URL, { screen: grid.config.key, name: values.name, query: grid.query });
      dialog.close();
      grid.say(`Vista «${values.name}» guardada.`);
    } catch (error) {
      showRefusal(grid, form, error, dialog);
    }
  };
  openDialog(grid, { title: "Guardar esta vista", body: form.element, buttons: [{ title: "Volver", run: (dialog) => dialog.close() }, { title: "Guardar", primary: true, run: save }] });
  form.parts.get("name").input.focus();
}

async function forget(grid, view) {
  if (!(await ask(grid, { title: "Borrar vista", text: `¿Borrar la vista «${view.name}»? Los pedidos no cambian.`, button: "Borrar", danger: true }))) return;
  try {
    await send("DELETE", `${URL}/${view.id}`);
    grid.say("Vista borrada.");
  } catch (error) {
    grid.say(grid.sentence(error), { isError: true });
  }
}
