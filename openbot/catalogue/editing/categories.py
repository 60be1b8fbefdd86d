"""Categories: the shelves of the product list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from openbot import company
from openbot.catalogue.editing import rows
from openbot.catalogue.editing.rows import Changes
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.fields import Form
from openbot.schema import Category, Product

NAME = 24  #: characters of a list row's title (contract §5.3)
FIELDS = ("name", "position")


class CategoryInUse(OpenbotError):
    """The category has products; they go to another one first."""

    code = "category_in_use"


def create(session: Session, *, values: Mapping[str, Any], by: int | None, now: datetime) -> int:
    """Add a category at the end of the list, or at `position`; return its id."""
    company.raise_catalogue_version(session)
    wished = _checked(session, values, row=None)
    place = wished.pop("position", None)
    row = Category(
        code=rows.new_code(session, Category, wished["name"]),
        position=rows.next_position(session, Category),
        edited_by_id=by,
        edited_at=now,
        version=1,
        **wished,
    )
    session.add(row)
    session.flush()
    if place is not None:
        rows.put_at(session, row, place)
    return row.id


def edit(
    session: Session,
    *,
    category_id: int,
    version: int,
    values: Mapping[str, Any],
    by: int | None,
    now: datetime,
) -> Changes:
    """Save some fields of a category; return what changed."""
    company.raise_catalogue_version(session)
    row = rows.find(session, Category, category_id, kind="category")
    wished = _checked(session, values, row=row)
    place = wished.pop("position", None)
    rows.check_version(session, row, version=version, wished=wished)
    changes = rows.assign(row, wished, by=by, now=now)
    if place is not None and place != row.position:
        changes["position"] = [row.position, place]
        rows.put_at(session, row, place)
    session.flush()
    return changes


def remove(session: Session, *, category_id: int) -> str:
    """Delete a category that never had a product; return its name. Raises CategoryInUse."""
    company.raise_catalogue_version(session)
    row = rows.find(session, Category, category_id, kind="category")
    if session.scalar(select(Product.id).where(Product.category_id == category_id).limit(1)) is not None:
        raise CategoryInUse
    session.delete(row)
    session.flush()
    return row.name


def _checked(session: Session, values: Mapping[str, Any], *, row: Category | None) -> dict[str, Any]:
    form = Form(values, needed=() if row else ("name",))
    form.known(FIELDS)
    form.text("name", longest=NAME)
    form.number("position", least=1, most=1000)
    if "name" in form.read:
        others = session.execute(select(Category.id, Category.name)).all()
        taken = rows.folded(each.name for each in others if row is None or each.id != row.id)
        if rows.folded([form.read["name"]]) & taken:
            form.refuse("name", "taken")
    return form.done()
