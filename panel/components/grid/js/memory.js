// The operator's place in a list: in the address for reloads and links, and in the session for coming back.

import { fromAddress, sameQuery, toAddress } from "./query.js";

export class Memory {
  constructor(config) {
    this.config = config;
    this.name = `openbot.list.${config.key}`;
    this.path = location.pathname;
  }

  /** {query, open, page: {cursor, stack}, scroll}. A link wins; without one the list is as it was left. */
  recall() {
    const { query, open, isEmpty } = fromAddress(location.search, this.config);
    const kept = this.kept();
    if (kept && isEmpty) return { ...kept, open: [] };
    if (kept && sameQuery(kept.query, query) && kept.open.join() === open.join()) return kept; // a reload
    return { query, open, page: { cursor: null, stack: [] }, scroll: 0 };
  }

  keep({ query, open, page, scroll }) {
    if (location.pathname !== this.path) return; // the person has gone to another screen
    const search = toAddress(query, this.config, open, location.search);
    if (search !== location.search) history.replaceState(history.state, "", location.pathname + search + location.hash);
    try {
      sessionStorage.setItem(this.name, JSON.stringify({ query, open, page, scroll }));
    } catch {
      this.isFull = true; // private windows: the address is enough
    }
  }

  /** {action, id} of the form that is open: a reload opens it again. */
  get editing() {
    try {
      return JSON.parse(sessionStorage.getItem(`${this.name}.editing`));
    } catch {
      return null;
    }
  }

  set editing(value) {
    try {
      if (value) sessionStorage.setItem(`${this.name}.editing`, JSON.stringify(value));
      else sessionStorage.removeItem(`${this.name}.editing`);
    } catch {
      this.isFull = true; // then it is opened by hand; the draft is there
    }
  }

  kept() {
    try {
      const { query, open, page, scroll } = JSON.parse(sessionStorage.getItem(this.name));
      const { query: checked } = fromAddress(toAddress(query, this.config, [], ""), this.config);
      return { query: checked, open: open ?? [], page, scroll };
    } catch {
      return null;
    }
  }
}
