// Streamlit's fixed English words become Spanish as they appear. What people wrote is left as it is: texts inside
// Markdown, plain-text and HTML elements, and everything in the shadow of a component.

const LEFT_ALONE = '[data-testid="stMarkdownContainer"], [data-testid="stText"], [data-testid="stHtml"], [data-testid="stJson"], [data-testid="stCode"], textarea, input, script, style';
const STREAMLITS = '[data-testid="stFileUploaderDropzone"]'; // has its own «Upload» inside Markdown
const ATTRIBUTES = ["placeholder", "aria-label", "title", "alt"];

export function translate(words, patterns, anywhere) {
  if (window.openbotTranslator) return;
  const exact = new Map(Object.entries(words));
  const parts = patterns.map(([expression, replacement]) => [new RegExp(expression), replacement]);

  const sentences = anywhere.map(([expression]) => new RegExp(expression));

  const spanish = (text) => {
    const trimmed = text.trim();
    if (!trimmed) return null;
    const word = exact.get(trimmed);
    if (word) return text.replace(trimmed, word);
    const part = parts.find(([expression]) => expression.test(trimmed));
    return part ? text.replace(trimmed, trimmed.replace(part[0], part[1])) : null;
  };
  const inText = (node) => {
    const parent = node.parentElement;
    const isLeft = parent?.closest(LEFT_ALONE) && !parent.closest(STREAMLITS);
    if (isLeft && !sentences.some((expression) => expression.test(node.data.trim()))) return;
    const word = spanish(node.data);
    if (word !== null && word !== node.data) node.data = word;
  };
  const inElement = (element) => {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      const word = value && spanish(value);
      if (word && word !== value) element.setAttribute(name, word);
    }
  };
  const inTree = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return inText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let each = node; each; each = walker.nextNode()) {
      if (each.nodeType === Node.TEXT_NODE) inText(each);
      else inElement(each);
    }
  };
  window.openbotTranslator = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(inTree);
      else if (change.type === "characterData") inText(change.target);
      else inElement(change.target);
    }
  });
  window.openbotTranslator.observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
  inTree(document.body);
}
