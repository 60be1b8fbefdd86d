"""Fills a database with a year of a company: deterministic, but that the year ends now."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from bench.panel import orders as ordering
from bench.panel import people, talk
from bench.panel.bulk import Bulk, open_bulk
from bench.panel.company import Company, found
from bench.panel.orders import Order, Orders, written
from bench.panel.people import happens
from bench.panel.progress import Bar
from openbot.contacts.terms import Named
from openbot.database import Database
from openbot.migrations import migrate
from openbot.vocabulary import OPEN_STATES

_SEED = 20261122
_COLUMNS = {
    "contacts": (
        "id", "created_at", "user_id", "wa_id", "profile_name", "username", "name", "sort_name", "blocked_at",
        "opted_out_at", "last_inbound_at", "window_ends_at", "dialogue_number", "unread", "branch_id",
    ),
    "contact_keys": ("value", "contact_id"),
    "contact_terms": ("term", "contact_id"),
    **ordering.COLUMNS,
    **talk.COLUMNS,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many of everything."""

    orders: int

    @property
    def contacts(self) -> int:
        return self.orders * 3 // 10

    @property
    def messages(self) -> int:
        return self.orders * talk.OF_AN_ORDER

    @property
    def long_orders(self) -> int:
        """Orders of the one contact who writes all the time: their conversation has 10,000 messages."""
        return min(1_000, self.orders // 10)


FULL = Size(orders=1_000_000)
TENTH = Size(orders=100_000)
LONG_CONTACT = 1  #: its id


def fill(url: str, size: Size, *, now: datetime | None = None) -> None:
    """Create the tables in an empty database and fill them."""
    now = now or datetime.now(UTC)
    migrate(url)
    database = Database(url)
    company = found(database, now=now - ordering.YEAR)
    database.close()
    bulk = open_bulk(url, _COLUMNS)
    random = Random(_SEED)  # noqa: S311 - the same each time
    customers = _Customers(random, size, now=now)
    _orders(bulk, random, size, company, customers, now=now)
    customers.write(bulk)
    bulk.finish()


class _Customers:
    """Everybody, and what their orders made of them."""

    def __init__(self, random: Random, size: Size, *, now: datetime) -> None:
        self._random, self._now = random, now
        self._per_contact = size.orders / size.contacts
        self._often = max(2, size.orders // size.long_orders)
        numbers = people.phones(random, size.contacts)
        # A few are only known by WhatsApp's own id.
        self.phones = [phone if happens(random, 0.98) else None for phone in numbers]
        self.names = [people.name(random) for _ in range(size.contacts)]
        self.first = [now] * size.contacts
        self.last = [now] * size.contacts
        self.branches: list[int | None] = [None] * size.contacts
        self._has_open = bytearray(size.contacts)

    def of_order(self, number: int) -> int:
        """Choose who orders: the one who always does, somebody new, or somebody who has before."""
        if number % self._often == 0:
            return LONG_CONTACT
        known = int((number - 1) / self._per_contact) + 1
        is_new = int(number / self._per_contact) > int((number - 1) / self._per_contact)
        return known if is_new else 1 + int(self._random.random() * known)

    def ordered(self, order: Order) -> None:
        place = order.contact_id - 1
        self.first[place] = min(self.first[place], order.at)
        self.last[place] = order.at + timedelta(minutes=5)
        is_open = order.state in OPEN_STATES
        if is_open or not self._has_open[place]:  # the open order says who reaches the contact
            self.branches[place] = order.branch_id
        self._has_open[place] |= is_open

    def write(self, bulk: Bulk) -> None:
        terms: list[tuple[str, int]] = []
        with Bar("contacts", len(self.names)) as bar:
            for place, (name, profile) in enumerate(self.names):
                contact_id, phone = place + 1, self.phones[place]
                named = Named(contact_id=contact_id, phone=phone, name=name, profile_name=profile)
                terms += [(term, contact_id) for term in named.terms]
                self._write_one(bulk, named)
                bar.step()
        terms.sort()
        with Bar("search terms", len(terms)) as bar:
            for term in terms:
                bulk.add("contact_terms", term)
                bar.step()

    def _write_one(self, bulk: Bulk, named: Named) -> None:
        place, random = named.contact_id - 1, self._random
        user_id, last = f"AR.{named.contact_id:013}", self.last[place]
        blocked = last if happens(random, 0.003) else None
        opted_out = last if happens(random, 0.01) else None
        bulk.add("contacts", (
            named.contact_id, written(self.first[place] - timedelta(seconds=30)), user_id, named.phone,
            named.profile_name, "", named.name, named.sort_name, written(blocked), written(opted_out), written(last),
            written(last + timedelta(hours=24)), 1, 1 if self._has_open[place] else 0, self.branches[place],
        ))  # fmt: skip
        for key in (user_id, *([named.phone] if named.phone else [])):
            bulk.add("contact_keys", (key, named.contact_id))


def _orders(
    bulk: Bulk, random: Random, size: Size, company: Company, customers: _Customers, *, now: datetime
) -> None:
    orders, said = Orders(random, company, count=size.orders, now=now), talk.Talk(random)
    with Bar(f"{size.orders:,} orders, {size.messages:,} messages", size.orders) as bar:
        for number in range(1, size.orders + 1):
            contact_id = customers.of_order(number)
            name, phone = customers.names[contact_id - 1][0], customers.phones[contact_id - 1] or ""
            order, rows = orders.make(number, contact_id=contact_id, name=name)
            for table, row in rows:
                bulk.add(table, row)
            for table, row in said.about(order, phone=phone):
                bulk.add(table, row)
            customers.ordered(order)
            bar.step()
