"""Orders of a whole webhook opened at once; one alone is opened by `operations.open_for`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from sqlalchemy import Table, insert

from openbot.actor import SYSTEM
from openbot.contacts import reach
from openbot.database import Session
from openbot.schema import Order, OrderChange
from openbot.vocabulary import OrderKind, State

# Built once: building a statement costs more than running it.
_OPEN = insert(cast("Table", Order.__table__))
_NOTE = insert(cast("Table", OrderChange.__table__))


def open_all(
    session: Session, *, contact_ids: Mapping[int, int], now: datetime, expires_after: timedelta
) -> None:
    """Open an INCOMPLETO order for each of these contacts; `contact_ids`: whose it is, by the number it gets.

    The history is written by `note_all`. The database refuses a second open order (IntegrityError).
    """
    rows = [
        {
            "id": order_id,
            "contact_id": contact_id,
            "kind": OrderKind.ORDER,
            "state": State.INCOMPLETE,
            "version": 1,
            "created_at": now,
            "expires_at": now + expires_after,
            "total": Decimal(0),
            "delivery_fee": Decimal(0),
            "address": "",
            "comment": "",
            "name": "",
            "person_reason": "",
        }
        for order_id, contact_id in contact_ids.items()
    ]
    session.connection().execute(_OPEN, rows)
    reach.begin_anew(session, contact_ids=contact_ids.values())


def note_all(session: Session, *, inbound_ids: Mapping[int, int], now: datetime) -> None:
    """Append the first line of history of each order; `inbound_ids`: the message that opened it, by order."""
    rows: list[dict[str, object]] = [
        {
            "order_id": order_id,
            "at": now,
            "actor": SYSTEM.kind.value,
            "version": 1,
            "to_state": State.INCOMPLETE,
            "fields": {},
            "reason": "",
            "inbound_id": inbound_id,
        }
        for order_id, inbound_id in inbound_ids.items()
    ]
    session.connection().execute(_NOTE, rows)
