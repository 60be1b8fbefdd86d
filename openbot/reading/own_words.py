"""Answers in the customer's own words: a comment, a name, an address without street and number."""

import re
from dataclasses import replace

from openbot.catalogue.figures import NUMBER_WORDS
from openbot.catalogue.phrases import RANKS
from openbot.catalogue.quantities import CONTAINERS
from openbot.catalogue.words import Token, fold, word_set, words_of
from openbot.reading.address_details import tidy
from openbot.reading.addresses import Address
from openbot.reading.asides import phone_in, without
from openbot.reading.fields import proper_name
from openbot.reading.goods_words import COUNTING, NEVER_GOODS
from openbot.reading.items import (
    Change,
    Goods,
    UnknownItem,
)
from openbot.reading.lexicon import (
    ADDING,
    ARTICLES,
    CHANGING,
    CONNECTORS,
    FILLERS,
    REMOVING,
    SETTING,
    WISHING,
)
from openbot.reading.message import Message
from openbot.reading.sentence import SentenceReader
from openbot.reading.spoken import Spoken
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
_SKIPPED = word_set(
    "no nop nada ninguno ninguna ningun sin comentario comentarios aclaracion aclaraciones asi esta bien "
    "gracias hace falta todo ok listo eso es saltar omitir paso siguiente por ahora mas de momento hay tengo "
    "nota notas"
)
_LONGEST_NAME = 5
_SHORT_NAME = 3
_ALSO_NAMES = {"lucas"}
_BEFORE_NAME = word_set(
    "si sii no dale ok claro bueno es para a ponelo pone anotalo soy me llamo nombre de mi hola y va que vaya ah el "
    "pedido"
)
_SAYS_LITTLE = re.compile(r"\W|x|(?:mand|envi|tra|llev|alcanz)[a-z]*(?:l[oa]s?)?")
_NO_PLACE = NEVER_GOODS | COUNTING | CONTAINERS | RANKS.keys()
_FEWEST_TELLING = 2  #: words that could name a place
_POLITE = (
    WISHING
    | ARTICLES
    | CONNECTORS
    | ADDING
    | SETTING
    | CHANGING
    | word_set(
        "hola buenas buen dia tardes noches gracias muchas mil por favor porfa porfi xfa es seria queda vivo vivimos "
        "estoy estamos direccion domicilio envio delivery casa si sisi dale ok oka bueno te paso aca ahi lo ya yo para "
        "ah al final "
        "que ese eso siempre misma mismo mandar enviar che no mi ubicacion calle altura numero nro barrio zona"
    )
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


class OwnWords(Message):
    """Reads them; who inherits asks for one of them."""

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
        comment = self._without_phone(comment)
        if not comment.strip():
            return True
        said_none = set(words_of(comment)) <= _SKIPPED and not self._has_link
        self._put(comment="" if said_none else _AROUND_NAME.sub("", comment)[:1000])
        return True

    def _without_phone(self, comment: str) -> str:
        """Keep a telephone number by itself, unless it is part of a sentence («llamar al … antes de venir»)."""
        phone = phone_in(fold(comment))
        if phone is None:
            return comment
        self._put(phone=comment[phone[1] : phone[2]].strip())
        rest = without(comment, phone[0], phone[2])
        if rest is None:
            return comment
        return "" if set(words_of(rest)) <= _BEFORE_NAME else rest

    def _answer_name(self) -> bool:
        if self._reading.name or self._intent in _NO_NAME:
            return False
        first = next(
            (at for at, each in enumerate(self._words) if each.is_word and each.word not in _BEFORE_NAME),
            None,
        )
        if first is None:
            return False
        stop = next((at for at in range(first, len(self._words)) if self._ends_name(at)), len(self._words))
        words = self._words[first:stop]
        strange = any(each.word in _NO_NAMES or each.word in NUMBER_WORDS - _ALSO_NAMES for each in words)
        if strange or len(words) > _LONGEST_NAME or any(self._taken[first:stop]):
            return False
        self._put(name=proper_name(self._cleaned[words[0].start : words[-1].end]))
        self._take(words[0].start, words[-1].end)
        return False

    def _ends_name(self, at: int) -> bool:
        """A sign, but for the point of «Ma. Eugenia»."""
        if self._words[at].is_word:
            return False
        following = at + 1 < len(self._words) and self._words[at + 1].is_word
        return not (
            self._words[at].word == "." and following and len(self._words[at - 1].word) <= _SHORT_NAME
        )

    def _answer_address(self) -> bool:
        """«Ruta 8 km 35, lote 4»: no street and number we can tell, but an answer to «¿a qué dirección?»."""
        reading = self._reading
        if reading.address is not None:
            self._keep_the_rest(reading.address)
        left = self._left()
        if (
            reading.address is not None
            or reading.delivery is Delivery.PICKUP
            or reading.yes is not None
            or len(left) <= 1
        ):
            return False
        if self._intent not in _ORDERS or self._names_any() or "?" in self._cleaned:
            return False
        telling = [each for each in left if each.word not in _NO_PLACE]
        if len(telling) < _FEWEST_TELLING and not any(each.is_number for each in left if telling):
            return False  # «mi casa», «la misma de siempre»
        street = " ".join(self._cleaned.split())[:300]
        named = fold(reading.place) in fold(street)  # «Mitre y Alsina, Avellaneda»
        place = "" if named else reading.place
        address = Address(street=street, place=place, zone=reading.zone, stop=len(self._words))
        self._put(address=address, delivery=Delivery.DELIVERY)
        return True

    def _keep_the_rest(self, address: Address) -> None:
        """«Ruta 8 km 35.5, llamar al llegar»: asked for an address, everything else said belongs to it."""
        if self._names_any():
            return
        notes = [address.notes]
        for stretch in self._stretches():
            if not all(_SAYS_LITTLE.fullmatch(each.word) or each.word in _POLITE for each in stretch):
                notes.append(tidy(self._cleaned[stretch[0].start : stretch[-1].end]))
                self._take(stretch[0].start, stretch[-1].end)
        self._put(address=replace(address, notes=", ".join(filter(None, notes))))

    def _stretches(self) -> list[list[Token]]:
        """Runs of words nobody has read."""
        runs: list[list[Token]] = [[]]
        for token, taken in zip(self._words, self._taken, strict=True):
            if taken or token.word in {",", ".", ";", "\n", "?", "!"}:
                runs.append([])
            else:
                runs[-1].append(token)
        return [run for run in runs if run]

    def _names_any(self) -> bool:
        """Goods beyond doubt: with a quantity, or written right («Castro Barros» is no cheese in bars)."""
        return any(
            isinstance(each, UnknownItem)
            or getattr(each, "said", None) is not None
            or getattr(each, "quantity", None) not in {None, 1}
            or any(map(self._matcher.vocabulary.exactly, words_of(each.phrase)))
            for each in self._goods().items
        )

    def _goods(self) -> Goods:
        spoken = Spoken(
            cleaned=self._cleaned,
            words=self._words,
            taken=self._taken,
            matcher=self._matcher,
            cart=self._cart,
            orders=self._intent in _ORDERS,
            expected=self._asked == "items" or self._intent == "order",
            change=Change.GONE if self._intent == "remove_item" else Change.ADD,
            group=self._candidates if self._asked == "clarification" else self._shown,
            answering=self._asked == "clarification",
        )
        return SentenceReader(spoken).read()
