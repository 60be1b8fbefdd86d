// The inbox as a whole: the list, the open conversation and its card; the address, the keyboard, windows and notices.

import { Refused, now, sentence, Unreachable } from "../../grid/js/api.js";
import { toast } from "../../grid/js/dialog.js";
import { h } from "../../grid/js/dom.js";
import { Live } from "../../grid/js/live.js";
import { followTheme, toneOf } from "../../grid/js/theme.js";
import { listenToKeys, showKeys } from "./keys.js";
import { ConversationList } from "./list.js";
import { fromAddress, toAddress } from "./place.js";
import { Talk } from "./talk.js";

const PHONE_PX = 700;

export class Inbox {
  constructor(parent, config) {
    this.config = config;
    this.popover = null;
    this.place = { ...fromAddress(location.search), ...(config.contact ? { contact: config.contact } : {}) };
    this.path = location.pathname;
    this.build(parent);
    this.live = new Live(() => this.refresh(), (state) => this.setState(state));
    this.stopKeys = listenToKeys(this);
    this.stop = new AbortController();
    const { signal } = this.stop;
    window.addEventListener("resize", () => this.fit(), { signal });
    window.addEventListener("openbot:open-conversation", ({ detail }) => this.open(detail.contact, { focus: true }), { signal });
    this.setTheme();
    this.fit();
    this.list?.reload().then(() => this.live.succeeded(), (error) => this.failed(error));
    this.show();
  }

  build(parent) {
    this.offline = h("div", { class: "offline", role: "status", hidden: true }, "Sin conexión, reintentando…");
    this.toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    this.host = h("section", { class: `grid-host chat-host inbox-host ${this.config.hasList ? "" : "without-list"}` });
    this.list = this.config.hasList ? new ConversationList(this) : null;
    this.nothing = h("div", { class: "talk nothing" }, h("p", { class: "empty" }, h("b", {}, "Elegí una conversación"), h("span", {}, "Con las teclas: ", h("kbd", {}, "j"), " ", h("kbd", {}, "k"), " para moverte, ", h("kbd", {}, "Enter"), " para abrir, ", h("kbd", {}, "?"), " para ver todas.")));
    this.host.append(this.offline);
    if (this.list) this.host.append(this.list.element);
    this.host.append(this.nothing, this.toasts);
    parent.append(this.host);
    this.sizes = new ResizeObserver(() => this.host.classList.toggle("phone", this.host.clientWidth < PHONE_PX));
    this.sizes.observe(this.host);
  }

  destroy() {
    this.talk?.destroy();
    this.list?.stop();
    this.live.stop();
    this.stopKeys();
    this.stop.abort();
    this.sizes.disconnect();
    this.popover?.close(false);
    this.host.remove();
  }

  async refresh() {
    const asked = [this.list?.refresh(), this.talk?.refresh()].filter(Boolean);
    const failed = (await Promise.allSettled(asked)).find(({ status }) => status === "rejected");
    if (failed && !(failed.reason instanceof Refused)) throw failed.reason;
    if (failed) this.say(this.sentence(failed.reason), { isError: true });
  }

  // --- where one is -----------------------------------------------------------------------------

  /** Change the filter or the search. */
  setPlace(change) {
    if (Object.entries(change).every(([name, value]) => this.place[name] === value)) return;
    Object.assign(this.place, change);
    this.remember();
    this.list?.drawTabs(this.list.counts ?? {});
    this.list?.reload().catch((error) => this.failed(error));
  }

  open(contact, { focus = false } = {}) {
    if (contact !== this.place.contact || !this.talk) {
      this.place.contact = contact;
      this.remember();
      this.show();
      this.list?.draw();
    }
    if (focus) this.talk?.focus();
  }

  /** Back to the list. */
  close() {
    const from = this.place.contact;
    if (this.host.classList.contains("phone")) {
      this.place.contact = null;
      this.remember();
      this.show();
    }
    this.list?.draw();
    this.list?.focusRow(this.list.order.includes(from) ? from : this.list.order[0]);
  }

  show() {
    const { contact } = this.place;
    this.talk?.destroy();
    this.talk = contact ? new Talk(this, contact) : null;
    this.nothing.hidden = Boolean(contact);
    this.host.classList.remove("card-open");
    this.host.classList.toggle("has-talk", Boolean(contact));
    if (this.talk) this.toasts.before(this.talk.element, this.talk.side.element);
  }

  remember() {
    if (location.pathname !== this.path) return; // the person has gone to another screen
    const search = toAddress(this.config.hasList ? this.place : { ...this.place, filter: "all", search: "" }, location.search);
    if (search !== location.search) history.replaceState(history.state, "", location.pathname + search + location.hash);
  }

  // --- what the windows and the dialogs of the lists ask for --------------------------------------

  say(text, more) {
    toast(this, text, more);
  }

  sentence(error) {
    return sentence(error, this.config.sentences);
  }

  tone(state) {
    return toneOf(this.config.palette, state, this.isDark);
  }

  now() {
    return now();
  }

  rowOf(id) {
    return this.talk?.orderRow(id);
  }

  setRow() {
    this.live.retryNow();
  }

  afterDialog() {
    this.talk?.focus();
  }

  showKeys() {
    showKeys(this);
  }

  // --- how it looks -----------------------------------------------------------------------------

  /** What could not be asked: no line, then it is tried again; or a refusal, which is said. */
  failed(error) {
    if (error instanceof Unreachable || error.name === "AbortError") this.live.failed(error);
    else if (error instanceof Refused) this.say(this.sentence(error), { isError: true });
    else throw error;
  }

  setState(state) {
    this.offline.hidden = state !== "offline";
    if (state === "live") this.talk?.composer.online();
  }

  setTheme() {
    this.isDark = followTheme(this.host);
    this.list?.draw();
    this.talk?.draw();
  }

  fit() {
    const top = this.host.getBoundingClientRect().top + window.scrollY;
    this.host.style.setProperty("--height", `${Math.max(380, window.innerHeight - Math.max(0, top) - 10)}px`);
  }

  toggleCard(isOpen = !this.host.classList.contains("card-open")) {
    this.host.classList.toggle("card-open", isOpen);
    if (isOpen) this.talk?.side.focus();
  }

}
