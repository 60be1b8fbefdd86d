"""What a list of orders is asked for. Pure: read from what people type, without a database."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from openbot.vocabulary import Delivery, OrderKind, State

T = TypeVar("T")

#: Among the ids of a filter: those without any.
NOBODY = 0
#: The databases' own limit.
LARGEST_ID = 2**63 - 1
_UTC = ZoneInfo("UTC")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?!\d)|\d+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(Generic[T]):
    """From one value to another, both included; an end that is missing is open."""

    low: T | None = None
    high: T | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which orders somebody of the panel sees."""

    operator_id: int
    branch_ids: frozenset[int] | None = None  #: None: all; orders without a branch yet are everybody's
    only_own: bool = False  #: after the shift: what is theirs already

    def sees(self, *, branch_id: int | None, operator_id: int | None) -> bool:
        """Say of one order what `conditions.is_reached` says in SQL."""
        if self.only_own and operator_id != self.operator_id:
            return False
        return self.branch_ids is None or branch_id is None or branch_id in self.branch_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Everything a list can be filtered by. Of one field any value may hold, of several fields all must."""

    zone: ZoneInfo = _UTC  #: of the days
    attend: bool = False  #: «Para atender»
    anything: str = ""  #: as typed: a number, a part of a phone, or beginnings of names
    number: str = ""  #: as typed; several numbers are any of them
    phone: str = ""  #: as typed: any part of it
    name: str = ""  #: as typed: the beginning of every word
    contact_ids: tuple[int, ...] = ()
    kinds: tuple[OrderKind, ...] = ()
    states: tuple[State, ...] = ()
    branch_ids: tuple[int, ...] = ()  #: NOBODY: without a branch; so below
    operator_ids: tuple[int, ...] = ()
    payment_method_ids: tuple[int, ...] = ()
    deliveries: tuple[Delivery | int, ...] = ()
    created: Span[date] = Span()
    total: Span[Decimal] = Span()
    amount: Span[Decimal] = Span()
    waiting: timedelta | None = None  #: at least so long
    expires_within: timedelta | None = None  #: open, and expires before
    needs_person: bool | None = None
    changed_by_customer: bool | None = None
    payment_proof: bool | None = None


def numbers_in(typed: str) -> tuple[int, ...]:
    """Return the order numbers in what was typed: «#1.043, 1044» → 1043, 1044. Too large ones are none."""
    found = (int(each.replace(".", "")) for each in _NUMBER.findall(typed[:200]))
    return tuple(number for number in found if 0 < number <= LARGEST_ID)
