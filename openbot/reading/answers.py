"""What only the open question makes readable: an amount, «la segunda», several of a list."""

import re

from openbot.catalogue.quantities import Refusal
from openbot.reading.choosing import place_said, read_choice, several_chosen
from openbot.reading.fields import asked_cash
from openbot.reading.items import (
    AmbiguousItem,
    ItemRead,
    ReadItem,
    RefusedItem,
    products_meant,
)
from openbot.reading.listing import all_of
from openbot.reading.own_words import OwnWords
from openbot.reading.wishes import quantity_of

_AND = frozenset((",", "y", "e", ".", ";", "\n"))
_EXACTLY = re.compile(
    r"\b(?:justo|justa|exacto|sin\s+cambio|no\s+(?:necesito|hace\s+falta|quiero)\s+(?:el\s+)?(?:cambio|vuelto))\b"
)


class Answers(OwnWords):
    """Reads answers to the open question; who inherits reads the rest."""

    def _read_position(self) -> None:
        """«2», «la segunda»: the row or button meant, wherever no amount was asked for."""
        if self._asked not in {"quantity", "cash_with"}:
            self._put(position=place_said(self._words))

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
        elif self._reading.yes is False or _EXACTLY.search(self._folded):
            self._put(cash_exact=True)
        return cash is not None or self._reading.cash_exact

    def _answer_quantity(self) -> bool:
        goods = self._goods()
        product = self._candidates[0] if len(self._candidates) == 1 else None
        if product is not None and len(goods.items) == 1 and product in products_meant(goods.items):
            match goods.items[0]:  # «3 cocas» to «¿cuántas Coca-Cola 1,5 L?»
                case ItemRead(product=same, quantity=quantity) if same == product and quantity is not None:
                    self._put(quantity=quantity)
                    return True
                case AmbiguousItem(said=said) | RefusedItem(said=said, refusal=Refusal.OTHER_UNIT) if (
                    said is not None
                ):
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
        several = several_chosen(words, among=self._candidates)
        if several:
            items = all_of(several, None, matcher=self._matcher, cart=self._cart)
            self._put(chosen_all=True, items=items, position=None)
            return True
        choice = read_choice(
            matcher=self._matcher, cleaned=self._cleaned, words=words, among=self._candidates
        )
        if choice is None:
            return False
        self._put(chosen=choice.product, said=choice.said)
        for place in free[: choice.stop]:
            self._taken[place] = True
        self._choose_more()
        return False

    def _choose_more(self) -> None:
        """«2 de la primera y 1 de la última»."""
        items: list[ReadItem] = []
        while True:
            free = [place for place, taken in enumerate(self._taken) if not taken]
            while free and self._words[free[0]].word in _AND:
                free = free[1:]
            words = [self._words[place] for place in free]
            choice = read_choice(
                matcher=self._matcher, cleaned=self._cleaned, words=words, among=self._candidates
            )
            if choice is None or choice.said is None:
                break
            items += all_of((choice.product,), choice.said, matcher=self._matcher, cart=self._cart)
            for place in free[: choice.stop]:
                self._taken[place] = True
        self._put(items=tuple(items))
