// What the list shows (tab, filters, search, order) as the API's parameters and as the page's address. Pure.

const TAB = "vista";
const SORT = "orden";

/** {tab, sort, filters: {state: ["COMPLETO"], created_from: ["2026-11-01"]}}; `sort` "" means the tab's own. */
export function emptyQuery(config) {
  return { tab: config.tabs[0]?.key ?? "", sort: "", filters: {} };
}

/** The names of all parameters that columns and the search box use. */
export function paramNames(config) {
  const names = config.search.param ? [config.search.param] : [];
  for (const column of config.columns) names.push(...columnParams(column));
  return [...new Set(names)];
}

export function columnParams(column) {
  const name = column.param || column.key;
  if (column.filter === "dates" || column.filter === "amounts") return [`${name}_from`, `${name}_to`];
  return column.filter ? [name] : [];
}

export function tabOf(query, config) {
  return config.tabs.find((tab) => tab.key === query.tab) ?? config.tabs[0] ?? null;
}

/** The order in force: the operator's, else the tab's, else the list's. */
export function sortOf(query, config) {
  return query.sort || tabOf(query, config)?.sort || config.sort;
}

/** Parameters for the API. */
export function toParams(query, config) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(tabOf(query, config)?.params ?? {})) params.append(name, value);
  for (const [name, values] of Object.entries(query.filters)) {
    for (const value of values) params.append(name, value);
  }
  const sort = sortOf(query, config);
  if (sort) params.set("sort", sort);
  return params;
}

/** The address's search part: ours renewed, everybody else's kept. */
export function toAddress(query, config, open, search) {
  const params = new URLSearchParams(search);
  for (const name of [TAB, SORT, config.openParam, ...paramNames(config)]) params.delete(name);
  if (query.tab && query.tab !== config.tabs[0]?.key) params.set(TAB, query.tab);
  if (query.sort) params.set(SORT, query.sort);
  for (const [name, values] of Object.entries(query.filters)) {
    for (const value of values) params.append(name, value);
  }
  if (open.length) params.set(config.openParam, open.join("."));
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** Read an address: {query, open, isEmpty}. Unknown names are somebody else's, unknown values are dropped. */
export function fromAddress(search, config) {
  const params = new URLSearchParams(search);
  const query = emptyQuery(config);
  const tab = params.get(TAB);
  if (config.tabs.some(({ key }) => key === tab)) query.tab = tab;
  const sort = params.get(SORT) ?? "";
  if (config.columns.some((column) => column.sort && column.sort === sort.replace(/^-/, ""))) query.sort = sort;
  for (const name of paramNames(config)) {
    const values = params.getAll(name).filter((value) => value !== "");
    if (values.length) query.filters[name] = values;
  }
  const open = (params.get(config.openParam) ?? "").split(".").filter((id) => /^\d{1,18}$/.test(id)).map(Number);
  const isEmpty = [TAB, SORT, config.openParam, ...paramNames(config)].every((name) => !params.has(name));
  return { query, open, isEmpty };
}

/** A new query with this filter set; nothing means without it. */
export function withFilter(query, name, values) {
  const filters = { ...query.filters, [name]: values.filter((value) => value !== "") };
  if (!filters[name].length) delete filters[name];
  return { ...query, filters };
}

export function isFiltered(query) {
  return Object.keys(query.filters).length > 0;
}

/** Two queries that show the same. */
export function sameQuery(one, other) {
  return signature(one) === signature(other);
}

function signature({ tab, sort, filters }) {
  const names = Object.keys(filters).sort();
  return JSON.stringify([tab, sort, names.map((name) => [name, [...filters[name]].sort()])]);
}
