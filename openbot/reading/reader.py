"""What does one sentence say about an order? Everything at once: goods, place, payment, name, yes or no. Pure."""

import re
from collections.abc import Sequence

from openbot.catalogue.figures import NUMBER_WORDS
from openbot.catalogue.goods import Product
from openbot.catalogue.matching import Matcher
from openbot.catalogue.quantities import Refusal
from openbot.catalogue.words import clean, fold, word_set, words_of
from openbot.reading.addresses import Address
from openbot.reading.choosing import read_choice
from openbot.reading.fields import asked_cash, proper_name
from openbot.reading.items import (
    AmbiguousItem,
    CartLine,
    Change,
    Goods,
    ItemRead,
    ReadItem,
    RefusedItem,
    UnknownItem,
    products_meant,
)
from openbot.reading.lexicon import ADDING, ARTICLES, CHANGING, FILLERS, REMOVING, SETTING, WISHING
from openbot.reading.machine_text import is_machine_text
from openbot.reading.message import Message
from openbot.reading.resolving import quantity_of
from openbot.reading.sentence import SentenceReader
from openbot.reading.understood import Asked, Reading
from openbot.vocabulary import Delivery

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
_SKIPPED = word_set(
    "no nop nada ninguno ninguna ningun sin comentario comentarios aclaracion aclaraciones asi esta bien "
    "gracias hace falta todo ok listo eso es saltar omitir paso siguiente por ahora mas de momento hay tengo "
    "nota notas"
)
_LONGEST_NAME = 5
_ALSO_NAMES = {"lucas"}
_BEFORE_NAME = word_set(
    "si sii no dale ok claro bueno es para a ponelo pone anotalo soy me llamo nombre de mi hola y va que vaya ah el "
    "pedido"
)
_IN_NAME_OF = re.compile(r"nombre|de\s+parte")
_AROUND_NAME = re.compile(r"^[\s,.;:]*(?:y\s+)?|[\s,;:]*(?:\s(?:y|que|va|vaya))*[\s,;:]*$")
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
    cleaned = clean(text)
    if is_machine_text(cleaned):
        return Reading()
    return _Reader(
        cleaned, matcher=matcher, asked=asked, intent=intent, cart=cart, candidates=candidates
    ).read()


class _Reader(Message):
    """Reads one message: fields first, the goods from what is left."""

    def read(self) -> Reading:
        is_said = any(each.is_word or each.is_number for each in self._words)
        self._put(yes=self._fields.yes_or_no())
        if self._asked == "comment" and (is_said or self._has_link) and self._read_comment():
            return self._reading
        if not is_said:
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

    # --- answers to an open question -----------------------------------------------------------

    def _read_comment(self) -> bool:
        """The answer to «¿Algún comentario?» is a comment, unless it corrects or declines."""
        if self._intent in {"change_order", "remove_item", "cancel_order", "go_back", "menu"}:
            return False
        comment = self._whole
        named = self._fields.name()
        if named is not None and _IN_NAME_OF.search(fold(comment[named[1] : named[2]])):
            self._put(name=named[0])
            comment = f"{comment[: named[1]]}\n{comment[named[2] :]}"
            if set(words_of(comment)) <= _BEFORE_NAME:
                return True
        said_none = set(words_of(comment)) <= _SKIPPED and not self._has_link
        self._put(comment="" if said_none else _AROUND_NAME.sub("", comment)[:1000])
        return True

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
        if product is not None and len(goods.items) == 1 and product in products_meant(goods.items):
            match goods.items[0]:  # «3 cocas» to «¿cuántas Coca-Cola 1,5 L?»
                case ItemRead(product=same, quantity=quantity) if same == product and quantity is not None:
                    self._put(quantity=quantity)
                    return True
                case AmbiguousItem(said=said) if said is not None:
                    self._put(
                        said=said, quantity=quantity_of(said, product, matcher=self._matcher, asked=True)
                    )
                    return True
                case _:
                    return False
        if goods.loose is None or goods.items:
            return False
        self._put(said=goods.loose)
        if product is not None:
            answer = quantity_of(goods.loose, product, matcher=self._matcher, asked=True)
            self._put(quantity=Refusal.NEGATIVE if goods.negative else answer)
        return True

    def _answer_choice(self) -> bool:
        free = [place for place, taken in enumerate(self._taken) if not taken]
        words = [self._words[place] for place in free]
        choice = read_choice(
            matcher=self._matcher, cleaned=self._cleaned, words=words, among=self._candidates
        )
        if choice is None:
            return False
        self._put(chosen=choice.product, said=choice.said)
        for place in free[: choice.stop]:
            self._taken[place] = True
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
        strange = any(each.word in _NO_NAMES or each.word in NUMBER_WORDS - _ALSO_NAMES for each in words)
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
            or len(left) <= 1
        ):
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
        if self._intent in {"cancel_order", "restart_order"} and self._clears(items):
            items = ()  # «borrá todo» said of the whole order
        if self._intent in _QUESTIONS and not any(isinstance(each, ItemRead) for each in items):
            items, mentioned = (), (*mentioned, *items)
        self._put(
            items=tuple(each for each in items if isinstance(each, ItemRead)),
            ambiguous=tuple(each for each in items if isinstance(each, AmbiguousItem)),
            unknown=tuple(each for each in items if isinstance(each, UnknownItem)),
            refused=tuple(each for each in items if isinstance(each, RefusedItem)),
            mentioned=products_meant(mentioned),
            category=goods.category,
            said=self._reading.said or (goods.loose if self._numbers_count() else None),
        )

    def _clears(self, items: Sequence[ReadItem]) -> bool:
        gone = [
            each.product.id for each in items if isinstance(each, ItemRead) and each.change is Change.GONE
        ]
        return len(gone) == len(items) > 0 and set(gone) == {line.product_id for line in self._cart}
