// A voice note that plays, with WhatsApp's bars.

import { h, icon } from "./dom.js";

const BARS = [4, 7, 12, 9, 15, 18, 11, 6, 9, 14, 19, 16, 10, 13, 8, 5, 11, 17, 12, 7, 10, 15, 9, 6, 12, 8, 4, 6];

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function voiceNote(address) {
  const sound = new Audio(address);
  sound.preload = "metadata";
  const time = h("span", { class: "voice-time" }, "0:00");
  const bars = h("span", { class: "voice-bars", "aria-hidden": "true" }, BARS.map((height) => h("i", { "data-height": String(height) })));
  [...bars.children].forEach((bar) => bar.style.setProperty("height", `${bar.dataset.height}px`));
  const button = h("button", { type: "button", class: "voice-play", "aria-label": "Reproducir", onclick: toggle }, icon("play"));
  function toggle() {
    if (sound.paused) sound.play().catch(() => time.replaceChildren("no se puede"));
    else sound.pause();
  }
  function show() {
    button.replaceChildren(icon(sound.paused ? "play" : "pause"));
    button.setAttribute("aria-label", sound.paused ? "Reproducir" : "Pausar");
    const part = sound.duration ? sound.currentTime / sound.duration : 0;
    [...bars.children].forEach((bar, at) => bar.classList.toggle("played", at < part * BARS.length));
    const shown = sound.currentTime || sound.duration;
    if (Number.isFinite(shown)) time.replaceChildren(minutes(shown));
  }
  for (const name of ["loadedmetadata", "durationchange", "timeupdate", "play", "pause", "ended"]) sound.addEventListener(name, show);
  return h(
    "div",
    { class: "voice" },
    h("span", { class: "avatar avatar-person" }, icon("person"), h("span", { class: "voice-mic" }, icon("mic"))),
    button,
    h("span", { class: "voice-body" }, bars, time),
  );
}
