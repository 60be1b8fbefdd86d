"""«¿Cuál de estas?»: reads the answer when a few products were offered."""

from collections.abc import Sequence
from dataclasses import dataclass

from openbot.catalogue.goods import Product
from openbot.catalogue.matching import Ambiguous, Exact, Matcher
from openbot.catalogue.phrases import read_phrase, size_said
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
    ARTICLES
    | WISHING
    | word_set(
        "opcion opciones numero nro num n con elijo elegi prefiero quedo me porfa por favor gracias dale ok oka si sii "
        "bueno mejor entonces y"
    )
)
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
    stops = [at for at, each in enumerate(words) if at and each.word in {",", "\n", "y", ".", ";"}]
    for stop in (len(words), *stops):
        chosen = _chosen(matcher, cleaned, words[:stop], among)
        if chosen is not None:
            return Choice(chosen[0], chosen[1], stop)
    return None


def _chosen(
    matcher: Matcher, cleaned: str, words: Sequence[Token], among: Sequence[Product]
) -> tuple[Product, Said | None] | None:
    content = [each for each in words if each.is_word or each.is_number or each.word == "/"]
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


def _described(
    matcher: Matcher, cleaned: str, content: Sequence[Token], among: Sequence[Product]
) -> Product | None:
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
        case _:
            return None


def _articles(content: Sequence[Token]) -> int:
    """Places before the first word of weight; «la **de** 2» speaks of a size, «la 2» of a place."""
    return next((at for at, each in enumerate(content) if each.word not in _AROUND), 0)


def _numbered(content: Sequence[Token], among: Sequence[Product]) -> Product | None:
    """«la segunda», «2», «la última»."""
    if content and content[0].word in {"las", "los"}:
        return None  # «las dos»: both
    for at, token in enumerate(content):
        if token.word in _LAST:
            return among[-1]
        if token.word in _ORDINALS:
            place = _ORDINALS[token.word]
            return among[place] if place < len(among) else None
        found = read_quantity(content, at)
        if found is not None:
            said, after = found
            around = (*content[:at], *content[after:])
            if any(each.word not in _AROUND for each in around):
                return None  # «somos 2 personas»
            if said.unit is not None or said.amount % 1 or size_said(said) is None:
                return None
            place = int(said.amount) - 1
            return among[place] if 0 <= place < len(among) else None
    return None
