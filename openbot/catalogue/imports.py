"""Products from a file: first what it would change, then exactly that, all or nothing."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from openbot import company
from openbot.catalogue import queries
from openbot.catalogue.editing import products, rows
from openbot.catalogue.editing.rows import Changes
from openbot.catalogue.goods import Product as Goods
from openbot.catalogue.product_file import COLUMNS, NEEDED, Line, read_file, values_of
from openbot.catalogue.telling_apart import mistakable
from openbot.catalogue.words import words_of
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Category, Product


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """A line that adds a product."""

    line: int
    values: dict[str, Any]  #: as columns hold them


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedProduct:
    """A line that changes a product."""

    line: int
    id: int
    version: int
    code: str
    name: str  #: as it is now
    values: dict[str, Any]  #: of what changes, as columns hold them
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line that cannot be taken."""

    line: int
    code: str  #: of the product, as written
    column: str  #: title of the column at fault
    reason: str  #: code
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file would do. Only one without refused lines can be applied."""

    digest: str  #: of the file and of all that it would do now
    encoding: str
    new: tuple[NewProduct, ...]
    changed: tuple[ChangedProduct, ...]
    unchanged: int
    refused: tuple[RefusedLine, ...]


class ImportRefused(OpenbotError):
    """Some lines of the file cannot be taken; nothing was changed."""

    code = "import_refused"

    def __init__(self, refused: tuple[RefusedLine, ...]) -> None:
        self.detail = {"line": refused[0].line, "count": len(refused)}
        super().__init__()


class PreviewChanged(OpenbotError):
    """The file would do something else than what was shown; look at it again."""

    code = "preview_changed"


def preview(session: Session, *, raw: bytes) -> Preview:
    """Tell what a file would change, and change nothing. Raises FileUnreadable."""
    file = read_file(raw)
    reading = _Reading(session)
    for line in file.lines:
        reading.take(line)
    planned = [
        *((each.line, each.values) for each in reading.new),
        *((each.id, each.version, each.values) for each in reading.changed),
    ]
    digest = hashlib.sha256(raw + json.dumps(planned, default=str, sort_keys=True).encode())
    return Preview(
        digest=digest.hexdigest(),
        encoding=file.encoding,
        new=tuple(reading.new),
        changed=tuple(reading.changed),
        unchanged=reading.unchanged,
        refused=tuple(reading.refused),
    )


def apply(session: Session, *, raw: bytes, digest: str, by: int | None, now: datetime) -> Preview:
    """Do what `preview` showed under this digest, all of it. Raises FileUnreadable, ImportRefused, PreviewChanged."""
    company.raise_catalogue_version(session)
    plan = preview(session, raw=raw)
    if plan.refused:
        raise ImportRefused(plan.refused)
    if plan.digest != digest:
        raise PreviewChanged
    found = session.scalars(select(Product).where(Product.id.in_([each.id for each in plan.changed])))
    kept = {row.id: row for row in found}
    for each in plan.changed:
        rows.assign(kept[each.id], each.values, by=by, now=now)
    position = rows.next_position(session, Product)
    for place, new in enumerate(plan.new):
        blank = {"size": "", "aliases": [], "available": True, "active": True}
        session.add(
            Product(
                position=position + place,
                edited_by_id=by,
                edited_at=now,
                version=1,
                **{**blank, **new.values},
            )
        )
    session.flush()
    return plan


def look_alikes(session: Session, *, plan: Preview, now: datetime) -> dict[int, tuple[Goods, ...]]:
    """Of the products that a plan adds or renames: by line, those the assistant would take them for."""
    catalogue = queries.load(session, now=now)
    lines: dict[int, int] = {}
    goods = {each.id: each for each in catalogue.products}
    for place, new in enumerate(plan.new, 1):
        goods[-place] = _goods(-place, new.values)
        lines[-place] = new.line
    for changed in plan.changed:
        if {"name", "size"} & changed.values.keys():
            before = goods[changed.id]
            goods[changed.id] = _goods(changed.id, {**_columns(before), **changed.values})
            lines[changed.id] = changed.line
    found = mistakable(catalogue.with_products(tuple(goods.values())), ids=lines.keys())
    return {lines[each]: rivals for each, rivals in found.items()}


def file_rows(session: Session) -> Iterator[list[Any]]:
    """Give the products of the catalogue as lines of the file, in the order in which they are shown."""
    shelves = {row.id: row.name for row in session.scalars(select(Category))}
    for row in session.scalars(
        select(Product).where(Product.active).order_by(Product.position, Product.id)
    ).all():
        aliases, available = " | ".join(row.aliases), "sí" if row.available else "no"
        yield [
            row.code,
            row.name,
            row.size,
            shelves[row.category_id],
            row.unit,
            row.price,
            aliases,
            available,
        ]


class _Reading:
    """Goes through the lines of a file and sorts them."""

    def __init__(self, session: Session) -> None:
        self.rows = {row.code: row for row in session.scalars(select(Product))}
        shelves = session.scalars(select(Category)).all()
        self.shelf_ids = {row.id for row in shelves}
        self.shelves = {"".join(words_of(row.name)): row.id for row in shelves}
        self.seen: set[str] = set()
        self.new: list[NewProduct] = []
        self.changed: list[ChangedProduct] = []
        self.refused: list[RefusedLine] = []
        self.unchanged = 0

    def take(self, line: Line) -> None:
        code = line.cells["code"]
        if code in self.seen:
            self._refuse(line, "code", "code_twice")
            return
        if code:
            self.seen.add(code)
        row = self.rows.get(code)
        values, wrong = values_of(line, categories=self.shelves)
        if row is None:
            wrong |= {field: "missing" for field in NEEDED if field not in line.cells}
        form = products.read_fields(values, categories=self.shelf_ids)
        size, price = (form.read.get(name, getattr(row, name, None)) for name in ("size", "price"))
        products.fit_row(form, size=size or "", price=price)
        wrong |= form.wrong
        for field, reason in wrong.items():
            self._refuse(line, field, reason)
        if not wrong and row is None:
            self.new.append(NewProduct(line=line.number, values=form.read))
        elif not wrong and row is not None:
            self._compare(line, row, {**form.read, "active": True})

    def _compare(self, line: Line, row: Product, wished: dict[str, Any]) -> None:
        values = {name: value for name, value in wished.items() if getattr(row, name) != value}
        if not values:
            self.unchanged += 1
            return
        changes = {
            name: [rows.as_json(getattr(row, name)), rows.as_json(value)] for name, value in values.items()
        }
        self.changed.append(
            ChangedProduct(
                line=line.number,
                id=row.id,
                version=row.version,
                code=row.code,
                name=row.name,
                values=values,
                changes=changes,
            )
        )

    def _refuse(self, line: Line, field: str, reason: str) -> None:
        refused = RefusedLine(
            line=line.number,
            code=line.cells["code"][:40],
            column=COLUMNS.get(field, field),
            reason=reason,
            value=line.cells.get(field, "")[:80],
        )
        self.refused.append(refused)


def _goods(product_id: int, values: dict[str, Any]) -> Goods:
    from openbot.catalogue.goods import Unit

    return Goods(
        id=product_id,
        code=values["code"],
        name=values["name"],
        category_id=values["category_id"],
        unit=Unit(values["unit"]),
        price=values["price"],
        aliases=tuple(values.get("aliases", ())),
        size=values.get("size", ""),
    )


def _columns(goods: Goods) -> dict[str, Any]:
    return {
        name: getattr(goods, name)
        for name in ("code", "name", "category_id", "unit", "price", "aliases", "size")
    }
