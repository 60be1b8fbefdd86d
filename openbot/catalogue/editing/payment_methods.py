"""Ways to pay, each with the text that is sent with the confirmation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from openbot import company
from openbot.catalogue.editing import rows
from openbot.catalogue.editing.rows import Changes
from openbot.database import Session
from openbot.fields import Form
from openbot.schema import PaymentMethod

NAME = 20  #: characters of a reply button (contract §5.3)
TEXT = 1000  #: with the summary it stays within one message
FIELDS = ("name", "text", "is_cash", "aliases", "position", "active")


def create(session: Session, *, values: Mapping[str, Any], by: int | None, now: datetime) -> int:
    """Add a payment method at the end of the list, or at `position`; return its id."""
    company.raise_catalogue_version(session)
    wished = _checked(session, values, row=None)
    place = wished.pop("position", None)
    row = PaymentMethod(
        code=rows.new_code(session, PaymentMethod, wished["name"]),
        position=rows.next_position(session, PaymentMethod),
        edited_by_id=by,
        edited_at=now,
        version=1,
        **{"text": "", "is_cash": False, "aliases": [], "active": True, **wished},
    )
    session.add(row)
    session.flush()
    if place is not None:
        rows.put_at(session, row, place)
    return row.id


def edit(
    session: Session,
    *,
    method_id: int,
    version: int,
    values: Mapping[str, Any],
    by: int | None,
    now: datetime,
) -> Changes:
    """Save some fields of a payment method; return what changed."""
    company.raise_catalogue_version(session)
    row = rows.find(session, PaymentMethod, method_id, kind="payment_method")
    wished = _checked(session, values, row=row)
    place = wished.pop("position", None)
    rows.check_version(session, row, version=version, wished=wished)
    changes = rows.assign(row, wished, by=by, now=now)
    if place is not None and place != row.position:
        changes["position"] = [row.position, place]
        rows.put_at(session, row, place)
    session.flush()
    return changes


def _checked(session: Session, values: Mapping[str, Any], *, row: PaymentMethod | None) -> dict[str, Any]:
    form = Form(values, needed=() if row else ("name",))
    form.known(FIELDS)
    form.text("name", longest=NAME)
    form.text("text", longest=TEXT, empty=True, lines=True)
    form.flag("is_cash")
    form.texts("aliases", longest=40, most=20)
    form.number("position", least=1, most=1000)
    form.flag("active")
    rows.keep_names_apart(session, form, PaymentMethod, row)
    rows.keep_one(session, form, PaymentMethod, row)
    return form.done()
