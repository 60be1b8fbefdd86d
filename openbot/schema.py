"""All tables, on one page. Rows stay inside `operations` and `queries`; screens and rules get frozen data.

Times are aware UTC. Money and quantities are exact decimals, kept as scaled integers on both databases.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from openbot.column_types import Id, Money, Quantity, UtcTime, sorted_text, words
from openbot.vocabulary import (
    OPEN_STATES,
    Author,
    BroadcastState,
    Delivery,
    Enabled,
    FileState,
    InboxState,
    OrderKind,
    OutboxState,
    RecipientState,
    Role,
    State,
    TurnState,
)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own way
        datetime: UtcTime(),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        State: words(State),
        OrderKind: words(OrderKind),
        Delivery: words(Delivery),
        Author: words(Author),
        Role: words(Role),
        Enabled: words(Enabled),
        InboxState: words(InboxState),
        TurnState: words(TurnState),
        OutboxState: words(OutboxState),
        FileState: words(FileState),
        BroadcastState: words(BroadcastState),
        RecipientState: words(RecipientState),
    }


def _key() -> Mapped[int]:
    return mapped_column(Id, primary_key=True, autoincrement=True)


def _few(*columns: str, where: str) -> Index:
    """Index only the rows of which `where` (a column, or a condition) is true; both databases know they are few."""
    name = f"ix_orders_{columns[0]}" if " " in where else f"ix_orders_{where}"
    on_sqlite = where if " " in where else f"{where} = 1"  # as SQLAlchemy writes it there
    return Index(name, *columns, sqlite_where=text(on_sqlite), postgresql_where=text(where))


def _to(column: str, *, index: bool = False, nullable: bool = False, cascade: bool = False) -> Any:
    target = ForeignKey(column, ondelete="CASCADE" if cascade else None)
    return mapped_column(Id, target, index=index, nullable=nullable)


class Edited:
    """What the panel edits: who saved it last; a save carries the version it was read with."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")
    edited_at: Mapped[datetime | None]
    edited_by_id: Mapped[int | None] = _to("operators.id", nullable=True)


# --- contacts and conversations ------------------------------------------------------------------


