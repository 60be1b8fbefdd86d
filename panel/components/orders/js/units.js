// Words of units. Pure.

const PLURALS = { kg: "kg", "cajón": "cajones" };

/** "kg ", "docenas " …; single pieces have none. */
export function unitOf({ unit, quantity }) {
  if (!unit || unit === "unidad") return "";
  return `${Number(quantity) === 1 ? unit : PLURALS[unit] ?? `${unit}s`} `;
}
