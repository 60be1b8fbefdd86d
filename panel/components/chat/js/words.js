// Days, sizes and WhatsApp's own marks in a text. Pure, but for the elements that `marked` makes.

import { h } from "../../grid/js/dom.js";
import { dayOf, moment } from "../../grid/js/format.js";

const DAY = 86_400_000;

/** "hoy", "ayer" or "22/11/2026", by the company's clock. */
export function dayName(iso, now, zone) {
  if (iso === moment(now, zone).iso) return "hoy";
  // Noon of yesterday: an hour more or less of summer time changes no day.
  const noon = Date.parse(`${moment(now, zone).iso}T12:00:00Z`);
  if (iso === new Date(noon - DAY).toISOString().slice(0, 10)) return "ayer";
  return dayOf(iso);
}

const KINDS = {
  image: "Foto", document: "Documento", audio: "Audio", video: "Video", sticker: "Sticker", location: "Ubicación",
  cart: "Carrito", contacts: "Contacto", reaction: "Reacción", form_reply: "Formulario",
};

/** What stands for a message that has no words of its own. */
export function kindName(kind) {
  return KINDS[kind] ?? "Mensaje";
}

const TYPES = {
  "image/jpeg": "JPG", "image/png": "PNG", "image/webp": "WEBP", "application/pdf": "PDF", "audio/ogg": "OGG",
  "audio/mpeg": "MP3", "audio/aac": "AAC", "video/mp4": "MP4", "video/3gpp": "3GP", "text/plain": "TXT",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
};

/** "application/pdf; name=x" → "PDF"; of an unknown type what stands behind the slash. */
export function typeName(mime) {
  const plain = String(mime).split(";")[0].trim().toLowerCase();
  return TYPES[plain] ?? plain.split("/").pop().slice(0, 12).toUpperCase();
}

const MARKS = { "*": "strong", _: "em", "~": "s" };

const PATTERN = /(^|[\s([¿¡"'])([*_~])(?=\S)([^\n]*?\S)\2(?=$|[\s.,;:!?)\]"'])/gmu;

/** WhatsApp's *bold*, _italic_ and ~struck~ as elements; everything else as text. */
export function marked(text) {
  const parts = [];
  let rest = 0;
  for (const found of text.matchAll(PATTERN)) {
    const [whole, before, mark, inner] = found;
    parts.push(text.slice(rest, found.index) + before, h(MARKS[mark], {}, inner));
    rest = found.index + whole.length;
  }
  parts.push(text.slice(rest));
  return parts.filter((part) => part !== "");
}

/** The same words without the marks. */
export function unmarked(text) {
  return text.replace(PATTERN, "$1$3");
}

/** 1536000 → "1,5 MB". */
export function fileSize(bytes) {
  if (!bytes) return "";
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
}
