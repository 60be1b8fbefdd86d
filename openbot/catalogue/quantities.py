"""How much? Reads quantities as people say them, and settles them in the unit a product is sold in.

`read_quantity` reads words («kilo y medio», «2 y media docenas»); `settle` turns what was said into the product's own
unit or a named refusal. Nothing is rounded and nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from openbot.catalogue.figures import PARTS, read_number, word_at
from openbot.catalogue.goods import Unit
from openbot.catalogue.words import Token, clean, tokens

MOST = Decimal(999)  #: more of anything is asked again
_GRAMS_FROM = 50  #: «200 de queso»: from here on a bare number of something weighed means grams
_PIECES_FROM = (
    4  #: «6 de pollo», «5 limones»: from here on a bare number of something weighed may mean pieces
)
_DOZEN = 12
_GRAMS = 1000
_HALVES = Decimal("0.5")


class Refusal(Enum):
    """Why a quantity is asked again."""

    ZERO = auto()
    NEGATIVE = auto()
    TOO_MANY = auto()
    NOT_DIVISIBLE = auto()  #: «2 y media cocas»
    OTHER_UNIT = auto()  #: «un kilo de coca»: not how it is sold


@dataclass(frozen=True, slots=True)
class Said:
    """A quantity in the customer's words."""

    amount: Decimal  #: grams and millilitres are already kg and litres
    unit: Unit | None = None  #: None: a bare number
    container: str = ""  #: «botella», «lata», «paquete»: counts as one, helps to find the product


_UNITS = {
    Unit.KILO: "kg kgs kilo kilos kilito kilitos quilo quilos kilogramo kilogramos kl kls kgr k",
    Unit.LITRE: "l lt lts ltr litro litros lit",
    Unit.DOZEN: "docena docenas dosena dosenas docna doc docs doz docenita docenitas",
    Unit.PACK: "pack packs six sixpack fardo fardos",
    Unit.BAG: "bolsa bolsas bolson bolsita bolsitas",
    Unit.BOX: "caja cajas cajita cajitas",
    Unit.CRATE: "cajon cajones",
    Unit.TRAY: "maple maples",
    Unit.PIECE: "unidad unidades uni unid unids u ud uds",
}
_SMALL = {Unit.KILO: "g gr grs gramo gramos grms gms", Unit.LITRE: "ml cc cm3 mililitros"}
_LOOSE = (
    "botella botellas lata latas latita latitas paquete paquetes paq sachet sachets pote potes frasco frascos tarro "
    "sifon sifones barra barras porron porrones sobre sobres tetra tetras bidon bidones"
)
UNIT_WORDS = {word: (unit, Decimal(1)) for unit, words in _UNITS.items() for word in words.split()}
UNIT_WORDS |= {word: (unit, Decimal("0.001")) for unit, words in _SMALL.items() for word in words.split()}
CONTAINERS = frozenset(_LOOSE.split())
#: Units that name a bundle: asked with something sold otherwise they are never taken for a single piece.
_BUNDLES = {Unit.PACK, Unit.BOX, Unit.CRATE, Unit.TRAY}


def read_quantity(words: Sequence[Token], at: int) -> tuple[Said, int] | None:
    """Read a quantity that begins at a token; give it and the place after it, or None when there is none."""
    found = _amount(words, at)
    if found is None:
        unit = _unit(words, at)
        if unit is None or words[at].word in {"k", "l", "u", "g", "six", "doc"}:
            return None
        return _with_unit(words, at, Decimal(1), at)
    amount, after = found
    return _with_unit(words, after, amount, at)


def quantity_in(text: str, unit: Unit) -> Decimal | Refusal | None:
    """Read the one quantity a short answer holds, for a product sold in `unit`; None when there is none."""
    words = tokens(clean(text))
    for at, token in enumerate(words):
        found = read_quantity(words, at)
        if found is not None:
            said = found[0]
            before = words[at - 1] if at else None
            if before and (before.word == "menos" or (before.word == "-" and before.end == token.start)):
                said = Said(-said.amount, said.unit, said.container)
            return settle(said, unit, asked=True)
    return None


def settle(
    said: Said,
    unit: Unit,
    *,
    holds: frozenset[tuple[str, Decimal]] = frozenset(),
    asked: bool = False,
    most: Decimal = MOST,
) -> Decimal | Refusal:
    """Turn what was said into the product's unit.

    `holds` is what one piece contains ({("kg", 1)}: two kilos of it are two); `asked` says that the bot asked «¿cuántas
    docenas?», so that a bare 2 means dozens. Not asked, 4 or more of something weighed are no kilos: they are asked.
    """
    if said.amount == 0:
        return Refusal.ZERO
    if said.amount < 0:
        return Refusal.NEGATIVE
    amount = _in_unit(said, unit, holds=holds, asked=asked)
    if isinstance(amount, Refusal):
        return amount
    if amount > most:
        return Refusal.TOO_MANY
    return amount.normalize() + 0 if amount % unit.step == 0 else Refusal.NOT_DIVISIBLE


