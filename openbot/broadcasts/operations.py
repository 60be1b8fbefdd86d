"""A broadcast's life: written, scheduled, started, paused, gone on with, cancelled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from openbot.broadcasts import segment as segments
from openbot.broadcasts import wording
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.fields import ChangedMeanwhile, FieldsWrong, Form
from openbot.schema import Broadcast, MessageTemplate, Outbound
from openbot.templates import filling
from openbot.templates import operations as templates
from openbot.templates.filling import APPROVED, TemplateNotApproved
from openbot.vocabulary import BroadcastState, OutboxState

#: Why what was queued of a broadcast that stands still did not go out.
WITHDRAWN = "la difusión se detuvo"
EDITABLE = (BroadcastState.DRAFT, BroadcastState.SCHEDULED)
#: What may follow what; a table, so that it can be looked at.
MOVES: Mapping[str, tuple[tuple[BroadcastState, ...], BroadcastState]] = {
    "schedule": (EDITABLE, BroadcastState.SCHEDULED),
    "start": (EDITABLE, BroadcastState.RUNNING),
    "pause": ((BroadcastState.RUNNING,), BroadcastState.PAUSED),
    "resume": ((BroadcastState.PAUSED,), BroadcastState.RUNNING),
    "cancel": (
        (*EDITABLE, BroadcastState.RUNNING, BroadcastState.PAUSED),
        BroadcastState.CANCELLED,
    ),
}
_FIELDS = ("name", "template_id", "values", "segment")


class BroadcastNotFound(OpenbotError):
    """There is no such broadcast."""

    code = "broadcast_not_found"


class BroadcastMoveNotAllowed(OpenbotError):
    """The broadcast's state does not allow that now."""

    code = "broadcast_move_not_allowed"

    def __init__(self, *, state: BroadcastState) -> None:
        super().__init__(f"The broadcast is {state}")
        self.detail = {"state": state.value}


def lock(session: Session, *, broadcast_id: int) -> Broadcast:
    """Lock the broadcast until the transaction ends, before any contact. Raises BroadcastNotFound."""
    query = select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise BroadcastNotFound
    return row


def create(session: Session, *, values: Mapping[str, Any], by: int, now: datetime) -> Broadcast:
    """Write a new one. Raises FieldsWrong."""
    read = _read(session, values, needed=_FIELDS[:3])
    row = Broadcast(
        **{"segment": {}, **read}, state=BroadcastState.DRAFT, created_at=now, created_by_id=by, note=""
    )
    session.add(row)
    session.flush()
    return row


def edit(
    session: Session, *, broadcast_id: int, version: int, values: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Change one that has not begun; return what changed. Raises FieldsWrong, ChangedMeanwhile and the like."""
    row = lock(session, broadcast_id=broadcast_id)
    if row.state not in EDITABLE:
        raise BroadcastMoveNotAllowed(state=row.state)
    there = {name: getattr(row, name) for name in _FIELDS}
    read = _read(session, {**there, **values}, needed=_FIELDS)
    changed = {name: [there[name], read[name]] for name in _FIELDS if read[name] != there[name]}
    if row.version != version:
        raise ChangedMeanwhile(
            version=row.version, changed={name: both[::-1] for name, both in changed.items()}
        )
    for name, (_, value) in changed.items():
        setattr(row, name, value)
    row.version += 1 if changed else 0
    session.flush()
    return changed


def start(
    session: Session, *, broadcast_id: int, version: int, at: datetime | None, now: datetime
) -> Broadcast:
    """Start it now, or later at a moment. Raises TemplateNotApproved and the like."""
    row = lock(session, broadcast_id=broadcast_id)
    later = at is not None and at > now
    _move(row, "schedule" if later else "start")
    if row.version != version:
        raise ChangedMeanwhile(version=row.version, changed={})
    _needs_approved(session, row)
    row.starts_at, row.note = (at if later else now), ""
    row.version += 1
    session.flush()
    return row


def start_due(session: Session, *, broadcast_id: int, now: datetime) -> bool:
    """Start a scheduled one whose time has come; False when it is no longer so."""
    row = lock(session, broadcast_id=broadcast_id)
    if row.state is not BroadcastState.SCHEDULED or row.starts_at is None or row.starts_at > now:
        return False
    row.state = BroadcastState.RUNNING
    row.version += 1
    session.flush()
    return True


def pause(session: Session, *, broadcast_id: int, note: str = "") -> Broadcast:
    """Stop for a while; what is queued and was not tried comes back."""
    row = lock(session, broadcast_id=broadcast_id)
    _move(row, "pause")
    row.note = note[:200]
    row.version += 1
    _withdraw(session, row)
    return row


def resume(session: Session, *, broadcast_id: int) -> Broadcast:
    """Go on. Raises TemplateNotApproved."""
    row = lock(session, broadcast_id=broadcast_id)
    _move(row, "resume")
    _needs_approved(session, row)
    row.note = ""
    row.version += 1
    session.flush()
    return row


def cancel(session: Session, *, broadcast_id: int, now: datetime) -> Broadcast:
    """End it for good; who has not got it does not get it."""
    row = lock(session, broadcast_id=broadcast_id)
    _move(row, "cancel")
    row.finished_at, row.note = now, ""
    row.version += 1
    _withdraw(session, row)
    return row


def _withdraw(session: Session, row: Broadcast) -> None:
    # One that was tried may be with the customer already: it goes its way.
    session.execute(
        update(Outbound)
        .where(Outbound.broadcast_id == row.id, Outbound.state == OutboxState.QUEUED, Outbound.doubts == 0)
        .values(state=OutboxState.DISCARDED, reason=WITHDRAWN)
    )
    session.flush()


def _move(row: Broadcast, move: str) -> None:
    before, after = MOVES[move]
    if row.state not in before:
        raise BroadcastMoveNotAllowed(state=row.state)
    row.state = after


def _needs_approved(session: Session, row: Broadcast) -> None:
    template = templates.one(session, template_id=row.template_id)
    unsupported = filling.unsupported(template)
    if template.status != APPROVED or unsupported:
        raise TemplateNotApproved(status=unsupported or template.status)


def _read(session: Session, values: Mapping[str, Any], *, needed: tuple[str, ...]) -> dict[str, Any]:
    form = Form(values, needed=needed)
    form.known(_FIELDS)
    form.text("name", longest=80)
    wished = values.get("template_id")
    template = (
        session.get(MessageTemplate, wished) if isinstance(wished, int) and 0 < wished < 2**63 else None
    )
    if template is None or template.status == templates.GONE:
        form.refuse("template_id", "not_a_choice" if "template_id" in values else "missing")
    else:
        form.read["template_id"] = template.id
        _read_values(form, template)
    if "segment" in values:
        try:
            form.read["segment"] = segments.read(values["segment"]).as_json()
        except FieldsWrong as wrong:
            for name, code in wrong.fields.items():
                form.refuse(f"segment.{name}", code)
    return form.done()


def _read_values(form: Form, template: MessageTemplate) -> None:
    """A text for each variable; a mistake is named `values.1`."""
    values = form.values.get("values")
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        form.refuse("values", "not_a_list")
        return
    for name, value in zip(template.variables, values, strict=False):
        if wording.unknown_in(value):
            form.refuse(f"values.{name}", "unknown_variable")
    filled = wording.values_for(template, values, name="M" * 60)
    extra = {str(place): "unknown_field" for place in range(len(template.variables) + 1, len(values) + 1)}
    for name, code in {**filling.check(template, filled), **extra}.items():
        form.refuse(f"values.{name}", code)
    form.read["values"] = values
