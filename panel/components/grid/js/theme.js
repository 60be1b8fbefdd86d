// Light or dark as Streamlit has it now, and an order's state in the colour for that ground.

/** Note on the host which ground it stands on; true when it is the dark one. */
export function followTheme(host) {
  const colour = getComputedStyle(host).getPropertyValue("--st-background-color").trim();
  const parts = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour);
  const light = parts ? parts.slice(1).reduce((sum, part, at) => sum + parseInt(part, 16) * [0.3, 0.6, 0.1][at], 0) : 255;
  host.classList.toggle("dark", light < 128);
  return light < 128;
}

/** The colour of a state; `palette` has a pair for each, for light and for dark ground. */
export function toneOf(palette, state, isDark) {
  return palette[state]?.[isDark ? 1 : 0] ?? "currentColor";
}