class Contact(Base):
    """One person on WhatsApp, and the state of the one conversation with them. THE lock (architecture §1.4)."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_sort_name_id", "sort_name", "id"),
        Index("ix_contacts_branch_id_created_at_id", "branch_id", "created_at", "id"),
        Index("ix_contacts_last_inbound_at_id", "last_inbound_at", "id"),  # the list of conversations
        Index(
            "ix_contacts_unread",
            "id",
            sqlite_where=text("unread > 0"),
            postgresql_where=text("unread > 0"),
        ),
        Index(
            "ix_contacts_unmarked",
            "id",
            sqlite_where=text("unmarked_wamid IS NOT NULL"),
            postgresql_where=text("unmarked_wamid IS NOT NULL"),
        ),
        Index(
            "ix_contacts_blocked",
            "created_at",
            sqlite_where=text("blocked_at IS NOT NULL"),
            postgresql_where=text("blocked_at IS NOT NULL"),
        ),
        Index(
            "ix_contacts_never_wrote",
            "id",
            sqlite_where=text("last_inbound_at IS NULL"),
            postgresql_where=text("last_inbound_at IS NULL"),
        ),
    )

    id: Mapped[int] = _key()
    created_at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[str | None] = mapped_column(String(140), unique=True)  # WhatsApp's business-scoped id
    parent_user_id: Mapped[str | None] = mapped_column(String(140))
    wa_id: Mapped[str | None] = mapped_column(
        String(20), unique=True
    )  # as the webhook gave it; may be missing
    deliverable_as: Mapped[str | None] = mapped_column(String(20))  # learnt 54/549 spelling (contract §7)
    profile_name: Mapped[str] = mapped_column(String(200), default="")
    username: Mapped[str] = mapped_column(String(100), default="")
    name: Mapped[str] = mapped_column(String(100), default="")  # as the customer told us
    sort_name: Mapped[str] = mapped_column(
        sorted_text(60), default="", server_default=""
    )  # folded, of what is shown
    blocked_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]
    opted_out_inbound_id: Mapped[int | None] = mapped_column(Id)  # the message that said so
    last_inbound_at: Mapped[datetime | None]  # the customer's clock (Meta's timestamp)
    window_ends_at: Mapped[datetime | None]  # 24 h after it (contract §6.4)
    phone_reply_until: Mapped[datetime | None]  # the company answers from its own phone until then
    waiting_since: Mapped[datetime | None]  # asked for a person
    waiting_turn_id: Mapped[int | None] = mapped_column(Id)  # the turn whose reply may still go out
    dialogue_number: Mapped[int] = mapped_column(default=1)  # a new number is an empty dialogue
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # messages wait for a turn until then
    due_since: Mapped[datetime | None]  # arrival of the first of them
    open_options: Mapped[list[Any] | None]  # what would fully answer the open question
    next_send_at: Mapped[datetime | None]  # pair rate (contract §6.3)
    unread: Mapped[int] = mapped_column(default=0)
    unmarked_wamid: Mapped[str | None] = mapped_column(
        String(255)
    )  # read in the panel, not yet marked at WhatsApp
    away_notice_at: Mapped[datetime | None]  # told in this stretch when somebody will answer
    plan_notice_on: Mapped[date | None]  # the day on which the plan's end was said
    branch_id: Mapped[int | None] = _to("branches.id", nullable=True)  # of the order that says who reaches it
    deleted_at: Mapped[datetime | None]  # nothing personal is left; the row stays for the figures


class ContactKey(Base):
    """Every identifier a contact was ever seen with; either finds it."""

    __tablename__ = "contact_keys"

    value: Mapped[str] = mapped_column(String(140), primary_key=True)
    contact_id: Mapped[int] = _to("contacts.id", index=True, cascade=True)


class ContactTerm(Base):
    """What finds a contact: every ending of its phone (so any part of it is a prefix) and every word of its names.

    Written by `contacts.terms` alone.
    """

    __tablename__ = "contact_terms"
    __table_args__ = (
        Index("ix_contact_terms_contact_id_term", "contact_id", "term"),
        {"sqlite_with_rowid": False},
    )

    term: Mapped[str] = mapped_column(sorted_text(40), primary_key=True)
    contact_id: Mapped[int] = mapped_column(
        Id, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )


class ContactMark(Base):
    """A block or an opt-out outlives the contact's deletion, as a keyed hash of the identifier."""

    __tablename__ = "contact_marks"

    hashed: Mapped[str] = mapped_column(String(64), primary_key=True)
    blocked_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]


