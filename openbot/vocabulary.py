"""The words of the product as enums: English names in code, the manual's Spanish words as values."""

from enum import StrEnum


class State(StrEnum):
    """State of an order, in the manual's words (module «Pedidos»)."""

    INCOMPLETE = "INCOMPLETO"
    COMPLETE = "COMPLETO"
    IN_PROGRESS = "EN PROCESO"
    INVOICED = "FACTURADO"
    CANCELLED = "CANCELADO"
    RESOLVED = "RESUELTO"
    NO_ANSWER = "NO CONTESTA"
    EXPIRED = "VENCIDO"


OPEN_STATES = (State.INCOMPLETE, State.COMPLETE, State.IN_PROGRESS)


class OrderKind(StrEnum):
    """What the customer wants: to buy, or to be heard by a person."""

    ORDER = "PEDIDO"
    HELP = "AYUDA"


class Delivery(StrEnum):
    """How the goods reach the customer."""

    DELIVERY = "ENVÍO"
    PICKUP = "RETIRO"


class Author(StrEnum):
    """Whose words an outgoing message carries."""

    BOT = "bot"
    OPERATOR = "operador"
    SYSTEM = "sistema"
    BROADCAST = "difusión"
    NOTE = "nota"  #: between operators; never goes out


class Owner(StrEnum):
    """Who answers a conversation at this instant (product §2)."""

    BOT = "bot"
    WAITING = "espera"
    OPERATOR = "operador"


class Role(StrEnum):
    """Kind of panel user, in the manual's words."""

    ADMINISTRATOR = "Administrador"
    OPERATOR = "Operador"


class Enabled(StrEnum):
    """Whether a panel user may sign in."""

    YES = "HABILITADO"
    NO = "DESHABILITADO"


class InboxState(StrEnum):
    """What became of a message that came in."""

    DUE = "due"  #: waits for its turn
    IN_TURN = "in_turn"  #: frozen into a turn that is not finished
    ANSWERED = "answered"  #: the bot's turn with it is done
    LEFT = "left"  #: for a person: an operator owns the conversation, or the customer waits for one
    HELD = "held"  #: written after a close, until the customer says what it is about
    NO_TURN = "no_turn"  #: kept, asks for no answer (reactions, system events …); see reason


class TurnState(StrEnum):
    """due → claimed → answered | left | overtaken | failed."""

    DUE = "due"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    LEFT = "left"
    OVERTAKEN = "overtaken"
    FAILED = "failed"


class OutboxState(StrEnum):
    """queued → released → accepted | uncertain | failed | discarded; uncertain → accepted | queued.

    A message queued again after an error is accepted, too, when a status proves that it went out.
    """

    QUEUED = "queued"
    RELEASED = "released"
    ACCEPTED = "accepted"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    DISCARDED = "discarded"
    NOTE = "note"  #: a private note: stands among the messages and is never sent


class FileState(StrEnum):
    """pending → stored | refused | failed, or uploaded → stored; all → gone."""

    PENDING = "pending"  #: a customer's, still at WhatsApp; or an operator's whose bytes are just being kept
    UPLOADED = "uploaded"  #: an operator's, not sent yet
    STORED = "stored"
    REFUSED = "refused"  #: infected, too large, or not what it says it is
    FAILED = "failed"  #: WhatsApp no longer has it
    GONE = "gone"  #: to be removed from the store, then from here


class BroadcastState(StrEnum):
    """State of a broadcast, in the words of the panel."""

    DRAFT = "BORRADOR"
    SCHEDULED = "PROGRAMADA"
    RUNNING = "EN CURSO"
    PAUSED = "PAUSADA"
    DONE = "TERMINADA"
    CANCELLED = "CANCELADA"


class RecipientState(StrEnum):
    """What became of a broadcast for one contact: pending → queued → sent | failed | skipped; held → queued | skipped.

    How far a sent one came (delivered, read) stands with its message.
    """

    PENDING = "pending"
    HELD = "held"  #: a person has the conversation, or the customer waits for one
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"  #: see reason
