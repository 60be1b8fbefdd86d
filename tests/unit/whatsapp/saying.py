"""Replies of the assistant and what becomes of them, in short."""

from collections.abc import Sequence
from typing import Any

from openbot.whatsapp import outbound
from openbot.whatsapp.outbound import Address, Bubble, Reply

ANA = Address(phone="5491136943434")


def said(text: str = "", *titles: str, rows: Sequence[str] = (), **custom: Any) -> Reply:
    reply: dict[str, Any] = {
        "text": text,
        "buttons": [{"title": title, "payload": f"/{title}"} for title in titles],
    }
    if rows:
        listed = [{"id": f"/choose{{{title}}}", "title": title} for title in rows]
        custom["list"] = {"button": "Ver", "sections": [{"title": "Bebidas", "rows": listed}]}
    return Reply.from_assistant({**reply, "custom": custom})


def written(bubble: Bubble, *, to: Address = ANA) -> dict[str, Any]:
    return outbound.body(bubble, to=to, callback_data="out-1")


def only(bubbles: Sequence[Bubble]) -> Bubble:
    (bubble,) = bubbles
    return bubble
