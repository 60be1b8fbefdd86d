"""The switches: what goes wrong, and how often.

All are off by default; `PUT /sim/faults` sets those it names, null turns one off.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Switch(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Duplicate(Switch):
    """Webhooks that arrive more than once, at the same time as the first."""

    rate: float = Field(default=1, ge=0, le=1)  #: share of messages and statuses hit
    copies: int = Field(default=1, ge=1, le=20)  #: extra copies
    next: int | None = Field(default=None, ge=0)  #: only so many more; null: for ever


class Gather(Switch):
    """Hold webhooks back until `size` of them wait or the oldest waited `window_ms`."""

    size: int = Field(default=2, ge=1, le=1000)
    window_ms: int = Field(default=400, ge=0, le=60_000)


class Spoiled(Switch):
    """A Graph call that goes wrong before or after it was accepted."""

    next: int | None = Field(default=None, ge=0)  #: only so many more calls; null: for ever
    on: Literal["messages", "reads", "media", "all"] = "messages"


class DropAnswer(Spoiled):
    """Accept and deliver the message, then close the connection, or hold it open and never answer."""

    mode: Literal["close", "hang"] = "close"


class ServerError(Spoiled):
    """Answer 5xx in the error shape of the Graph."""

    status: int = Field(default=503, ge=500, le=599)
    accepted: bool = False  #: true: the message is delivered all the same


class Html(Spoiled):
    """Answer with a page of HTML, as an edge server does."""

    accepted: bool = False


class HtmlOk(Html):
    """As `Html`, with status 200, and the message was taken."""

    accepted: bool = True


class Slow(Spoiled):
    """Accept at once, answer after `ms`: statuses overtake the answer."""

    ms: int = Field(default=1000, ge=0, le=120_000)


class Code(Spoiled):
    """Refuse with a code of the contract's §6.2, in the answer or later as a `failed` status."""

    code: int
    #: Default: 131047, 131026 and 131049 come later, all others in the answer.
    when: Literal["answer", "later"] | None = None
    customer: str | None = None  #: only sends to this customer (id)


class Faults(Switch):
    """All switches."""

    duplicate: Duplicate | None = None
    reorder: Gather | None = None
    batch: Gather | None = None
    delay_ms: int = Field(default=0, ge=0, le=600_000)
    rebatch_retries: bool = True  #: a retry travels with whatever else is due for that customer
    drop_answer: DropAnswer | None = None
    error_5xx: ServerError | None = None
    html_502: Html | None = None
    html_200: HtmlOk | None = None
    rate_limit: Spoiled | None = None
    slow: Slow | None = None
    codes: list[Code] = Field(default_factory=list)


class Behaviour(Switch):
    """How the world runs when nothing goes wrong (`PUT /sim/behaviour`). Delays are wall time."""

    sent_ms: int = Field(default=30, ge=0)
    delivered_ms: int = Field(default=80, ge=0)
    read_ms: int = Field(default=250, ge=0)
    skip_delivered: bool = False
    retry_first_ms: int = Field(
        default=250, ge=1
    )  #: delay of the second attempt; it doubles up to `retry_max_ms`
    retry_max_ms: int = Field(default=5000, ge=1)
    webhook_timeout_ms: int = Field(default=10_000, ge=10)
    media_url_in_webhook: bool = True
    test_number: bool = False  #: development mode: Argentine mobiles are accepted only without the 9 (131030)
    number_rate: int = Field(default=80, ge=1)  #: messages a second for the whole number
    pair_burst: int = Field(default=45, ge=1)
    pair_seconds: float = Field(default=6, gt=0)  #: one more message per customer every so many seconds
    free_tier: int = Field(default=1000, ge=0)  #: delivered service messages per month that cost nothing


def takes(switch: Spoiled | None, *, on: str) -> bool:
    """Whether the switch hits this call; a counted switch is used up by one."""
    if switch is None or switch.on not in {on, "all"} or switch.next == 0:
        return False
    if switch.next is not None:
        switch.next -= 1
    return True
