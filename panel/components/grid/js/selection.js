// Which rows are selected: by id, across pages, whatever arrives meanwhile.

export class Selection {
  constructor(grid) {
    this.grid = grid;
    this.ids = new Set();
    this.last = null; // where a range begins
  }

  get size() {
    return this.ids.size;
  }

  has(id) {
    return this.ids.has(id);
  }

  set(ids) {
    this.ids = new Set(ids);
    this.changed();
  }

  /** Turn one round; with `isRange` everything between it and the one before takes its state. */
  toggle(id, isRange = false) {
    if (!this.grid.canSelect || id === null) return;
    const isOn = !this.ids.has(id);
    const { order } = this.grid;
    for (const one of isRange && order.includes(this.last) ? between(order, this.last, id) : [id]) {
      if (isOn) this.ids.add(one);
      else this.ids.delete(one);
    }
    this.last = id;
    this.changed();
  }

  page(isOn) {
    const { order } = this.grid;
    const rest = [...this.ids].filter((id) => !order.includes(id));
    this.set(isOn ? [...rest, ...order] : rest);
  }

  changed() {
    const { table, footer } = this.grid;
    for (const view of table.views.values()) view.setFlags();
    table.header.updateSelection();
    footer.updateBulk();
  }
}

function between(order, from, to) {
  const [first, last] = [order.indexOf(from), order.indexOf(to)].sort((one, other) => one - other);
  return order.slice(first, last + 1);
}
