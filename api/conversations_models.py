"""What the API of Comunicaciones takes and gives."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.contacts import Detail
from openbot.conversations.desk.order_card import Digest, OrderCard
from openbot.conversations.desk.rows import Last, OpenOrder, Person
from openbot.conversations.desk.standing import Why
from openbot.conversations.forgotten import Alert
from openbot.vocabulary import Owner

#: A sender's own name for what is sent; the same key is the same message.
Key = Annotated[str, Field(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Text = Annotated[str, Field(max_length=20_000)]


class Here(BaseModel):
    """Another operator who has the conversation open."""

    id: int
    name: str
    typing: bool


class Conversation(BaseModel):
    """A conversation of the list."""

    contact_id: int
    name: str
    phone: str
    unread: int
    owner: Owner
    operator: Person | None  #: who attends
    order: OpenOrder | None
    waiting_since: datetime | None
    window_ends_at: datetime | None
    phone_reply_until: datetime | None
    blocked: bool
    opted_out: bool
    last: Last | None
    alert: Alert  #: whom nobody answers for too long: for who attends, then for everybody of the branch
    here: list[Here]


class Counts(BaseModel):
    """What each filter has; 1000: more than 999."""

    unread: int
    mine: int
    waiting: int
    closing: int


class Conversations(BaseModel):
    """A page of the list."""

    rows: list[Conversation]
    next: str | None
    counts: Counts
    time_zone: str


class Composer(BaseModel):
    """Whether who asks may write now."""

    may_write: bool
    why: Why
    operator: Person | None  #: who attends
    window_ends_at: datetime | None
    longest: int  #: characters of one message; a longer text is split


class CardShown(BaseModel):
    """Everything beside a conversation."""

    contact: Detail
    composer: Composer
    order: OrderCard | None  #: the open one, as far as who asks reaches it
    digest: Digest | None
    here: list[Here]
    time_zone: str


class MessageWish(BaseModel):
    """A text, a file, or both."""

    key: Key
    text: Text = ""
    reply_to: str = Field("", max_length=24, pattern=r"^((in|out)-\d{1,18})?$")
    file_id: Id | None = None


class TemplateWish(BaseModel):
    """A template and what fills it."""

    key: Key
    template_id: Id
    values: dict[str, Annotated[str, Field(max_length=2_000)]] = Field(default_factory=dict, max_length=100)


class NoteWish(BaseModel):
    """A private note."""

    key: Key
    text: Text


class Queued(BaseModel):
    """What was accepted; it is in the transcript under these names."""

    messages: list[str]


class TakeWish(BaseModel):
    """Who takes over says from whom."""

    from_operator: Id | None = None


class AssignWish(BaseModel):
    """To whom."""

    operator_id: Id


class OptOutWish(BaseModel):
    """Whether the contact wants no news."""

    opted_out: bool


class Colleague(BaseModel):
    """Somebody who could attend."""

    id: int
    name: str
    is_here: bool  #: signed in now
