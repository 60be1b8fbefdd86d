"""What is asked of the lists: every filter and every sort by itself, and what people type into a search."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import Select, select

from bench.panel.panel import Visitor
from openbot.database import Database, Session
from openbot.orders import cursors
from openbot.orders.sorting import CONTACTS
from openbot.orders.sorts import SORTS, sort_of
from openbot.schema import Branch, Contact, Operator, Order, PaymentMethod
from openbot.vocabulary import Delivery, OrderKind, State

ORDERS, CONTACTS_LIST = "/api/orders", "/api/contacts"
PAGE = 50
_DEEP = (0.5, 0.999)  #: how far down the list, as a share of its rows
_MANY, _FAR = 20, 12
_SEED = 7


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that is asked for, in several ways that should cost the same."""

    name: str
    path: str
    ways: tuple[Mapping[str, Any], ...] = field(default=({},))

    def way(self, turn: int) -> Mapping[str, Any]:
        """Return the parameters of this turn."""
        return self.ways[turn % len(self.ways)]


def filters(database: Database) -> Iterator[Case]:
    """Return each filter of the list of orders with common, rare and missing values; the newest orders first."""
    with database.reading() as session:
        newest, oldest = (session.scalars(select(Order.created_at).order_by(key).limit(1)).one().date()
                          for key in (Order.id.desc(), Order.id))  # fmt: skip
        ids: dict[str, list[Any]] = {
            "branch": list(session.scalars(select(Branch.id).order_by(Branch.id))),
            "operator": list(session.scalars(select(Operator.id).order_by(Operator.id)))[2:103:25],
            "payment_method": list(session.scalars(select(PaymentMethod.id))),
            "contact_id": [1, 2, session.scalar(select(Contact.id).order_by(Contact.id.desc()).limit(1))],
        }
    yield _list("no filter")
    yield _list("tab=attend", tab="attend")
    words_of: dict[str, tuple[str, ...]] = {
        "state": tuple(State),
        "kind": tuple(OrderKind),
        "delivery": (*tuple(Delivery), "0"),
    }
    for name, words in words_of.items():
        for word in words:
            yield _list(f"{name}={word}", **{name: str(word)})
    for name, values in ids.items():
        none: list[int] = [] if name == "contact_id" else [0]
        for value in [*values, *none]:
            yield _list(f"{name}={value}", **{name: value})
    yield _list("operator=me", operator="me")
    yield _list("several states", state=["FACTURADO", "CANCELADO", "VENCIDO"])
    days = (newest - oldest).days
    for length in (0, 7, 30, 180):
        for share in (0, 0.5, 1):
            first = oldest + timedelta(days=int((days - length) * share))
            yield _list(f"{length + 1} days at {share:.0%} of the year", created_from=first,
                        created_to=first + timedelta(days=length))  # fmt: skip
    yield _list("created until half of the year", created_to=oldest + timedelta(days=days // 2))
    for field_name in ("total", "amount"):
        yield _list(f"{field_name} from 60.000", **{f"{field_name}_from": "60.000"})
        yield _list(f"{field_name} to 3.000", **{f"{field_name}_to": "3.000"})
        yield _list(
            f"{field_name} 20.000 to 20.100",
            **{f"{field_name}_from": "20000", f"{field_name}_to": "20.100,00"},
        )
        yield _list(f"{field_name} over all", **{f"{field_name}_from": "999999999"})
    yield _list("waits 30 minutes", waiting_minutes=30)
    yield _list("expires within 12 hours", expires_hours=12)
    for flag in ("needs_person", "changed_by_customer", "payment_proof"):
        for wanted in ("true", "false"):
            yield _list(f"{flag}={wanted}", **{flag: wanted})


def sorts(database: Database) -> Iterator[Case]:
    """Return each sort in both directions: the first page, and pages from all over the list."""
    with database.reading() as session:
        for direction in ("", "-"):
            for name in SORTS:
                sort = direction + name
                yield _list(f"sort={sort}, first page", sort=sort)
                for share in _DEEP:
                    place = _place(session, sort, share)
                    if place:
                        yield _list(f"sort={sort}, page at {share:.1%}", sort=sort, after=place)


def pages(visitor: Visitor, cases: list[Case]) -> Iterator[Case]:
    """Return later pages of these lists, as far as somebody leafs."""
    for case in cases:
        wish = dict(case.way(0))
        for number in count(2):
            following = visitor.get(case.path, **wish).json["next"]
            if following is None or number > _FAR:
                break
            wish["after"] = following
            if number in (2, _FAR):
                yield Case(f"{case.name}, page {number}", case.path, (dict(wish),))


def searches(database: Database) -> Iterator[Case]:
    """Return what is typed to find a phone or a number, in both lists."""
    random = Random(_SEED)  # noqa: S311 - the same each time
    with database.reading() as session:
        last = session.scalars(select(Order.id).order_by(Order.id.desc()).limit(1)).one()
        phones = _some(session, select(Contact.wa_id).where(Contact.wa_id.is_not(None)), random)
    for length in (1, 2, 3, 4, 5, 6, 7):
        yield from _both(f"the last {length} digits", [phone[-length:] for phone in phones])
        middle = [phone[-7:][:length] for phone in phones]
        yield from _both(f"{length} digits in the middle", middle)
        yield from _both(f"the first {length} digits", [phone[3 : 3 + length] for phone in phones])
    yield from _both("as WhatsApp writes it", phones)
    yield from _both("+54 9 …", [f"+54 9 {phone[3:-8]} {phone[-8:-4]}-{phone[-4:]}" for phone in phones])
    yield from _both("0… 15-…", [f"0{phone[3:-8]} 15-{phone[-8:-4]}-{phone[-4:]}" for phone in phones])
    numbers = [random.randint(1, last) for _ in range(_MANY)]
    for name, typed in (
        ("number", [str(number) for number in numbers]),
        ("#number", [f"#{number:,}".replace(",", ".") for number in numbers]),
        ("the beginning of a number", [str(number)[:3] for number in numbers]),
    ):
        yield Case(f"orders number: {name}", ORDERS, tuple({"number": each, "limit": PAGE} for each in typed))
        yield Case(f"orders q: {name}", ORDERS, tuple({"q": each, "limit": PAGE} for each in typed))


def names() -> Iterator[Case]:
    """Return what is typed to find a name."""
    for typed in (
        "mar",
        "maria",
        "gonzalez",
        "maria gonzalez",
        "juan perez",
        "ñan",
        "quispe zulema",
        "zz",
        "a",
        "m g",
    ):
        yield Case(f"orders q={typed}", ORDERS, ({"q": typed, "limit": PAGE},))
        yield Case(f"contacts q={typed}", CONTACTS_LIST, ({"q": typed, "limit": PAGE},))


def contacts() -> Iterator[Case]:
    """Return the list of contacts with each filter and sort."""
    for sort in ("created_at", "-created_at", "name", "-name"):
        yield Case(f"contacts sort={sort}", CONTACTS_LIST, ({"sort": sort, "limit": PAGE},))
    for blocked in ("true", "false"):
        yield Case(f"contacts blocked={blocked}", CONTACTS_LIST, ({"blocked": blocked, "limit": PAGE},))


def _list(what: str, **wish: Any) -> Case:
    return Case(what, ORDERS, ({**wish, "limit": PAGE},))


def _both(what: str, typed: list[str]) -> Iterator[Case]:
    if not typed:
        return
    yield Case(f"orders phone: {what}", ORDERS, tuple({"phone": each, "limit": PAGE} for each in typed))
    yield Case(f"orders q: {what}", ORDERS, tuple({"q": each, "limit": PAGE} for each in typed))
    yield Case(
        f"contacts phone: {what}", CONTACTS_LIST, tuple({"phone": each, "limit": PAGE} for each in typed)
    )
    yield Case(f"contacts q: {what}", CONTACTS_LIST, tuple({"q": each, "limit": PAGE} for each in typed))


def _some(session: Session, query: Select[Any], random: Random) -> list[str]:
    return random.sample(list(session.scalars(query.order_by(Contact.id).limit(50_000))), _MANY)


def _place(session: Session, sort: str, share: float) -> str | None:
    """Return the cursor of a row far down; found by counting off, which only a benchmark may."""
    order = sort_of(session, sort)
    columns = [column.label(name) for name, column in order.columns.items()]
    table = (
        CONTACTS.join(Order.__table__, Order.contact_id == CONTACTS.c.id)
        if order.with_contacts
        else Order.__table__
    )
    total = session.scalar(select(Order.id).order_by(Order.id.desc()).limit(1)) or 0
    found = select(Order.id.label("id"), *columns).select_from(table)
    inner = found.subquery()
    keys = order.keys(inner.c, after=None)
    directed = [key.expression.desc() if key.descending else key.expression.asc() for key in keys]
    row = (
        session.execute(select(inner).order_by(*directed).offset(int(total * share)).limit(1))
        .mappings()
        .first()
    )
    return cursors.write(dict(row), sort=sort) if row else None


def last_number(session: Session) -> int:
    """Return the newest order's number."""
    return session.scalars(select(Order.id).order_by(Order.id.desc()).limit(1)).one()
