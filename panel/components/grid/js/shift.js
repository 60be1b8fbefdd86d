// The hours of work of a week. A day may have several: «9 a 13 y 16 a 20».

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

const WEEKDAYS = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
/** Stretches of one day; the API takes three for each. */
const MOST = 3;
const WHOLE_DAY = { from: "09:00", to: "18:00" };
const AFTERNOON = { from: "16:00", to: "20:00" };

/** Hours per weekday: [{"weekday": 0, "from": "09:00", "to": "18:00"}, …], none at all means always. */
export function shiftControl(changed) {
  const days = WEEKDAYS.map((name, weekday) => dayControl(name, weekday, changed));
  return {
    element: h("div", { class: "shift" }, days.map(({ element }) => element)),
    input: days[0].box,
    set: (value) => days.forEach((day) => day.set((value ?? []).filter(({ weekday }) => weekday === day.weekday))),
    get: () => {
      const stretches = days.flatMap((day) => day.get());
      if (stretches.some(({ from, to }) => !from || !to)) throw new RangeError("not_a_shift");
      return stretches.length ? stretches : null;
    },
    raw: () => days.flatMap((day) => day.get()), // also hours that are not whole yet
    shown: (value) => written(value ?? []),
  };
}

/** «lunes 09:00 a 13:00 y 16:00 a 20:00, martes …»; no hours at all: «siempre». */
function written(stretches) {
  const days = WEEKDAYS.map((name, weekday) => {
    const hours = stretches.filter((each) => each.weekday === weekday).map(({ from, to }) => `${from} a ${to}`);
    return hours.length ? `${name} ${hours.join(" y ")}` : "";
  });
  return days.filter(Boolean).join(", ") || "siempre";
}

function dayControl(name, weekday, changed) {
  const box = h("input", { type: "checkbox" });
  const hours = h("div", { class: "shift-hours" });
  let stretches = [];

  const draw = () => fill(hours, stretches.map((stretch, place) => stretchRow(stretch, place)));
  const redraw = (change) => {
    change();
    draw();
    changed();
  };
  const time = (stretch, end, place) => {
    const which = place ? `${name}, ${place + 1}.º horario` : name;
    const label = `${end === "from" ? "Desde" : "Hasta"} (${which})`;
    const keep = ({ target }) => { stretch[end] = target.value; changed(); };
    return h("input", { class: "field", type: "time", value: stretch[end], "aria-label": label, oninput: keep });
  };
  const stretchRow = (stretch, place) => h("div", { class: "shift-stretch" },
    time(stretch, "from", place), h("span", {}, "a"), time(stretch, "to", place),
    place ? takeAway(place) : stretches.length < MOST && another());
  const button = (title, sign, run) => {
    const made = h("button", { type: "button", class: "icon-button", title, "aria-label": title, onclick: run });
    made.append(icon(sign));
    return made;
  };
  const another = () => button(`Agregar otro horario (${name})`, "plus", () => {
    redraw(() => stretches.push(stretches.at(-1).to <= "16:00" && stretches.length === 1 ? { ...AFTERNOON } : { from: "", to: "" }));
    hours.lastElementChild.querySelector("input").focus();
  });
  const takeAway = (place) => button(`Quitar el ${place + 1}.º horario (${name})`, "close", () => {
    redraw(() => stretches.splice(place, 1));
    hours.querySelector("button").focus();
  });

  box.addEventListener("change", () => redraw(() => { stretches = box.checked ? [{ ...WHOLE_DAY }] : []; }));
  const set = (found) => {
    stretches = found.map(({ from, to }) => ({ from: from.slice(0, 5), to: to.slice(0, 5) }));
    box.checked = stretches.length > 0;
    draw();
  };
  const get = () => stretches.map((stretch) => ({ weekday, ...stretch }));
  return { weekday, box, set, get, element: h("div", { class: "shift-day" }, h("label", { class: "choice" }, box, name), hours) };
}
