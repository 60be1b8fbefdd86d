// What was told once sounds again every 30 s, until somebody took it or it was read.

import { get, Refused, Unreachable } from "../../grid/js/api.js";

const EVERY_MS = 30_000;

export class Repeat {
  /** `again(kind)` makes the sound. */
  constructor(again, every = EVERY_MS) {
    this.again = again;
    this.open = new Map(); // order → kind
    setInterval(() => this.look(), every);
  }

  add(news) {
    for (const { order_id: order, kind } of news) if (kind !== "forgotten") this.open.set(order, kind); // those are told again by the server
  }

  async look() {
    if (!this.open.size) return;
    try {
      const { rows } = await get("/api/orders?tab=attend&limit=100");
      const waits = new Set(rows.filter((row) => (row.is_mine ? row.unread > 0 : row.is_new_work)).map(({ id }) => id));
      for (const order of [...this.open.keys()]) if (!waits.has(order)) this.open.delete(order);
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      return;
    }
    const kind = ["help", "complete", "message"].find((one) => [...this.open.values()].includes(one));
    if (kind) this.again(kind);
  }
}
