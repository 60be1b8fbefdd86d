"""Who calls: looked up in the database on every call; what may be written only from our own pages."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.errors import ApiError
from api.panel_api import Db
from openbot.actor import Actor
from openbot.operators import sessions
from openbot.operators.sessions import SEEN_EVERY, Ended, SessionEnded
from openbot.vocabulary import Role

COOKIE = "openbot_session"
OUR_HEADER = "x-openbot"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: What somebody who must change the password may call.
WITH_OLD_PASSWORD = frozenset({"/api/me/password", "/api/sign-out", "/api/me"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the panel, signed in."""

    id: int
    name: str
    email: str
    role: Role
    branch_ids: frozenset[int] | None  #: None: all branches
    session_id: int
    overtime: bool = False  #: after the shift: only orders already theirs
    must_change_password: bool = False
    address: str = ""

    @property
    def actor(self) -> Actor:
        """As an order's history names them."""
        return Actor.operator(operator_id=self.id, name=self.name, role=self.role)

    @property
    def is_administrator(self) -> bool:
        """Whether everything is theirs to do."""
        return self.role is Role.ADMINISTRATOR

    def reaches(self, branch_id: int | None) -> bool:
        """Say whether what belongs to this branch is theirs to see; what has none yet is everybody's."""
        return self.branch_ids is None or branch_id is None or branch_id in self.branch_ids


def address_of(request: Request) -> str:
    """Return where the call came from."""
    return request.client.host if request.client else ""


def same_origin(request: Request) -> None:
    """Refuse a write that does not come from our own pages (besides the cookie's SameSite)."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    if origin is not None:
        if urlsplit(origin).netloc != request.headers.get("host"):
            raise ApiError(403, "foreign_origin")
    elif request.headers.get(OUR_HEADER) != "panel":
        raise ApiError(403, "foreign_origin")


def signed_in(request: Request, api: Db) -> Person:
    """Return who calls. 401 without a live session, 403 when the password must be changed first."""
    token = request.cookies.get(COOKIE)
    if not token:
        raise ApiError(401, "not_signed_in")
    now, idle = api.now, timedelta(hours=api.settings.session_idle_hours)
    with api.database.reading() as session:
        try:
            live = sessions.look_up(session, token=token, now=now, idle=idle)
        except SessionEnded as ended:
            code = "signed_in_elsewhere" if ended.because == Ended.ELSEWHERE else "session_ended"
            raise ApiError(401, code, detail={"because": ended.because}) from None
    if live.must_change_password and request.url.path not in WITH_OLD_PASSWORD:
        raise ApiError(403, "password_change_required")
    if now - live.seen_at > SEEN_EVERY:
        with api.database.transaction() as session:
            sessions.seen(session, session_id=live.id, now=now)
    return Person(
        id=live.operator_id,
        name=live.name,
        email=live.email,
        role=live.role,
        branch_ids=live.branch_ids,
        session_id=live.id,
        must_change_password=live.must_change_password,
        address=address_of(request),
    )


def administrator(person: Annotated[Person, Depends(signed_in)]) -> Person:
    """Return who calls, if an administrator; else 403."""
    if not person.is_administrator:
        raise ApiError(403, "administrators_only")
    return person


SignedIn = Annotated[Person, Depends(signed_in)]
Administrator = Annotated[Person, Depends(administrator)]
