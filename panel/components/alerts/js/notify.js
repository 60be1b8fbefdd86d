// A notification of the browser for news while another window is in front. Asked for by a button, never by itself.

import { get, Refused, Unreachable } from "../../grid/js/api.js";

const WORDS = {
  forgotten: (name) => `${name} espera una respuesta`,
  help: (name) => `${name} pide una persona`,
  complete: (name) => `Pedido COMPLETO de ${name}`,
  message: (name) => `${name} te escribió`,
};

/** "granted", "denied", "default"; "unsupported" where there is none (a page without TLS, some phones). */
export function notificationState() {
  return "Notification" in window && window.isSecureContext ? Notification.permission : "unsupported";
}

export function askForNotifications() {
  return Notification.requestPermission();
}

/** Show one for the most pressing of the news; a click leads to the conversation. */
export function notify(news, kind) {
  if (notificationState() !== "granted" || document.hasFocus()) return;
  const entry = news.find((one) => one.kind === kind);
  const more = news.length > 1 ? ` y ${news.length - 1} más` : "";
  const shown = new Notification((WORDS[kind] ?? WORDS.message)(entry.name || "Un cliente") + more, { body: "Tocá para abrir la conversación.", tag: `openbot-${entry.order_id}`, icon: document.querySelector("link[rel~=icon]")?.href });
  shown.addEventListener("click", () => {
    window.focus();
    shown.close();
    lead(entry.order_id);
  });
}

async function lead(order) {
  try {
    const { contact_id: contact } = await get(`/api/orders/${order}`);
    if (location.pathname === "/comunicaciones") window.dispatchEvent(new CustomEvent("openbot:open-conversation", { detail: { contact } }));
    else location.assign(`/comunicaciones?contacto=${contact}`);
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
  }
}
