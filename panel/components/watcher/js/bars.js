// Sentences over the foot of the page: no connection, the shift ends.

export class Bars {
  constructor() {
    this.offline = bar("ob-offline", "Sin conexión, reintentando…");
    this.shift = bar("ob-shift", "");
  }

  showOffline(isOffline) {
    this.offline.hidden = !isOffline;
  }

  showShift(minutes, overtime) {
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Entendido";
    close.addEventListener("click", () => { this.shift.hidden = true; });
    this.shift.replaceChildren(sentence(minutes, overtime), close);
    this.shift.hidden = false;
  }
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
