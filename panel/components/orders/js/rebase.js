// Two people edit one order: what they changed, what I changed, what stands against each other. Pure.

/**
 * `base` is what I began with, `fresh` what is stored now, `touched` the keys I changed, `mine(key)` my value.
 * taken: keys to bring up to date quietly · conflicts: keys where both of us said something else.
 */
export function rebase({ base, fresh, keys, touched, mine }) {
  const taken = [];
  const conflicts = [];
  for (const key of keys) {
    if (same(base[key], fresh[key])) continue;
    if (!touched.has(key)) taken.push(key);
    else if (!same(mine(key), fresh[key])) conflicts.push(key);
  }
  return { taken, conflicts };
}

/** Equal as a person sees it: nothing, null and an empty text are the same; so are "1.50" and "1.5". */
export function same(one, other) {
  const [a, b] = [plain(one), plain(other)];
  return a === b;
}

function plain(value) {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "string" && /^\d+\.\d+$/.test(value)) return value.replace(/0+$/, "").replace(/\.$/, "");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Quantities by product: {"12": "2.000"}. */
export function quantities(items) {
  return Object.fromEntries(items.map((item) => [String(item.product_id), item.quantity]));
}
