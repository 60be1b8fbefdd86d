"""The statements of a turn's way, built once: building a statement costs more than running it.

States are written out, for only then do both databases see that their partial indexes fit.
"""

from typing import cast

from sqlalchemy import Table, and_, bindparam, insert, select, text, update

from openbot.schema import Contact, Dialogue, Inbound, Order, Turn
from openbot.vocabulary import OPEN_STATES, InboxState, TurnState

CONTACTS = cast("Table", Contact.__table__)
TURNS = cast("Table", Turn.__table__)
INBOX = cast("Table", Inbound.__table__)
ORDERS = cast("Table", Order.__table__)
DIALOGUES = cast("Table", Dialogue.__table__)

OPEN = text("turns.state IN ('due', 'claimed')")
_OPEN_ORDER = text(f"orders.state IN {tuple(str(state) for state in OPEN_STATES)}")
AGAIN = (
    select(TURNS.c.contact_id).where(OPEN, TURNS.c.next_try_at <= bindparam("now")).limit(bindparam("limit"))
)
DUE = (
    select(CONTACTS.c.id)
    .where(
        CONTACTS.c.due_at <= bindparam("now"),
        ~select(TURNS.c.id).where(TURNS.c.contact_id == CONTACTS.c.id, OPEN).exists(),
    )
    .order_by(CONTACTS.c.due_at)
    .limit(bindparam("limit"))
)

CONTACT = select(
    *(
        CONTACTS.c[name]
        for name in (
            "id", "user_id", "wa_id", "deliverable_as", "blocked_at", "dialogue_number", "due_at",
            "phone_reply_until", "waiting_since", "waiting_turn_id", "window_ends_at", "next_send_at",
        )
    )
).where(CONTACTS.c.id == bindparam("contact_id"))  # fmt: skip
FREE_CONTACT = CONTACT.with_for_update(skip_locked=True)
LOCKED_CONTACT = CONTACT.with_for_update()
_AROUND = (
    ORDERS.c.id.label("order_id"),
    ORDERS.c.state.label("order_state"),
    TURNS.c.id.label("turn_id"),
    TURNS.c.state.label("turn_state"),
    TURNS.c.attempt,
    TURNS.c.failures,
    TURNS.c.next_try_at,
    TURNS.c.order_id.label("turn_order_id"),
    TURNS.c.dialogue_number,
)
_FROM = CONTACTS.outerjoin(ORDERS, and_(ORDERS.c.contact_id == CONTACTS.c.id, _OPEN_ORDER)).outerjoin(
    TURNS, and_(TURNS.c.contact_id == CONTACTS.c.id, OPEN)
)
#: The contact's open order and open turn. After the contact is locked nobody else changes either.
SITUATION = select(*_AROUND).select_from(_FROM).where(CONTACTS.c.id == bindparam("contact_id"))
#: The same with the dialogue that goes on.
SITUATION_AND_DIALOGUE = (
    select(*_AROUND, DIALOGUES.c.events)
    .select_from(
        _FROM.outerjoin(
            DIALOGUES,
            and_(DIALOGUES.c.contact_id == CONTACTS.c.id, DIALOGUES.c.number == CONTACTS.c.dialogue_number),
        )
    )
    .where(CONTACTS.c.id == bindparam("contact_id"))
)
NO_LONGER_DUE = (
    update(CONTACTS).where(CONTACTS.c.id == bindparam("contact_id")).values(due_at=None, due_since=None)
)
NEW_TURN = (
    insert(TURNS)
    .values(
        state=TurnState.CLAIMED,
        attempt=1,
        failures=0,
        failure="",
        contact_id=bindparam("contact_id"),
        order_id=bindparam("order_id"),
        dialogue_number=bindparam("number"),
        claimed_by=bindparam("worker"),
        next_try_at=bindparam("lease_ends"),
        created_at=bindparam("now"),
    )
    .returning(TURNS.c.id)
)
CLAIM_AGAIN = (
    update(TURNS)
    .where(TURNS.c.id == bindparam("of_turn"))
    .values(
        state=TurnState.CLAIMED,
        attempt=TURNS.c.attempt + 1,
        claimed_by=bindparam("worker"),
        next_try_at=bindparam("lease_ends"),
    )
)
FREEZE = (
    update(INBOX)
    .where(INBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=InboxState.IN_TURN, turn_id=bindparam("of_turn"))
)
SETTLE = (
    update(INBOX)
    .where(INBOX.c.turn_id == bindparam("of_turn"))
    .values(state=bindparam("new_state", type_=INBOX.c.state.type))
)
FINISH = (
    update(TURNS)
    .where(TURNS.c.id == bindparam("of_turn"))
    .values(
        state=TurnState.ANSWERED,
        finished_at=bindparam("now"),
        step=bindparam("step"),
        merged=bindparam("merged"),
    )
)
KEEP_DIALOGUE = (
    update(DIALOGUES)
    .where(DIALOGUES.c.contact_id == bindparam("of_contact"))
    .values(number=bindparam("number"), events=bindparam("events"), updated_at=bindparam("now"))
)
NEW_DIALOGUE = insert(DIALOGUES).values(
    contact_id=bindparam("of_contact"),
    number=bindparam("number"),
    events=bindparam("events"),
    updated_at=bindparam("now"),
)

# The rare endings work on mapped rows.
STATE = select(TURNS.c.state).where(TURNS.c.id == bindparam("turn_id"))
CONTACT_OF = select(Turn.contact_id).where(Turn.id == bindparam("turn_id"))
CLAIMED = (
    select(Turn)
    .where(
        Turn.id == bindparam("turn_id"), Turn.attempt == bindparam("attempt"), text("turns.state = 'claimed'")
    )
    .execution_options(populate_existing=True)
)
