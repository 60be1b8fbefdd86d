// On every screen: asks what is new after each change, sounds, and counts in the title what nobody has seen yet.

import { get, Refused, send, Unreachable } from "../../grid/js/api.js";
import { chime, isSoundSet, setSound, soundSettings, wakeUp } from "./chime.js";
import { notify } from "./notify.js";
import { Repeat } from "./repeat.js";
import { Title } from "./title.js";

const URL = "/api/orders/news";
const APART_MS = 2000;
const SAFETY_MS = 30_000;
const REMINDERS_APART_MS = 29_000;

/** Begin; however many components ask for it, on one page there is one watch. */
export function watchForNews() {
  window.openbotNews ??= new Watch();
}

class Watch {
  constructor() {
    this.cursor = null;
    this.looked = 0;
    this.reminded = 0;
    this.timer = null;
    this.unseen = new Set();
    this.title = new Title();
    this.repeat = new Repeat((kind) => this.sound(kind, { isAgain: true }));
    const awake = () => wakeUp();
    for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, awake, { once: true });
    window.addEventListener("openbot:changed", () => this.soon());
    window.addEventListener("openbot:sound", ({ detail }) => this.keep(detail));
    window.addEventListener("focus", () => this.seen());
    document.addEventListener("visibilitychange", () => !document.hidden && this.seen());
    setInterval(() => this.soon(), SAFETY_MS);
    this.look();
    if (!isSoundSet()) this.recall();
  }

  /** In a browser that was never told: as the operator wished it in another one. */
  async recall() {
    try {
      const { sound } = (await get("/api/me")).preferences;
      if (sound) setSound(sound, { isNews: false });
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
    }
  }

  /** Look now, or when two seconds have passed since the last look. */
  soon() {
    this.timer ??= setTimeout(() => this.look(), Math.max(0, this.looked + APART_MS - Date.now()));
  }

  async look() {
    this.timer = null;
    this.looked = Date.now();
    try {
      const answer = await get(this.cursor === null ? URL : `${URL}?after=${encodeURIComponent(this.cursor)}`);
      const isFirst = this.cursor === null;
      this.cursor = answer.cursor;
      const isForgotten = (entry) => entry.kind === "forgotten";
      const fresh = answer.news.filter((entry) => !isForgotten(entry));
      if (!isFirst && fresh.length) this.tell(fresh);
      this.remind(answer.news.filter(isForgotten));
      window.dispatchEvent(new CustomEvent("openbot:notices", { detail: answer.notices ?? [] }));
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
    }
  }

  /** Customers whom nobody answers are told of again and again, but not all the time. */
  remind(forgotten) {
    if (!forgotten.length || Date.now() - this.reminded < REMINDERS_APART_MS) return;
    this.reminded = Date.now();
    this.tell(forgotten);
  }

  /** One sound for a whole batch: the most pressing of them. */
  tell(news) {
    const kind = ["forgotten", "help", "complete", "message"].find((one) => news.some((entry) => entry.kind === one));
    this.sound(kind);
    this.repeat.add(news);
    notify(news, kind);
    window.dispatchEvent(new CustomEvent("openbot:news", { detail: { news, kind } }));
    if (document.hasFocus()) return;
    for (const entry of news) this.unseen.add(`${entry.order_id}`);
    this.title.set(this.unseen.size);
  }

  sound(kind, { isAgain = false } = {}) {
    const settings = soundSettings();
    if (!settings.muted && !(isAgain && settings.once)) chime(kind, settings);
  }

  seen() {
    this.unseen.clear();
    this.title.set(0);
  }

  /** The operator's wish goes to the server as well. */
  async keep(sound) {
    try {
      await send("PATCH", "/api/me/preferences", { sound });
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
    }
  }
}
