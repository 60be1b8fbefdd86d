"""What does one sentence say about an order? Everything at once: goods, place, payment, name, yes or no. Pure."""

from collections.abc import Sequence

from openbot.catalogue.goods import Product
from openbot.catalogue.matching import MOST_CANDIDATES, Matcher
from openbot.catalogue.phrases import RANKS
from openbot.catalogue.words import clean
from openbot.reading.answers import Answers
from openbot.reading.choosing import is_bare, points, read_choice
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
from openbot.reading.lexicon import ADDING, WISHING
from openbot.reading.listing import all_of
from openbot.reading.machine_text import is_machine_text
from openbot.reading.understood import Asked, Reading

#: With these goods are asked about, not ordered.
_QUESTIONS = {"ask_prices", "ask_products"}
_AMOUNTS = {"clarification", "quantity", "cash_with"}


def read(
    text: str,
    *,
    matcher: Matcher,
    asked: Asked | None = None,
    intent: str | None = None,
    cart: tuple[CartLine, ...] = (),
    candidates: tuple[Product, ...] = (),
    shown: tuple[Product, ...] = (),
) -> Reading:
    """Read one message, whatever it holds; never raises, and looks at 2 000 characters at most.

    `asked` is the question that is open, `intent` the assistant's guess, `cart` the order so far with the line touched
    last at the end, `candidates` the products offered («clarification») or the one asked about («quantity»), `shown`
    the goods the latest answer listed or priced, so that «dame 2», «6 de carne», «2 de cada uno» mean those.
    """
    cleaned = clean(text)
    if is_machine_text(cleaned):
        return Reading()
    return _Reader(
        cleaned,
        matcher=matcher,
        asked=asked,
        intent=intent,
        cart=cart,
        candidates=candidates,
        shown=shown,
    ).read()


class _Reader(Answers):
    """Reads one message: fields first, the goods from what is left."""

    def read(self) -> Reading:
        is_said = any(each.is_word or each.is_number for each in self._words)
        self._put(yes=self._fields.yes_or_no())
        if self._asked == "comment" and (is_said or self._has_link) and self._read_comment():
            return self._reading
        if not is_said:
            self._read_pictures()
            return self._reading
        self._read_position()
        self._read_note()
        self._read_name()
        self._read_asides()
        self._read_payment()
        self._take_not_goods()
        self._read_detail()
        if not self._reading.address_detail:
            self._read_address()
            self._read_more_detail()
        self._read_delivery()
        self._read_place()
        if self._short_answer():
            return self._reading
        self._read_goods()
        return self._reading

    # --- goods ---------------------------------------------------------------------------------

    def _numbers_count(self) -> bool:
        """A number alone means something only where one was asked for."""
        if self._reading.position is not None and points(self._words):
            return False
        return self._asked in {"items", "quantity", "clarification"} or self._intent in {
            "inform",
            "change_order",
        }

    def _read_goods(self) -> None:
        goods = self._goods()
        mentioned = goods.mentioned
        shown = self._of_shown(goods)
        items = shown or goods.items
        if self._intent in {"cancel_order", "restart_order"} and self._clears(items):
            items = ()  # «borrá todo» said of the whole order
        asks = self._intent in _QUESTIONS and not any(isinstance(each, ItemRead) for each in items)
        if asks or self._intent == "complaint":
            items, mentioned = (), (*mentioned, *items)
        self._put(
            items=(*self._reading.items, *(each for each in items if isinstance(each, ItemRead))),
            ambiguous=tuple(each for each in items if isinstance(each, AmbiguousItem)),
            unknown=tuple(each for each in items if isinstance(each, UnknownItem)),
            refused=tuple(each for each in items if isinstance(each, RefusedItem)),
            mentioned=products_meant(mentioned) or self._asked_of_shown(),
            category=goods.category,
            said=self._reading.said or (goods.loose if self._numbers_count() and not shown else None),
            chosen_all=goods.of_group and self._asked == "clarification",
        )

    def _asked_of_shown(self) -> tuple[Product, ...]:
        """«¿Y la de 1,5?», after a list of prices."""
        if len(self._shown) <= 1 or self._intent not in _QUESTIONS:
            return ()
        words = [each for each in self._left() if each.word != "y"]
        choice = read_choice(matcher=self._matcher, cleaned=self._cleaned, words=words, among=self._shown)
        return (choice.product,) if choice is not None else ()

    def _of_shown(self, goods: Goods) -> tuple[ReadItem, ...]:
        """«¿Cuánto sale el pan?» … «dame 2»; a list of prices … «dos de 2,25», «la grande»."""
        words = self._left()
        if not self._shown or self._asked in _AMOUNTS or self._intent in _QUESTIONS:
            return ()
        if any(getattr(each, "phrase", "") not in RANKS for each in goods.items):
            return ()
        wished = any(each.word in WISHING | ADDING for each in words)
        if len(self._shown) == 1:
            wanted = (
                goods.loose is not None and not goods.negative and (wished or self._asked in {None, "items"})
            )
            return all_of(self._shown, goods.loose, matcher=self._matcher, cart=self._cart) if wanted else ()
        if goods.loose is not None and is_bare(words):
            items = AmbiguousItem(
                change=Change.ADD, phrase="", candidates=self._shown[:MOST_CANDIDATES], said=goods.loose
            )
            return (items,) if wished else ()
        choice = read_choice(matcher=self._matcher, cleaned=self._cleaned, words=words, among=self._shown)
        if choice is None or choice.stop < len(words):
            return ()
        return all_of((choice.product,), choice.said, matcher=self._matcher, cart=self._cart)

    def _clears(self, items: Sequence[ReadItem]) -> bool:
        gone = [
            each.product.id for each in items if isinstance(each, ItemRead) and each.change is Change.GONE
        ]
        return len(gone) == len(items) > 0 and set(gone) == {line.product_id for line in self._cart}
