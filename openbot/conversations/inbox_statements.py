"""The statements of what comes in, built once; each is about a whole webhook."""

from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, func, insert, null, select, text, union_all

from openbot.conversations import used_up
from openbot.schema import CompanySetting, Inbound, Order
from openbot.vocabulary import OPEN_STATES

# Built once: building a statement costs more than running it. States are written out, for only then do both
# databases see that their partial indexes fit.
_INBOX, _ORDERS = cast("Table", Inbound.__table__), cast("Table", Order.__table__)
_CONTACTS: BindParameter[Any] = bindparam("contact_ids", expanding=True)

#: Three questions in one: which of these messages are here already (wamid, NULL, NULL, NULL), which orders of
#: these contacts are open (NULL, contact, number, state), and what a used up plan stops (NULL, NULL, NULL, `used_up`).
KNOWN_AND_OPEN = union_all(
    select(_INBOX.c.wamid, null(), null(), null()).where(
        _INBOX.c.number_id == bindparam("number_id"),
        _INBOX.c.wamid.in_(bindparam("wamids", expanding=True)),
    ),
    select(null(), _ORDERS.c.contact_id, _ORDERS.c.id, _ORDERS.c.state).where(
        _ORDERS.c.contact_id.in_(_CONTACTS),
        text(f"orders.state IN {tuple(str(state) for state in OPEN_STATES)}"),
    ),
    select(null(), null(), null(), used_up.STOPS.subquery().c[0]),
)
LATEST_ORDERS = select(_ORDERS.c.contact_id, _ORDERS.c.id, _ORDERS.c.closed_at).where(
    _ORDERS.c.id.in_(
        select(func.max(_ORDERS.c.id))
        .where(_ORDERS.c.contact_id.in_(_CONTACTS))
        .group_by(_ORDERS.c.contact_id)
    )
)
HELD = select(_INBOX.c.contact_id).where(
    _INBOX.c.contact_id.in_(_CONTACTS),
    text("inbox.state IN ('due', 'held') AND inbox.state = 'held'"),
    _INBOX.c.received_at > bindparam("since"),
)
TOLD = select(_INBOX.c.contact_id).where(
    _INBOX.c.contact_id.in_(_CONTACTS),
    _INBOX.c.kind.in_(bindparam("kinds", expanding=True)),
    _INBOX.c.received_at > bindparam("since"),
    _INBOX.c.reason != bindparam("but_not"),
)
COURTESIES = select(CompanySetting.value).where(CompanySetting.key == "courtesies")
STORE = insert(_INBOX)
