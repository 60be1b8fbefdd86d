"""Reads the company's goods from the database, as frozen data; a cached reader for processes."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from openbot import company
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
from openbot.schema import Branch as BranchRow
from openbot.schema import BranchHours, CompanySetting
from openbot.schema import Category as CategoryRow
from openbot.schema import Holiday as HolidayRow
from openbot.schema import PaymentMethod as PaymentMethodRow
from openbot.schema import Product as ProductRow
from openbot.schema import Zone as ZoneRow

version = company.catalogue_version


def has_company(session: Session) -> bool:
    """Tell whether a company was seeded."""
    return session.get(CompanySetting, company.COMPANY_NAME) is not None


def load(session: Session, *, now: datetime) -> Catalogue:
    """Return everything that is on offer, in the order in which it is shown. Raises NoCompany.

    Unavailable products are included (an old order may name them); inactive branches, zones and payment
    methods are not. True until the version grows or the day `changes_on` begins: see `is_current`.
    """
    owner = _company(session)
    branches = _branches(session)
    today = now.astimezone(owner.zone).date()
    return Catalogue(
        company=owner,
        categories=tuple(_category(row) for row in _rows(session, CategoryRow)),
        products=tuple(_product(row, today=today) for row in _rows(session, ProductRow)),
        branches=branches,
        zones=_zones(session, branches=branches),
        payment_methods=tuple(_payment_method(row) for row in _rows(session, PaymentMethodRow) if row.active),
        holidays=tuple(
            Holiday(day=row.day, name=row.name)
            for row in session.scalars(select(HolidayRow).order_by(HolidayRow.day))
        ),
    )


def is_current(catalogue: Catalogue, *, now: datetime) -> bool:
    """Tell whether a catalogue of the present version still holds: «agotado hoy» ends without an edit."""
    comes = catalogue.changes_on
    return comes is None or now.astimezone(catalogue.company.zone).date() < comes


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

    def current(self, *, now: datetime) -> Catalogue:
        """Return the catalogue. Raises NoCompany."""
        known = self._catalogue
        is_fresh = self._clock() - self._checked_at < self._check_seconds
        if known is not None and is_fresh and is_current(known, now=now):
            return known
        with self._lock, self._database.reading() as session:
            checked_at = self._clock()
            newest, known = version(session), self._catalogue
            if known is None or newest != self._version or not is_current(known, now=now):
                known = load(session, now=now)
                self._catalogue, self._version = known, newest
            self._checked_at = checked_at
            return known


def _rows(session: Session, table: Any) -> Sequence[Any]:
    return session.scalars(select(table).order_by(table.position, table.id)).all()


def _company(session: Session) -> Company:
    settings = {row.key: row.value for row in session.scalars(select(CompanySetting))}
    if company.COMPANY_NAME not in settings:
        raise company.NoCompany
    return Company(
        name=settings[company.COMPANY_NAME],
        time_zone=settings[company.TIME_ZONE],
        afterwords=tuple(settings.get(company.COURTESIES, ())),
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


def _product(row: ProductRow, *, today: date) -> Product:
    is_offered = row.active and row.available
    back_on = row.back_on if is_offered and row.back_on and row.back_on > today else None
    return Product(
        id=row.id,
        code=row.code,
        name=row.name,
        category_id=row.category_id,
        unit=Unit(row.unit),
        price=row.price,
        available=is_offered and back_on is None,
        aliases=tuple(row.aliases),
        size=row.size,
        position=row.position,
        back_on=back_on,
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
