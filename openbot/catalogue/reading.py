"""What does one sentence say about an order? Everything at once: goods, place, payment, name, yes or no. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from openbot.catalogue.choosing import read_choice
from openbot.catalogue.fields import FieldReader, asked_cash, proper_name
from openbot.catalogue.goods import Branch, PaymentMethod, Product, Zone
from openbot.catalogue.items import (
    AmbiguousItem,
    CartLine,
    Change,
    ItemRead,
    ReadItem,
    RefusedItem,
    UnknownItem,
)
from openbot.catalogue.lexicon import ADDING, ARTICLES, CHANGING, FILLERS, REMOVING, SETTING, WISHING
from openbot.catalogue.matching import Matcher
from openbot.catalogue.places import Address, PlaceReader
from openbot.catalogue.quantities import NUMBER_WORDS, Refusal, Said, settle
from openbot.catalogue.sentence import Goods, SentenceReader
from openbot.catalogue.words import Token, clean, fold, tokens
from openbot.vocabulary import Delivery

Asked = Literal[
    "delivery",
    "branch",
    "address",
    "items",
    "clarification",
    "quantity",
    "payment",
    "cash_with",
    "comment",
    "name",
    "confirmed",
]
#: With these intents a word we do not sell may be something the customer wants.
_ORDERS = {
    None,
    "order",
    "inform",
    "change_order",
    "remove_item",
    "nlu_fallback",
    "ask_products",
    "ask_prices",
}
#: With these goods are asked about, not ordered.
_QUESTIONS = {"ask_prices", "ask_products"}
_NOT_GOODS = re.compile(
    r"\b(?:a|para|tipo|desde|hasta|de)\s+las?\s+(?:\d{1,2}(?:[:.]\d{2})?|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)\b"
    r"(?:\s+(?:y\s+(?:media|cuarto)|hs|de\s+la\s+\w+))?"
    r"|\b\d{1,2}[:.]\d{2}\s*(?:hs|h|am|pm)\b|\b\d{1,2}:\d{2}\b|\b\d{1,3}\s*(?:hs|hrs|horas?|min|minutos|personas|dias|cuadras)\b"
    r"|\b(?:tel|telefono|cel|celular|whatsapp|dni|cuit)\b\D{0,5}[\d\s-]{6,}|\$\s*\d[\d.,]*|\bpara\s+(?:el\s+)?\d{1,2}\s+(?:de\s+[a-z]+re|personas)\b"
    r"|(?:^|\n)\s*\d{1,2}\s*\)"
)
_NUMBERED = re.compile(r"(?:^|\n)\s*(\d{1,2})\s*[.\-]\s+(?=[a-z])")
_SKIPPED = frozenset(
    "no nop nada ninguno ninguna ningun sin comentario comentarios aclaracion aclaraciones asi esta bien gracias no hace falta "
    "todo ok listo eso es saltar omitir paso siguiente por ahora mas de momento hay tengo nota notas".split()
)
_COMMENT = re.compile(r"\b(?:comentario|aclaracion|nota|observacion|aclaro|importante)\s*:\s*([^\n]+)")
_LONGEST_NAME = 5
_BEFORE_NAME = frozenset(
    "si sii no dale ok claro bueno es para a ponelo pone anotalo soy me llamo nombre de mi hola".split()
)
_NO_NAMES = (FILLERS | ADDING | REMOVING | SETTING | CHANGING | WISHING | ARTICLES) - {
    "de",
    "la",
    "del",
    "los",
    "las",
    "y",
}
_NO_NAME = {
    "greet",
    "thanks",
    "affirm",
    "deny",
    "menu",
    "help",
    "human",
    "cancel_order",
    "go_back",
    "complaint",
    "insult",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read; empty fields were not said."""

    items: tuple[ItemRead, ...] = ()  #: goods understood, in the order of the sentence
    ambiguous: tuple[AmbiguousItem, ...] = ()
    unknown: tuple[UnknownItem, ...] = ()
    refused: tuple[RefusedItem, ...] = ()
    mentioned: tuple[Product, ...] = ()  #: goods asked about, not ordered
    chosen: Product | None = None  #: the answer to a clarification; `said` may hold the quantity
    said: Said | None = None  #: a quantity without a thing
    quantity: Decimal | Refusal | None = (
        None  #: answer to «¿cuánto?», in the unit of the one product asked about
    )
    delivery: Delivery | None = None
    address: Address | None = None
    zone: Zone | None = None  #: of the address, or of a barrio named without a street
    place: str = ""  #: that barrio
    branch: Branch | None = None
    payment: PaymentMethod | None = None
    cash_with: Decimal | None = None  #: pesos
    cash_exact: bool = False  #: «pago justo»
    comment: str | None = None  #: "": the customer wants none
    name: str = ""
    yes: bool | None = None  #: what the sentence begins with: «sí…», «no…»

    @property
    def says_goods(self) -> bool:
        """Whether anything is said about goods to order."""
        return bool(self.items or self.ambiguous or self.unknown or self.refused)

    @property
    def empty(self) -> bool:
        """Whether nothing was understood."""
        return self == Reading()


