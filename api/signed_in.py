"""Who calls: the person whom the gate looked up for this very call; what may be written only from our own pages."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, WebSocketException, status
from starlette.requests import HTTPConnection

from api.errors import ApiError
from openbot.actor import Actor
from openbot.vocabulary import Role

COOKIE = "openbot_session"
#: A client that sends no Origin proves with `X-Openbot: panel` that it is no form of another site.
OUR_HEADER, OUR_VALUE = "x-openbot", "panel"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Where the gate leaves the person in the ASGI scope.
SCOPE_KEY = "openbot.person"


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
    address: str = ""  #: where this call came from

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


def address_of(connection: HTTPConnection) -> str:
    """Return where a call came from: the peer, or what a trusted proxy said (OPENBOT_TRUSTED_PROXIES)."""
    return (connection.client.host if connection.client else "")[:60]


async def signed_in(connection: HTTPConnection) -> Person:
    """Return who calls; else 401."""
    person: Person | None = connection.scope.get(SCOPE_KEY)
    if person is None:  # the gate lets nobody else pass; this is the second lock
        raise ApiError(401, "not_signed_in")
    return person


async def administrator(person: Annotated[Person, Depends(signed_in)]) -> Person:
    """Return who calls, if an administrator; else 403."""
    if not person.is_administrator:
        raise ApiError(403, "administrators_only")
    return person


SignedIn = Annotated[Person, Depends(signed_in)]
Administrator = Annotated[Person, Depends(administrator)]


async def same_origin(connection: HTTPConnection) -> None:
    """Refuse writes and websockets that another site's page started (besides the cookie's SameSite)."""
    scope = connection.scope
    if scope["type"] == "websocket":
        if not is_same_origin(connection):
            raise WebSocketException(code=status.WS_1008_POLICY_VIOLATION)
    elif scope["method"] not in SAFE_METHODS and not is_same_origin(connection):
        raise ApiError(403, "foreign_origin")


def is_same_origin(connection: HTTPConnection) -> bool:
    """Whether the browser's Origin is this host; without an Origin, whether our own header is there."""
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get(OUR_HEADER) == OUR_VALUE
    return urlsplit(origin).netloc.lower() == connection.headers.get("host", "").lower()
