"""Views of a list that an operator keeps: filters and order under a name. Nobody sees another's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.fields import FieldsWrong, Form
from openbot.operators import desk
from openbot.schema import SavedView

MOST = 50  #: of one list
LONGEST_NAME = 60


class ViewNotFound(OpenbotError):
    """There is no such view of this operator."""

    code = "view_not_found"


class TooManyViews(OpenbotError):
    """An operator keeps at most 50 views of one list."""

    code = "too_many_views"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One view."""

    id: int
    screen: str
    name: str
    query: Mapping[str, Any]
    position: int


def views(session: Session, *, operator_id: int, screen: str) -> list[View]:
    """Return the views of a list, in the operator's order."""
    rows = session.scalars(
        select(SavedView)
        .where(SavedView.operator_id == operator_id, SavedView.screen == screen)
        .order_by(SavedView.position, SavedView.id)
    )
    return [_view(row) for row in rows]


def keep(session: Session, *, operator_id: int, screen: str, name: str, query: Mapping[str, Any]) -> View:
    """Keep a view, behind the others. Raises FieldsWrong (no name, or one that is taken), TooManyViews."""
    desk.lock(session, operator_id=operator_id)
    known = views(session, operator_id=operator_id, screen=screen)
    if len(known) >= MOST:
        raise TooManyViews
    position = max((view.position for view in known), default=-1) + 1
    row = SavedView(
        operator_id=operator_id,
        screen=screen,
        name=_free_name(session, name, operator_id=operator_id, screen=screen),
        query=dict(query),
        position=position,
    )
    session.add(row)
    session.flush()
    return _view(row)


def change(
    session: Session,
    *,
    operator_id: int,
    view_id: int,
    name: str | None = None,
    query: Mapping[str, Any] | None = None,
    position: int | None = None,
) -> View:
    """Change what is given. Raises ViewNotFound, FieldsWrong."""
    desk.lock(session, operator_id=operator_id)
    row = _own(session, operator_id=operator_id, view_id=view_id)
    if name is not None:
        row.name = _free_name(session, name, operator_id=operator_id, screen=row.screen, view_id=view_id)
    if query is not None:
        row.query = dict(query)
    if position is not None:
        row.position = position
    session.flush()
    return _view(row)


def forget(session: Session, *, operator_id: int, view_id: int) -> None:
    """Remove a view. Raises ViewNotFound."""
    session.delete(_own(session, operator_id=operator_id, view_id=view_id))
    session.flush()


def _own(session: Session, *, operator_id: int, view_id: int) -> SavedView:
    row = session.get(SavedView, view_id, with_for_update=True)
    if row is None or row.operator_id != operator_id:
        raise ViewNotFound
    return row


def _free_name(session: Session, name: str, *, operator_id: int, screen: str, view_id: int = 0) -> str:
    form = Form({"name": name})
    form.text("name", longest=LONGEST_NAME)
    clean: str = form.done()["name"]
    taken = session.scalar(
        select(func.count()).where(
            SavedView.operator_id == operator_id,
            SavedView.screen == screen,
            SavedView.name == clean,
            SavedView.id != view_id,
        )
    )
    if taken:
        raise FieldsWrong({"name": "taken"})
    return clean


def _view(row: SavedView) -> View:
    return View(id=row.id, screen=row.screen, name=row.name, query=row.query, position=row.position)
