"""The statements of a sent message's way, built once."""

from typing import cast

from sqlalchemy import Table, bindparam, insert, select, text, update
from sqlalchemy.orm import aliased

from openbot.schema import Contact, Outbound
from openbot.vocabulary import OutboxState

# Built once: building a statement costs more than running it. States are written out, for only then do both
# databases see that their partial indexes fit.
TABLE = cast("Table", Outbound.__table__)
UNSETTLED = text("outbox.state IN ('queued', 'released', 'uncertain')")
EARLIER = aliased(Outbound, name="earlier")
CANDIDATES = (
    select(Outbound.id)
    .where(
        UNSETTLED,
        Outbound.not_before <= bindparam("now"),
        ~select(EARLIER.id)
        .where(
            EARLIER.contact_id == Outbound.contact_id,
            EARLIER.id < Outbound.id,
            text("earlier.state IN ('queued', 'released', 'uncertain')"),
        )
        .exists(),
    )
    .order_by(Outbound.not_before, Outbound.id)
    .limit(bindparam("limit"))
)
ANY_UNSETTLED_OF = select(TABLE.c.id).where(TABLE.c.contact_id == bindparam("contact_id"), UNSETTLED).limit(1)
QUEUE = insert(TABLE).values(tries=0, doubts=0, delivery="")
QUEUE_FIRST = QUEUE.returning(TABLE.c.id)
_CONTACTS = cast("Table", Contact.__table__)
ASK = (
    update(_CONTACTS)
    .where(_CONTACTS.c.id == bindparam("of_contact"))
    .values(open_options=bindparam("options"))
)
ASK_AND_BOOK = ASK.values(next_send_at=bindparam("booked"))
CONTACT_OF = select(Outbound.contact_id).where(Outbound.id == bindparam("outbound_id"))
FREE_CONTACT = (
    select(Contact)
    .where(Contact.id == bindparam("contact_id"))
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
UNSETTLED_OF = (
    select(Outbound)
    .where(Outbound.contact_id == bindparam("contact_id"), Outbound.id <= bindparam("outbound_id"), UNSETTLED)
    .order_by(Outbound.id)
    .limit(1)
    .with_for_update()
    .execution_options(populate_existing=True)
)
# A status may have made it sure before our own answer came.
RELEASED = (
    select(Outbound)
    .where(
        Outbound.id == bindparam("outbound_id"),
        Outbound.attempt == bindparam("attempt"),
        text("outbox.state IN ('released', 'uncertain')"),
    )
    .with_for_update()
    .execution_options(populate_existing=True)
)
ACCEPT = (
    update(TABLE)
    .where(
        TABLE.c.id == bindparam("of_id"),
        TABLE.c.attempt == bindparam("of_attempt"),
        text("outbox.state IN ('released', 'uncertain')"),
    )
    .values(state=OutboxState.ACCEPTED, wamid=bindparam("new_wamid"), accepted_at=bindparam("at"), reason="")
    .returning(TABLE.c.id)
)
