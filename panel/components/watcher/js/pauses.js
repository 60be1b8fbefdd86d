// Streamlit hears of a text of several lines when somebody leaves it. Here every pause in typing counts, as in the live
// fields of one line: a draft misses nothing.

const QUIET_MS = 700;
const TEXTS = '[data-testid="stTextArea"] textarea';

export function countPauses() {
  if (window.openbotPauses) return;
  let timer = 0;
  window.openbotPauses = ({ target }) => {
    if (!target.matches?.(TEXTS)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.activeElement !== target) return; // it was left: Streamlit has heard
      for (const name of ["focusout", "focusin"]) target.dispatchEvent(new FocusEvent(name, { bubbles: true }));
    }, QUIET_MS);
  };
  document.addEventListener("input", window.openbotPauses);
}
