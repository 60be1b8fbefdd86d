// What a click in the rows means.

/** Clicks are read from the row's id, and not at all when rows have only just moved under the pointer. */
export function clicked(grid, event) {
  const { target } = event;
  const row = target.closest(".row");
  const detail = target.closest(".detail");
  const id = Number((row ?? detail)?.dataset[row ? "id" : "detail"]);
  if (row && event.detail > 0 && grid.table.isMistaken(id)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const button = target.closest("[data-action]");
  if (button && button.tagName !== "A") {
    const action = grid.config.actions.find((one) => one.key === button.dataset.action);
    if (action) grid.run(action, grid.table.views.get(id)?.detail?.value ?? grid.rowOf(id));
    return;
  }
  if (!row || target.closest("a")) return;
  if (target.closest(".pick")) {
    event.stopPropagation();
    grid.selected.toggle(id, event.shiftKey);
    grid.setActive(id);
    return;
  }
  if (target.closest(".expander")) grid.open.toggle(id);
  else if (!target.closest("button, input, select, textarea") && !isSelecting(grid)) {
    if (grid.canOpen) grid.open.toggle(id);
    else grid.setActive(id);
  }
}

function isSelecting(grid) {
  const root = grid.host.getRootNode();
  const selection = root.getSelection?.() ?? document.getSelection();
  return Boolean(selection && !selection.isCollapsed && selection.toString().trim());
}
