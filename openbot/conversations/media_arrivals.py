"""Files that come with messages: each gets a row to be fetched by, in the transaction that stores its message."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from openbot.conversations.arrivals import Arrival
from openbot.database import Session
from openbot.files import naming, operations
from openbot.files.operations import Announced
from openbot.whatsapp.envelope import MessageKind
from openbot.whatsapp.media import in_hex

KINDS = frozenset(
    {
        MessageKind.IMAGE,
        MessageKind.DOCUMENT,
        MessageKind.AUDIO,
        MessageKind.VIDEO,
        MessageKind.STICKER,
    }
)
_LONGEST_ID = 64


def has_file(arrival: Arrival) -> bool:
    """Say whether there is something to fetch: WhatsApp could hand it over, and its sender is not blocked."""
    message = arrival.message
    return (
        message.kind in KINDS
        and 0 < len(message.data.get("media_id", "")) <= _LONGEST_ID
        and arrival.affairs.person.blocked_at is None
    )


def announce(
    session: Session, *, arrivals: Sequence[Arrival], rows: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Make the rows of the files; `rows` are those of the inbox, with their ids, one for each arrival."""
    files = [
        _announced(arrival, inbound_id=row["id"])
        for arrival, row in zip(arrivals, rows, strict=True)
        if has_file(arrival)
    ]
    operations.announce(session, files=files, now=now)


def _announced(arrival: Arrival, *, inbound_id: int) -> Announced:
    said = arrival.message.data
    return Announced(
        contact_id=arrival.affairs.person.id,
        inbound_id=inbound_id,
        kind=str(arrival.message.kind),
        media_id=said["media_id"],
        mime_type=said.get("mime_type", ""),
        filename=naming.clean(said.get("filename", "")),
        sha256=in_hex(said.get("sha256", "")),
    )
