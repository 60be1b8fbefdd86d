// The small words below an order: what somebody should know before opening it.

import { roughly } from "../../grid/js/format.js";

const EXPIRES_SOON = 12 * 3600;
const WINDOW_SOON = 2 * 3600;
const OPEN = ["INCOMPLETO", "COMPLETO", "EN PROCESO"];

/** [{text, tone, title}], the most pressing first. `now` in ms. */
export function marksOf(row, now) {
  if (!OPEN.includes(row.state)) return row.payment_proof ? [proof()] : [];
  return [
    row.needs_person && { text: "Pide una persona", tone: "bad", title: row.person_reason || "El cliente pidió hablar con una persona" },
    row.unread > 0 && { text: `${row.unread} sin leer`, tone: "info", title: "Mensajes del cliente que nadie leyó" },
    row.changed_by_customer && { text: "Modificado por el cliente", tone: "warn", title: "El cliente cambió el pedido después de confirmarlo" },
    row.payment_proof && proof(),
    windowMark(row, now),
    expiryMark(row, now),
  ].filter(Boolean);
}

function proof() {
  return { text: "Comprobante recibido", tone: "info", title: "El cliente mandó una imagen o un PDF después de elegir transferencia" };
}

function windowMark(row, now) {
  if (!row.window_ends_at) return null;
  const left = (Date.parse(row.window_ends_at) - now) / 1000;
  if (left > WINDOW_SOON) return null;
  const why = "WhatsApp deja escribir libremente hasta 24 h después del último mensaje del cliente";
  if (left <= 0) return { text: "Ventana cerrada", tone: "", title: why };
  return { text: `Ventana cierra en ${roughly(left)}`, tone: left < 3600 ? "bad" : "warn", title: why };
}

function expiryMark(row, now) {
  const left = (Date.parse(row.expires_at) - now) / 1000;
  if (!(left <= EXPIRES_SOON)) return null;
  const text = left <= 0 ? "Vence ahora" : `Vence en ${roughly(left)}`;
  return { text, tone: left < 2 * 3600 ? "bad" : "warn", title: "Pasado ese tiempo el pedido queda VENCIDO" };
}
