// The page's websocket: news come in, signs of life go out, and when the session ends the page leaves.

const SILENCE = 45_000; // the server speaks every 20 s; a line that is silent for longer is dead
const SHOWN_AFTER = 1_500; // a blink is not worth a bar
const LONGEST_WAIT = 15_000;
const ACTIVE_EVERY = 60_000;

export class Connection {
  constructor(bars) {
    this.bars = bars;
    this.tries = 0;
    this.wasOffline = false;
    this.isActive = false;
    this.open();
    window.addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.now(); });
    for (const sign of ["keydown", "pointerdown", "wheel"]) {
      window.addEventListener(sign, () => { this.isActive = true; }, { capture: true, passive: true });
    }
    setInterval(() => this.tellActive(), ACTIVE_EVERY);
  }

  open() {
    clearTimeout(this.retry);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/events`);
    this.socket = socket;
    this.listen();
    socket.addEventListener("open", () => this.opened());
    socket.addEventListener("message", (message) => this.heard(JSON.parse(message.data)));
    socket.addEventListener("close", () => { if (socket === this.socket) this.lost(); });
  }

  now() {
    if (this.socket.readyState === WebSocket.CLOSED && !this.isLeaving) this.open();
  }

  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket.close(), SILENCE);
  }

  opened() {
    this.tries = 0;
    clearTimeout(this.showing);
    this.bars.showOffline(false);
    if (!this.wasOffline) return;
    this.wasOffline = false;
    tell("openbot:online");
    tell("openbot:changed", { n: 0 }); // what happened meanwhile is not known
  }

  heard(news) {
    this.listen();
    if (news.type === "changed") tell("openbot:changed", { n: news.n });
    if (news.type === "kick") this.leave(news.reason);
    if (news.type === "shift_ends") this.bars.showShift(news.minutes, news.overtime);
  }

  async lost() {
    clearTimeout(this.silence);
    if (this.isLeaving) return;
    if (!this.wasOffline) {
      this.wasOffline = true;
      this.showing = setTimeout(() => this.bars.showOffline(true), SHOWN_AFTER);
      tell("openbot:offline");
    }
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.tries++) * (0.75 + Math.random() / 2);
    this.retry = setTimeout(() => this.open(), wait);
    await this.ask();
  }

  // A refused websocket does not say why; an ordinary call does.
  async ask() {
    try {
      const answer = await fetch("/api/me", { credentials: "same-origin" });
      if (answer.status === 401) this.leave((await answer.json()).error.detail.because);
    } catch {
      // no connection: the retry is on its way
    }
  }

  leave(because) {
    if (this.isLeaving) return;
    this.isLeaving = true;
    clearTimeout(this.retry);
    const next = encodeURIComponent(location.pathname + location.search);
    location.replace(`/login?next=${next}${because ? `&e=${encodeURIComponent(because)}` : ""}`);
  }

  tellActive() {
    if (!this.isActive || this.socket.readyState !== WebSocket.OPEN) return;
    this.isActive = false;
    this.socket.send(JSON.stringify({ type: "active" }));
  }
}

function tell(name, detail) {
  window.dispatchEvent(new CustomEvent(name, { detail }));
}
