// Money, dates, phones and durations as people here write them. Pure.

const GAP = "\u00a0";

/** "12450.00" → "$ 12.450,00". Text in, so that no figure passes through a float. */
export function money(amount) {
  if (amount === null || amount === undefined || amount === "") return "";
  const [, sign, whole, cents = ""] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(String(amount)) ?? [];
  if (whole === undefined) return String(amount);
  return `${sign}$${GAP}${grouped(whole)},${cents.padEnd(2, "0").slice(0, 2)}`;
}

/** "12.450,50", "12450.5" and "$ 12.450" → "12450.50"; null when it is no amount. */
export function parseMoney(typed) {
  const text = String(typed).replace(/[$\s\u00a0]/g, "");
  if (/^\d{1,3}(\.\d{3})+(,\d{1,2})?$/.test(text) || /^\d+,\d{1,2}$/.test(text)) {
    return exact(text.replace(/\./g, "").replace(",", "."));
  }
  if (/^\d{1,3}(,\d{3})+(\.\d{1,2})?$/.test(text)) return exact(text.replace(/,/g, ""));
  return /^\d+([.]\d{1,2})?$/.test(text) ? exact(text) : null;
}

/** What an amount looks like in a field: "12450.50" → "12.450,50". */
export function moneyField(amount) {
  return money(amount).replace(`$${GAP}`, "");
}

/** "1.500" → "1,5"; "2.000" → "2". */
export function quantity(amount) {
  const [whole, part = ""] = String(amount).split(".");
  const rest = part.replace(/0+$/, "");
  return grouped(whole) + (rest ? `,${rest}` : "");
}

/** "1,5" or "1.5" → "1.5"; null when it is no quantity. */
export function parseQuantity(typed) {
  const text = String(typed).trim().replace(",", ".");
  return /^\d{1,6}(\.\d{1,3})?$/.test(text) ? text : null;
}

export function grouped(whole) {
  return String(whole).replace(/\B(?=(\d{3})+(?!\d))/g, ".");
}

const formatters = new Map();

/** ISO time → {day: "22/11/2026", time: "14:05", iso: "2026-11-22"} in that time zone. */
export function moment(iso, zone) {
  if (!formatters.has(zone)) {
    const shape = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
    formatters.set(zone, new Intl.DateTimeFormat("es-AR", { ...shape, hourCycle: "h23", timeZone: zone }));
  }
  const parts = {};
  for (const { type, value } of formatters.get(zone).formatToParts(new Date(iso))) parts[type] = value;
  return {
    day: `${parts.day}/${parts.month}/${parts.year}`,
    time: `${parts.hour}:${parts.minute}`,
    iso: `${parts.year}-${parts.month}-${parts.day}`,
  };
}

/** "22/11/2026 14:05". */
export function dateTime(iso, zone) {
  if (!iso) return "";
  const { day, time } = moment(iso, zone);
  return `${day} ${time}`;
}

/** "2026-11-22" → "22/11/2026". */
export function dayOf(iso) {
  return iso ? iso.slice(0, 10).split("-").reverse().join("/") : "";
}

/** "22/11/2026", "22/11", "22-11-26" → "2026-11-22"; null when there is no such day. */
export function parseDay(typed, today) {
  const found = /^\s*(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?\s*$/.exec(typed);
  if (!found) return null;
  const year = found[3] ? Number(found[3].padStart(4, "20")) : Number(today.slice(0, 4));
  return isoDay(year, Number(found[2]), Number(found[1]));
}

/** Year, month and day → "2026-11-22"; null when there is no such day. */
export function isoDay(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? date.toISOString().slice(0, 10) : null;
}

/** Seconds → "3 min", "1 h 20", "2 d 3 h". */
export function duration(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 60) return `${minutes}${GAP}min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}${GAP}h${minutes % 60 ? GAP + String(minutes % 60).padStart(2, "0") : ""}`;
  return `${Math.floor(hours / 24)}${GAP}d${hours % 24 ? `${GAP}${hours % 24}${GAP}h` : ""}`;
}

/** One unit only, for chips: "40 min", "5 h", "2 d". */
export function roughly(seconds) {
  const minutes = Math.max(0, Math.round(seconds / 60));
  if (minutes < 60) return `${minutes}${GAP}min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}${GAP}h` : `${Math.floor(minutes / 1440)}${GAP}d`;
}

const THREE = new Set(
  ("220 221 223 230 236 237 249 260 261 263 264 266 280 291 294 297 298 299 336 341 342 343 345 348 351 353 358 " +
    "362 364 370 376 379 380 381 383 385 387 388").split(" "),
);

/** "5491136943434" → "+54 9 11 3694-3434"; a number of another country keeps its digits. */
export function phone(digits) {
  if (!digits) return "";
  const found = /^\+?54(9?)(\d{10})$/.exec(digits);
  if (!found) return /^\d{7,15}$/.test(digits) ? `+${digits}` : String(digits);
  const [, mobile, number] = found;
  const area = number.startsWith("11") ? 2 : THREE.has(number.slice(0, 3)) ? 3 : 4;
  const rest = number.slice(area);
  return `+54${mobile ? " 9" : ""} ${number.slice(0, area)} ${rest.slice(0, -4)}-${rest.slice(-4)}`;
}

/** Text without accents and capitals, for looking things up. */
export function folded(text) {
  return String(text).normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

/** "{name}" in a template becomes the row's value. */
export function filled(template, row) {
  return template.replace(/\{(\w+)\}/g, (_, key) => String(row[key] ?? ""));
}

/** [1, "pedido", "pedidos"] → "1 pedido". */
export function counted(count, [one, many]) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

function exact(text) {
  const [whole, cents = ""] = text.split(".");
  return `${whole.replace(/^0+(?=\d)/, "")}.${cents.padEnd(2, "0")}`;
}
