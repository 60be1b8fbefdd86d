// What was typed and not saved, kept on the server: another browser, a reload or a lost session find it again.

import { get, Refused, send, Unreachable } from "./api.js";
import { debounced } from "./dom.js";

const QUIET_MS = 700;

export class Draft {
  constructor(key) {
    this.url = `/api/drafts/${encodeURIComponent(key)}`;
    this.waiting = null;
    this.later = debounced(() => this.flush(), QUIET_MS);
  }

  /** {body, updated_at} or null. */
  async load() {
    try {
      const kept = await get(this.url);
      return kept?.body ? kept : null;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return null;
      throw error;
    }
  }

  save(body, tell) {
    this.waiting = { body, tell };
    this.later();
  }

  async flush() {
    this.later.cancel();
    if (!this.waiting) return;
    const { body, tell } = this.waiting;
    this.waiting = null;
    try {
      this.saving = send("PUT", this.url, { body }, { outlives: true });
      await this.saving;
      tell("Borrador guardado.", false);
    } catch (error) {
      if (!(error instanceof Unreachable) && !(error instanceof Refused)) throw error;
      tell("El borrador no se pudo guardar; lo que escribiste sigue acá.", true);
      this.waiting ??= { body, tell }; // the next key or the end of the window tries again
    }
  }

  async drop() {
    this.later.cancel();
    this.waiting = null;
    try {
      await this.saving?.catch(() => null); // one that overtakes it would bring the draft back
      await send("DELETE", this.url);
    } catch (error) {
      if (!(error instanceof Unreachable) && !(error instanceof Refused)) throw error;
    }
  }
}
