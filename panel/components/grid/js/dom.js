// Builds elements. Text always becomes text nodes, never markup.

/** h("button", {class: "x", onclick: f, "aria-label": "…"}, child, "text", [more]); null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (["value", "checked", "disabled", "indeterminate"].includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...flat(children));
  return element;
}

/** Put these children in place of what is there. */
export function fill(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

/** A text only touches the page when it differs: a selection of text in it survives. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Put `node` before `next` without losing focus and scroll, where the browser can. */
export function place(parent, node, next) {
  if (node.isConnected && typeof parent.moveBefore === "function") parent.moveBefore(node, next);
  else parent.insertBefore(node, next);
}

/** Call `act` once things have been quiet for `ms`. */
export function debounced(act, ms) {
  let timer = 0;
  const later = (...parts) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...parts), ms);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** Is somebody typing there? */
export function isTyping(element) {
  if (!element || !element.matches) return false;
  if (element.matches("textarea, select, [contenteditable], [contenteditable] *")) return true;
  return element.matches("input") && !["checkbox", "radio", "button", "range"].includes(element.type);
}

function flat(children) {
  return children.flat(4).filter((child) => child !== null && child !== undefined && child !== false);
}
