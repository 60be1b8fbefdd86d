"""The page in which Streamlit's screens live: its own index.html in Spanish, with a word for too old a browser."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.responses import HTMLResponse, Response

from api.pages.html import TOO_OLD, script_hash

#: Asked for by scripts, or files: never the page.
_NO_PAGE = ("/_stcore/", "/static/", "/media/", "/component/", "/app/", "/agent/")
NO_SCRIPT = "Para usar el panel hace falta JavaScript: activalo en el navegador y recargá la página."
#: Old syntax on purpose. What cannot read Streamlit's scripts fails with a SyntaxError before anything is drawn.
CHECK = (
    "(function(){function old(){var r=document.getElementById('root');if(!r){setTimeout(old,50);return}"
    "if(!r.firstChild){var p=document.createElement('p');p.setAttribute('role','alert');"
    "p.style.cssText='max-width:32em;margin:20vh auto;padding:0 16px;font:18px/1.5 sans-serif';"
    f"p.appendChild(document.createTextNode('{TOO_OLD}'));r.appendChild(p)}}}}"
    "if(!('noModule' in document.createElement('script')&&window.structuredClone&&Array.prototype.findLast))old();"
    "window.addEventListener('error',function(e){if(/SyntaxError/.test(e.message||''))old()})})()"
)
_CHANGES = (
    (r"<!--.*?-->\s*", ""),
    (r'<html lang="en">', '<html lang="es">'),
    (r'<link rel="shortcut icon"[^>]*>', '<link rel="icon" href="/favicon.svg" type="image/svg+xml" />'),
    (
        r"<title>[^<]*</title>",
        '<title>Openbot</title>\n    <meta name="color-scheme" content="light dark" />',
    ),
    (r'<link rel="service-desc"[^>]*>\s*', ""),
    (r"<script>\s*window\.prerenderReady.*?</script>", f"<script>{CHECK}</script>"),
    (r"<noscript>.*?</noscript>", f"<noscript><p>{NO_SCRIPT}</p></noscript>"),
)
_POLICY = (
    "default-src 'self'; script-src 'self' blob: 'wasm-unsafe-eval' {}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob: data:; media-src 'self' blob:; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
POLICY = _POLICY.format(script_hash(CHECK))


class IndexChanged(Exception):
    """Streamlit's index.html is another one than this file knows."""


def is_page(*, method: str, path: str, accept: str) -> bool:
    """Whether a browser opens a page with this request."""
    return method == "GET" and "text/html" in accept and not path.startswith(_NO_PAGE)


def response() -> Response:
    """Answer with the page, whatever the address: Streamlit's scripts read it."""
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
    return HTMLResponse(page(), headers=headers)


@cache
def page() -> str:
    """Return the page. Raises IndexChanged."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise IndexChanged("Streamlit is not installed")
    text = (Path(spec.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
    for pattern, replacement in _CHANGES:
        text, found = re.subn(pattern, lambda _, new=replacement: new, text, flags=re.DOTALL)  # type: ignore[misc]
        if not found:
            raise IndexChanged(pattern)
    return text.lstrip()
