"""The list: every filter and every order, few rows or many, each row exactly once (product §5)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openbot.contacts.terms import words
from openbot.database import Database
from openbot.orders import cursors, listing, paging
from openbot.orders.criteria import Criteria, Reach, Span
from openbot.orders.listing import Row
from openbot.orders.sorts import SORTS, UnknownSort
from openbot.vocabulary import Delivery, OrderKind, State

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
ALL = Reach(operator_id=1)
EVERYTHING = Criteria()
ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
AddOrders = Callable[..., list[int]]

CRITERIA = {
    "all": (Criteria(), lambda _row: True),
    "state": (
        Criteria(states=(State.COMPLETE, State.INVOICED)),
        lambda row: row.state in {State.COMPLETE, State.INVOICED},
    ),
    "kind": (Criteria(kinds=(OrderKind.HELP,)), lambda row: row.kind is OrderKind.HELP),
    "branch or none": (Criteria(branch_ids=(2, 0)), lambda row: row.branch_id in {2, None}),
    "operator": (Criteria(operator_ids=(3,)), lambda row: row.operator_id == 3),
    "nobody": (Criteria(operator_ids=(0,)), lambda row: row.operator_id is None),
    "payment": (Criteria(payment_method_ids=(1, 2)), lambda row: row.payment_method_id in {1, 2}),
    "delivery": (
        Criteria(deliveries=(Delivery.PICKUP, 0)),
        lambda row: row.delivery in {Delivery.PICKUP, None},
    ),
    "total": (
        Criteria(total=Span(low=Decimal(1000), high=Decimal(2000))),
        lambda row: 1000 <= row.total <= 2000,
    ),
    "amount": (
        Criteria(amount=Span(low=Decimal("1000.01"))),
        lambda row: row.amount is not None and row.amount > 1000,
    ),
    "days": (
        Criteria(zone=ZONE, created=Span(low=date(2026, 11, 5), high=date(2026, 11, 9))),
        lambda row: date(2026, 11, 5) <= row.created_at.astimezone(ZONE).date() <= date(2026, 11, 9),
    ),
    "name": (Criteria(name="AN pé"), lambda row: starts(row, "an", "pe")),
    "flags": (
        Criteria(needs_person=True, payment_proof=False),
        lambda row: row.needs_person and not row.payment_proof,
    ),
    "waiting": (Criteria(waiting=timedelta(0)), lambda row: row.waiting_since is not None),
    "several": (
        Criteria(states=(State.INVOICED,), branch_ids=(1, 2), kinds=(OrderKind.ORDER,)),
        lambda row: row.state is State.INVOICED and row.branch_id in {1, 2} and row.kind is OrderKind.ORDER,
    ),
}


def starts(row: Row, *beginnings: str) -> bool:
    spoken = words(row.name)
    return all(any(word.startswith(beginning) for word in spoken) for beginning in beginnings)


@pytest.fixture(params=["few", "many"])
def amount(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A few rows are found and sorted; with more than MOST the index is walked. Both must say the same."""
    if request.param == "many":
        monkeypatch.setattr(paging, "MOST", 2)
    return request.param


def pages(
    database: Database, *, criteria: Criteria = EVERYTHING, sort: str, reach: Reach = ALL, limit: int = 7
) -> Iterator[listing.Page]:
    after = None
    while True:
        with database.reading() as session:
            page = listing.page(
                session, criteria=criteria, reach=reach, sort=sort, now=NOW, limit=limit, after=after
            )
        yield page
        after = page.next
        if after is None:
            return


def everything(database: Database, **asked: Any) -> list[Row]:
    return [row for page in pages(database, **asked) for row in page.rows]


@pytest.mark.parametrize("name", CRITERIA)
@pytest.mark.parametrize("sort", ["-number", "number", "-total", "state", "name"])
def test_a_filter_gives_its_orders_once_each(
    seeded: Database, add_orders: AddOrders, amount: str, name: str, sort: str
):
    add_orders(70)
    criteria, fulfils = CRITERIA[name]
    expected = {row.id for row in everything(seeded, sort="number", limit=100) if fulfils(row)}
    found = [row.id for row in everything(seeded, criteria=criteria, sort=sort)]
    assert (sorted(found), len(set(found))) == (sorted(expected), len(found))


VALUES: dict[str, Callable[[Row], Any]] = {
    "number": lambda row: row.id,
    "created_at": lambda row: row.created_at,
    "name": lambda row: " ".join(words(row.name)) or None,
    "phone": lambda row: row.phone,
    "kind": lambda row: list(OrderKind).index(row.kind),
    "branch": lambda row: row.branch and row.branch.lower(),
    "state": lambda row: list(State).index(row.state),
    "total": lambda row: row.total,
    "amount": lambda row: row.amount,
    "delivery": lambda row: row.delivery and list(Delivery).index(row.delivery),
    "payment_method": lambda row: row.payment_method and row.payment_method.lower(),
    "operator": lambda row: row.operator,
    "waiting_since": lambda row: row.waiting_since,
    "expires_at": lambda row: row.expires_at,
}


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("sort", SORTS)
def test_each_order_is_kept_over_all_pages_and_nothing_comes_last(
    seeded: Database, add_orders: AddOrders, amount: str, sort: str, sign: str
):
    ids = add_orders(60)
    found = everything(seeded, sort=sign + sort)
    assert sorted(row.id for row in found) == sorted(ids)
    values = [VALUES[sort](row) for row in found]
    present = [value for value in values if value is not None]
    assert values[len(present) :] == [None] * (len(values) - len(present))
    assert present == sorted(present, reverse=sign == "-")


