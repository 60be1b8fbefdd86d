"""Whom a broadcast is for: conditions on contacts and their latest orders, and why somebody is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, select

from openbot.fields import Form
from openbot.schema import Contact, Order
from openbot.vocabulary import OrderKind, State

MARKETING = "marketing"
_LONGEST_VALUE, _MOST_BRANCHES, _MOST_FIELDS = 300, 500, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Everything that is said must hold; what is empty lets everybody in. Days are the company's."""

    states: tuple[State, ...] = ()  #: of the latest order
    branch_ids: tuple[int, ...] = ()  #: of the latest order
    kind: OrderKind | None = None  #: of the latest order
    custom: Mapping[str, str] = field(default_factory=dict)  #: the company's own fields of the latest order
    last_inbound_from: date | None = None  #: the contact wrote last on this day or later
    last_inbound_before: date | None = None  #: … and before this day began

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        since, before = stored.get("last_inbound_from"), stored.get("last_inbound_before")
        kind = stored.get("kind")
        return cls(
            states=tuple(State(each) for each in stored.get("states", ())),
            branch_ids=tuple(stored.get("branch_ids", ())),
            kind=OrderKind(kind) if kind else None,
            custom=dict(stored.get("custom", {})),
            last_inbound_from=date.fromisoformat(since) if since else None,
            last_inbound_before=date.fromisoformat(before) if before else None,
        )

    def as_json(self) -> dict[str, Any]:
        """Write it; what is empty is left out."""
        written: dict[str, Any] = {
            "states": [each.value for each in self.states],
            "branch_ids": list(self.branch_ids),
            "kind": self.kind.value if self.kind else None,
            "custom": dict(self.custom),
            "last_inbound_from": self.last_inbound_from.isoformat() if self.last_inbound_from else None,
            "last_inbound_before": self.last_inbound_before.isoformat() if self.last_inbound_before else None,
        }
        return {name: value for name, value in written.items() if value}

    @property
    def _is_about_orders(self) -> bool:
        return bool(self.states or self.branch_ids or self.kind or self.custom)


def read(value: Any) -> Segment:
    """Read a segment as a form sent it. Raises FieldsWrong."""
    form = Form(
        {name: each for name, each in value.items() if each not in (None, "")}
        if isinstance(value, dict)
        else {}
    )
    if not isinstance(value, dict):
        form.refuse("segment", "not_a_choice")
    form.known(("states", "branch_ids", "kind", "custom", "last_inbound_from", "last_inbound_before"))
    form.day("last_inbound_from")
    form.day("last_inbound_before")
    form.choice("kind", [each.value for each in OrderKind])
    states = form.values.get("states", [])
    if not isinstance(states, list) or not set(map(str, states)) <= {each.value for each in State}:
        form.refuse("states", "not_a_choice")
    branches = form.values.get("branch_ids", [])
    if not isinstance(branches, list) or len(branches) > _MOST_BRANCHES or not all(map(_is_id, branches)):
        form.refuse("branch_ids", "not_a_choice")
    custom = form.values.get("custom", {})
    if (
        not isinstance(custom, dict)
        or len(custom) > _MOST_FIELDS
        or not all(
            isinstance(key, str) and isinstance(each, str) and len(each) <= _LONGEST_VALUE
            for key, each in custom.items()
        )
    ):
        form.refuse("custom", "not_a_text")
    done = form.done()
    return Segment(
        states=tuple(State(each) for each in dict.fromkeys(states)),
        branch_ids=tuple(dict.fromkeys(branches)),
        kind=OrderKind(done["kind"]) if "kind" in done else None,
        custom={key: each.strip() for key, each in custom.items() if each.strip()},
        last_inbound_from=done.get("last_inbound_from"),
        last_inbound_before=done.get("last_inbound_before"),
    )


def matching(segment: Segment, *, zone: ZoneInfo, created_until: datetime | None = None) -> Select[Any]:
    """Select the ids of the contacts that are meant, whether they may get it or not; deleted ones never are."""
    contact = Contact.__table__.c
    query = select(contact.id).where(contact.deleted_at.is_(None))
    if created_until is not None:
        query = query.where(contact.created_at <= created_until)
    if segment.last_inbound_from is not None:
        query = query.where(contact.last_inbound_at >= _start(segment.last_inbound_from, zone))
    if segment.last_inbound_before is not None:
        query = query.where(contact.last_inbound_at < _start(segment.last_inbound_before, zone))
    if segment._is_about_orders:  # noqa: SLF001 - of this file
        query = query.join(Order, Order.id == _latest()).where(*_of_order(segment))
    return query


def left_out(*, category: str) -> ColumnElement[str]:
    """Say in SQL why a contact gets no broadcast; empty: it gets it. `category` is the template's."""
    contact = Contact.__table__.c
    reasons: list[tuple[ColumnElement[bool], str]] = [
        (contact.blocked_at.is_not(None), "blocked"),
        (contact.opted_out_at.is_not(None), "opted_out"),
        (and_(contact.wa_id.is_(None), contact.user_id.is_(None)), "unreachable"),
    ]
    if category == MARKETING:
        reasons.append((contact.last_inbound_at.is_(None), "never_wrote"))
    return case(*((holds, literal(reason, String)) for holds, reason in reasons), else_=literal("", String))


def reason_of(contact: Contact, *, category: str) -> str:
    """Say the same of one contact in hand."""
    if contact.deleted_at is not None:
        return "deleted"
    if contact.blocked_at is not None:
        return "blocked"
    if contact.opted_out_at is not None:
        return "opted_out"
    if contact.wa_id is None and contact.user_id is None:
        return "unreachable"
    return "never_wrote" if category == MARKETING and contact.last_inbound_at is None else ""


def _latest() -> Any:
    inner = Order.__table__.alias("latest")
    return (
        select(func.max(inner.c.id))
        .where(inner.c.contact_id == Contact.__table__.c.id)
        .correlate(Contact.__table__)
        .scalar_subquery()
    )


def _of_order(segment: Segment) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if segment.states:
        found.append(Order.state.in_(segment.states))
    if segment.branch_ids:
        found.append(Order.branch_id.in_(segment.branch_ids))
    if segment.kind:
        found.append(Order.kind == segment.kind)
    for key, value in segment.custom.items():
        # SQLite gives a check as 1 or 0, PostgreSQL as true or false.
        same = {value, {"true": "1", "false": "0", "sí": "true", "no": "false"}.get(value.casefold(), value)}
        same |= {{"true": "1", "false": "0"}.get(each, each) for each in same}
        found.append(
            func.lower(cast(Order.custom[key].as_string(), String)).in_({each.lower() for each in same})
        )
    return found


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