class Inbound(Base):
    """A message that came in, once (unique on number and wamid)."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("number_id", "wamid"),
        Index("ix_inbox_contact_id_id", "contact_id", "id"),
        Index(
            "ix_inbox_handled",  # what the plan counts
            "received_at",
            sqlite_where=text("state <> 'no_turn'"),
            postgresql_where=text("state <> 'no_turn'"),
        ),
        Index(
            "ix_inbox_open",
            "contact_id",
            sqlite_where=text("state IN ('due', 'held')"),
            postgresql_where=text("state IN ('due', 'held')"),
        ),
    )

    id: Mapped[int] = _key()
    contact_id: Mapped[int] = _to("contacts.id")
    number_id: Mapped[str] = mapped_column(String(32))
    wamid: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(Text)  # the id of a tap, never of a typed text
    data: Mapped[dict[str, Any] | None]
    raw: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[InboxState]
    reason: Mapped[str] = mapped_column(String(60), default="")
    turn_id: Mapped[int | None] = _to("turns.id", index=True, nullable=True)
    order_id: Mapped[int | None] = _to("orders.id", index=True, nullable=True)


class Turn(Base):
    """Messages frozen to be answered in one go; a retry sends exactly this row."""

    __tablename__ = "turns"
    __table_args__ = (
        Index(
            "one_open_turn_per_contact",
            "contact_id",
            unique=True,
            sqlite_where=text("state IN ('due', 'claimed')"),
            postgresql_where=text("state IN ('due', 'claimed')"),
        ),
        Index(
            "ix_turns_failed",
            "id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
        Index(
            "ix_turns_open",
            "next_try_at",
            sqlite_where=text("state IN ('due', 'claimed')"),
            postgresql_where=text("state IN ('due', 'claimed')"),
        ),
    )

    id: Mapped[int] = _key()
    contact_id: Mapped[int] = _to("contacts.id", index=True)
    order_id: Mapped[int | None] = _to("orders.id", nullable=True)
    dialogue_number: Mapped[int]
    state: Mapped[TurnState]
    attempt: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str] = mapped_column(String(64), default="")
    next_try_at: Mapped[datetime]  # while claimed: the end of the lease
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # tries that the assistant itself could not finish
    failure: Mapped[str] = mapped_column(String(200), default="")
    step: Mapped[str] = mapped_column(
        String(40), default="", server_default=""
    )  # where the dialogue stood after it
    merged: Mapped[int] = mapped_column(default=0, server_default="0")  # bubbles saved by joining its replies


class Dialogue(Base):
    """The assistant's state of a conversation, as it gave it to us (architecture §1.1)."""

    __tablename__ = "dialogues"

    contact_id: Mapped[int] = mapped_column(
        Id, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int]
    events: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class ActionCall(Base):
    """What an action answered; a repeat of the call gets it again without running."""

    __tablename__ = "action_calls"

    turn_id: Mapped[int] = mapped_column(Id, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # which message of the turn
    action: Mapped[str] = mapped_column(String(80), primary_key=True)
    nth: Mapped[int] = mapped_column(primary_key=True)  # events since that message, at the call
    response: Mapped[str] = mapped_column(Text)


class Outbound(Base):
    """A message to a customer, in the order in which it must reach them."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("turn_id", "position"),
        Index("ix_outbox_contact_id_id", "contact_id", "id"),
        Index(
            "ix_outbox_delivered_at",  # what WhatsApp charges
            "delivered_at",
            sqlite_where=text("delivered_at IS NOT NULL"),
            postgresql_where=text("delivered_at IS NOT NULL"),
        ),
        Index(
            "ix_outbox_failed",
            "id",
            sqlite_where=text("state = 'failed' OR delivery = 'failed'"),
            postgresql_where=text("state = 'failed' OR delivery = 'failed'"),
        ),
        Index(
            "ix_outbox_accepted",  # what the plan counts
            "accepted_at",
            sqlite_where=text("accepted_at IS NOT NULL AND attempt > 0"),
            postgresql_where=text("accepted_at IS NOT NULL AND attempt > 0"),
        ),
        Index(
            "ix_outbox_open",
            "not_before",
            sqlite_where=text("state IN ('queued', 'released', 'uncertain')"),
            postgresql_where=text("state IN ('queued', 'released', 'uncertain')"),
        ),
        Index(
            "ix_outbox_open_of_contact",
            "contact_id",
            "id",
            sqlite_where=text("state IN ('queued', 'released', 'uncertain')"),
            postgresql_where=text("state IN ('queued', 'released', 'uncertain')"),
        ),
    )

    id: Mapped[int] = _key()
    contact_id: Mapped[int] = _to("contacts.id")
    turn_id: Mapped[int | None] = _to("turns.id", nullable=True)
    position: Mapped[int] = mapped_column(default=0)
    dialogue_number: Mapped[int] = mapped_column(default=0)  # the dialogue a bot's reply was computed in
    author: Mapped[Author]
    operator_id: Mapped[int | None] = _to("operators.id", nullable=True)
    order_id: Mapped[int | None] = _to("orders.id", index=True, nullable=True)
    text: Mapped[str] = mapped_column(Text)  # as the transcript shows it
    bubble: Mapped[dict[str, Any]]
    state: Mapped[OutboxState]
    reason: Mapped[str] = mapped_column(String(200), default="")
    attempt: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)  # refused or lost sends so far
    doubts: Mapped[int] = mapped_column(default=0)  # of them those whose answer never came
    claimed_by: Mapped[str] = mapped_column(String(64), default="")
    not_before: Mapped[datetime]  # while released: the end of the lease; while uncertain: of the grace
    wamid: Mapped[str | None] = mapped_column(String(255), index=True)
    queued_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    delivery: Mapped[str] = mapped_column(String(12), default="")  # sent < delivered < read < played; failed
    delivered_at: Mapped[datetime | None]  # the first delivered, read or played (contract §6.5)
    error_code: Mapped[int | None]
    pricing: Mapped[dict[str, Any] | None]
    key: Mapped[str | None] = mapped_column(String(80), unique=True)  # whoever sends it twice sends it once
    reply_to: Mapped[str | None] = mapped_column(String(255))  # wamid of the message it answers
    file_id: Mapped[int | None] = _to("files.id", index=True, nullable=True)
    broadcast_id: Mapped[int | None] = _to("broadcasts.id", index=True, nullable=True)


class StoredFile(Base):
    """An image, document or sound of a conversation, whoever sent it; its bytes are in the store under `key`."""

    __tablename__ = "files"
    __table_args__ = (
        Index(
            "ix_files_open",  # with something to do: to fetch, to forget when it was not sent, to remove
            "not_before",
            sqlite_where=text("state IN ('pending', 'uploaded', 'gone')"),
            postgresql_where=text("state IN ('pending', 'uploaded', 'gone')"),
        ),
    )

    id: Mapped[int] = _key()
    contact_id: Mapped[int] = _to("contacts.id", index=True)
    inbound_id: Mapped[int | None] = mapped_column(Id, ForeignKey("inbox.id"), unique=True)  # a customer's
    operator_id: Mapped[int | None] = _to("operators.id", nullable=True)  # an operator's
    kind: Mapped[str] = mapped_column(String(20))  # image, document, audio, video, sticker
    filename: Mapped[str] = mapped_column(String(200), default="")
    mime_type: Mapped[str] = mapped_column(String(120), default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")  # hex; before it is stored: as announced
    key: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[FileState]
    reason: Mapped[str] = mapped_column(String(200), default="")
    media_id: Mapped[str] = mapped_column(String(64), default="")  # WhatsApp's
    media_id_until: Mapped[datetime | None]  # an uploaded one lives 30 days (contract §5.6)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str] = mapped_column(String(64), default="")
    not_before: Mapped[datetime]  # the next try; while one is running the end of its lease
    created_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]


class Receipt(Base):
    """A status of a sent message; may come before our own send was answered (contract §4)."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("number_id", "wamid", "status", "participant"),)

    id: Mapped[int] = _key()
    number_id: Mapped[str] = mapped_column(String(32))
    wamid: Mapped[str] = mapped_column(String(255), index=True)
    status: Mapped[str] = mapped_column(String(20))
    participant: Mapped[str] = mapped_column(String(140), default="")
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    callback_data: Mapped[str] = mapped_column(String(512), default="")
    errors: Mapped[list[Any] | None]
    pricing: Mapped[dict[str, Any] | None]


class BadItem(Base):
    """A part of a webhook that could not be read or stored as what it claims to be; kept whole."""

    __tablename__ = "bad_items"

    id: Mapped[int] = _key()
    received_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
    raw: Mapped[str] = mapped_column(Text)


class Count(Base):
    """Events that are counted and otherwise ignored (unknown fields, foreign numbers, empty turns)."""

    __tablename__ = "counts"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, default=0)