def test_every_sort_is_tested():
    assert set(VALUES) == set(SORTS)


@pytest.mark.parametrize(
    "sort", ["-number", "number", "total", "-name", "branch", "waiting_since", "-amount"]
)
def test_orders_that_come_meanwhile_neither_repeat_nor_hide_others(
    seeded: Database, add_orders: AddOrders, amount: str, sort: str
):
    before = set(add_orders(40))
    found: list[int] = []
    for number, page in enumerate(pages(seeded, sort=sort, limit=5), 2):
        found += [row.id for row in page.rows]
        add_orders(3, seed=number)
        if len(found) > 300:
            break
    assert len(found) == len(set(found))
    assert before <= set(found)


def test_the_count_is_of_all_pages_and_capped(
    seeded: Database, add_orders: AddOrders, monkeypatch: pytest.MonkeyPatch
):
    add_orders(30)
    first = next(pages(seeded, sort="-number", limit=5))
    assert (first.total, first.is_capped) == (30, False)
    monkeypatch.setattr(paging, "MOST", 20)
    first = next(pages(seeded, sort="-number", limit=5))
    assert (first.total, first.is_capped) == (20, True)


def test_an_operator_of_some_branches_sees_theirs_and_those_without_one(
    seeded: Database, add_orders: AddOrders, amount: str
):
    add_orders(60)
    mine = everything(seeded, sort="-total", reach=Reach(operator_id=1, branch_ids=frozenset({2})))
    expected = [row for row in everything(seeded, sort="-total") if row.branch_id in {2, None}]
    assert mine == expected
    theirs = everything(seeded, sort="-number", reach=Reach(operator_id=1, only_own=True))
    assert {row.operator_id for row in theirs} == {1}
    nobody = everything(seeded, sort="-number", reach=Reach(operator_id=9, branch_ids=frozenset()))
    assert {row.branch_id for row in nobody} == {None}


def test_the_queue_is_who_waits_and_what_is_mine(seeded: Database, add_orders: AddOrders, amount: str):
    add_orders(80)
    rows = everything(seeded, sort="-number", criteria=Criteria(attend=True), reach=Reach(operator_id=2))
    assert rows
    for row in rows:
        mine = row.state is State.IN_PROGRESS and row.operator_id == 2
        assert mine or (row.waiting_since and row.state is not State.IN_PROGRESS)


def test_a_phone_is_found_by_any_part_and_a_number_by_itself(
    seeded: Database, add_orders: AddOrders, amount: str
):
    add_orders(60)
    rows = everything(seeded, sort="number", limit=100)
    row = next(row for row in rows if row.phone)
    assert row.phone
    for typed in (row.phone[-4:], row.phone[-8:], f"011 15 {row.phone[5:9]}-{row.phone[9:]}", row.phone[3:8]):
        found = {each.id for each in everything(seeded, sort="-number", criteria=Criteria(phone=typed))}
        assert row.id in found
    exact = [
        each.id for each in everything(seeded, sort="number", criteria=Criteria(number=f"#{row.id}, 999999"))
    ]
    assert exact == [row.id]
    either = {each.id for each in everything(seeded, sort="-number", criteria=Criteria(anything=str(row.id)))}
    assert row.id in either
    assert all(each.id == row.id or str(row.id) in (each.phone or "") for each in rows if each.id in either)


@pytest.mark.parametrize("typed", ["zzz", "+", "@", "٣", "%", "9" * 60])
def test_what_cannot_be_found_gives_nothing(seeded: Database, add_orders: AddOrders, typed: str):
    add_orders(9)
    for criteria in (Criteria(phone=typed), Criteria(number=typed), Criteria(anything=typed)):
        assert everything(seeded, sort="-number", criteria=criteria) == []


def test_a_cursor_of_another_list_is_refused(seeded: Database, add_orders: AddOrders):
    add_orders(9)
    cursor = next(pages(seeded, sort="-total", limit=2)).next
    with seeded.reading() as session, pytest.raises(cursors.BadCursor):
        listing.page(session, criteria=Criteria(), reach=ALL, sort="total", now=NOW, after=cursor)
    with seeded.reading() as session, pytest.raises(UnknownSort):
        listing.page(session, criteria=Criteria(), reach=ALL, sort="phones", now=NOW)
