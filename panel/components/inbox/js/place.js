// What the page's address says of the inbox: which conversation is open, which are listed. Pure.

export const FILTERS = [
  { key: "all", slug: "", title: "Todas" },
  { key: "unread", slug: "sin-leer", title: "Sin leer" },
  { key: "mine", slug: "mias", title: "Mías" },
  { key: "waiting", slug: "esperan", title: "Esperan" },
  { key: "closing", slug: "por-cerrar", title: "Ventana por cerrar", short: "Por cerrar" },
];

/** "?contacto=45&filtro=mias&buscar=ana" → {contact, filter, search}. */
export function fromAddress(address) {
  const values = new URLSearchParams(address);
  const contact = values.get("contacto") ?? "";
  const filter = FILTERS.find(({ slug }) => slug === (values.get("filtro") ?? "")) ?? FILTERS[0];
  return { contact: /^\d{1,18}$/.test(contact) ? Number(contact) : null, filter: filter.key, search: values.get("buscar") ?? "" };
}

/** The other way; what others keep in the address stays. */
export function toAddress({ contact, filter, search }, before) {
  const values = new URLSearchParams(before);
  const wished = { contacto: contact ? String(contact) : "", filtro: FILTERS.find(({ key }) => key === filter).slug, buscar: search };
  for (const [name, value] of Object.entries(wished)) {
    if (value) values.set(name, value);
    else values.delete(name);
  }
  const text = values.toString();
  return text ? `?${text}` : "";
}
