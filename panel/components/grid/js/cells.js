// What a cell shows, by the kind of its column.

import { now } from "./api.js";
import { h, setText } from "./dom.js";
import { dateTime, dayOf, duration, money, phone, quantity } from "./format.js";
import { titleOf } from "./filters.js";

const WARN_SECONDS = 600; // the operator's alert; a supervisor's comes at twice that (product §2)

/** The words of a cell, also for the detail. */
export function words(column, row, zone) {
  const value = row[column.key];
  if (value === null || value === undefined || value === "") return column.blank ?? "";
  switch (column.kind) {
    case "money": return money(value);
    case "date": return dateTime(value, zone);
    case "day": return dayOf(value);
    case "phone": return phone(value);
    case "number": return typeof value === "number" ? String(value) : quantity(value);
    case "choice": return titleOf(column, value);
    case "state": return titleOf(column, value);
    case "duration": return duration(secondsSince(value));
    default: return Array.isArray(value) ? value.join(", ") : String(value);
  }
}

/** Bring a cell up to date. Returns true when what it says has changed. */
export function drawCell(cell, column, row, grid) {
  const special = grid.plugin.cell?.(cell, column, row, grid);
  if (special !== undefined) return special;
  const text = words(column, row, grid.config.timeZone);
  if (column.kind === "state") return drawState(cell, text, grid.tone(row[column.key]));
  if (column.kind === "duration") {
    cell.dataset.level = row[column.key] ? level(secondsSince(row[column.key])) : "";
    drawText(cell, text);
    return false; // time passes; that is no change
  }
  cell.classList.toggle("blank", Boolean(column.blank) && !row[column.key]);
  return drawText(cell, text, column.kind === "text");
}

/** Plain words, cut with «…» where there is no room; then the whole is told on hover. */
export function drawText(cell, text, hasTitle = false) {
  const inside = cell.firstElementChild ?? cell.appendChild(h("span", { class: "text" }));
  const isChanged = inside.textContent !== text;
  setText(inside, text);
  if (hasTitle && cell.title !== text) cell.title = text;
  return isChanged;
}

/** A state's word in its colour. */
export function drawState(cell, text, tone) {
  const badge = cell.firstElementChild ?? cell.appendChild(h("span", { class: "state" }));
  const isChanged = badge.textContent !== text;
  setText(badge, text);
  badge.hidden = !text;
  badge.style.setProperty("--tone", tone);
  return isChanged;
}

export function secondsSince(iso) {
  return (now() - Date.parse(iso)) / 1000;
}

function level(seconds) {
  if (seconds < WARN_SECONDS) return "calm";
  return seconds < 2 * WARN_SECONDS ? "warn" : "late";
}