class MessageTally(Base):
    """Messages of a quarter of an hour that is over, so that a month need not be counted one by one."""

    __tablename__ = "message_tallies"

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    came: Mapped[int]  # handled
    went: Mapped[int]  # accepted by WhatsApp


# --- what operators say to customers, one or many ------------------------------------------------------


class CannedReply(Edited, Base):
    """A sentence ready to be said: `/hola` in the composer."""

    __tablename__ = "canned_replies"

    id: Mapped[int] = _key()
    shortcut: Mapped[str] = mapped_column(String(30), unique=True)  # without the slash, lower case
    text: Mapped[str] = mapped_column(Text)  # with {{nombre}}, {{pedido}} …


class ConversationPresence(Base):
    """Who has a conversation open now, and until when they are typing."""

    __tablename__ = "conversation_presence"

    contact_id: Mapped[int] = mapped_column(
        Id, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    operator_id: Mapped[int] = mapped_column(
        Id, ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True
    )
    seen_at: Mapped[datetime]
    typing_until: Mapped[datetime | None]


class MessageTemplate(Base):
    """A template as WhatsApp has it; read from Graph, never edited here (contract §5.4)."""

    __tablename__ = "message_templates"
    __table_args__ = (UniqueConstraint("name", "language"),)

    id: Mapped[int] = _key()
    name: Mapped[str] = mapped_column(String(512))
    language: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(20))  # utility, marketing, authentication
    status: Mapped[str] = mapped_column(
        String(30)
    )  # APPROVED, PAUSED, REJECTED … ; GONE: Graph no longer lists it
    body: Mapped[str] = mapped_column(Text)  # with {{1}} or {{name}}
    variables: Mapped[list[Any]]  # names of what the body asks for, in order
    buttons: Mapped[list[Any]]  # titles of its quick replies
    components: Mapped[list[Any]]  # as Graph gave them
    fetched_at: Mapped[datetime]


