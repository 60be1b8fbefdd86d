"""The markup of these pages. Everything that comes from outside passes `escape`."""

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

FOLDER = Path(__file__).parent
MARK = (FOLDER.parent.parent / "panel" / "static" / "favicon.svg").read_text(encoding="utf-8").strip()
#: The oldest browsers that Streamlit's own pages run in, by what its bundle is built for: Chrome and Edge 107, Firefox
#: 104, Safari 16 (all of autumn 2022). This page itself runs in any; an older browser is told so here.
OLDEST = "Chrome o Edge 107, Firefox 104 o Safari 16"
TOO_OLD = f"Tu navegador es demasiado viejo para el panel: actualizalo a {OLDEST}, o uno más nuevo."
#: Old syntax on purpose: the browsers it is for must understand it.
CHECK = (
    "if(!('noModule' in document.createElement('script')&&window.structuredClone&&Array.prototype.findLast))"
    "{document.getElementById('old').style.display='block'}"
)


def sign_in(*, to: str, email: str = "", note: str = "", error: str = "", status: int = 200) -> HTMLResponse:
    """The page with e-mail and password; `to` is where the person wanted to go."""
    focus_password = bool(email)
    return _page(
        "Iniciar sesión",
        f"""
<h1>Iniciar sesión</h1>
{_note(note)}{_error(error)}
<form method="post" action="/login">
<input type="hidden" name="next" value="{escape(to)}">
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" inputmode="email" required maxlength="200"
 value="{escape(email)}"{"" if focus_password else " autofocus"}>
<label for="password">Contraseña</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200"
 {"autofocus" if focus_password else ""}>
<button type="submit">Iniciar sesión</button>
</form>
<p class="hint">¿No podés entrar? Contactate con el administrador del sistema.</p>""",
        status=status,
    )


def confirm(*, to: str, ticket: str, where: str) -> HTMLResponse:
    """The question whether the session on the other device shall be closed."""
    return _page(
        "Ya hay una sesión abierta",
        f"""
<h1>Ya hay una sesión abierta</h1>
<p>Cada usuario se usa en un solo dispositivo a la vez. El tuyo está abierto en:</p>
<p class="where">{escape(where)}</p>
<p>Si entrás acá, esa sesión se cierra.</p>
<form method="post" action="/login/confirm">
<input type="hidden" name="next" value="{escape(to)}">
<input type="hidden" name="ticket" value="{escape(ticket)}">
<button type="submit" autofocus>Cerrar la otra y entrar acá</button>
</form>
<p class="hint"><a href="/login">Volver</a></p>""",
        status=409,
    )


def password(*, name: str, forced: bool, error: str = "", status: int = 200) -> HTMLResponse:
    """The page on which people choose their own password."""
    why = (
        "<p>Tu contraseña la eligió un administrador. Elegí una que solo sepas vos.</p>"
        if forced
        else '<p class="hint"><a href="/">Volver al panel</a></p>'
    )
    return _page(
        "Cambiar contraseña",
        f"""
<h1>Elegí una contraseña nueva</h1>
<p class="where">{escape(name)}</p>
{why if forced else ""}{_error(error)}
<form method="post" action="/password">
<label for="current">Contraseña actual</label>
<input id="current" name="current" type="password" autocomplete="current-password" required maxlength="200" autofocus>
<label for="new">Contraseña nueva <small>(10 caracteres o más)</small></label>
<input id="new" name="new" type="password" autocomplete="new-password" required minlength="10" maxlength="200">
<label for="again">Repetila</label>
<input id="again" name="again" type="password" autocomplete="new-password" required minlength="10" maxlength="200">
<button type="submit">Guardar</button>
</form>
{"" if forced else why}
<form method="post" action="/logout" class="quiet"><button type="submit">Cerrar sesión</button></form>""",
        status=status,
    )


def safe_next(wished: str) -> str:
    """Return a place of this panel; anything that could lead elsewhere becomes the first page."""
    parts = urlsplit(wished)
    leads_away = parts.scheme or parts.netloc or not wished.startswith("/") or wished[1:2] in {"/", "\\"}
    if leads_away or any(ord(sign) <= 32 for sign in wished) or len(wished) > 1000:  # noqa: PLR2004 - controls; sanity
        return "/"
    return "/" if parts.path.startswith(("/login", "/logout", "/api/")) else wished


def script_hash(script: str) -> str:
    """What a Content-Security-Policy says to allow an inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _note(text: str) -> str:
    return f'<p class="note" role="status">{escape(text)}</p>\n' if text else ""


def _error(text: str) -> str:
    return f'<p class="error" role="alert">{escape(text)}</p>\n' if text else ""


def _page(title: str, body: str, *, status: int) -> HTMLResponse:
    markup = f"""<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{escape(title)} · Openbot</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>{_style()}</style>
</head>
<body>
<main>
<p class="brand">{MARK}<span>Openbot</span></p>
<p id="old" class="error" style="display:none">{TOO_OLD}</p>
<noscript><p class="note">Para usar el panel después de entrar hace falta JavaScript.</p></noscript>
{body}
</main>
<script>{CHECK}</script>
</body>
</html>
"""
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _policy()}
    return HTMLResponse(markup, status_code=status, headers=headers)


@cache
def _style() -> str:
    return (FOLDER / "sign_in.css").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    return (
        f"default-src 'none'; style-src 'self' 'unsafe-inline'; script-src {script_hash(CHECK)}; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
