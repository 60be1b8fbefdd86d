// Speaks with the API: same origin, JSON, one shape of errors.

/** The API said no. `fields` names the code of each field at fault. */
export class Refused extends Error {
  constructor(status, { code = "unexpected", detail = null, fields = null } = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.detail = detail ?? {};
    this.fields = fields ?? {};
  }
}

/** Nobody answered: no network, or the server is being restarted. */
export class Unreachable extends Error {}

let ahead = 0; // the server's clock minus ours, in ms

/** The time as the server has it, so that a wrong clock on the desk shows no wrong waits. */
export function now() {
  return Date.now() + ahead;
}

export function get(url, params = null, signal = undefined) {
  const query = params ? params.toString() : "";
  return call("GET", query ? `${url}?${query}` : url, undefined, signal);
}

/** With `outlives` the call goes on when the page is being left. */
export function send(method, url, body = undefined, { outlives = false } = {}) {
  return call(method, url, body, undefined, outlives);
}

async function call(method, url, body, signal, keepalive = false) {
  let response;
  try {
    response = await fetch(url, {
      method,
      signal,
      keepalive,
      credentials: "same-origin",
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable(error.message);
  }
  setClock(response);
  if (response.ok) return response.status === 204 ? null : response.json();
  if ([502, 503, 504].includes(response.status)) throw new Unreachable(`status ${response.status}`);
  throw await refusal(response);
}

async function refusal(response) {
  let error = {};
  try {
    error = (await response.json()).error ?? {};
  } catch {
    error = { code: "unexpected" };
  }
  if (response.status === 401) {
    const here = location.pathname + location.search;
    const because = error.detail?.because;
    location.replace(`/login?next=${encodeURIComponent(here)}${because ? `&e=${encodeURIComponent(because)}` : ""}`);
  }
  return new Refused(response.status, error);
}

function setClock(response) {
  const theirs = Date.parse(response.headers.get("Date") ?? "");
  if (!Number.isNaN(theirs) && Math.abs(theirs + 500 - Date.now() - ahead) > 2000) ahead = theirs + 500 - Date.now();
}

/** The Spanish sentence of an error; the code is shown where there is none, and the one that the log has. */
export function sentence(error, sentences) {
  if (error instanceof Unreachable) return "Sin conexión. No se guardó nada: probá de nuevo.";
  const code = error?.code ?? "unexpected";
  const said = sentences[code] ?? `No se pudo hacer (código ${code}).`;
  return code === "internal" ? `${said} Código ${error.detail.reference ?? error.status}` : said;
}