class Broadcast(Base):
    """One template to many contacts."""

    __tablename__ = "broadcasts"

    id: Mapped[int] = _key()
    name: Mapped[str] = mapped_column(String(80))
    template_id: Mapped[int] = _to("message_templates.id")
    values: Mapped[list[Any]]  # one text for each variable; {{nombre}} in it is the contact's
    segment: Mapped[dict[str, Any]]  # whom; see broadcasts.segment
    state: Mapped[BroadcastState]
    starts_at: Mapped[datetime | None]  # when it is scheduled for
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = _to("operators.id")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    note: Mapped[str] = mapped_column(String(200), default="")  # why it stands still


class BroadcastRecipient(Base):
    """One contact of a broadcast, and what became of it."""

    __tablename__ = "broadcast_recipients"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "contact_id"),
        Index("ix_broadcast_recipients_broadcast_id_state_id", "broadcast_id", "state", "id"),
    )

    id: Mapped[int] = _key()
    broadcast_id: Mapped[int] = _to("broadcasts.id", cascade=True)
    contact_id: Mapped[int] = _to("contacts.id", index=True)
    state: Mapped[RecipientState]
    reason: Mapped[str] = mapped_column(String(60), default="")
    outbound_id: Mapped[int | None] = _to("outbox.id", index=True, nullable=True)
    changed_at: Mapped[datetime]


# --- orders ---------------------------------------------------------------------------------------


