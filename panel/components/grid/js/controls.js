// One control per kind of field. Each: {element, get(), set(value), input}. `get` throws a code for what is no value.
// One whose value is no plain text also says how it is `shown(value)`.

import { h } from "./dom.js";
import { moneyField, parseMoney } from "./format.js";
import { shiftControl } from "./shift.js";

export function control(field, changed) {
  switch (field.kind) {
    case "longtext": return textControl(h("textarea", { class: "field", rows: "2", maxlength: field.length || null }), changed);
    case "money": return moneyControl(changed);
    case "choice": return choiceControl(field, changed);
    case "choices": return choicesControl(field, changed);
    case "check": return checkControl(field, changed);
    case "shift": return shiftControl(changed);
    default: return textControl(h("input", { class: "field", maxlength: field.length || null, ...typed(field.kind) }), changed);
  }
}

function typed(kind) {
  switch (kind) {
    case "email": return { type: "email", autocomplete: "off", inputmode: "email" };
    case "phone": return { type: "tel", autocomplete: "off", inputmode: "tel" };
    case "password": return { type: "password", autocomplete: "new-password" };
    default: return { type: "text", autocomplete: "off" };
  }
}

function textControl(input, changed) {
  input.addEventListener("input", changed);
  return { element: input, input, get: () => input.value.trim(), set: (value) => { input.value = value ?? ""; } };
}

function moneyControl(changed) {
  const input = h("input", { class: "field number", type: "text", inputmode: "decimal", placeholder: "0,00", autocomplete: "off" });
  input.addEventListener("input", changed);
  input.addEventListener("blur", () => {
    const amount = parseMoney(input.value);
    if (amount !== null) input.value = moneyField(amount);
  });
  const get = () => {
    if (!input.value.trim()) return null;
    const amount = parseMoney(input.value);
    if (amount === null) throw new RangeError("not_an_amount");
    return amount;
  };
  const element = h("span", { class: "money-field" }, h("span", { "aria-hidden": "true" }, "$"), input);
  return { element, input, get, set: (value) => { input.value = value ? moneyField(value) : ""; }, raw: () => input.value, setRaw: (text) => { input.value = text; } };
}

function choiceControl(field, changed) {
  const select = h("select", { class: "field" }, !field.required && h("option", { value: "" }, field.none || "—"),
    field.choices.map(({ value, title }) => h("option", { value }, title)));
  select.addEventListener("change", changed);
  const isNumber = field.choices.some(({ value }) => typeof value === "number");
  const get = () => (select.value === "" ? null : isNumber ? Number(select.value) : select.value);
  return { element: select, input: select, get, set: (value) => { select.value = value ?? ""; } };
}

function choicesControl(field, changed) {
  const boxes = field.choices.map(({ value, title }) => {
    const box = h("input", { type: "checkbox", value, onchange: changed });
    return { box, value, element: h("label", { class: "choice" }, box, title) };
  });
  return {
    element: h("div", { class: "choices in-form", role: "group", "aria-label": field.title }, boxes.map(({ element }) => element)),
    input: boxes[0]?.box,
    get: () => boxes.filter(({ box }) => box.checked).map(({ value }) => (/^\d+$/.test(value) ? Number(value) : value)),
    set: (values) => boxes.forEach(({ box, value }) => { box.checked = (values ?? []).map(String).includes(String(value)); }),
    shown: (values) => field.choices.filter(({ value }) => (values ?? []).map(String).includes(String(value))).map(({ title }) => title).join(", "),
  };
}

function checkControl(field, changed) {
  const box = h("input", { type: "checkbox", onchange: changed });
  return { element: h("label", { class: "choice" }, box, field.title), input: box, get: () => box.checked, set: (value) => { box.checked = Boolean(value); } };
}
