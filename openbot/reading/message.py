"""The fields of one message: each reader takes its words away, so that no word is read twice."""

import re
from collections.abc import Sequence
from dataclasses import replace

from openbot.catalogue.goods import Product
from openbot.catalogue.matching import Matcher
from openbot.catalogue.quantities import CONTAINERS
from openbot.catalogue.words import Token, fold, tokens
from openbot.reading.address_details import detail_alone, detail_in, tidy
from openbot.reading.addresses import PlaceReader
from openbot.reading.asides import emoji_answer, is_only_emoji, phone_in, when_in
from openbot.reading.fields import FieldReader
from openbot.reading.goods_words import COUNTING, NEVER_GOODS
from openbot.reading.items import CartLine
from openbot.reading.machine_text import without_links
from openbot.reading.understood import Asked, Reading
from openbot.vocabulary import Delivery

_NOT_GOODS = re.compile(
    r"\b(?:a|para|tipo|desde|hasta|de|entre|y|son)\s+(?:la\s+una|las\s+\d{1,2}(?:[:.]\d{2})?|las\s+(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce))\b"
    r"(?:\s+(?:y\s+(?:media|cuarto)|hs|de\s+la\s+\w+))?"
    r"|\b\d{1,2}[:.]\d{2}\s*(?:hs|h|am|pm)\b|\b\d{1,2}:\d{2}\b|\b\d{1,3}\s*(?:hs|hrs|horas?|min|minutos|personas|dias|cuadras)\b"
    r"|\b(?:tel|telefono|cel|celular|whatsapp|dni|cuit)\b\D{0,5}[\d\s-]{6,}|\$\s*\d[\d.,]*|\bpara\s+(?:el\s+)?\d{1,2}\s+(?:de\s+[a-z]+re|personas)\b"
    r"|(?:^|\n)\s*\d{1,2}\s*\)"
)
_NUMBERED = re.compile(r"(?:^|\n)\s*(\d{1,2})\s*[.\-]\s+(?=[a-z])")
_COMMENT = re.compile(r"\b(?:comentario|aclaracion|nota|observacion|aclaro|importante)\s*:\s*([^\n]+)")
_NO_STREETS = re.compile(r"\b(?:barrio|km|ruta|lote|manzana|mz|country|paraje)\b")
_OTHERWISE = re.compile(r"\b(si\s+no\s+(?:hay|tenes|tienen|te\s+queda|les\s+queda|llegan?)\b[^.;\n?!]*)")
_NO_STREET = NEVER_GOODS | COUNTING | CONTAINERS
_FEW = 2  #: words: an answer, no sentence