class Order(Base):
    """An order (pedido); its id is the «número interno»."""

    __tablename__ = "orders"
    __table_args__ = (
        Index(
            "one_open_order_per_contact",
            "contact_id",
            unique=True,
            sqlite_where=text(f"state IN {tuple(str(state) for state in OPEN_STATES)}"),
            postgresql_where=text(f"state IN {tuple(str(state) for state in OPEN_STATES)}"),
        ),
        Index("ix_orders_state_expires_at", "state", "expires_at"),
        # The lists of the panel: every column filters and sorts by walking one of these (`orders.listing`).
        *(
            Index(f"ix_orders_{column}_id", column, "id")
            for column in ("contact_id", "created_at", "kind", "state", "branch_id", "operator_id", "delivery",
                           "payment_method_id", "total", "amount", "expires_at")
        ),
        _few("waiting_since", "id", where="waiting_since IS NOT NULL"),
        *(_few("id", where=flag) for flag in ("needs_person", "changed_by_customer", "payment_proof")),
    )  # fmt: skip

    id: Mapped[int] = _key()
    contact_id: Mapped[int] = _to("contacts.id")
    kind: Mapped[OrderKind]
    state: Mapped[State]
    state_before: Mapped[State | None]  # where «Devolver al bot» returns to
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]  # for a person: confirmed, asked for one, or wrote to an operator
    expires_at: Mapped[datetime]
    branch_id: Mapped[int | None] = _to("branches.id", nullable=True)
    zone_id: Mapped[int | None] = _to("zones.id", nullable=True)
    delivery: Mapped[Delivery | None]
    address: Mapped[str] = mapped_column(String(300), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    payment_method_id: Mapped[int | None] = _to("payment_methods.id", nullable=True)
    cash_with: Mapped[Decimal | None] = mapped_column(Money)
    comment: Mapped[str] = mapped_column(String(1000), default="")
    name: Mapped[str] = mapped_column(String(100), default="")
    delivery_fee: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    total: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))  # items + delivery
    amount: Mapped[Decimal | None] = mapped_column(Money)  # «Monto»: what was charged
    needs_person: Mapped[bool] = mapped_column(default=False, server_default=false())
    person_reason: Mapped[str] = mapped_column(String(500), default="")
    changed_by_customer: Mapped[bool] = mapped_column(default=False, server_default=false())
    payment_proof: Mapped[bool] = mapped_column(default=False, server_default=false())
    about_order_id: Mapped[int | None] = _to("orders.id", nullable=True)  # AYUDA about an earlier order
    operator_id: Mapped[int | None] = _to("operators.id", nullable=True)
    custom: Mapped[dict[str, Any] | None]  # fields of the company's own


class OrderItem(Base):
    """One line of an order. Name and price are copies: a later change of the catalogue does not touch them."""

    __tablename__ = "order_items"
    __table_args__ = (UniqueConstraint("order_id", "product_id"),)

    id: Mapped[int] = _key()
    order_id: Mapped[int] = _to("orders.id", cascade=True)
    product_id: Mapped[int] = _to("products.id")
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(16))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit_price: Mapped[Decimal] = mapped_column(Money)


class OrderChange(Base):
    """One line of an order's history. Only ever appended."""

    __tablename__ = "order_history"

    id: Mapped[int] = _key()
    order_id: Mapped[int] = _to("orders.id", index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(16))
    operator_id: Mapped[int | None] = _to("operators.id", nullable=True)
    version: Mapped[int]
    from_state: Mapped[State | None]
    to_state: Mapped[State | None]
    fields: Mapped[dict[str, Any]]  # {"address": [before, after]}
    reason: Mapped[str] = mapped_column(String(500), default="")
    inbound_id: Mapped[int | None] = _to("inbox.id", nullable=True)


class OrderFile(Base):
    """An image or document the customer sent for an order."""

    __tablename__ = "order_files"
    __table_args__ = (UniqueConstraint("order_id", "inbound_id"),)

    id: Mapped[int] = _key()
    order_id: Mapped[int] = _to("orders.id", index=True)
    inbound_id: Mapped[int] = _to("inbox.id")
    kind: Mapped[str] = mapped_column(String(20))


# --- catalogue ------------------------------------------------------------------------------------


class CompanySetting(Base):
    """What an administrator sets for the whole company, one row each."""

    __tablename__ = "company_settings"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class Branch(Edited, Base):
    __tablename__ = "branches"

    id: Mapped[int] = _key()
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(40), default="")
    latitude: Mapped[float]
    longitude: Mapped[float]
    aliases: Mapped[list[Any]]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class BranchHours(Base):
    """One stretch of a weekday (0 = Monday) in which a branch is open, local time."""

    __tablename__ = "branch_hours"

    id: Mapped[int] = _key()
    branch_id: Mapped[int] = _to("branches.id", index=True, cascade=True)
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]


class Holiday(Base):
    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))


class Zone(Edited, Base):
    """Where a branch delivers."""

    __tablename__ = "zones"

    id: Mapped[int] = _key()
    branch_id: Mapped[int] = _to("branches.id", index=True)
    name: Mapped[str] = mapped_column(String(60))
    places: Mapped[list[Any]]  # barrios and localidades
    fee: Mapped[Decimal] = mapped_column(Money)
    minimum: Mapped[Decimal] = mapped_column(Money)
    active: Mapped[bool] = mapped_column(default=True)


