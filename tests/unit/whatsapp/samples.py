"""The stored webhooks, read."""

from pathlib import Path

from openbot.whatsapp.envelope import Envelope, Ignored, InboundMessage, Sender, read

WEBHOOKS = Path(__file__).parents[2] / "contracts" / "webhooks"
NUMBER = "106540352242922"
ANA = Sender(user_id="AR.13491208655302741918", wa_id="5491123456789", profile_name="Ana Gómez")


def webhook(name: str) -> bytes:
    return (WEBHOOKS / f"{name}.json").read_bytes()


def items(name: str) -> Envelope:
    return read(webhook(name))


def message(name: str) -> InboundMessage:
    (item,) = [item for item in items(name) if not isinstance(item, Ignored)]
    assert isinstance(item, InboundMessage), item
    return item
