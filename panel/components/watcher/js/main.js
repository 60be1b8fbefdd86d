// One connection and one translator per page, however often Streamlit draws this component again.
import { Connection } from "./connection.js";
import { Bars } from "./bars.js";
import { countPauses } from "./pauses.js";
import { translate } from "./translate.js";

export default function ({ data }) {
  document.documentElement.lang = "es";
  translate(data.words, data.patterns, data.anywhere);
  countPauses();
  window.openbotWatcher ??= new Connection(new Bars());
  if (data.leave) window.openbotWatcher.leave(data.because);
}
