// The marks beside the time of what we sent: a clock, one tick, two, two in colour, or what went wrong.

const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  clock: ["M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.3"],
  one: ["M2.5 8.5l3 3 6.5-7"],
  two: ["M1 8.5l3 3 6.5-7", "M7 10.8l.8.7L14.3 4.5"],
  cross: ["M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v4M8 11v.1"],
  off: ["M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM4.2 4.2l7.6 7.6"],
};

const TICKS = {
  queued: ["clock", "En cola para salir"],
  sending: ["clock", "Saliendo"],
  sent: ["one", "Enviado"],
  delivered: ["two", "Entregado"],
  read: ["two", "Leído"],
  failed: ["cross", "No se pudo enviar"],
  discarded: ["off", "No se envió"],
};

/** The icon with its word, for a message of ours. */
export function ticks(name) {
  const [shape, word] = TICKS[name] ?? TICKS.sending;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `ticks ticks-${name}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", word);
  const title = document.createElementNS(SVG, "title");
  title.textContent = word;
  svg.append(title);
  for (const d of SHAPES[shape]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
