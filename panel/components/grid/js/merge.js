// What a refreshed page changes in the one that is shown. Pure.

/**
 * `shown` is the list of ids on the screen, `fresh` the API's ids now; `isFull` says that more follow them.
 * added: new ids · gone: ids that no longer belong here (they stay where they were, greyed) · pushed: ids that only
 * slid off a full page · order: what to show.
 */
export function merge(shown, fresh, isFull) {
  const there = new Set(fresh);
  const before = new Set(shown);
  const missing = shown.filter((id) => !there.has(id));
  const pushed = new Set(isFull ? slidOff(shown, there) : []);
  const gone = missing.filter((id) => !pushed.has(id));
  const order = [...fresh];
  for (const id of gone) order.splice(placeOf(id, shown, order), 0, id);
  return {
    order,
    added: fresh.filter((id) => !before.has(id)),
    gone,
    pushed: [...pushed],
    isSame: order.length === shown.length && order.every((id, index) => id === shown[index]),
  };
}

/** The ids missing at the end of a full page: newer rows pushed them to the next one. */
function slidOff(shown, there) {
  let last = shown.length;
  while (last > 0 && !there.has(shown[last - 1])) last -= 1;
  return shown.slice(last);
}

/** Behind the neighbour it had. */
function placeOf(id, shown, order) {
  for (let index = shown.indexOf(id) - 1; index >= 0; index -= 1) {
    const found = order.indexOf(shown[index]);
    if (found >= 0) return found + 1;
  }
  return 0;
}
