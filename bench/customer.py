"""A customer who orders: reads the last message and taps or types the answer, six times in ten a tap."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Say:
    """What the customer does next: taps (payload set) or types."""

    text: str
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tap in a message."""

    title: str
    payload: str


#: Title of an option → tap it. The first that matches wins.
TAPS = (
    r"hacer un pedido",
    r"^(s[ií],? )?confirm",
    r"retir|paso a buscar",
    r"almagro",
    r"eso es todo|nada m[aá]s|listo|seguir",
    r"efectivo",
    r"justo|no necesito|omitir|sin vuelto",
    r"sin comentario|ninguno|no,? gracias|as[ií] est[aá] bien",
)
#: Text of the message → type this.
TEXTS = (
    (r"a nombre de|tu nombre|c[oó]mo te llam", "Ana Gómez"),
    (r"comentario|aclaraci", "sin comentarios"),
    (
        r"qu[eé] (te|vas a|quer[eé]s)|anot|llevar|product|pedir",
        "2 cocas de 2,25 y media docena de empanadas de carne",
    ),
    (r"con cu[aá]nto", "justo"),
)
GREETING = "hola, buenas"
ITEMS = "2 cocas de 2,25 y media docena de empanadas de carne"


def options_of(message: dict[str, Any]) -> list[Option]:
    """Read what can be tapped in a message of the Cloud API."""
    action = (message.get("interactive") or {}).get("action") or {}
    replies = [button["reply"] for button in action.get("buttons", ())]
    rows = [row for section in action.get("sections", ()) for row in section["rows"]]
    return [Option(title=item["title"], payload=item["id"]) for item in (*replies, *rows)]


def text_of(message: dict[str, Any]) -> str:
    """Read the words of a message."""
    interactive = message.get("interactive") or {}
    return str(
        (message.get("text") or interactive.get("body") or {}).get("body")
        or interactive.get("body", {}).get("text", "")
    )


class Customer:
    """Orders again and again; `orders_done` counts the confirmations."""

    def __init__(self, *, wa_id: str) -> None:
        self.wa_id = wa_id
        self.orders_done = 0
        self.taps = self.texts = 0
        self.lost = 0  #: messages for which nothing of the script fitted
        self._goods_said = False

    def first(self) -> Say:
        """Begin an order."""
        self._goods_said = False
        return self._typed(GREETING)

    def next(self, message: dict[str, Any]) -> Say | None:
        """Answer a message; None when the order is confirmed."""
        options, text = options_of(message), text_of(message).lower()
        if re.search(
            r"(confirmad|recibimos tu pedido|quedó (confirmado|registrado)|ya est[aá] confirmado)", text
        ):
            self.orders_done += 1
            return None
        if not self._goods_said and _asks_for_goods(text, options):
            self._goods_said = True
            return self._typed(ITEMS)
        for wanted in TAPS:
            for option in options:
                if re.search(wanted, option.title.lower()):
                    self.taps += 1
                    return Say(text=option.title, payload=option.payload)
        for wanted, answer in TEXTS:
            if re.search(wanted, text):
                return self._typed(answer)
        self.lost += 1
        if options:
            self.taps += 1
            return Say(text=options[0].title, payload=options[0].payload)
        return self._typed("menú")

    def _typed(self, text: str) -> Say:
        self.texts += 1
        return Say(text=text)


def _asks_for_goods(text: str, options: list[Option]) -> bool:
    return bool(re.search(r"qu[eé] (te|vas a|quer[eé]s|llev)|anoto|contame", text)) and not any(
        re.search(r"retir|hacer un pedido", option.title.lower()) for option in options
    )
