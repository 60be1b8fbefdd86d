// Tells the others that I am here, and that I am typing. Nobody waits for it, and a failure is no news.

import { send } from "../../grid/js/api.js";

const BEAT_MS = 25_000;
const TYPING_MS = 6_000; // told again while it lasts
const QUIET_MS = 5_000;

export class Presence {
  constructor(url) {
    this.url = `${url}/presence`;
    this.told = 0;
    this.isTyping = false;
    this.gone = () => this.leave();
  }

  enter() {
    if (this.beating) return;
    this.tell(false);
    window.addEventListener("pagehide", this.gone);
    this.beating = setInterval(() => !document.hidden && this.tell(this.isTyping), BEAT_MS);
  }

  typing() {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.pause(), QUIET_MS);
    if (this.isTyping && Date.now() - this.told < TYPING_MS) return;
    this.isTyping = true;
    this.tell(true);
  }

  /** Sent, or thinking. */
  pause() {
    clearTimeout(this.quiet);
    if (!this.isTyping) return;
    this.isTyping = false;
    this.tell(false);
  }

  leave() {
    clearTimeout(this.quiet);
    if (!this.beating) return;
    clearInterval(this.beating);
    this.beating = 0;
    window.removeEventListener("pagehide", this.gone);
    send("DELETE", this.url, undefined, { outlives: true }).catch(() => null);
  }

  tell(typing) {
    this.told = Date.now();
    send("POST", this.url, { typing }).catch(() => null);
  }
}
