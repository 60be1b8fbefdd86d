// From Streamlit's component to our conversation: made once, told again at every run of the script.

import { Chat } from "./chat.js";

const mounted = new WeakMap();

export default function chat({ data, parentElement }) {
  const text = JSON.stringify(data);
  const there = mounted.get(parentElement);
  if (there && there.text === text) {
    there.chat.setTheme();
  } else {
    remove(parentElement);
    mounted.set(parentElement, { chat: new Chat(parentElement, data), text });
  }
  return () => remove(parentElement);
}

function remove(parent) {
  const there = mounted.get(parent);
  mounted.delete(parent);
  there?.chat.destroy();
}
