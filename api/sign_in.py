"""Signing in and out as JSON, and one's own password. The page for people is `api/pages/`; both share `admit`."""

from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api import hashing
from api.errors import DOCUMENTED, ApiError
from api.panel_api import Db, PanelApi
from api.recognise import limits, working_time
from api.signed_in import COOKIE, SignedIn, address_of
from openbot.database import Session
from openbot.operators import admission, audit, devices, passwords, people, sessions
from openbot.operators.sessions import Because, Elsewhere
from openbot.schema import Operator
from openbot.vocabulary import Role


class SignIn(BaseModel):
    """Who wants in."""

    email: str = Field(max_length=200)
    password: str = Field(max_length=passwords.LONGEST)
    takeover: bool = Field(default=False, description="Close the session that is open elsewhere")


class SignedInAs(BaseModel):
    """Who is in now; the cookie came with the answer."""

    id: int
    name: str
    role: Role
    must_change_password: bool


class NewPassword(BaseModel):
    """One's own password, changed by oneself."""

    current: str = Field(max_length=passwords.LONGEST)
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """The way in is open."""

    person: Operator
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AsksFirst:
    """The password is right, but a session is open on another device."""

    elsewhere: Elsewhere
    ticket: str  #: confirms within five minutes that it shall be closed


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api", tags=["sign-in"], responses=DOCUMENTED)
    routes.post("/sign-in")(sign_in)
    routes.post("/sign-out", status_code=204)(sign_out)
    routes.post("/password", status_code=204)(change_password)
    return routes


def sign_in(wish: SignIn, request: Request, response: Response, panel: Db) -> SignedInAs:
    """Sign in; the session's token comes as an httpOnly cookie.

    401 credentials_refused, 403 outside_shift {begins}, 409 open_elsewhere {device, address, since}, 429
    too_many_tries {seconds}.
    """
    device, address = device_of(request), address_of(request)
    found = admit(
        panel,
        email=wish.email,
        password=wish.password,
        device=device,
        address=address,
        takeover=wish.takeover,
    )
    if isinstance(found, AsksFirst):
        raise ApiError(409, "open_elsewhere", detail=told(found.elsewhere))
    set_cookie(request, response, panel, token=found.token)
    person = found.person
    return SignedInAs(
        id=person.id, name=person.name, role=person.role, must_change_password=person.must_change_password
    )


def sign_out(request: Request, response: Response, panel: Db, person: SignedIn) -> None:
    """End the session."""
    leave(panel, person_id=person.id, address=address_of(request))
    forget_cookie(response)


def change_password(wish: NewPassword, request: Request, panel: Db, person: SignedIn) -> None:
    """Change one's own password; the session goes on."""
    set_own_password(
        panel, person_id=person.id, current=wish.current, new=wish.new, address=address_of(request)
    )


def admit(
    panel: PanelApi, *, email: str, password: str, device: str, address: str, takeover: bool
) -> Admitted | AsksFirst:
    """Check e-mail and password and open a session. Raises the errors of `openbot.operators.admission`."""
    with panel.database.transaction() as session:
        candidate = admission.begin(session, email=email, address=address, now=panel.now)
    right = hashing.is_right(password, password_hash=candidate.password_hash)
    if candidate.operator_id is None or not right or not candidate.enabled:
        _note_refusal(panel, operator_id=candidate.operator_id, address=address)
        raise admission.CredentialsRefused
    with panel.database.transaction() as session:
        refused = _refusal(session, panel, candidate=candidate, email=email)
        if refused is None:
            who = candidate.operator_id
            question = _ask_first(session, panel, operator_id=who, device=device, address=address)
            if question is not None and not takeover:
                return question
            return _open(session, panel, operator_id=who, device=device, address=address)
    raise refused


def confirm(panel: PanelApi, *, ticket: str, device: str, address: str) -> Admitted:
    """Close the other session and sign in, with the ticket of `AsksFirst`; raises as `admit` does."""
    with panel.database.transaction() as session:
        operator_id = admission.use_ticket(session, ticket=ticket, now=panel.now)
        admission.admit(
            session,
            operator_id=operator_id,
            zone=working_time(session, panel.settings)[0],
            now=panel.now,
        )
        return _open(session, panel, operator_id=operator_id, device=device, address=address)


