"""The statements of statuses, built once; each is about a whole webhook."""

from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from openbot.schema import Outbound, Receipt

# Built once: building a statement costs more than running it.
_RECEIPTS, _OUTBOX = cast("Table", Receipt.__table__), cast("Table", Outbound.__table__)
_KEY = (_RECEIPTS.c.number_id, _RECEIPTS.c.wamid, _RECEIPTS.c.status, _RECEIPTS.c.participant)

#: By dialect: stores what is new and tells which that was.
STORE: dict[str, Any] = {
    dialect: insert(_RECEIPTS).on_conflict_do_nothing(index_elements=_KEY).returning(*_KEY)
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
SENT_COLUMNS = (
    _OUTBOX.c.id,
    _OUTBOX.c.turn_id,
    _OUTBOX.c.tries,
    _OUTBOX.c.state,
    _OUTBOX.c.wamid,
    _OUTBOX.c.accepted_at,
    _OUTBOX.c.reason,
    _OUTBOX.c.delivery,
    _OUTBOX.c.delivered_at,
    _OUTBOX.c.error_code,
    _OUTBOX.c.pricing,
)
_NAMED = or_(
    _OUTBOX.c.wamid.in_(bindparam("wamids", expanding=True)),
    _OUTBOX.c.id.in_(bindparam("numbers", expanding=True)),
)
SENT = select(*SENT_COLUMNS).where(_NAMED).order_by(_OUTBOX.c.id).with_for_update()
CONTACTS_OF = select(_OUTBOX.c.contact_id).where(_NAMED).distinct()
CHANGE = update(_OUTBOX).where(_OUTBOX.c.id == bindparam("of_message"))
ANY_OF = select(Receipt.id).where(Receipt.wamid == bindparam("wamid")).limit(1)
ALL_OF = select(Receipt).where(Receipt.wamid == bindparam("wamid")).order_by(Receipt.id)
FORGET = delete(_RECEIPTS).where(_RECEIPTS.c.wamid.in_(bindparam("wamids", expanding=True)))
