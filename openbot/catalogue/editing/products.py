"""Products: what is sold, for how much; and what is sold out for today."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from openbot import company
from openbot.catalogue.editing import rows
from openbot.catalogue.editing.rows import Changes
from openbot.catalogue.goods import Unit, format_money
from openbot.database import Session
from openbot.fields import Form
from openbot.schema import Category, Product

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
NAME = 80
DESCRIPTION = (
    72  #: characters of a list row's description, «$ 5.200,00 · Botella descartable» (contract §5.3)
)
FIELDS = ("code", "name", "size", "category_id", "unit", "price", "aliases", "available", "active")
_NEEDED = ("name", "category_id", "unit", "price")


def edit(
    session: Session,
    *,
    product_id: int,
    version: int,
    values: Mapping[str, Any],
    by: int | None,
    now: datetime,
) -> Changes:
    """Save some fields of a product; return what changed. Orders keep the name and price they have."""
    return _PRODUCT.edit(session, entry_id=product_id, version=version, values=values, by=by, now=now)


def sell_out(session: Session, *, product_id: int, is_out: bool, zone: ZoneInfo, now: datetime) -> bool:
    """«Agotado hoy»: out until tomorrow begins in the company's zone, or in stock again; say whether that is news.

    Leaves the version alone: an administrator who edits the product meanwhile is not disturbed.
    """
    company.raise_catalogue_version(session)
    row = rows.find(session, Product, product_id, kind="product")
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    was_out = row.back_on is not None and row.back_on >= tomorrow
    row.back_on = tomorrow if is_out else None
    session.flush()
    return was_out != is_out


def read_fields(values: Mapping[str, Any], *, categories: set[int], needed: tuple[str, ...] = ()) -> Form:
    """Read the fields that need no look at other products; the mistakes are in the form."""
    form = Form(values, needed=needed)
    form.known(FIELDS)
    form.text("code", longest=40)
    if "code" in form.read and not CODE.fullmatch(form.read["code"]):
        form.refuse("code", "not_a_code")
    form.text("name", longest=NAME)
    form.text("size", longest=DESCRIPTION, empty=True)
    form.choice("category_id", categories)
    form.choice("unit", [unit.value for unit in Unit])
    form.money("price", zero=False)
    form.texts("aliases", longest=60, most=30)
    form.flag("available")
    form.flag("active")
    return form


def fit_row(form: Form, *, size: str, price: Any) -> None:
    """Refuse a description that is cut in WhatsApp's list, where the price comes first."""
    if size and price is not None and len(f"{format_money(price)} · {size}") > DESCRIPTION:
        form.refuse("size", "too_long")


def _read(session: Session, values: Mapping[str, Any], row: Product | None) -> dict[str, Any]:
    form = read_fields(
        values, categories=set(session.scalars(select(Category.id))), needed=() if row else _NEEDED
    )
    code = form.read.get("code")
    is_new = code is not None and (row is None or row.code != code)
    if is_new and session.scalar(select(Product.id).where(Product.code == code)) is not None:
        form.refuse("code", "taken")
    size, price = (form.read.get(name, getattr(row, name, None)) for name in ("size", "price"))
    fit_row(form, size=size or "", price=price)
    return form.done()


_PRODUCT = rows.Kind(
    name="product",
    table=Product,
    read=_read,
    initial={"size": "", "aliases": [], "available": True, "active": True},
)
create = _PRODUCT.create
