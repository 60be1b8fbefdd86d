// Sums of money without floats: cents and thousandths as whole numbers. Pure.

/** "1.5" kg at "3200.00" → "4800.00", half a cent up. */
export function lineTotal(quantity, price) {
  const product = scaled(quantity, 3) * scaled(price, 2);
  return cents((product + 500n) / 1000n);
}

export function sum(amounts) {
  return cents(amounts.reduce((total, amount) => total + scaled(amount || "0", 2), 0n));
}

/** One step up or down of a quantity, never below nothing. */
export function stepped(quantity, by, step = "1") {
  const next = scaled(quantity || "0", 3) + BigInt(by) * scaled(step, 3);
  const whole = next < 0n ? 0n : next;
  return `${whole / 1000n}.${String(whole % 1000n).padStart(3, "0")}`.replace(/\.?0+$/, "") || "0";
}

function scaled(text, places) {
  const [whole, part = ""] = String(text).split(".");
  return BigInt(whole + part.padEnd(places, "0").slice(0, places));
}

function cents(amount) {
  return `${amount / 100n}.${String(amount % 100n).padStart(2, "0")}`;
}