class Category(Edited, Base):
    __tablename__ = "categories"

    id: Mapped[int] = _key()
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(24))
    position: Mapped[int] = mapped_column(default=0)


class Product(Edited, Base):
    __tablename__ = "products"

    id: Mapped[int] = _key()
    code: Mapped[str] = mapped_column(String(40), unique=True)  # WhatsApp's product_retailer_id
    name: Mapped[str] = mapped_column(String(80))
    size: Mapped[str] = mapped_column(String(72), default="")
    category_id: Mapped[int] = _to("categories.id", index=True)
    unit: Mapped[str] = mapped_column(String(16))
    price: Mapped[Decimal] = mapped_column(Money)
    aliases: Mapped[list[Any]]
    position: Mapped[int] = mapped_column(default=0)
    available: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True, server_default=true())  # else out of the catalogue
    back_on: Mapped[date | None]  # «agotado hoy»: out of stock until that day of the company's time zone


class PaymentMethod(Edited, Base):
    __tablename__ = "payment_methods"

    id: Mapped[int] = _key()
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")  # sent with the confirmation
    is_cash: Mapped[bool] = mapped_column(default=False)
    aliases: Mapped[list[Any]]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


# --- people of the panel --------------------------------------------------------------------------


class Operator(Edited, Base):
    __tablename__ = "operators"

    id: Mapped[int] = _key()
    created_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(200), unique=True)  # lower case; none once deleted
    phone: Mapped[str] = mapped_column(String(40), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    enabled: Mapped[Enabled]
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    shift: Mapped[
        list[Any] | None
    ]  # [{"weekday": 0, "from": "09:00", "to": "18:00"}], local time; none: always
    preferences: Mapped[dict[str, Any] | None]  # of the screens: sound, columns …
    deleted_at: Mapped[datetime | None]


class OperatorBranch(Base):
    """An operator with any of these reaches only these branches' orders."""

    __tablename__ = "operator_branches"

    operator_id: Mapped[int] = mapped_column(
        Id, ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True
    )
    branch_id: Mapped[int] = mapped_column(Id, ForeignKey("branches.id"), primary_key=True)


class PanelSession(Base):
    """Somebody is signed in on one device. Only the token's hash is kept."""

    __tablename__ = "panel_sessions"
    __table_args__ = (
        Index(
            "one_live_session_per_operator",
            "operator_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = _key()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    operator_id: Mapped[int] = _to("operators.id", index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # at the latest, however busy
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(String(20), default="")
    device: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(60), default="")


class SignInFailure(Base):
    """A refused sign-in, for throttling by account and by address."""

    __tablename__ = "sign_in_failures"

    id: Mapped[int] = _key()
    key: Mapped[str] = mapped_column(String(220))  # "account:…" or "address:…"
    at: Mapped[datetime]

    __table_args__ = (Index("ix_sign_in_failures_key_at", "key", "at"),)


class AuditEntry(Base):
    """Who did what in the panel, when and from where. Only ever appended."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_operator_id_id", "operator_id", "id"),
        Index("ix_audit_action_id", "action", "id"),
        Index("ix_audit_subject_id", "subject", "id"),
    )

    id: Mapped[int] = _key()
    at: Mapped[datetime] = mapped_column(index=True)
    operator_id: Mapped[int | None] = _to("operators.id", nullable=True)
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40), default="")  # "order 123", "contact 45" …
    detail: Mapped[dict[str, Any] | None]  # never a secret, a phone number or a message
    address: Mapped[str] = mapped_column(String(60), default="")


class SavedView(Base):
    """Filters and order of a list, under a name of its operator's."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("operator_id", "screen", "name"),)

    id: Mapped[int] = _key()
    operator_id: Mapped[int] = _to("operators.id", cascade=True)
    screen: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(default=0)


class Draft(Base):
    """What an operator has typed and not saved, per form."""

    __tablename__ = "drafts"

    operator_id: Mapped[int] = mapped_column(
        Id, ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(60), primary_key=True)  # "order 123"
    body: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
