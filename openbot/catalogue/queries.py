"""Reads the company's goods from the database, as frozen data; a cached reader for processes."""

import threading
import time
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select

from openbot.catalogue.goods import (
    Branch,
    Catalogue,
    Category,
    Company,
    Holiday,
    PaymentMethod,
    Product,
    Unit,
    Zone,
)
from openbot.catalogue.opening_hours import WEEKDAYS, Stretch, WeekHours
from openbot.database import Database, Session
from openbot.errors import OpenbotError
from openbot.schema import Branch as BranchRow
from openbot.schema import BranchHours, CompanySetting
from openbot.schema import Category as CategoryRow
from openbot.schema import Holiday as HolidayRow
from openbot.schema import PaymentMethod as PaymentMethodRow
from openbot.schema import Product as ProductRow
from openbot.schema import Zone as ZoneRow

#: Keys of company_settings.
COMPANY_NAME = "company_name"
TIME_ZONE = "time_zone"
COURTESIES = "courtesies"
VERSION = "catalogue_version"


class NoCompany(OpenbotError):
    """The database has no company yet: run `openbot seed`."""

    code = "no_company"


def version(session: Session) -> int:
    """Return a number that grows with every change of the catalogue; 0 in an empty database."""
    value = session.scalar(select(CompanySetting.value).where(CompanySetting.key == VERSION))
    return int(value or 0)


def has_company(session: Session) -> bool:
    """Tell whether a company was seeded."""
    return session.get(CompanySetting, COMPANY_NAME) is not None


def load(session: Session) -> Catalogue:
    """Return everything that is on offer, in the order in which it is shown. Raises NoCompany.

    Unavailable products are included (an old order may name them); inactive branches, zones and payment
    methods are not.
    """
    branches = _branches(session)
    return Catalogue(
        company=_company(session),
        categories=tuple(_category(row) for row in _rows(session, CategoryRow)),
        products=tuple(_product(row) for row in _rows(session, ProductRow)),
        branches=branches,
        zones=_zones(session, branches=branches),
        payment_methods=tuple(_payment_method(row) for row in _rows(session, PaymentMethodRow) if row.active),
        holidays=tuple(
            Holiday(day=row.day, name=row.name)
            for row in session.scalars(select(HolidayRow).order_by(HolidayRow.day))
        ),
    )


class CatalogueCache:
    """The catalogue of a running process, read again when it changed. Threads may share it."""

    def __init__(
        self, database: Database, *, check_seconds: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """A change is seen at most `check_seconds` later; in between nothing is read."""
        self._database = database
        self._check_seconds = check_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._version = -1
        self._checked_at = float("-inf")
        self._catalogue: Catalogue | None = None

    def current(self) -> Catalogue:
        """Return the catalogue. Raises NoCompany."""
        known = self._catalogue
        if known is not None and self._clock() - self._checked_at < self._check_seconds:
            return known
        with self._lock, self._database.reading() as session:
            now = self._clock()
            newest = version(session)
            if self._catalogue is None or newest != self._version:
                self._catalogue, self._version = load(session), newest
            self._checked_at = now
            return self._catalogue


def _rows(session: Session, table: Any) -> Sequence[Any]:
    return session.scalars(select(table).order_by(table.position, table.id)).all()


def _company(session: Session) -> Company:
    settings = {row.key: row.value for row in session.scalars(select(CompanySetting))}
    if COMPANY_NAME not in settings:
        raise NoCompany
    return Company(
        name=settings[COMPANY_NAME],
        time_zone=settings[TIME_ZONE],
        afterwords=tuple(settings.get(COURTESIES, ())),
    )


def _branches(session: Session) -> tuple[Branch, ...]:
    lines = session.scalars(select(BranchHours).order_by(BranchHours.branch_id, BranchHours.opens))
    hours = {branch_id: _week(each) for branch_id, each in groupby(lines, key=lambda line: line.branch_id)}
    return tuple(
        Branch(
            id=row.id,
            code=row.code,
            name=row.name,
            address=row.address,
            place=row.place,
            phone=row.phone,
            latitude=row.latitude,
            longitude=row.longitude,
            hours=hours.get(row.id, _week(())),
            aliases=tuple(row.aliases),
            position=row.position,
        )
        for row in _rows(session, BranchRow)
        if row.active
    )


def _week(lines: Any) -> WeekHours:
    days: list[tuple[Stretch, ...]] = [()] * len(WEEKDAYS)
    for line in lines:
        days[line.weekday] += (Stretch(line.opens, line.closes),)
    return WeekHours(tuple(days))


def _zones(session: Session, *, branches: tuple[Branch, ...]) -> tuple[Zone, ...]:
    order = {branch.id: index for index, branch in enumerate(branches)}
    rows = session.scalars(select(ZoneRow).where(ZoneRow.active).order_by(ZoneRow.id)).all()
    return tuple(
        Zone(
            id=row.id,
            branch_id=row.branch_id,
            name=row.name,
            places=tuple(row.places),
            fee=row.fee,
            minimum=row.minimum,
        )
        for row in sorted(rows, key=lambda row: order.get(row.branch_id, 0))
        if row.branch_id in order
    )


def _category(row: CategoryRow) -> Category:
    return Category(id=row.id, code=row.code, name=row.name, position=row.position)


def _product(row: ProductRow) -> Product:
    return Product(
        id=row.id,
        code=row.code,
        name=row.name,
        category_id=row.category_id,
        unit=Unit(row.unit),
        price=row.price,
        available=row.available,
        aliases=tuple(row.aliases),
        size=row.size,
        position=row.position,
    )


def _payment_method(row: PaymentMethodRow) -> PaymentMethod:
    return PaymentMethod(
        id=row.id,
        code=row.code,
        name=row.name,
        text=row.text,
        is_cash=row.is_cash,
        aliases=tuple(row.aliases),
        position=row.position,
    )
