// What the inbox says about a conversation: the window, who answers, who else is there. Pure.

import { moment, phone, roughly } from "../../grid/js/format.js";

const CLOSING_SECONDS = 2 * 3600;

/** {text, level} of the 24 h window; level "" while there is much time, "warn", "bad", "closed". Null: it never was open. */
export function windowWords(ends, now) {
  if (!ends) return null;
  const left = (Date.parse(ends) - now) / 1000;
  if (left <= 0) return { text: "cerrada", level: "closed" };
  return { text: `cierra en ${roughly(left)}`, level: left < 1800 ? "bad" : left < CLOSING_SECONDS ? "warn" : "" };
}

/** Who answers now, as a sentence without a stop. */
export function answering({ blocked, phone_reply_until: fromPhone, owner, operator, waiting_since: since }, me, zone) {
  if (blocked) return "Bloqueado";
  if (fromPhone) return `Atendido desde el teléfono hasta las ${moment(fromPhone, zone).time}`;
  if (owner === "operador") return operator?.id === me.id ? "La atendés vos" : `Atiende ${operator?.name || "un operador"}`;
  if (owner === "espera") return since ? `Espera a una persona desde las ${moment(since, zone).time}` : "Espera a una persona";
  return "Atiende el bot";
}

/** «Olga está escribiendo…», «Olga y Beto también están acá»; nothing when one is alone. */
export function company(here, me) {
  const others = here.filter(({ id }) => id !== me.id);
  const typing = others.filter(({ typing: is }) => is);
  if (typing.length) return `${names(typing)} ${typing.length === 1 ? "está" : "están"} escribiendo…`;
  if (!others.length) return "";
  return `${names(others)} también ${others.length === 1 ? "está" : "están"} acá`;
}

function names(people) {
  const all = people.map(({ name }) => name);
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} y ${all.at(-1)}`;
}

/** The name of a contact, or what stands for it. */
export function nameOf({ name, phone: digits, id, contact_id: contact }) {
  return name || phone(digits) || `Contacto ${id ?? contact}`;
}

export function initials(name) {
  const words = [...name.matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => [...word][0].toUpperCase());
  return words.length > 1 ? words[0] + words.at(-1) : (words[0] ?? "·");
}

/** In how many messages a text goes out. */
export function parts(text, longest) {
  return Math.max(1, Math.ceil([...text.trim()].length / longest));
}

/** A name for what is sent once, however often it is tried. Also where the page is not served over TLS. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
