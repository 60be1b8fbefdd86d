// Where each message stands, and what stands between them: days, orders, groups. Pure.

import { moment } from "../../grid/js/format.js";

const GROUP_MS = 5 * 60_000;

/** Oldest first; within one instant what came before what went, then by number. */
export function inOrder(messages) {
  return [...messages].sort((one, other) => compare(key(one), key(other)));
}

function key(message) {
  const [side, number] = message.id.split("-");
  return [message.place.replace(/Z$|\+00:00$/, "").padEnd(26, "0"), side === "in" ? 0 : 1, message.at, Number(number)];
}

function compare(one, other) {
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] < other[at]) return -1;
    if (one[at] > other[at]) return 1;
  }
  return 0;
}

/** [{kind: "day" | "order" | "message", …}] of sorted messages; reactions that found their message are left out. */
export function plan(messages, zone) {
  const known = new Set(messages.map((message) => message.id));
  const { reactions, revoked } = additions(messages, known);
  const items = [];
  let before = null;
  let day = "";
  let order = null;
  for (const message of messages) {
    if (message.kind === "reaction" && known.has(message.target?.id)) continue;
    const iso = moment(message.place, zone).iso;
    if (iso !== day) items.push({ kind: "day", key: `day:${iso}`, iso });
    if (message.order_id && message.order_id !== order) {
      items.push({ kind: "order", key: `order:${message.order_id}:${message.id}`, id: message.order_id });
      before = null;
    }
    const begins = iso !== day || !before || !isSameGroup(before, message);
    items.push({
      kind: "message",
      key: message.id,
      message,
      begins,
      reactions: reactions.get(message.id) ?? "",
      isRevoked: revoked.has(message.id),
    });
    day = iso;
    order = message.order_id ?? order;
    before = message;
  }
  return items;
}

function additions(messages, known) {
  const reactions = new Map();
  const revoked = new Set();
  for (const { kind, target, text } of messages) {
    if (!known.has(target?.id)) continue;
    if (kind === "reaction") reactions.set(target.id, text); // "" takes it back
    if (kind === "revoke") revoked.add(target.id);
  }
  return { reactions, revoked };
}

function isSameGroup(one, other) {
  const who = (message) => `${message.author}|${message.operator}|${message.is_from_phone}`;
  return who(one) === who(other) && Date.parse(other.place) - Date.parse(one.place) < GROUP_MS;
}