def _in_unit(
    said: Said, unit: Unit, *, holds: frozenset[tuple[str, Decimal]], asked: bool
) -> Decimal | Refusal:
    amount = said.amount
    if said.unit is unit:
        return amount
    if said.unit is None or said.unit is Unit.PIECE:
        return _bare(said, unit, asked=asked)
    if said.unit is Unit.DOZEN:
        return Refusal.OTHER_UNIT if unit.weighed or unit in _BUNDLES else amount * _DOZEN
    if said.unit.weighed:
        contents = next((each for base, each in holds if base == _BASES[said.unit]), None)
        return amount / contents if contents else Refusal.OTHER_UNIT
    multiple = any(base == "x" for base, _ in holds) or unit in _BUNDLES
    if unit.weighed or unit is Unit.DOZEN or (said.unit in _BUNDLES and not multiple):
        return Refusal.OTHER_UNIT
    return amount


_BASES = {Unit.KILO: "kg", Unit.LITRE: "l"}


def _bare(said: Said, unit: Unit, *, asked: bool) -> Decimal | Refusal:
    if unit.weighed:
        if said.container or said.unit is Unit.PIECE:
            return Refusal.OTHER_UNIT
        grams = (
            said.amount >= _GRAMS_FROM and said.amount % 10 == 0 and (said.amount >= 2 * _GRAMS_FROM or asked)
        )
        if grams:
            return said.amount / 1000
        pieces = said.amount >= _PIECES_FROM and said.amount % 1 == 0 and not asked
        return Refusal.OTHER_UNIT if pieces else said.amount
    if unit is Unit.DOZEN and (not asked or said.unit is Unit.PIECE) and said.amount % 1 == 0:
        # Nobody says «12 medialunas» for 12 dozens.
        return said.amount / _DOZEN
    return said.amount


def _amount(words: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """Number, fraction, or both: «2», «1 1/2», «dos y media», «tres cuartos», «un par de»."""
    part = _part(words, at)
    if part is not None:
        return part
    found = read_number(words, at)
    if found is None:
        return None
    number, after = found
    if word_at(words, after) == "par" and number == 1:
        return Decimal(2), after + (2 if word_at(words, after + 1) == "de" else 1)
    part = _part(words, after)
    if part is not None and word_at(words, after) != "medias" and number % 1 == 0:
        # «un cuarto», «tres cuartos», «1 1/2»; «un medio».
        whole = words[after].is_number
        return (number + part[0] if whole else number * part[0]), part[1]
    if word_at(words, after) == "y" and number % 1 == 0:
        part = _part(words, after + 1)
        if part is not None:
            return number + part[0], part[1]
    return number, after


def _part(words: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """«medio», «cuarto», «1/2», «tres cuartos»."""
    word = word_at(words, at)
    if word in PARTS:
        return Decimal(PARTS[word]), at + 1
    if word == "tres" and word_at(words, at + 1) == "cuartos":
        return Decimal("0.75"), at + 2
    if (
        word.isdigit()
        and word_at(words, at + 1) == "/"
        and word_at(words, at + 2) in {"2", "3", "4", "8"}
        and len(word) == 1
    ):
        return Decimal(word) / Decimal(word_at(words, at + 2)), at + 3
    return None


def _with_unit(words: Sequence[Token], at: int, amount: Decimal, began: int) -> tuple[Said, int]:
    """Take the unit that follows, and what may come after it: «kilo y medio», «un kilo doscientos»."""
    skip = (
        1
        if word_at(words, at) == "de" and amount < 1 and word_at(words, at + 1) in {"kilo", "litro", "kg"}
        else 0
    )
    found = _unit(words, at + skip)
    if found is None:
        return Said(amount), at
    unit, factor, container = found
    after = at + skip + 1
    if unit is None:
        return Said(amount, None, container), after
    if unit.weighed and factor == 1 and amount >= _GRAMS and "." in words[began].word:
        amount /= 1000  # «1.500 kg»: nobody means a ton and a half
    amount *= factor
    if word_at(words, after) == "y" and factor == 1:
        part = _part(words, after + 1)
        if part is not None and _unit(words, part[1]) is None:
            return Said(
                amount + part[0], unit, word_at(words, after - 1) if unit is Unit.DOZEN else ""
            ), part[1]
    if unit.weighed and factor == 1:
        grams = read_number(words, after)
        if (
            grams is not None
            and grams[0] % _GRAMS_FROM == 0
            and 2 * _GRAMS_FROM <= grams[0] < _GRAMS
            and _no_new_item(words, grams[1])
        ):
            small = _unit(words, grams[1])
            return Said(amount + grams[0] / 1000, unit), grams[1] + (1 if small else 0)
    return Said(amount, unit, words[after - 1].word if not unit.weighed else ""), after


def _no_new_item(words: Sequence[Token], at: int) -> bool:
    """«un kilo 200 de X», «1 kilo 200 gramos»; but not «1 kilo 200 empanadas»."""
    word = word_at(words, at)
    return word in {"de", "", ",", "\n", "."} or (word in UNIT_WORDS and UNIT_WORDS[word][1] != 1)


def _unit(words: Sequence[Token], at: int) -> tuple[Unit | None, Decimal, str] | None:
    word = word_at(words, at)
    if word in UNIT_WORDS:
        unit, factor = UNIT_WORDS[word]
        return unit, factor, ""
    return (None, Decimal(1), word) if word in CONTAINERS else None