class Message:
    """One message, what is known about it, and which of its words were read."""

    def __init__(
        self,
        cleaned: str,
        *,
        matcher: Matcher,
        asked: Asked | None,
        intent: str | None,
        cart: tuple[CartLine, ...],
        candidates: tuple[Product, ...],
        shown: tuple[Product, ...] = (),
    ) -> None:
        self._whole = cleaned
        self._cleaned = without_links(cleaned)  # of the same length
        self._has_link = self._cleaned != cleaned
        self._matcher = matcher
        self._asked = asked
        self._intent = intent
        self._cart = cart
        self._candidates = candidates
        self._shown = shown
        self._folded = fold(self._cleaned)
        self._words = tokens(self._cleaned)
        self._taken = [False] * len(self._words)
        self._fields = FieldReader(matcher=matcher, cleaned=self._cleaned, words=self._words)
        self._reading = Reading()

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

    def _untaken(self) -> str:
        """The folded text with the words that were read blanked out."""
        signs = list(self._folded)
        for token, taken in zip(self._words, self._taken, strict=True):
            if taken:
                signs[token.start : token.end] = " " * (token.end - token.start)
        return "".join(signs)

    # --- fields --------------------------------------------------------------------------------

    def _read_name(self) -> None:
        found = self._fields.name()
        if found is not None:
            self._put(name=found[0])
            self._take(*found[1:])

    def _read_pictures(self) -> None:
        """«👍», «😀🔥»: no words at all."""
        if is_only_emoji(self._cleaned, self._words):
            self._put(only_emoji=True, yes=emoji_answer(self._cleaned))

    def _read_asides(self) -> None:
        """A telephone number, and when it is wanted: before their figures are taken for anything else."""
        if self._asked in {"cash_with", "quantity"}:
            return
        phone = phone_in(self._folded)
        if phone is not None:
            self._put(phone=self._cleaned[phone[1] : phone[2]].strip())
            self._take(phone[0], phone[2])
        when = when_in(self._folded)
        if when is not None and not (
            self._asked == "address" and self._folded[when[0]] in "de"
        ):  # «entre 45 y 46»
            self._put(when=self._cleaned[when[0] : when[1]].strip(" ,.!"))
            self._take(*when)

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
        unknown = self._fields.payment_unknown()
        if unknown is not None:
            self._put(payment_unknown=unknown[0])
            self._take(*unknown[1:])
        parts = self._fields.payment_parts() if found is not None or unknown is not None else None
        if parts is not None and not self._names_goods(*parts):
            self._put(comment=self._cleaned[slice(*parts)].strip(" ,"))
            self._take(*parts)

    def _take_not_goods(self) -> None:
        """Hours, telephones, prices and the figures of a numbered list."""
        for found in _NOT_GOODS.finditer(self._folded):
            self._take(*found.span())
        figures = list(_NUMBERED.finditer(self._folded))
        if len(figures) > 1 and [int(each[1]) for each in figures] == list(range(1, len(figures) + 1)):
            for found in figures:
                self._take(found.start(1), found.end(1))

    def _read_detail(self) -> None:
        """«es el 3° B», «piso 2», said without a street."""
        if self._asked in {"cash_with", "quantity", "clarification"}:
            return
        found = detail_alone(self._untaken())
        whole = self._asked == "address" and _NO_STREETS.search(self._folded)  # «barrio Los Pinos, lote 12»
        if found is not None and not whole:
            self._put(address_detail=tidy(self._cleaned[slice(*found)]))
            self._take(*found)

    def _read_address(self) -> None:
        if self._is_short_figure():
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

    def _read_more_detail(self) -> None:
        """«… y es 3ro B»: part of the address said elsewhere in the sentence."""
        found = detail_in(self._untaken())
        if found is None:
            return
        detail, address = tidy(self._cleaned[slice(*found)]), self._reading.address
        if address is None:
            self._put(address_detail=detail)
        else:
            self._put(address=replace(address, notes=f"{address.notes} {detail}".strip()))
        self._take(*found)
        while (denied := detail_in(self._untaken())) is not None:
            self._take(*denied)

    def _is_short_figure(self) -> bool:
        """«dame 200» answers «¿cuánto?»; «lavalle 1200» does not."""
        left = [each.word for each in self._left()]
        if self._asked == "cash_with":
            return len(left) <= _FEW
        if self._asked not in {"clarification", "quantity"} or len(left) > _FEW:
            return False
        known = self._matcher.vocabulary.softly
        return not any(word.isalpha() and word not in _NO_STREET and not known(word) for word in left)

    def _read_delivery(self) -> None:
        found = self._fields.delivery()
        if found is None:
            return
        way, start, end = found
        if self._reading.address is None or way is Delivery.DELIVERY:
            self._put(delivery=way)
        if not re.match(r"(?:mand|envi|tra|llev)[a-z]*$", self._folded[start:end]):
            self._take(start, end)

    def _read_place(self) -> None:
        """A branch or a barrio without a street: «retiro en Belgrano», «soy de Palermo»."""
        words = [each.word for each in self._left()]
        about_branch = (
            self._asked == "branch" or self._reading.delivery is Delivery.PICKUP or "sucursal" in words
        )
        if about_branch:
            found = self._matcher.branches.find(words, alone=True)
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
        if all(map(self._matcher.vocabulary.exactly, words[first:stop])) and self._asked != "address":
            return before in {"a", "en", "barrio", "zona", "localidad", "hasta"}
        if self._asked in {"address", "delivery"} or self._reading.address is not None or len(words) <= _FEW:
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

    def _names_goods(self, start: int, end: int) -> bool:
        """«mitad carne, mitad pollo»."""
        words = (each for each in self._words if each.start >= start and each.end <= end)
        return any(
            each.word not in NEVER_GOODS and self._matcher.vocabulary.exactly(each.word) for each in words
        )

    def _read_note(self) -> None:
        found = _COMMENT.search(self._folded) or _OTHERWISE.search(self._folded)
        if found is not None:
            self._put(comment=self._cleaned[found.start(1) : found.end(1)].strip()[:1000])
            self._take(*found.span())
