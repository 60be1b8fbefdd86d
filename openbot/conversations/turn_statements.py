"""The statements of a turn's way, built once."""

from sqlalchemy import bindparam, select, text, update

from openbot.schema import Contact, Dialogue, Inbound, Turn
from openbot.vocabulary import InboxState

# Built once: building a statement costs more than running it. States are written out, for only then do both
# databases see that their partial indexes fit.
OPEN = text("turns.state IN ('due', 'claimed')")
AGAIN = select(Turn.contact_id).where(OPEN, Turn.next_try_at <= bindparam("now")).limit(bindparam("limit"))
DUE = (
    select(Contact.id)
    .where(
        Contact.due_at <= bindparam("now"),
        ~select(Turn.id).where(Turn.contact_id == Contact.id, OPEN).exists(),
    )
    .order_by(Contact.due_at)
    .limit(bindparam("limit"))
)
FREE_CONTACT = (
    select(Contact)
    .where(Contact.id == bindparam("contact_id"))
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
OPEN_TURN_OF = select(Turn).where(Turn.contact_id == bindparam("contact_id"), OPEN)
FREEZE = (
    update(Inbound)
    .where(Inbound.id.in_(bindparam("ids", expanding=True)))
    .values(state=InboxState.IN_TURN, turn_id=bindparam("of_turn"))
    .execution_options(synchronize_session=False)
)
ROWS_OF_TURN = (
    select(Inbound).where(Inbound.turn_id == bindparam("turn_id")).order_by(Inbound.sent_at, Inbound.id)
)
EVENTS = select(Dialogue.events).where(
    Dialogue.contact_id == bindparam("contact_id"), Dialogue.number == bindparam("number")
)
CONTACT_OF = select(Turn.contact_id).where(Turn.id == bindparam("turn_id"))
CLAIMED = (
    select(Turn)
    .where(
        Turn.id == bindparam("turn_id"), Turn.attempt == bindparam("attempt"), text("turns.state = 'claimed'")
    )
    .execution_options(populate_existing=True)
)
SETTLE = (
    update(Inbound)
    .where(Inbound.turn_id == bindparam("of_turn"))
    .values(state=bindparam("new_state", type_=Inbound.state.type))
    .execution_options(synchronize_session=False)
)
