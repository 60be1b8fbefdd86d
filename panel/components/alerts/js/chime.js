// The sound of new work: two soft notes, made on the spot. How loud is the operator's, on every screen.

const NAME = "openbot.sound";
const NOTES = { complete: [659, 880], help: [880, 659, 880], message: [784], forgotten: [784, 659, 784, 659] };
let context = null;

/** {muted, volume 0-1}. */
export function soundSettings() {
  try {
    return { muted: false, volume: 0.6, ...JSON.parse(localStorage.getItem(NAME)) };
  } catch {
    return { muted: false, volume: 0.6 };
  }
}

/** Was it ever chosen in this browser? */
export function isSoundSet() {
  return localStorage.getItem(NAME) !== null;
}

/** Keep them here; what is new goes to the server, so that another browser has it too. */
export function setSound(settings, { isNews = true } = {}) {
  localStorage.setItem(NAME, JSON.stringify(settings));
  if (isNews) window.dispatchEvent(new CustomEvent("openbot:sound", { detail: settings }));
}

/** Browsers stay mute until the first click or key: then the context wakes up. */
export function wakeUp() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

/** Play the notes of "complete", "help", "message" or "forgotten". Returns whether it could be heard. */
export function chime(kind, { volume }) {
  wakeUp();
  (NOTES[kind] ?? NOTES.complete).forEach((pitch, index) => note(pitch, context.currentTime + index * 0.16, volume));
  return context.state === "running";
}

function note(pitch, at, volume) {
  const tone = context.createOscillator();
  const level = context.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  level.gain.setValueAtTime(0, at);
  level.gain.linearRampToValueAtTime(0.28 * volume, at + 0.015);
  level.gain.exponentialRampToValueAtTime(0.0005, at + 0.42);
  tone.connect(level).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.45);
}