def read(
    text: str,
    *,
    matcher: Matcher,
    asked: Asked | None = None,
    intent: str | None = None,
    cart: tuple[CartLine, ...] = (),
    candidates: tuple[Product, ...] = (),
) -> Reading:
    """Read one message, whatever it holds; never raises, and looks at 2 000 characters at most.

    `asked` is the question that is open, `intent` the assistant's guess, `cart` the order so far with the line touched
    last at the end, `candidates` the products offered («clarification») or the one asked about («quantity»).
    """
    return _Reader(
        clean(text), matcher=matcher, asked=asked, intent=intent, cart=cart, candidates=candidates
    ).read()


class _Reader:
    """Reads one message: fields first, the goods from what is left."""

    def __init__(
        self,
        cleaned: str,
        *,
        matcher: Matcher,
        asked: Asked | None,
        intent: str | None,
        cart: tuple[CartLine, ...],
        candidates: tuple[Product, ...],
    ) -> None:
        self._cleaned = cleaned
        self._matcher = matcher
        self._asked = asked
        self._intent = intent
        self._cart = cart
        self._candidates = candidates
        self._words = tokens(cleaned)
        self._taken = [False] * len(self._words)
        self._reading = Reading()

    def read(self) -> Reading:
        if not any(each.is_word or each.is_number for each in self._words):
            return self._reading
        self._fields = FieldReader(matcher=self._matcher, cleaned=self._cleaned, words=self._words)
        self._put(yes=self._fields.yes_or_no())
        if self._asked == "comment" and self._read_comment():
            return self._reading
        self._read_name()
        self._read_payment()
        self._take_not_goods()
        self._read_address()
        self._read_delivery()
        self._read_place()
        self._read_note()
        if self._short_answer():
            return self._reading
        self._read_goods()
        return self._reading

    # --- taking notes --------------------------------------------------------------------------

    def _put(self, **read: object) -> None:
        self._reading = replace(self._reading, **read)  # type: ignore[arg-type] # the names are those of the fields

    def _take(self, start: int, end: int) -> None:
        for place, token in enumerate(self._words):
            if token.start < end and token.end > start:
                self._taken[place] = True

    def _left(self) -> list[Token]:
        """Words nobody has read."""
        return [
            each
            for each, taken in zip(self._words, self._taken, strict=True)
            if not taken and (each.is_word or each.is_number)
        ]

    # --- fields --------------------------------------------------------------------------------

    def _read_comment(self) -> bool:
        """The answer to «¿Algún comentario?» is a comment, unless it corrects or declines."""
        if self._intent in {"change_order", "remove_item", "cancel_order", "go_back", "menu"}:
            return False
        words = {each.word for each in self._words if each.is_word or each.is_number}
        self._put(comment="" if words <= _SKIPPED else self._cleaned.strip()[:1000])
        return True

    def _read_name(self) -> None:
        found = self._fields.name()
        if found is not None:
            self._put(name=found[0])
            self._take(*found[1:])

    def _read_payment(self) -> None:
        exact = self._fields.cash_exact()
        if exact is not None:
            self._put(cash_exact=True)
            self._take(*exact)
        cash = self._fields.cash_with()
        if cash is not None:
            self._put(cash_with=cash[0])
            self._take(*cash[1:])
        found = self._fields.payment(asked=self._asked == "payment")
        if found is not None:
            self._put(payment=found[0])
            self._take(*found[1:])

    def _take_not_goods(self) -> None:
        """Hours, telephones, prices and the figures of a numbered list."""
        folded = fold(self._cleaned)
        for found in _NOT_GOODS.finditer(folded):
            self._take(*found.span())
        figures = list(_NUMBERED.finditer(folded))
        if len(figures) > 1 and [int(each[1]) for each in figures] == list(range(1, len(figures) + 1)):
            for found in figures:
                self._take(found.start(1), found.end(1))

    def _read_address(self) -> None:
        if self._asked in {"clarification", "quantity", "cash_with"} and len(self._left()) <= 2:  # noqa: PLR2004
            return
        reader = PlaceReader(
            matcher=self._matcher, cleaned=self._cleaned, words=self._words, taken=self._taken
        )
        address = reader.address(asked=self._asked == "address")
        if address is None:
            return
        self._put(address=address, zone=address.zone, place=address.place, delivery=Delivery.DELIVERY)
        for place in range(address.start, address.stop):
            self._taken[place] = True

    def _read_delivery(self) -> None:
        found = self._fields.delivery()
        if found is None:
            return
        way, start, end = found
        if self._reading.address is None or way is Delivery.DELIVERY:
            self._put(delivery=way)
        if not re.match(r"(?:mand|envi|tra|llev)[a-z]*$", fold(self._cleaned)[start:end]):
            self._take(start, end)

    def _read_place(self) -> None:
        """A branch or a barrio without a street: «retiro en Belgrano», «soy de Palermo»."""
        words = [each.word for each in self._left()]
        about_branch = (
            self._asked == "branch" or self._reading.delivery is Delivery.PICKUP or "sucursal" in words
        )
        if about_branch:
            found = self._matcher.branches.find(words)
            if found is not None:
                self._put(branch=found[0])
                self._take_words(found[1], found[2])
            return
        place = self._matcher.places.find(words)
        if place is None or self._reading.place or not self._place_meant(words, place[1], place[2]):
            return
        self._put(zone=place[0][0], place=place[0][1])
        if self._reading.address is not None:
            self._put(address=replace(self._reading.address, zone=place[0][0], place=place[0][1]))
        self._take_words(place[1], place[2])

    def _place_meant(self, words: Sequence[str], first: int, stop: int) -> bool:
        """A barrio counts when a place is asked for, or words around speak of one; «Quilmes» is also a beer."""
        before = words[first - 1] if first else ""
        if before == "y":
            return False  # a corner
        if all(map(self._matcher.exactly, words[first:stop])) and self._asked != "address":
            return before in {"a", "en", "barrio", "zona", "localidad", "hasta"}
        if self._asked in {"address", "delivery"} or self._reading.address is not None or len(words) <= 2:  # noqa: PLR2004
            return True
        return before in {
            "a",
            "en",
            "de",
            "barrio",
            "por",
            "zona",
            "hasta",
            "para",
            "localidad",
        }

    def _take_words(self, first: int, stop: int) -> None:
        left = self._left()[first:stop]
        self._take(left[0].start, left[-1].end)

    def _read_note(self) -> None:
        found = _COMMENT.search(fold(self._cleaned))
        if found is not None:
            self._put(comment=self._cleaned[found.start(1) : found.end(1)].strip()[:1000])
            self._take(*found.span())

    # --- answers to an open question -----------------------------------------------------------

    def _short_answer(self) -> bool:
        """Read an answer that only the question makes readable; tell whether nothing else is to be read."""
        match self._asked:
            case "cash_with":
                return self._answer_cash()
            case "quantity":
                return self._answer_quantity()
            case "clarification":
                return self._answer_choice()
            case "name":
                return self._answer_name()
            case "address":
                return self._answer_address()
            case _:
                return False

    def _answer_cash(self) -> bool:
        if self._reading.cash_with is not None or self._reading.cash_exact:
            return True
        cash = asked_cash(self._words)
        if cash is not None:
            self._put(cash_with=cash)
        elif self._reading.yes is False:
            self._put(cash_exact=True)
        return cash is not None or self._reading.yes is False

    def _answer_quantity(self) -> bool:
        goods = self._goods()
        product = self._candidates[0] if len(self._candidates) == 1 else None
        if product is not None and len(goods.items) == 1 and product in _products(goods.items):
            match goods.items[0]:  # «3 cocas» to «¿cuántas Coca-Cola 1,5 L?»
                case ItemRead(product=same, quantity=quantity) if same == product and quantity is not None:
                    self._put(quantity=quantity)
                    return True
                case AmbiguousItem(said=said) if said is not None:
                    self._put(said=said, quantity=settle(said, product.unit, asked=True))
                    return True
                case _:
                    return False
        if goods.loose is None or goods.items:
            return False
        self._put(said=goods.loose)
        if product is not None:
            answer = settle(goods.loose, product.unit, holds=self._matcher.sizes_of(product), asked=True)
            self._put(quantity=Refusal.NEGATIVE if goods.negative else answer)
        return True

    def _answer_choice(self) -> bool:
        choice = read_choice(
            matcher=self._matcher, cleaned=self._cleaned, words=self._words, among=self._candidates
        )
        if choice is None:
            return False
        self._put(chosen=choice.product, said=choice.said)
        self._taken = [taken or place < choice.stop for place, taken in enumerate(self._taken)]
        return False

    def _answer_name(self) -> bool:
        if self._reading.name or self._intent in _NO_NAME:
            return False
        first = next(
            (at for at, each in enumerate(self._words) if each.is_word and each.word not in _BEFORE_NAME),
            None,
        )
        if first is None:
            return False
        stop = next(
            (at for at in range(first, len(self._words)) if not self._words[at].is_word), len(self._words)
        )
        words = self._words[first:stop]
        strange = any(each.word in _NO_NAMES or each.word in NUMBER_WORDS for each in words)
        if strange or len(words) > _LONGEST_NAME or any(self._taken[first:stop]):
            return False
        self._put(name=proper_name(self._cleaned[words[0].start : words[-1].end]))
        self._take(words[0].start, words[-1].end)
        return False

    def _answer_address(self) -> bool:
        """«Ruta 8 km 35, lote 4»: no street and number we can tell, but an answer to «¿a qué dirección?»."""
        reading = self._reading
        left = self._left()
        if (
            reading.address is not None
            or reading.delivery is Delivery.PICKUP
            or reading.yes is not None
            or len(left) < 2
        ):  # noqa: PLR2004
            return False
        if self._intent not in _ORDERS or self._goods().items:
            return False
        if all(each.word in FILLERS | ARTICLES for each in left):
            return False  # «mi casa», «la misma de siempre»
        street = " ".join(self._cleaned.split())[:300]
        address = Address(street=street, place=reading.place, zone=reading.zone, stop=len(self._words))
        self._put(address=address, delivery=Delivery.DELIVERY)
        return True

    # --- goods ---------------------------------------------------------------------------------

    def _goods(self) -> Goods:
        return SentenceReader(
            cleaned=self._cleaned,
            words=self._words,
            taken=self._taken,
            matcher=self._matcher,
            cart=self._cart,
            orders=self._intent in _ORDERS,
            expected=self._asked == "items" or self._intent == "order",
            change=Change.GONE if self._intent == "remove_item" else Change.ADD,
        ).read()

    def _numbers_count(self) -> bool:
        """A number alone means something only where one was asked for."""
        return self._asked in {"items", "quantity", "clarification"} or self._intent in {
            "inform",
            "change_order",
        }

    def _read_goods(self) -> None:
        goods = self._goods()
        items, mentioned = goods.items, goods.mentioned
        if self._intent in _QUESTIONS and not any(isinstance(each, ItemRead) for each in items):
            items, mentioned = (), (*mentioned, *items)
        self._put(
            items=tuple(each for each in items if isinstance(each, ItemRead)),
            ambiguous=tuple(each for each in items if isinstance(each, AmbiguousItem)),
            unknown=tuple(each for each in items if isinstance(each, UnknownItem)),
            refused=tuple(each for each in items if isinstance(each, RefusedItem)),
            mentioned=_products(mentioned),
            said=self._reading.said or (goods.loose if self._numbers_count() else None),
        )


def _products(items: Sequence[ReadItem]) -> tuple[Product, ...]:
    """Give the products some items may mean, each once."""
    found: list[Product] = []
    for item in items:
        match item:
            case AmbiguousItem(candidates=products):
                found += products
            case UnknownItem(nearest=products):
                found += products
            case ItemRead(product=product) | RefusedItem(product=product) if product is not None:
                found.append(product)
            case _:
                pass
    return tuple(dict.fromkeys(found))
