// One small window at a time, next to what opened it: filters, menus. Esc, a click elsewhere and scrolling close it.

import { h } from "./dom.js";

/** Open `content` below `anchor`. Returns the function that closes it. */
export function openPopover(grid, anchor, content, { label, align = "start", role = "dialog", onclose = null } = {}) {
  grid.popover?.close();
  const window_ = h("div", { class: "popover", role, "aria-label": label, tabindex: "-1" }, content);
  grid.host.append(window_);
  const place = () => moveBelow(grid.host, anchor, window_, align);
  const outside = (event) => {
    const path = event.composedPath();
    if (!path.includes(window_) && !path.includes(anchor)) close(false);
  };
  const keys = (event) => {
    if (event.key !== "Escape" || grid.host.querySelector("dialog[open]")) return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  };
  function close(back = true) {
    if (grid.popover?.element !== window_) return;
    grid.popover = null;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", keys, true);
    window.removeEventListener("resize", place);
    anchor.setAttribute("aria-expanded", "false");
    window_.remove();
    if (back) anchor.focus?.({ preventScroll: true });
    onclose?.();
  }
  grid.popover = { element: window_, anchor, close };
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", place);
  document.addEventListener("keydown", keys, true);
  anchor.setAttribute("aria-expanded", "true");
  place();
  (window_.querySelector("[autofocus], input, button, [tabindex='0']") ?? window_).focus({ preventScroll: true });
  return close;
}

/** A menu of {title, icon?, tone?, hint?, danger?, run} or "-" for a line. Arrows move, Enter runs. */
export function openMenu(grid, anchor, items, { label, align = "start" } = {}) {
  const menu = h("div", { class: "menu" });
  let close = null;
  for (const item of items) {
    if (item === "-") menu.append(h("div", { class: "menu-line", role: "separator" }));
    else menu.append(menuItem(item, () => close(item.keepsFocus !== true)));
  }
  menu.addEventListener("keydown", (event) => walk(event, menu));
  close = openPopover(grid, anchor, menu, { label, align, role: "menu" });
  return close;
}

function menuItem(item, close) {
  const tag = item.href ? "a" : "button";
  const attributes = {
    class: `menu-item ${item.danger ? "danger" : ""}`,
    role: item.checked === undefined ? "menuitem" : "menuitemcheckbox",
    "aria-checked": item.checked === undefined ? null : String(item.checked),
    type: item.href ? null : "button",
    href: item.href,
    download: item.download,
    style: item.tone ? `--tone: ${item.tone}` : null,
    onclick: () => {
      close();
      item.run?.();
    },
  };
  const mark = item.tone ? h("span", { class: "dot" }) : item.icon ?? h("span", { class: "icon" });
  return h(tag, attributes, mark, h("span", { class: "menu-title" }, item.title), item.hint && h("small", {}, item.hint));
}

function walk(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll(".menu-item")];
  const at = items.indexOf(menu.getRootNode().activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}

function moveBelow(host, anchor, element, align) {
  if (host.classList.contains("phone")) return; // a sheet at the bottom, placed by the style sheet
  const frame = host.getBoundingClientRect();
  const from = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const wanted = align === "end" ? from.right - frame.left - width : from.left - frame.left;
  const left = Math.max(4, Math.min(wanted, frame.width - width - 4));
  const below = from.bottom - frame.top + 4;
  const fits = below + height <= frame.height - 4;
  const above = from.top - frame.top - height - 4;
  const top = fits || above < 4 ? Math.min(below, Math.max(4, frame.height - height - 4)) : above;
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
