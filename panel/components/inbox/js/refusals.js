// Why nothing can be written, and the one thing that helps.

import { moment } from "../../grid/js/format.js";

/** {words, button: {title, run} | null, mayNote}. */
export function helpFor({ contact, composer, time_zone: zone }, { talk }) {
  const take = (title) => ({ title, run: () => talk.take() });
  const note = true;
  switch (composer.why) {
    case "bot": return { words: "Contesta el bot. Para escribir vos, tomá la conversación.", button: take("Tomar la conversación"), mayNote: note };
    case "waiting": return { words: `El cliente espera a una persona${contact.waiting_since ? ` desde las ${moment(contact.waiting_since, zone).time}` : ""}.`, button: take("Tomar la conversación"), mayNote: note };
    case "other_operator": return others(contact, composer, take, talk, zone);
    case "window_closed": return { words: "Pasaron 24 h desde su último mensaje: WhatsApp solo deja mandar una plantilla.", button: { title: "Elegir una plantilla", run: () => talk.composer.template() }, mayNote: note };
    case "blocked": return { words: "El contacto está bloqueado: se guarda lo que escribe y no se le responde.", button: { title: "Desbloquear", run: () => talk.side.block(false) }, mayNote: note };
    case "deleted": return { words: "El contacto fue eliminado: no se le puede escribir.", button: null, mayNote: false };
    default: return { words: "Ahora no se puede escribir en esta conversación.", button: null, mayNote: note };
  }
}

function others(contact, { operator }, take, talk, zone) {
  if (contact.phone_reply_until) {
    const until = moment(contact.phone_reply_until, zone).time;
    return { words: `La atienden desde el teléfono de la empresa hasta las ${until}.`, button: take("Tomar la conversación"), mayNote: true };
  }
  return { words: `La atiende ${operator?.name || "otra persona"}.`, button: take("Tomarla"), mayNote: true };
}
