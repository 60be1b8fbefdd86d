// Sentences over the foot of the page: no connection, the shift ends, the plan comes to its end.

import { send } from "../../grid/js/api.js";

const NOTICES = {
  plan_nearly_used: "Ya se usó el 80 % de los mensajes del plan de este mes.",
  plan_used_up: "Se usaron todos los mensajes del plan de este mes.",
};

export class Bars {
  constructor() {
    this.offline = bar("ob-offline", "Sin conexión, reintentando…");
    this.shift = bar("ob-shift", "");
    this.notice = bar("ob-notice", "");
    window.addEventListener("openbot:notices", ({ detail }) => this.showNotice(detail[0]));
  }

  /** Until somebody has read it, on every screen. */
  showNotice(notice) {
    if (notice && this.shown === notice.key) return;
    this.shown = notice?.key;
    this.notice.hidden = !notice || !NOTICES[notice.code];
    if (this.notice.hidden) return;
    const [year, month, day] = notice.renews_on.split("-");
    this.notice.replaceChildren(`${NOTICES[notice.code]} Se renueva el ${day}/${month}/${year}.`, understood(() => {
      this.notice.hidden = true;
      send("POST", "/api/me/notices-seen", { key: notice.key }, { outlives: true }).catch(() => {}); // it comes back
    }));
  }

  showOffline(isOffline) {
    this.offline.hidden = !isOffline;
  }

  showShift(minutes, overtime) {
    this.shift.replaceChildren(sentence(minutes, overtime), understood(() => { this.shift.hidden = true; }));
    this.shift.hidden = false;
  }
}

function understood(then) {
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Entendido";
  close.addEventListener("click", then);
  return close;
}

function sentence(minutes, overtime) {
  if (minutes > 0) {
    const left = minutes === 1 ? "Falta 1 minuto" : `Faltan ${minutes} minutos`;
    return `${left} para el fin de tu plan de trabajo.`;
  }
  return `Tu plan de trabajo terminó. Tenés ${overtime} minutos para cerrar los pedidos que ya son tuyos.`;
}

function bar(kind, text) {
  const element = document.createElement("div");
  element.className = `ob-bar ${kind}`;
  element.setAttribute("role", "status");
  element.textContent = text;
  element.hidden = true;
  document.body.append(element);
  return element;
}
