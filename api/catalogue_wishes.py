"""What the routes of the catalogue share: ids, bodies of edits, and the note of who edited what."""

from collections.abc import Sequence
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Body, Path, Query
from pydantic import BaseModel

from api.panel_api import PanelApi
from api.signed_in import Person
from openbot.catalogue.editing.rows import EntryNotFound
from openbot.database import Session
from openbot.operators import audit

MOST_ID = 2**63 - 1
EntryId = Annotated[int, Path(ge=1, le=MOST_ID)]
Limit = Annotated[int, Query(ge=1, le=500)]
After = Annotated[str, Query(max_length=600)]
Typed = Annotated[str, Query(max_length=200)]
#: Fields by name. Read one by one in `openbot.catalogue.editing`, which names the code of each mistake.
Values = Annotated[dict[str, Any], Body()]


class _HasId(Protocol):
    @property
    def id(self) -> int: ...


Line = TypeVar("Line", bound=_HasId)


class Saved(BaseModel):
    """An edit was saved."""

    id: int
    changed: dict[str, list[Any]]  #: {field: [before, now]}


class Created(BaseModel):
    """Something was added."""

    id: int


def with_version(values: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Take the version out of the body; what is none matches no row."""
    rest = dict(values)
    version = rest.pop("version", None)
    return (version if isinstance(version, int) and not isinstance(version, bool) else -1), rest


def the_one(lines: Sequence[Line], entry_id: int, *, kind: str) -> Line:
    """Pick a row of a short list. Raises EntryNotFound."""
    found = next((line for line in lines if line.id == entry_id), None)
    if found is None:
        raise EntryNotFound(kind)
    return found


def note(
    session: Session, action: str, subject: str, *, person: Person, api: PanelApi, **detail: Any
) -> None:
    """Write into the log of the panel."""
    audit.note(
        session,
        operator_id=person.id,
        action=action,
        subject=subject,
        detail=detail or None,
        address=person.address,
        now=api.now,
    )
