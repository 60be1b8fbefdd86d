// One conversation of the list.

import { now } from "../../grid/js/api.js";
import { fill, h } from "../../grid/js/dom.js";
import { dateTime, moment } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { dayName, kindName, unmarked } from "../../chat/js/words.js";
import { answering, company, initials, nameOf, windowWords } from "./words.js";

const AUTHORS = { bot: "Bot", sistema: "Sistema", "difusión": "Difusión", nota: "Nota" };
const ALERTS = { operator: "10 min", branch: "20 min" };

export class RowView {
  constructor(room, id) {
    this.room = room;
    this.link = h("a", { class: "conversation", href: `?contacto=${id}`, "data-contact": id, target: "_self", onclick: (event) => this.clicked(event, id) });
    this.element = h("li", {}, this.link);
    this.text = "";
  }

  clicked(event, id) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.room.open(id, { focus: true });
  }

  /** Only what reads differently is drawn again. */
  update(row, { isOpen, zone }) {
    this.link.classList.toggle("open", isOpen);
    if (isOpen) this.link.setAttribute("aria-current", "true");
    else this.link.removeAttribute("aria-current");
    const shown = content(row, this.room, zone);
    const text = JSON.stringify([row, shown.when, shown.left?.text, this.room.isDark]);
    if (text === this.text) return;
    this.text = text;
    this.link.classList.toggle("unread", row.unread > 0);
    this.link.classList.toggle("alerted", Boolean(row.alert));
    fill(this.link, draw(row, shown, this.room));
  }
}

function content(row, room, zone) {
  return { when: row.last ? shortTime(row.last.at, zone) : "", left: windowWords(row.window_ends_at, now()), name: nameOf(row), with: company(row.here, room.config.me), zone };
}

function draw(row, { when, left, name, with: others, zone }, room) {
  return [
    h("span", { class: "initials", "aria-hidden": "true" }, row.name ? initials(name) : icon("user")),
    h("span", { class: "conversation-lines" },
      h("span", { class: "line-one" },
        h("b", { dir: "auto" }, name),
        row.last ? h("time", { datetime: row.last.at, title: dateTime(row.last.at, zone) }, when) : null),
      h("span", { class: "line-two" },
        others ? h("em", {}, others) : h("span", { dir: "auto" }, lastWords(row.last)),
        row.alert ? h("span", { class: "mark bad", title: "El cliente espera una respuesta" }, icon("alert"), ALERTS[row.alert] ?? "espera") : null,
        row.unread ? h("span", { class: "badge", title: `${row.unread} sin leer` }, row.unread > 99 ? "99+" : String(row.unread)) : null),
      h("span", { class: "line-three" },
        row.order ? h("span", { class: "state", style: `--tone: ${room.tone(row.order.state)}` }, row.order.state) : null,
        h("span", { class: `who-answers ${row.owner}` }, shortAnswering(row, room.config.me, zone)),
        row.opted_out ? h("span", { class: "mark", title: "No quiere publicidad" }, "BAJA") : null,
        left ? h("span", { class: `mark left ${left.level}`, title: "Ventana de 24 h para escribir libremente" }, icon("clock"), left.text) : null)),
  ];
}

function lastWords(last) {
  if (!last) return "Sin mensajes";
  const words = unmarked(last.text) || kindName(last.kind);
  const author = last.author === "cliente" ? "" : AUTHORS[last.author] ?? (last.operator || "Operador");
  return author ? `${author}: ${words}` : words;
}

function shortAnswering(row, me, zone) {
  if (row.owner === "espera" && !row.blocked) return "Espera";
  return answering(row, me, zone).replace("Atendido desde el teléfono hasta las", "Teléfono hasta").replace("La atendés vos", "Vos").replace("Atiende el bot", "Bot").replace("Atiende ", "");
}

function shortTime(iso, zone) {
  const { iso: day, time } = moment(iso, zone);
  const name = dayName(day, new Date(now()).toISOString(), zone);
  return name === "hoy" ? time : name === "ayer" ? "ayer" : name.slice(0, 5);
}
