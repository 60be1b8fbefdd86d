// A file of a message: the picture itself, a player, a link; or how far its download is.

import { h } from "../../grid/js/dom.js";
import { icon } from "../../grid/js/icons.js";
import { fileSize, kindName, typeName } from "./words.js";

const WHY = {
  too_large: "es demasiado grande", infected: "tiene un virus", type: "el tipo de archivo no se acepta",
  not_what_it_says: "no es lo que dice ser", corrupt: "llegó dañado", empty: "está vacío", expired: "WhatsApp ya no lo tiene",
  unreachable: "WhatsApp no responde", scan_away: "falta revisarlo", store_away: "el depósito de archivos no responde",
  foreign_host: "la dirección no es de WhatsApp",
};
const ICONS = { image: "image", sticker: "image", audio: "bell", video: "image", document: "pdf" };

/** `file` as the API has it; `media` is what WhatsApp told of it. */
export function preview(file, media) {
  if (["failed", "refused"].includes(file.state)) return card(file, media, `No se pudo descargar: ${WHY[file.reason] ?? file.reason ?? "sin motivo"}`, "failed");
  if (file.state === "pending") return card(file, media, file.reason ? `Se está descargando (${WHY[file.reason] ?? file.reason})` : "Se está descargando…", "pending");
  const url = `/api/files/${file.id}`;
  switch (file.kind) {
    case "image":
    case "sticker": return picture(url, file);
    case "audio": return h("audio", { class: "player", controls: true, preload: "none", src: url, "aria-label": media?.is_voice ? "Nota de voz" : "Audio" });
    case "video": return h("video", { class: "picture", controls: true, preload: "metadata", src: url, "aria-label": "Video" });
    default: return card(file, media, [typeName(file.mime_type), fileSize(file.size)].filter(Boolean).join(" · "), "", url);
  }
}

function picture(url, file) {
  const name = file.filename || kindName(file.kind);
  const image = h("img", { src: url, alt: name, loading: "lazy", decoding: "async" });
  const link = h("a", { class: `picture ${file.kind}`, href: url, target: "_blank", rel: "noopener", title: `Abrir ${name}` }, image);
  image.addEventListener("error", () => link.replaceWith(card(file, null, "No se pudo mostrar", "failed", url)));
  return link;
}

function card(file, media, words, state, url = "") {
  const name = media?.is_voice ? "Nota de voz" : file.filename || media?.name || kindName(file.kind);
  return h(
    "div",
    { class: `file ${state}` },
    h("span", { class: "file-icon" }, icon(ICONS[file.kind] ?? "box")),
    h(
      "span",
      { class: "file-words" },
      h("b", { dir: "auto" }, name),
      h("small", {}, words),
      url ? h("span", { class: "file-links" }, h("a", { href: url, target: "_blank", rel: "noopener" }, "Abrir"), h("a", { href: `${url}?download=1`, download: "" }, "Descargar")) : null,
    ),
  );
}
