// The usual emoji in a small window: arrows move, Enter puts one.

import { h } from "../../grid/js/dom.js";
import { openPopover } from "../../grid/js/popover.js";

const COLUMNS = 10;
const EMOJI = [
  "😀", "😁", "😂", "🤣", "😊", "🙂", "😉", "😍", "😘", "😋", "😎", "🤗", "🤔", "😅", "😌", "😴", "😢", "😭", "😡", "😱",
  "🥳", "😇", "🙃", "😬", "🙄", "🤝", "👍", "👎", "👌", "👋", "🙏", "👏", "💪", "🙌", "✌️", "🤞", "❤️", "💚", "💙", "💯",
  "✅", "❌", "⚠️", "⏰", "📍", "📦", "🛵", "🚚", "🧾", "💵", "💳", "📷", "🎉", "🔥", "⭐", "🍕", "🥩", "🍔", "🍦", "🥤",
];

export function emojiButton(room, put) {
  const button = h("button", { type: "button", class: "icon-button", "aria-label": "Emoji", title: "Emoji", "aria-haspopup": "dialog" }, h("span", { class: "smile", "aria-hidden": "true" }, "☺"));
  button.addEventListener("click", () => open(room, button, put));
  return button;
}

function open(room, button, put) {
  const choices = EMOJI.map((emoji, at) => h("button", { type: "button", class: "emoji", tabindex: at ? "-1" : "0", "aria-label": emoji, onclick: () => { close(false); put(emoji); } }, emoji));
  const box = h("div", { class: "emoji-box" }, choices);
  box.addEventListener("keydown", (event) => walk(event, choices));
  const close = openPopover(room, button, box, { label: "Emoji" });
}

function walk(event, choices) {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
  if (!by) return;
  event.preventDefault();
  const at = choices.indexOf(event.target);
  choices[Math.max(0, Math.min(choices.length - 1, at + by))]?.focus();
}
