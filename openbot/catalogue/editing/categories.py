"""Categories: the shelves of the product list."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from openbot import company
from openbot.catalogue.editing import rows
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.fields import Form
from openbot.schema import Category, Product

NAME = 24  #: characters of a list row's title (contract §5.3)
FIELDS = ("name", "position")


class CategoryInUse(OpenbotError):
    """The category has products; they go to another one first."""

    code = "category_in_use"


def remove(session: Session, *, category_id: int) -> str:
    """Delete a category that never had a product; return its name. Raises CategoryInUse."""
    company.raise_catalogue_version(session)
    row = rows.find(session, Category, category_id, kind="category")
    if session.scalar(select(Product.id).where(Product.category_id == category_id).limit(1)) is not None:
        raise CategoryInUse
    session.delete(row)
    session.flush()
    return row.name


def _read(session: Session, values: Mapping[str, Any], row: Category | None) -> dict[str, Any]:
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


_CATEGORY = rows.Kind(name="category", table=Category, read=_read, initial={})
create, edit = _CATEGORY.create, _CATEGORY.edit
