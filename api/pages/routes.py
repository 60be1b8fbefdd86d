"""The routes of these pages; what they decide is in `api/sign_in.py` and `openbot/operators/`."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from api import sign_in
from api.pages import html, words
from api.panel_api import Db, PanelApi
from api.recognise import working_time
from api.signed_in import SignedIn, address_of
from openbot.errors import OpenbotError
from openbot.operators import admission, passwords

ICON = html.FOLDER.parent.parent / "panel" / "static" / "favicon.svg"
Text = Annotated[str, Form()]


def router() -> APIRouter:
    """Build the routes."""
    pages = APIRouter(include_in_schema=False)
    pages.get("/login")(ask)
    pages.post("/login")(enter)
    pages.post("/login/confirm")(enter_after_all)
    pages.post("/logout")(leave)
    pages.get("/password")(ask_password)
    pages.post("/password")(take_password)
    pages.get("/favicon.svg")(icon)
    pages.get("/favicon.ico")(icon)
    return pages


def ask(next: str = "/", e: str = "") -> HTMLResponse:  # noqa: A002 - the name in the address
    """Show the sign-in page, with why the person is here."""
    return html.sign_in(to=html.safe_next(next), note=words.left(e))


def enter(request: Request, panel: Db, email: Text = "", password: Text = "", next: Text = "/") -> Response:  # noqa: A002
    """Take e-mail and password of the form."""
    to = html.safe_next(next)
    if not _from_here(request):
        return html.sign_in(to=to, error=words.FOREIGN, status=403)
    try:
        found = sign_in.admit(
            panel,
            email=email[:200],
            password=password[: passwords.LONGEST],
            device=sign_in.device_of(request),
            address=address_of(request),
            takeover=False,
        )
    except (admission.CredentialsRefused, admission.OutsideShift, admission.TooManyTries) as refused:
        return _again(panel, refused, to=to, email=email[:200])
    if isinstance(found, sign_in.AsksFirst):
        return _ask_first(panel, found, to=to)
    return _inside(request, panel, found, to=to)


def enter_after_all(request: Request, panel: Db, ticket: Text = "", next: Text = "/") -> Response:  # noqa: A002
    """Close the other session and come in."""
    to = html.safe_next(next)
    if not _from_here(request):
        return html.sign_in(to=to, error=words.FOREIGN, status=403)
    try:
        found = sign_in.confirm(
            panel, ticket=ticket[:100], device=sign_in.device_of(request), address=address_of(request)
        )
    except admission.CredentialsRefused:
        return html.sign_in(to=to, note=words.TICKET_OVER, status=401)
    except admission.OutsideShift as refused:
        return _again(panel, refused, to=to, email="")
    return _inside(request, panel, found, to=to)


def leave(request: Request, panel: Db, person: SignedIn) -> Response:
    """Sign out."""
    if not _from_here(request):
        return RedirectResponse("/", status_code=303)
    sign_in.leave(panel, person_id=person.id, address=person.address)
    answer = RedirectResponse("/login?e=signed_out", status_code=303)
    sign_in.forget_cookie(answer)
    return answer


def ask_password(person: SignedIn) -> HTMLResponse:
    """Show the page for a new password of one's own."""
    return html.password(name=person.name, forced=person.must_change_password)


def take_password(
    request: Request, panel: Db, person: SignedIn, current: Text = "", new: Text = "", again: Text = ""
) -> Response:
    """Take a new password of one's own."""

    def refused(sentence: str) -> Response:
        return html.password(name=person.name, forced=person.must_change_password, error=sentence, status=422)

    if not _from_here(request):
        return refused(words.FOREIGN)
    if new != again:
        return refused(words.DIFFERENT)
    try:
        sign_in.set_own_password(
            panel, person_id=person.id, current=current[: passwords.LONGEST], new=new, address=person.address
        )
    except OpenbotError as error:
        return refused(_sentence(panel, error))
    return RedirectResponse("/", status_code=303)


def icon() -> FileResponse:
    """The mark."""
    return FileResponse(ICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


def _inside(request: Request, panel: PanelApi, found: sign_in.Admitted, *, to: str) -> Response:
    answer = RedirectResponse("/password" if found.person.must_change_password else to, status_code=303)
    sign_in.set_cookie(request, answer, panel, token=found.token)
    return answer


def _ask_first(panel: PanelApi, found: sign_in.AsksFirst, *, to: str) -> HTMLResponse:
    with panel.database.reading() as session:
        zone, _ = working_time(session, panel.settings)
    where = words.elsewhere(found.elsewhere, now=panel.now, zone=zone)
    return html.confirm(to=to, ticket=found.ticket, where=where)


def _again(panel: PanelApi, refused: OpenbotError, *, to: str, email: str) -> HTMLResponse:
    statuses = {"too_many_tries": 429, "outside_shift": 403}
    return html.sign_in(
        to=to, email=email, error=_sentence(panel, refused), status=statuses.get(refused.code, 401)
    )


def _sentence(panel: PanelApi, error: OpenbotError) -> str:
    with panel.database.reading() as session:
        zone, _ = working_time(session, panel.settings)
    return words.refusal(error, now=panel.now, zone=zone)


def _from_here(request: Request) -> bool:
    """Whether a form was ours. Old browsers send no Origin; then the page it came from has to be this host's."""
    said = request.headers.get("origin") or request.headers.get("referer")
    return said is None or urlsplit(said).netloc.lower() == request.headers.get("host", "").lower()
