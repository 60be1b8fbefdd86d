"""What was said about an order: ten messages, five of the customer's and five answers."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias

from bench.panel.bulk import Row
from bench.panel.orders import Order, written
from bench.panel.people import happens
from openbot.vocabulary import Author, InboxState, OrderKind, OutboxState

OF_AN_ORDER = 10
NUMBER_ID = "106540352242922"
COLUMNS = {
    "inbox": (
        "id", "contact_id", "number_id", "wamid", "kind", "text", "payload", "data", "raw", "sent_at", "received_at",
        "state", "reason", "order_id",
    ),
    "outbox": (
        "id", "contact_id", "position", "dialogue_number", "author", "operator_id", "order_id", "text", "bubble",
        "state", "reason", "attempt", "tries", "doubts", "claimed_by", "not_before", "wamid", "queued_at",
        "released_at", "accepted_at", "delivery",
    ),
}  # fmt: skip
_Json: TypeAlias = dict[str, Any]
_Said: TypeAlias = tuple[str, str, str | None, _Json | None]  # kind, text, payload, data
_GREETINGS = ("hola", "Hola buenas!", "buen día", "holaa cómo va", "Buenas tardes, quería hacer un pedido")
_APART = timedelta(seconds=35)
_WELCOME = {
    "text": "¡Hola! Soy el asistente de El Ombú. ¿Qué te gustaría hacer?",
    "buttons": [
        {"title": "Hacer un pedido", "payload": "/order"},
        {"title": "Hablar con alguien", "payload": "/human"},
    ],
}
_PLACES = {
    "text": "¿De qué sucursal lo querés?",
    "menu": {
        "button": "Ver sucursales",
        "sections": [
            {
                "title": "Sucursales",
                "rows": [
                    {
                        "id": f'/choose{{"branch":"{place}"}}',
                        "title": place,
                        "description": "Abierto hasta las 20",
                    }
                    for place in ("Almagro", "Belgrano", "Avellaneda", "Lanús", "Quilmes")
                ],
            }
        ],
    },
}
_DELIVERY = {
    "text": "¿Te lo enviamos o lo pasás a buscar?",
    "buttons": [{"title": "Envío", "payload": "/choose"}, {"title": "Retiro", "payload": "/choose"}],
}
_LOCATION = {"latitude": -34.6037, "longitude": -58.3816, "name": "Obelisco", "address": "Av. 9 de Julio"}
_DONE = "¡Listo! Tu pedido quedó confirmado. En un ratito lo ve una persona y te avisamos."
_BY_HAND = "Hola, ¿cómo estás? Ya lo estamos preparando, sale en media hora."


class Talk:
    """Counts the messages; one per database."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._came = self._went = 0

    def about(self, order: Order, *, phone: str) -> Iterator[tuple[str, Row]]:
        """Say what made this order."""
        goods = ", ".join(f"{many} {name}" for name, many in order.items)
        said: list[_Said] = [
            ("text", self._random.choice(_GREETINGS), None, None),
            ("text", f"quiero {goods}" if order.kind is OrderKind.ORDER else "tengo un reclamo", None, None),
            ("tap", "Almagro", '/choose{"branch":"1"}', None),
            ("location", "Obelisco", None, _LOCATION)
            if happens(self._random, 0.2) else ("tap", "Envío", "/choose", None),
            ("image", "comprobante", None, {"media_id": "1234567890", "mime_type": "image/jpeg"})
            if happens(self._random, 0.1) else ("text", "sí, confirmo 👍", None, None),
        ]  # fmt: skip
        answers: list[tuple[Author, _Json]] = [
            (Author.BOT, _WELCOME), (Author.BOT, _PLACES), (Author.BOT, _DELIVERY),
            (Author.BOT, {"text": f"Esto es lo que anoté:\n{goods}\n¿Está bien?"}),
            (Author.OPERATOR, {"text": _BY_HAND}) if order.operator_id else (Author.BOT, {"text": _DONE}),
        ]  # fmt: skip
        for turn, (words, (author, bubble)) in enumerate(zip(said, answers, strict=True)):
            at = order.at + 2 * turn * _APART
            yield "inbox", self._in(order, at, phone, words)
            yield "outbox", self._out(order, at + _APART, author=author, bubble=bubble)

    def _in(self, order: Order, at: datetime, phone: str, said: _Said) -> Row:
        self._came += 1
        kind, text, payload, data = said
        sent = at.replace(microsecond=0)
        wamid = f"wamid.HBgNNTQ5{self._came:016X}FQIAEhgWM0VCMEQ5RTZD"
        raw = {
            "from": phone, "id": wamid, "timestamp": str(int(sent.timestamp())), "type": kind, "text": {"body": text},
        }  # fmt: skip
        received = written(at + timedelta(seconds=1))
        return (
            self._came, order.contact_id, NUMBER_ID, wamid, kind, text, payload, data and json.dumps(data),
            json.dumps(raw), written(sent), received, InboxState.ANSWERED.value, "", order.number,
        )  # fmt: skip

    def _out(self, order: Order, at: datetime, *, author: Author, bubble: _Json) -> Row:
        self._went += 1
        moment = written(at)
        who = order.operator_id if author is Author.OPERATOR else None
        return (
            self._went, order.contact_id, 0, 1, author.value, who, order.number, bubble["text"], json.dumps(bubble),
            OutboxState.ACCEPTED.value, "", 1, 1, 0, "", moment, f"wamid.HBgNOUT{self._went:016X}FQIAERgSQjA5",
            moment, moment, written(at + timedelta(milliseconds=400)), "read",
        )  # fmt: skip
