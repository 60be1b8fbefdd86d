"""Whatever is asked for in whatever order: the pages put together are the list, also while orders come in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.operations import seed
from openbot.contacts.terms import Named, learn, words
from openbot.database import Database
from openbot.orders import listing, paging
from openbot.orders.criteria import NOBODY, Criteria, Reach, Span
from openbot.orders.listing import Row
from openbot.orders.part import ORDERS
from openbot.orders.sorts import SORTS
from openbot.schema import Contact
from openbot.vocabulary import OPEN_STATES, Delivery, OrderKind, State
from tests.conftest import DATABASES
from tests.support import many_orders
from tests.support.databases import shared
from tests.support.many_orders import NAMES, START

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
NOW = START + timedelta(days=3)
Given = dict[str, Any]
_INSERT = insert(ORDERS).returning(ORDERS.c.id, sort_by_parameter_order=True)
#: What a list is sorted by: values, each with whether it turns round with "-". What is missing comes last.
Keys = Callable[[Row], list[tuple[Any, bool | None]]]


def _then_newest(value: Any, row: Row) -> list[tuple[Any, bool | None]]:
    return [(value, True), (row.id, None)]


def _then_number(value: Any, row: Row) -> list[tuple[Any, bool | None]]:
    return [(value, True), (row.id, True)]


def _by_contact(value: str | None, row: Row) -> list[tuple[Any, bool | None]]:
    return [(value or None, True), (row.contact_id, True), (row.id, None)]


def _named(name: str | None, number: int | None) -> tuple[str, int] | None:
    return None if name is None or number is None else (name.lower(), number)


KEYS: Mapping[str, Keys] = {
    "number": lambda row: [(row.id, True)],
    "created_at": lambda row: _then_number(row.created_at, row),
    "name": lambda row: _by_contact(" ".join(words(row.name)), row),
    "phone": lambda row: _by_contact(row.phone, row),
    "kind": lambda row: _then_newest(list(OrderKind).index(row.kind), row),
    "branch": lambda row: _then_newest(_named(row.branch, row.branch_id), row),
    "state": lambda row: _then_newest(list(State).index(row.state), row),
    "total": lambda row: _then_number(row.total, row),
    "amount": lambda row: _then_number(row.amount, row),
    "delivery": lambda row: _then_newest(row.delivery and list(Delivery).index(row.delivery), row),
    "payment_method": lambda row: _then_newest(_named(row.payment_method, row.payment_method_id), row),
    "operator": lambda row: _then_newest(_named(row.operator, row.operator_id), row),
    "waiting_since": lambda row: _then_number(row.waiting_since, row),
    "expires_at": lambda row: _then_number(row.expires_at, row),
}

few = st.sampled_from([None, 1, 2])
orders = st.fixed_dictionaries(
    {
        "contact": st.integers(0, len(NAMES) - 1),
        "minutes": st.integers(0, 300),  # after the one before
        "kind": st.sampled_from(OrderKind),
        "state": st.sampled_from(State),
        "branch_id": few,
        "operator_id": few,
        "payment_method_id": few,
        "delivery": st.none() | st.sampled_from(Delivery),
        "total": st.integers(0, 3).map(Decimal),
        "amount": st.none() | st.integers(0, 2).map(Decimal),
        "needs_person": st.booleans(),
        "waits": st.none() | st.integers(0, 90),
        "lasts": st.integers(1, 3),
    }
)
some = st.sets(st.sampled_from([NOBODY, 1, 2]), min_size=1).map(tuple)
days = st.integers(0, 3).map(lambda number: date(2026, 11, 1) + timedelta(days=number))
criteria = st.builds(
    Criteria,
    zone=st.just(ZONE),
    attend=st.sampled_from([False, False, True]),
    name=st.sampled_from(["", "", "an", "zoe ñ"]),
    kinds=st.just(()) | st.sampled_from(OrderKind).map(lambda kind: (kind,)),
    states=st.just(()) | st.sets(st.sampled_from(State), min_size=1).map(tuple),
    branch_ids=st.just(()) | some,
    operator_ids=st.just(()) | some,
    deliveries=st.just(()) | st.sets(st.sampled_from([NOBODY, *Delivery]), min_size=1).map(tuple),
    created=st.just(Span()) | st.builds(Span, low=st.none() | days, high=st.none() | days),
    total=st.just(Span()) | st.builds(Span, low=st.integers(0, 2).map(Decimal)),
    needs_person=st.none() | st.booleans(),
)
#: Most lists have few conditions, so that several pages come.
asked = st.sampled_from([(), ("kinds",), ("branch_ids",), ("states",), ("created",), KEYS]).flatmap(
    lambda kept: criteria if kept is KEYS else criteria.map(lambda each: only(each, kept))
)
reaches = st.builds(
    Reach,
    operator_id=st.just(1),
    branch_ids=st.none() | st.none() | st.sets(st.sampled_from([1, 2])).map(frozenset),
    only_own=st.sampled_from([False, False, False, True]),
)


def only(wanted: Criteria, kept: Sequence[str]) -> Criteria:
    return replace(Criteria(zone=ZONE), **{name: getattr(wanted, name) for name in kept})


def _among(value: Any, values: Sequence[Any]) -> bool:
    return not values or value in values or (value is None and NOBODY in values)


def fulfils(row: Row, wanted: Criteria, reach: Reach) -> bool:
    """What every filter means, once more."""
    day = row.created_at.astimezone(ZONE).date()
    taken = row.state is State.IN_PROGRESS
    is_late = row.waiting_since is not None and row.waiting_since < NOW - timedelta(minutes=20)
    attended = (row.waiting_since is not None and (not taken or is_late)) or (taken and row.operator_id == 1)
    return (
        (attended or not wanted.attend)
        and all(any(word.startswith(each) for word in words(row.name)) for each in words(wanted.name))
        and _among(row.kind, wanted.kinds)
        and _among(row.state, wanted.states)
        and _among(row.branch_id, wanted.branch_ids)
        and _among(row.operator_id, wanted.operator_ids)
        and _among(row.delivery, wanted.deliveries)
        and (wanted.created.low or day) <= day <= (wanted.created.high or day)
        and (wanted.total.low or 0) <= row.total
        and wanted.needs_person in (None, row.needs_person)
        and reach.sees(branch_id=row.branch_id, operator_id=row.operator_id)
    )


class Shop:
    """Orders, one after the other as in life: a later one has a higher number."""

    def __init__(self, database: Database) -> None:
        self.database = database
        many_orders.add_orders(database, 0)
        with database.transaction() as session:
            people = [
                Contact(
                    created_at=START, user_id=f"AR.P{place}", wa_id=f"54911{place}" if place % 3 else None, name=name,
                )
                for place, name in enumerate(NAMES)
            ]  # fmt: skip
            session.add_all(people)
            session.flush()
            learn(session, people=[Named.of(each) for each in people])
            self.contacts = [each.id for each in people]

    def empty(self) -> None:
        with self.database.transaction() as session:
            session.execute(delete(ORDERS))
        self.last, self.open = START, set[int]()

    def add(self, given: Sequence[Given]) -> list[int]:
        """Add orders; return their numbers."""
        columns = [self._columns(each) for each in given]
        with self.database.transaction() as session:
            return list(session.connection().execute(_INSERT, columns).scalars()) if columns else []

    def _columns(self, given: Given) -> Given:
        columns = dict(given)
        self.last += timedelta(minutes=columns.pop("minutes"))
        contact, waits, lasts = (columns.pop(name) for name in ("contact", "waits", "lasts"))
        if columns["state"] in OPEN_STATES and contact in self.open:
            columns["state"] = State.INVOICED
        if columns["state"] in OPEN_STATES:
            self.open.add(contact)
        return columns | {
            "contact_id": self.contacts[contact],
            "created_at": self.last,
            "expires_at": self.last + timedelta(hours=lasts),
            "waiting_since": None if waits is None else NOW - timedelta(minutes=waits),
        }

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        with self.database.reading() as session:
            return listing.rows(session, ids=numbers)

    def page(self, **how: Any) -> listing.Page:
        with self.database.reading() as session:
            return listing.page(session, now=NOW, **how)


@pytest.fixture(scope="module", params=DATABASES)
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, business: Catalogue
) -> Iterator[Shop]:
    with shared(request, tmp_path_factory) as database:
        with database.transaction() as session:
            seed(session, business=business)
        yield Shop(database)


def ranked(rows: Sequence[Row], sort: str) -> dict[int, tuple[int, ...]]:
    """Where each row stands, by number: tuples of plain figures."""
    sign = -1 if sort.startswith("-") else 1
    keys = [KEYS[sort.removeprefix("-")](row) for row in rows]
    ranks = [
        {value: rank for rank, value in enumerate(sorted({each for each in column if each is not None}))}
        for column in zip(*([value for value, _ in key] for key in keys), strict=True)
    ]
    turns = [[{True: sign, None: -1}[turn] for _, turn in key] for key in keys]
    return {
        row.id: tuple(
            part
            for (value, _), places, turn in zip(key, ranks, turned, strict=True)
            for part in ((1, 0) if value is None else (0, turn * places[value]))
        )
        for row, key, turned in zip(rows, keys, turns, strict=True)
    }


def test_every_sort_is_known_here():
    assert KEYS.keys() == SORTS.keys()


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
@settings(max_examples=5)
@given(
    first=st.lists(orders, min_size=8, max_size=24),
    later=st.lists(st.tuples(st.integers(0, 4), orders), max_size=4),
    limit=st.integers(1, 5),
    most=st.sampled_from([0, 4, 10_000]),
    wanted=asked,
    reach=reaches,
)
def test_the_pages_are_the_list(
    shop: Shop,
    sort: str,
    first: list[Given],
    later: list[tuple[int, Given]],
    limit: int,
    most: int,
    wanted: Criteria,
    reach: Reach,
):
    shop.empty()
    numbers = shop.add(first)
    came: dict[int, int] = {}  # the last number seen when it came
    got: list[int] = []
    after: str | None = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "MOST", most)  # with more orders than that an index is walked
        for turn in range(100):
            page = shop.page(criteria=wanted, reach=reach, sort=sort, limit=limit, after=after)
            got += [row.id for row in page.rows]
            after = page.next
            if after is None:
                break
            assert len(page.rows) == limit
            coming = [each for at, each in later if at == turn]
            came |= dict.fromkeys(shop.add(coming), got[-1])
    everything = shop.rows([*numbers, *came])
    place = ranked(everything, sort)
    listed = {row.id for row in everything if fulfils(row, wanted, reach)}
    expected = {number for number in listed if number not in came or place[number] > place[came[number]]}
    assert got == sorted(expected, key=place.__getitem__)
