// What the page knows of the world: kept by a web socket that comes back by itself, changed over HTTP.

export const world = {
  connected: false,
  business: { name: "", phone: "" },
  customers: new Map(),
  chats: new Map(), // customer id → Map(message id → message)
  faults: {},
  behaviour: {},
  offsetSeconds: 0,
  webhook: "",
};

const listeners = new Set();
let pause = 300;

/** Call back on every change, with the event's kind and the event. */
export function listen(callback) {
  listeners.add(callback);
}

/** The simulated time, in milliseconds. */
export function now() {
  return Date.now() + world.offsetSeconds * 1000;
}

export function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/sim/live`);
  socket.addEventListener("message", ({ data }) => {
    pause = 300;
    apply(JSON.parse(data));
  });
  socket.addEventListener("close", () => {
    world.connected = false;
    tell({ kind: "connection" });
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, 5000);
  });
}

/** Call the simulator; the JSON of the answer, or an Error with its explanation. */
export async function call(method, path, body) {
  const answer = await fetch(`/sim/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(typeof result.detail === "string" ? result.detail : `Error ${answer.status}`);
  return result;
}

/** A customer does something on the phone. */
export function act(customerId, kind, action = {}) {
  return call("POST", `customers/${customerId}/messages`, { kind, ...action });
}

function tell(event) {
  for (const listener of listeners) listener(event.kind, event);
}

function setCustomer(customer) {
  world.customers.set(customer.id, { ...customer, heardAt: Date.now() });
}

function setControls(event) {
  world.faults = event.faults;
  world.behaviour = event.behaviour;
  world.offsetSeconds = event.clock.now - Date.now() / 1000;
}

function apply(event) {
  switch (event.kind) {
    case "snapshot":
      world.connected = true;
      world.business = event.business;
      world.webhook = event.webhook;
      world.customers = new Map();
      event.customers.forEach(setCustomer);
      world.chats = new Map(
        Object.entries(event.chats).map(([id, chat]) => [id, new Map(chat.map((one) => [one.id, one]))]),
      );
      setControls(event);
      break;
    case "customer":
      setCustomer(event.customer);
      if (!world.chats.has(event.customer.id)) world.chats.set(event.customer.id, new Map());
      break;
    case "message":
      world.chats.get(event.customer)?.set(event.message.id, event.message);
      break;
    case "controls":
      setControls(event);
      break;
    case "webhook":
      world.webhook = event.outcome;
      break;
  }
  tell(event);
}
