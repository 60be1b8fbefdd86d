"""Where to? Reads street addresses and their barrios out of a sentence.

There is no geocoder: a typed address belongs to a zone through the barrio or localidad it names.
"""

import re
from dataclasses import dataclass

from openbot.catalogue.goods import Zone
from openbot.catalogue.matching import Matcher
from openbot.catalogue.quantities import CONTAINERS, UNIT_WORDS
from openbot.catalogue.words import Token, fold, word_set
from openbot.reading.address_details import details_end, tidy
from openbot.reading.lexicon import ADDING, CHANGING, REMOVING, SETTING, WISHING

_HIGHEST_NUMBER = 5  #: digits of a house number
_LOWEST_BARE = 100  #: without «a», «calle» … a smaller number is no house («pan 50»)
_MOST_NAME = 6  #: words of a street's name


@dataclass(frozen=True, slots=True)
class Address:
    """A street address in the customer's words."""

    street: str  #: «Rivadavia 1234»
    notes: str = ""  #: «3° B», «piso 4 depto B», «timbre 2»
    place: str = ""  #: barrio or localidad, as we write it
    zone: Zone | None = None
    start: int = 0  #: first token
    stop: int = 0  #: after the last token

    @property
    def full(self) -> str:
        """In one line: «Rivadavia 1234, 3° B, Palermo»."""
        return ", ".join(part for part in (self.street, self.notes, self.place) if part)


_STREET = re.compile(
    r"(?:av|avda|avenida|calle|pje|pasaje|diag|diagonal|bv|bvd|boulevard|bulevar|ruta|camino|cno|autopista|gral|dr|pte|cnel)"
)
_NUMBER_MARK = {"n", "nro", "num", "numero", "°", "º", ".", "al", "no"}
#: Words after which a place or an address may stand.
_INTO = word_set("a en para hasta direccion domicilio es por al calle mandalo mandala mandamelo envio desde")
_NAMING_ARTICLES = word_set("las los la el")
_NUMBERED_STREETS = word_set("calle diagonal diag avenida av")
_MONTHS = word_set(
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre"
)
_AFTER_NUMBER = re.compile(
    r"\s*(?:kg|kgs|kilos?|g|gr|grs|gramos|lts?|litros?|ml|cc|hs|hrs|horas?|am|pm|pesos|mil\b|lucas?|docenas?|unidades|u\b|%|min|minutos|x\s*\d|personas)\b"
)
_NO_STREET = word_set(
    "las la los el lo una un unas unos tipo eso ese esa y e o de que quiero dame mandame manda mandalo "
    "mandamelo enviame envio pago con pagar hay son tengo a en para por hasta al llevar llevalo traer entre "
    "pesos tel telefono cel celular numero es lugar vez quisiera direccion domicilio soy nombre pedido orden "
    "piso depto dpto dto departamento timbre pedi pediste puse pusiste anotaste anote poner necesitar precisar "
    "encargar "
    "entrega entregar retiro paso casa si no cbu dni cuit"
)


_NO_WORDS = _NO_STREET | WISHING | UNIT_WORDS.keys() | CONTAINERS | ADDING | REMOVING | SETTING | CHANGING


