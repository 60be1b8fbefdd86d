// An opened order: what it is, what can be done with it, where it comes from.

import { h } from "../../grid/js/dom.js";
import { drawState } from "../../grid/js/cells.js";
import { dateTime, money, phone, quantity } from "../../grid/js/format.js";
import { icon } from "../../grid/js/icons.js";
import { openEditor } from "./editor.js";
import { historyList } from "./history.js";
import { moveButtons } from "./moves.js";
import { copySummary } from "./copying.js";
import { unitOf } from "./units.js";

const KINDS = { image: "Imagen", document: "Documento" };

export function orderDetail(order, grid) {
  return [
    h("div", { class: "order-actions" }, h("div", {}, moveButtons(order, grid)), h("div", {}, tools(order, grid))),
    h("div", { class: "order" },
      h("section", {}, h("h3", {}, `Pedido ${order.number}`), facts(order, grid)),
      h("section", {}, h("h3", {}, "Ítems"), itemsTable(order), files(order, grid)),
      h("section", { class: "past" }, h("h3", {}, "Historial"), historyList(order.history, grid), earlier(order, grid))),
  ];
}

function tools(order, grid) {
  const button = (title, name, onclick) => h("button", { type: "button", class: "button", onclick }, icon(name), title);
  const link = (title, name, href, more = {}) => h("a", { class: "button", href, ...more }, icon(name), title);
  return [
    button("Editar", "pencil", () => openEditor(grid, order.id)),
    link("Exportar .pdf", "pdf", `/api/orders/${order.id}.pdf`, { download: "" }),
    link("Ticket 80 mm", "ticket", `/api/orders/${order.id}.pdf?format=ticket`, { target: "_blank" }),
    button("Copiar resumen", "copy", () => copySummary(order.id, grid)),
    link("Conversación", "chat", `/comunicaciones?contacto=${order.contact_id}`),
  ];
}

function facts(order, grid) {
  const zone = grid.config.timeZone;
  const where = order.delivery === "ENVÍO" ? [order.address || "sin dirección", order.zone].filter(Boolean).join(" · ") : "";
  const pairs = [
    ["A nombre de", order.order_name || order.name],
    ["Celular", phone(order.phone)],
    ["Tipo", order.kind],
    ["Sucursal", order.branch || "todavía ninguna"],
    ["Entrega", order.delivery === "ENVÍO" ? "Envío" : order.delivery === "RETIRO" ? "Retira en la sucursal" : ""],
    ["Dirección", where],
    ["Forma de pago", order.payment_method && `${order.payment_method}${order.cash_with ? ` (paga con ${money(order.cash_with)})` : ""}`],
    ["Monto", order.amount !== null && money(order.amount)],
    ["Comentario", order.comment],
    ["Pide una persona", order.needs_person && (order.person_reason || "sí")],
    ["Operador", order.operator],
    ["Recibido", dateTime(order.created_at, zone)],
    ["Vence", order.expires_at && dateTime(order.expires_at, zone)],
    ["Cerrado", order.closed_at && dateTime(order.closed_at, zone)],
    ...Object.entries(order.custom ?? {}).map(([name, value]) => [titleOf(grid, name), value]),
  ];
  const map = order.latitude != null && h("a", { href: `https://www.openstreetmap.org/?mlat=${order.latitude}&mlon=${order.longitude}#map=17/${order.latitude}/${order.longitude}`, target: "_blank", rel: "noreferrer noopener" }, " ver mapa");
  return h("dl", { class: "order-facts" }, pairs.filter(([, value]) => value).map(([title, value]) =>
    [h("dt", {}, title), h("dd", {}, String(value), title === "Dirección" && map)]));
}

function titleOf(grid, name) {
  return (grid.config.extra.customFields ?? []).find(({ key }) => key === name)?.title ?? name;
}

function itemsTable(order) {
  if (!order.items.length) return h("p", { class: "faint" }, "Todavía no pidió nada.");
  const rows = order.items.map((item) => h("tr", {},
    h("td", { class: "amount" }, `${quantity(item.quantity)} ${unitOf(item)}`), h("td", {}, item.name),
    h("td", { class: "amount faint" }, money(item.unit_price)), h("td", { class: "amount" }, money(item.total))));
  const line = (title, value, className = "") => h("tr", { class: className }, h("td", { colspan: "3" }, title), h("td", { class: "amount" }, money(value)));
  return h("table", { class: "items" }, h("tbody", {}, rows),
    h("tfoot", {}, Number(order.delivery_fee) > 0 && line("Envío", order.delivery_fee), line(order.total_is_estimated ? "Total estimado" : "Total", order.total, "sum")));
}

function files(order, grid) {
  if (!order.files?.length) return null;
  return [h("h3", {}, "Archivos"), h("ul", { class: "files" }, order.files.map((file) => {
    const inside = [icon(file.kind === "image" ? "image" : "pdf"), file.name || KINDS[file.kind] || file.kind];
    const words = [file.url ? h("a", { href: file.url, target: "_blank", rel: "noopener" }, inside) : h("span", {}, inside), h("time", {}, dateTime(file.received_at, grid.config.timeZone))];
    return h("li", {}, words, file.text && h("span", { class: "faint" }, `«${file.text}»`));
  }))];
}

function earlier(order, grid) {
  if (!order.earlier?.length) return null;
  return [h("h3", {}, "Pedidos anteriores"), h("ul", { class: "earlier" }, order.earlier.map((one) => {
    const badge = h("span", {});
    drawState(badge, one.state, grid.tone(one.state));
    return h("li", {}, one.is_reached ? h("a", { href: `/pedidos?pedido=${one.id}` }, `Pedido ${one.id}`) : h("span", {}, `Pedido ${one.id}`), h("time", {}, dateTime(one.created_at, grid.config.timeZone)), badge, one.total !== null && h("span", { class: "amount" }, money(one.total)));
  }))];
}
