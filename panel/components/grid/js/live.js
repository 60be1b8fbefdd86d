// Keeps the list up to date: told by «openbot:changed», by coming back to the page, and by a slow clock of its own.

import { Unreachable } from "./api.js";

const APART_MS = 2000;
const SAFETY_MS = 30_000;
const HIDDEN_MS = 15_000; // nobody looks
const RETRY_MS = [1000, 2000, 4000, 8000, 10_000];

export class Live {
  /** `refresh()` fetches what is shown; `onState` hears "live" or "offline". `apart`: ms between two looks at least. */
  constructor(refresh, onState, { apart = APART_MS } = {}) {
    this.refresh = refresh;
    this.apart = apart;
    this.onState = onState;
    this.last = 0;
    this.failures = 0;
    this.isSocketDown = false;
    this.timer = 0;
    this.abort = new AbortController();
    const { signal } = this.abort;
    const soon = () => this.schedule();
    const at = (name, act) => window.addEventListener(name, act, { signal });
    at("openbot:changed", soon);
    at("online", () => this.retryNow());
    at("offline", () => this.onState("offline"));
    at("openbot:online", () => { this.isSocketDown = false; this.retryNow(); });
    at("openbot:offline", () => { this.isSocketDown = true; this.retryNow(); });
    document.addEventListener("visibilitychange", () => !document.hidden && soon(), { signal });
    this.safety = setInterval(soon, SAFETY_MS);
  }

  /** Refresh soon, and not too often. */
  schedule() {
    if (this.timer) return;
    const apart = document.hidden ? HIDDEN_MS : this.apart;
    const wait = this.failures ? RETRY_MS[Math.min(this.failures, RETRY_MS.length) - 1] : apart - (Date.now() - this.last);
    this.timer = setTimeout(() => this.run(), Math.max(0, wait));
  }

  retryNow() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), 50);
  }

  async run() {
    this.timer = 0;
    this.last = Date.now();
    try {
      await this.refresh();
      this.succeeded();
    } catch (error) {
      this.failed(error);
    }
  }

  succeeded() {
    this.failures = 0;
    this.last = Date.now();
    this.onState("live");
  }

  failed(error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Unreachable)) throw error;
    this.failures += 1;
    this.onState("offline");
    this.schedule();
  }

  stop() {
    this.abort.abort();
    clearTimeout(this.timer);
    clearInterval(this.safety);
  }
}