def leave(panel: PanelApi, *, person_id: int, address: str) -> None:
    """End the session of a person who signs out."""
    now = panel.now
    with panel.database.transaction() as session:
        sessions.end(session, operator_id=person_id, because=Because.SIGNED_OUT, now=now)
        audit.note(session, operator_id=person_id, action="signed_out", address=address, now=now)


def set_own_password(panel: PanelApi, *, person_id: int, current: str, new: str, address: str) -> None:
    """Change one's own password. Raises PasswordRefused, people.PasswordWrong, people.PasswordUnchanged."""
    with panel.database.reading() as session:
        known = session.get_one(Operator, person_id).password_hash
    if not hashing.is_right(current, password_hash=known):
        raise people.PasswordWrong
    if new == current:
        raise people.PasswordUnchanged
    fresh = hashing.hashed(new)
    with panel.database.transaction() as session:
        people.set_own_password(session, operator_id=person_id, password_hash=fresh)
        audit.note(session, operator_id=person_id, action="password_changed", address=address, now=panel.now)


def device_of(request: Request) -> str:
    """What the browser says of itself, for people."""
    return devices.describe(request.headers.get("user-agent", ""))


def told(elsewhere: Elsewhere) -> dict[str, Any]:
    """The other session, as JSON."""
    return {
        "device": elsewhere.device,
        "address": elsewhere.address,
        "since": elsewhere.since.isoformat(),
    }


def set_cookie(request: Request, response: Response, panel: PanelApi, *, token: str) -> None:
    """Give the browser its token: out of reach of scripts, only over TLS where there is TLS."""
    same_site: Literal["lax"] = "lax"
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(panel.settings.session_longest_hours * 3600),
        path="/",
        httponly=True,
        secure=request.url.scheme == "https",
        samesite=same_site,
    )


def forget_cookie(response: Response) -> None:
    """Take the token from the browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


def _refusal(
    session: Session, panel: PanelApi, *, candidate: admission.Candidate, email: str
) -> admission.OutsideShift | admission.CredentialsRefused | None:
    """What keeps out somebody with the right password; returned, for that their failures are forgotten is to stay."""
    try:
        admission.admit(
            session,
            operator_id=candidate.operator_id or 0,
            zone=working_time(session, panel.settings)[0],
            now=panel.now,
            email=email,
            tries=candidate.tries,
        )
    except (admission.OutsideShift, admission.CredentialsRefused) as refused:
        return refused
    return None


def _ask_first(
    session: Session, panel: PanelApi, *, operator_id: int, device: str, address: str
) -> AsksFirst | None:
    """Return the question, if a session of this person is open elsewhere."""
    zone, overtime = working_time(session, panel.settings)
    found = admission.open_elsewhere(
        session,
        operator_id=operator_id,
        now=panel.now,
        limits=limits(panel.settings),
        zone=zone,
        overtime=overtime,
    )
    if found is None:
        return None
    ticket = admission.ticket_for(
        session, operator_id=operator_id, device=device, address=address, now=panel.now
    )
    return AsksFirst(elsewhere=found, ticket=ticket)


def _open(session: Session, panel: PanelApi, *, operator_id: int, device: str, address: str) -> Admitted:
    token = sessions.open_for(
        session,
        operator_id=operator_id,
        device=device,
        address=address,
        now=panel.now,
        limits=limits(panel.settings),
    )
    audit.note(
        session,
        operator_id=operator_id,
        action="signed_in",
        detail={"device": device},
        address=address,
        now=panel.now,
    )
    return Admitted(person=session.get_one(Operator, operator_id), token=token)


def _note_refusal(panel: PanelApi, *, operator_id: int | None, address: str) -> None:
    with panel.database.transaction() as session:
        audit.note(session, operator_id=operator_id, action="sign_in_refused", address=address, now=panel.now)
