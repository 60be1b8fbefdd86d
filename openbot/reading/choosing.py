"""«¿Cuál de estas?»: reads the answer when a few products were offered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openbot.catalogue.goods import Product
from openbot.catalogue.matching import Ambiguous, Exact, Matcher
from openbot.catalogue.phrases import read_phrase, size_said, stems_of
from openbot.catalogue.quantities import Said, read_quantity
from openbot.catalogue.words import Token, phrase, word_set
from openbot.reading.lexicon import ARTICLES, FILLERS, TRAILING, WISHING

_ORDINALS = {
    word: place
    for place, words in enumerate(
        (
            "primera primero primer 1ra 1ro",
            "segunda segundo",
            "tercera tercero tercer",
            "cuarta",
            "quinta quinto",
            "sexta sexto",
        )
    )
    for word in words.split()
}
_LAST = word_set("ultima ultimo")
#: What may stand around the number of a row: «quiero la 2 porfa».
_AROUND = (
    (ARTICLES - word_set("todo toda todas todos"))
    | WISHING
    | word_set(
        "opcion opciones numero nro num n con elijo elegi prefiero quedo me porfa por favor gracias dale ok oka si sii "
        "bueno mejor entonces y"
    )
)
_NOT_A_PLACE = word_set("un una otra otro otras otros ningun ninguna ninguno cero")
_ALL = word_set("todas todos ambas ambos")
_BOTH = word_set("ambas ambos")
_POINTING = word_set("la el opcion opciones numero nro num n") | _ORDINALS.keys() | _LAST
_CHEAP = word_set("barata barato economica economico baratita baratito")
_DEAR = word_set("cara caro")
_PLAIN = word_set("comun comunes normal normales clasica clasico clasicas clasicos original")
_PAIR = (1, 2)
_COUNTS = {"dos": 2, "2": 2, "tres": 3, "3": 3, "cuatro": 4, "4": 4}
_SKIP = (FILLERS | TRAILING | WISHING) - _ORDINALS.keys()


@dataclass(frozen=True, slots=True)
class Choice:
    """The product chosen, how much of it when that was said too, and the tokens that said so."""

    product: Product
    said: Said | None
    stop: int


def read_choice(
    *, matcher: Matcher, cleaned: str, words: Sequence[Token], among: Sequence[Product]
) -> Choice | None:
    """Read «la de 2 litros», «la grande», «zero», «la segunda», «2», «dos de litro y medio»; None: no choice."""
    if not among:
        return None
    refused = next((at for at, each in enumerate(words) if at and each.word == "no"), len(words))
    if refused + 1 < len(words):  # «de carne no, de pollo»
        rest = read_choice(matcher=matcher, cleaned=cleaned, words=words[refused + 1 :], among=among)
        return replace(rest, stop=rest.stop + refused + 1) if rest is not None else None
    stops = [at for at, each in enumerate(words) if at and each.word in {",", "\n", "y", ".", ";"}]
    for stop in (len(words), *stops):
        chosen = _chosen(matcher, cleaned, words[:stop], among)
        if chosen is not None:
            return Choice(chosen[0], chosen[1], stop)
    return None


def _chosen(
    matcher: Matcher, cleaned: str, words: Sequence[Token], among: Sequence[Product]
) -> tuple[Product, Said | None] | None:
    content = _content(words)
    counted = _counted_row(content, among)
    if counted is not None:
        return counted
    direct = _described(matcher, cleaned, content, among)
    if direct is not None:
        return direct, None
    for at in range(len(content)):
        found = read_quantity(content, at)
        if found is not None and found[1] < len(content):
            if all(each.word in _AROUND for each in content[found[1] :]):
                break
            described = _described(matcher, cleaned, content[found[1] :], among)
            return (described, found[0]) if described is not None else None
    numbered = _numbered(content, among)
    return (numbered, None) if numbered is not None else None


def _counted_row(content: Sequence[Token], among: Sequence[Product]) -> tuple[Product, Said | None] | None:
    """«2 de la 3», «dos de la primera»."""
    at = next((at for at, each in enumerate(content) if each.word not in _AROUND), len(content))
    found = read_quantity(content, at)
    if found is None or len(content) <= found[1] + 1 or content[found[1]].word != "de":
        return None
    row = content[found[1] + 1 :]
    if row[0].word not in {"la", "el", "opcion", "numero"}:
        return None
    product = _by_price(row, among) or (_numbered(row, among) if place_said(row) is not None else None)
    return (product, found[0]) if product is not None else None


def _described(
    matcher: Matcher, cleaned: str, content: Sequence[Token], among: Sequence[Product]
) -> Product | None:
    cheapest = _by_price(content, among)
    if cheapest is not None:
        return cheapest
    said = read_phrase(content, matcher.literals)
    telling = [word for word in said.words if word not in _SKIP and word not in _ORDINALS]
    bare = not telling and not said.rank and read_quantity(content, _articles(content)) is not None
    numbered = bare and said.sizes[:1] and said.sizes[0].base == "" and said.sizes[0].amount % 1 == 0
    if (numbered and not matcher.exact_size(among, said.sizes)) or len(said.sizes) > 1:
        return None
    if any(word in _ORDINALS or word in _LAST for word in said.words) or not (
        telling or said.sizes or said.rank
    ):
        return None
    sized = all(matcher.has_one_of(among, size) for size in said.sizes)
    if not sized:
        return None
    match = matcher.match_among(
        [matcher.vocabulary.softly(word) for word in telling],
        among=among,
        phrase=phrase(cleaned, content),
        sizes=said.sizes,
        rank=said.rank,
    )
    match match:
        case Exact(product):
            return product
        case Ambiguous(_, candidates) if len(candidates) == 1:
            return candidates[0]
        case Ambiguous(_, candidates) if any(word in _PLAIN for word in said.words):
            return _plainest(candidates)
        case _:
            return None


def _plainest(products: Sequence[Product]) -> Product | None:
    """«la común»: the one whose name says least, where one does («Coca-Cola», not «Coca-Cola Zero»)."""
    ordered = sorted(products, key=lambda each: len(stems_of(each.name)))
    alone = len(stems_of(ordered[0].name)) < len(stems_of(ordered[1].name))
    return ordered[0] if alone else None


def _by_price(content: Sequence[Token], among: Sequence[Product]) -> Product | None:
    """«la más barata»."""
    telling = [each.word for each in content if each.word not in _AROUND | {"mas"}]
    if len(telling) != 1 or telling[0] not in _CHEAP | _DEAR:
        return None
    ordered = sorted(among, key=lambda each: each.price)
    return ordered[0] if telling[0] in _CHEAP else ordered[-1]


def _articles(content: Sequence[Token]) -> int:
    """Places before the first word of weight; «la **de** 2» speaks of a size, «la 2» of a place."""
    return next((at for at, each in enumerate(content) if each.word not in _AROUND), 0)


def _numbered(content: Sequence[Token], among: Sequence[Product]) -> Product | None:
    """«la segunda», «2», «la última»."""
    place = _place(content)
    if place is None or place > len(among):
        return None
    return among[-1 if place < 0 else place - 1]


def _place(content: Sequence[Token]) -> int | None:
    """Give the place named, from 1; -1 for the last."""
    if content and content[0].word in {"las", "los"}:
        return None  # «las dos»: both
    for at, token in enumerate(content):
        if token.word in _LAST:
            return -1
        if token.word in _ORDINALS:
            return _ORDINALS[token.word] + 1
        found = read_quantity(content, at) if token.word not in _NOT_A_PLACE else None
        if found is not None:
            said, after = found
            around = (*content[:at], *content[after:])
            if any(each.word not in _AROUND for each in around):
                return None  # «somos 2 personas»
            if said.unit is not None or said.container or said.amount % 1 or size_said(said) is None:
                return None
            return int(said.amount) or None
    return None


def place_said(words: Sequence[Token]) -> int | None:
    """Read «2», «la segunda», «opción 3», «la última» (-1), when nothing else is said."""
    content = _content(words)
    if sum(each.word not in _AROUND for each in content) != 1:
        return None
    words_said = {each.word for each in content}
    if words_said & WISHING and not words_said & _POINTING:
        return None  # «dame 2» is how many, «dame la 2» is which
    return _place(content)


def points(words: Sequence[Token]) -> bool:
    """Tell whether a number points at a row: «la 2», «opción 2», «n° 2»."""
    return not _POINTING.isdisjoint(each.word for each in _content(words))


def is_bare(words: Sequence[Token]) -> bool:
    """Tell whether a number is said and nothing that points at a row: «dame 2», «2 porfa»."""
    content = {each.word for each in _content(words)}
    return not content & _POINTING and sum(each not in _AROUND for each in content) == 1


def several_chosen(words: Sequence[Token], *, among: Sequence[Product]) -> tuple[Product, ...]:
    """Read «las dos», «ambas», «todas», «la 1 y la 3»; () when nothing of the kind is said, or more than there is."""
    content = [each.word for each in _content(words)]
    telling = [word for word in content if word not in _AROUND]
    if telling and set(telling) <= _ALL and len(telling) == 1:
        return tuple(among) if telling[0] not in _BOTH or len(among) == len(_PAIR) else ()
    if content[:1] in (["las"], ["los"]) and len(telling) == 1:
        return tuple(among) if _COUNTS.get(telling[0]) == len(among) else ()
    places = [_figure(word) for word in telling]
    said = [place for place in places if place is not None and 0 < place <= len(among)]
    if len(said) < len(_PAIR) or len(said) != len(places) or len(set(said)) != len(said):
        return ()
    return tuple(among[place - 1] for place in said)


def _figure(word: str) -> int | None:
    if word in _ORDINALS:
        return _ORDINALS[word] + 1
    return int(word) if word.isdigit() and len(word) == 1 else None


def _content(words: Sequence[Token]) -> list[Token]:
    return [each for each in words if each.is_word or each.is_number or each.word == "/"]