class PlaceReader:
    """Finds the address of one sentence."""

    def __init__(self, *, matcher: Matcher, cleaned: str, words: list[Token], taken: list[bool]) -> None:
        """`taken`: places other readers have read."""
        self._matcher = matcher
        self._cleaned = cleaned
        self._folded = fold(cleaned)
        self._words = words
        self._taken = taken

    def address(self, *, asked: bool) -> Address | None:
        """Read the first street and number; `asked` says that the customer was asked for it: less proof is needed."""
        for place, token in enumerate(self._words):
            if token.word.isdigit() and len(token.word) <= _HIGHEST_NUMBER and not self._taken[place]:
                found = self._at_number(place, asked=asked)
                if found is not None:
                    return found
        return None

    def _at_number(self, place: int, *, asked: bool) -> Address | None:
        token = self._words[place]
        if self._names_a_street(place):
            return None  # «calle 12 nro 345»: the 12 is the street
        first = self._name_start(place)
        if first is None or _AFTER_NUMBER.match(self._folded, token.end):
            return None
        marked = first > 0 and self._words[first - 1].word in _INTO
        marked = marked or _STREET.fullmatch(self._words[first].word) is not None
        known = self._matcher.places.find([each.word for each in self._words[first:place]]) is not None
        separate = first == 0 or not self._words[first - 1].is_word
        plain = separate and int(token.word) >= _LOWEST_BARE
        if not (marked or asked or known or plain):
            return None
        return self._completed(first, place)

    def _names_a_street(self, place: int) -> bool:
        following = [each.word for each in self._words[place + 1 : place + 4]]
        if not following or not place or self._words[place - 1].word not in _NUMBERED_STREETS:
            return False
        number = next((index for index, word in enumerate(following) if word.isdigit()), None)
        return number is not None and all(word in _NUMBER_MARK | {"°"} for word in following[:number])

    def _name_start(self, place: int) -> int | None:
        """Walk back from the number over the street's name."""
        at = place - 1
        while at >= 0 and self._words[at].word in _NUMBER_MARK | {","}:
            at -= 1
        if at == place - 1 and at >= 0 and self._words[at].word == "y":
            return None  # «jabón en polvo y 1 …»
        last = at
        while at >= 0 and last - at < _MOST_NAME and not self._taken[at] and self._belongs(at):
            at -= 1
        first = at + 1
        while first <= last and self._words[first].word in {"de", "y", "del", "."} | _NO_STREET:
            first += 1
        if first - 1 > at and self._words[first - 1].word in _NAMING_ARTICLES and self._is_name(first - 1):
            first -= 1  # «Las Heras»
        return (
            first
            if first <= last
            and any(len(each.word) > 1 or each.is_number for each in self._words[first : last + 1])
            else None
        )

    def _is_name(self, at: int) -> bool:
        """An article written as a name's, or one that begins what is said."""
        capital = (
            self._cleaned[self._words[at].start].isupper()
            and self._cleaned[self._words[at + 1].start].isupper()
        )
        return capital or at == 0 or not self._words[at - 1].is_word

    def _belongs(self, at: int) -> bool:
        token = self._words[at]
        after = self._words[at + 1].word if at + 1 < len(self._words) else ""
        if token.is_number:
            before = self._words[at - 1].word if at else ""
            dated = (
                after in {"de", "°"}
                and at + 2 < len(self._words)
                and self._words[at + 2].word not in _NO_STREET
            )
            return (dated and self._words[at + 2].word in _MONTHS) or before in {
                "calle",
                "diagonal",
                "diag",
                "av",
                "avenida",
                "ruta",
            }
        if token.word in {".", "°", "'"}:
            return at > 0 and self._words[at - 1].is_word
        if not token.is_word:
            return False
        if token.word in {"de", "del", "la", "las", "los", "el", "y"}:
            return (
                after not in _NO_STREET - {"la", "las", "los", "el"}
                and at > 0
                and not self._quantity_before(at)
            )
        if (
            token.word in _MONTHS
            and at > 1
            and self._words[at - 1].word == "de"
            and self._words[at - 2].is_number
        ):
            return True
        return token.word not in _NO_WORDS and not self._goods(at)

    def _quantity_before(self, at: int) -> bool:
        return self._words[at - 1].word in {
            "kilo",
            "kilos",
            "kg",
            "docena",
            "docenas",
            "gramos",
            "litro",
            "litros",
        }

    def _goods(self, at: int) -> bool:
        return at < len(self._words) and self._matcher.vocabulary.exactly(self._words[at].word)

    def _completed(self, first: int, place: int) -> Address:
        """Take what follows the number: floor, door, corner, barrio."""
        end = self._words[place].end
        notes_end = details_end(self._folded, end)
        notes_end = self._bare_flat(notes_end) if notes_end > end else end
        notes = [tidy(self._cleaned[end:notes_end])]
        zone_place, stop = self._barrio(self._place_at(notes_end))
        if zone_place is not None:  # «Yerbal 2345 Caballito 3ro B»
            begin = self._words[stop - 1].end
            notes_end = details_end(self._folded, begin)
            notes.append(tidy(self._cleaned[begin:notes_end]))
            stop = max(stop, self._place_at(notes_end))
        leading = self._leading_place(first, place) if zone_place is None else None
        if leading is not None:
            zone_place, first = leading
        street = " ".join(self._cleaned[self._words[first].start : end].split())
        return Address(
            street=_proper(street),
            notes=" ".join(filter(None, notes)),
            place=zone_place[1] if zone_place else "",
            zone=zone_place[0] if zone_place else None,
            start=first,
            stop=stop,
        )

    def _bare_flat(self, notes_end: int) -> int:
        """«8vo **26** San Telmo»: a number between a floor and a barrio is the flat."""
        at = self._place_at(notes_end)
        token = self._words[at] if at < len(self._words) else None
        is_flat = token is not None and token.word.isdigit() and self._barrio(at + 1)[0] is not None
        return token.end if token is not None and is_flat else notes_end

    def _place_at(self, start: int) -> int:
        return next((at for at, each in enumerate(self._words) if each.start >= start), len(self._words))

    def _leading_place(self, first: int, number: int) -> tuple[tuple[Zone, str], int] | None:
        """«estoy en Lomas de Zamora Yrigoyen 9200»: the place stands before the street."""
        if first == 0 or self._words[first - 1].word not in {"en", "barrio"}:
            return None
        found = self._matcher.places.find([each.word for each in self._words[first : first + 4]])
        if found is None or found[1] != 0 or first + found[2] >= number:
            return None
        return found[0], first + found[2]

    def _barrio(self, after: int) -> tuple[tuple[Zone, str] | None, int]:
        """«…, Palermo», «… en Villa Crespo», «… barrio Boedo»."""
        at = after
        while at < len(self._words) and self._words[at].word in {
            ",",
            "en",
            "barrio",
            "de",
            "-",
            "(",
            ".",
            "localidad",
        }:
            at += 1
        window = [each.word for each in self._words[at : at + 4]]
        found = self._matcher.places.find(window)
        if found is None or found[1] != 0:
            return None, after
        return found[0], at + found[2]


def _proper(street: str) -> str:
    """Give a street typed without capitals its own."""
    if street != street.lower():
        return street
    small = {"de", "del", "la", "las", "los", "y", "nro", "al", "n"}
    return " ".join(
        word if word in small and place else word[:1].upper() + word[1:]
        for place, word in enumerate(street.split())
    )
