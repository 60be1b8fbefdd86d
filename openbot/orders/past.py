"""The history of an order as people read it: who, when, what; ids become names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from openbot.database import Session
from openbot.schema import Branch, Operator, OrderChange, PaymentMethod, Zone
from openbot.vocabulary import State

_ITEM = "item:"
_NAMED: Mapping[str, Any] = {"branch_id": Branch, "zone_id": Zone, "payment_method_id": PaymentMethod}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field before and after."""

    field: str  #: a column without `_id`; `item` for a line of the order
    name: str  #: of the item, else empty
    before: Any  #: JSON: text, number, yes or no, nothing; of an item [quantity, unit price]
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the history."""

    at: datetime
    actor: str  #: cliente, bot, operador, sistema
    who: str | None  #: the operator's name
    version: int
    from_state: State | None
    to_state: State | None
    fields: tuple[Difference, ...]
    reason: str


def past(session: Session, *, order_id: int, after_version: int = 0) -> tuple[Event, ...]:
    """Return the history of an order, oldest first; only what came after a version, when one is given."""
    lines = session.execute(
        select(OrderChange, Operator.name)
        .outerjoin(Operator, Operator.id == OrderChange.operator_id)
        .where(OrderChange.order_id == order_id, OrderChange.version > after_version)
        .order_by(OrderChange.id)
    ).all()
    names = _names(session, (line.fields for line, _ in lines))
    return tuple(
        Event(
            at=line.at,
            actor=line.actor,
            who=who,
            version=line.version,
            from_state=line.from_state,
            to_state=line.to_state,
            fields=tuple(_difference(field, values, names) for field, values in line.fields.items()),
            reason=line.reason,
        )
        for line, who in lines
    )


def changes_after(session: Session, *, order_id: int, version: int) -> dict[str, Any]:
    """Say what happened to an order since somebody read that version: for whom comes too late to save."""
    events = past(session, order_id=order_id, after_version=version)
    changed: dict[str, list[Any]] = {}
    for event in events:
        moved = [("state", event.from_state, event.to_state)] if event.to_state else []
        for name, before, now in [*moved, *((_key(each), each.before, each.after) for each in event.fields)]:
            changed[name] = [changed[name][0] if name in changed else before, now]
    last = events[-1] if events else None
    return {
        "by": (last.who or last.actor) if last else "",
        "at": last.at.isoformat() if last else "",
        "changed": changed,
    }


def _key(difference: Difference) -> str:
    return f"{_ITEM}{difference.name}" if difference.name else difference.field


def _difference(field: str, values: Any, names: Mapping[str, Mapping[int, str]]) -> Difference:
    before, after = values
    if field in _NAMED:
        before, after = (names[field].get(each, each) for each in (before, after))
    is_item = field.startswith(_ITEM)
    return Difference(
        field="item" if is_item else field.removesuffix("_id"),
        name=field.removeprefix(_ITEM) if is_item else "",
        before=before,
        after=after,
    )


def _names(session: Session, fields: Iterable[Mapping[str, Any]]) -> dict[str, dict[int, str]]:
    ids: dict[str, set[int]] = {field: set() for field in _NAMED}
    for each in fields:
        for field in ids.keys() & each.keys():
            ids[field].update(value for value in each[field] if value is not None)
    return {
        field: dict(
            session.execute(
                select(_NAMED[field].id, _NAMED[field].name).where(_NAMED[field].id.in_(wanted))
            ).all()
        )
        if wanted
        else {}
        for field, wanted in ids.items()
    }
