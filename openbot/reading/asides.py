"""What is said by the way: a telephone number, a day and an hour, a picture instead of words."""

import re
from collections.abc import Sequence

from openbot.catalogue.words import Token, fold, is_picture

_PHONE = re.compile(
    r"""(?<![\d.,$/-])(?:\+?54[\s-]?)?(?:9[\s-]?)?(?:\(?0?(?:11|15|2\d{2,3}|3\d{2,3})\)?[\s-]*)?(?:15[\s-]?)?
    \d{3,4}(?P<dash>[\s-]?)\d{4}(?![\d/]|[.,]\d|-\d)""",
    re.VERBOSE,
)
_LEAD = re.compile(
    r"""(?:\b(?:y\s+)?(?:mi|el|al|un|nuestro|dejo|te\s+dejo|es)\s+)*
    \b(?:(?:nro|num|numero)\W{0,2}(?:de\s+)?)?(?:tel|telefono|cel|celu|celular|whatsapp|whatsap|wsp|wpp|numero|nro|contacto)
    \W{0,3}(?:\b(?:es|de\s+contacto|mio)\W+)*(?:el\s+)?$
    | \b(?:llam|avis|escrib)[a-z]+\s+al?\s+$""",
    re.VERBOSE,
)
_OTHER_NUMBER = re.compile(r"\b(?:dni|cuit|cuil|cbu|cvu|alias|cuenta|documento|\$)\W{0,3}(?:es\W+|de\W+)*$")
_LEAST_SURE, _LEAST, _MOST = 10, 6, 13  #: digits
_LOCAL = 8

_DAYS = "lunes|martes|miercoles|jueves|viernes|sabado|domingo|finde|fin\\s+de\\s+semana|mediodia|feriado"
_HOUR = (
    r"(?:(?:[01]?\d|2[0-4])(?:[:.]\d{2})?\b|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)"
)
_AFTER_HOUR = (
    r"(?:\s*(?:hs?|hrs|horas?|am|pm)\b|\s+y\s+(?:media|cuarto)\b|\s+de\s+la\s+(?:manana|tarde|noche)\b)*"
)
_ENDED = r"(?=\s*(?:$|[,.;:!?\n)]|y\b|o\b|por\b|porfa|gracias))"
_DAY = rf"""(?:hoy|pasado\s+manana|manana|pasado
      |(?:el|este|la|esta)\s+(?:proximo\s+)?(?:{_DAYS}|noche|tarde)(?:\s+que\s+viene)?)"""
_TIME = rf"""(?:(?:a|por|en|de)\s+la\s+(?:manana|tardecita|tarde|nochecita|noche) | (?:al|a)\s+mediodia | temprano
    | a\s+(?:primera|ultima)\s+hora
    | (?:a|para|desde|hasta|antes\s+de|despues\s+de|a\s+partir\s+de|tipo|a\s+eso\s+de|cerca\s+de|entre)
      \s+las?\s+{_HOUR}{_AFTER_HOUR} (?:\s+(?:y|a|hasta)\s+las?\s+{_HOUR}{_AFTER_HOUR})?
    | (?:tipo|a\s+eso\s+de|antes\s+de|despues\s+de)\s+{_HOUR}(?:{_AFTER_HOUR}){_ENDED}
    | (?:de|entre)\s+{_HOUR}\s+(?:a|y)\s+{_HOUR}{_AFTER_HOUR}{_ENDED}
    | (?:lo\s+)?(?:antes\s+posible|mas\s+rapido\s+posible) | cuanto\s+antes)"""
_WHEN = re.compile(
    rf"""\b(?:(?:(?:para|p/)\s*{_DAY}|pal?\s+(?:{_DAYS}))(?:\s+{_TIME})*
      | (?:(?:para|{_DAY})\s+)?{_TIME}(?:\s+{_TIME})*)""",
    re.VERBOSE,
)
_DAY_ALONE = re.compile(rf"[\s,.]*(?:(?:para|que\s+sea)\s+)?{_DAY}[\s,.!]*")
_ASKS = re.compile(
    r"\b(?:abr|cierr|atiend|abiert|cerrad|horario|cuanto|hasta\s+que|a\s+que|trabaj|llega|tardan|demora|estan|hay|tenes|tienen)"
)

_YES = frozenset("👍👌✅✔💯🆗🤝☑")
_NO = frozenset("👎❌🚫🙅✖⛔")


def phone_in(folded: str) -> tuple[int, int, int] | None:
    """Find a telephone number: where it begins with its «mi cel es», where its figures begin, where it ends.

    Eight figures in a row may be anything, so they count with a word for it, a dash, or alone.
    """
    for found in _PHONE.finditer(folded):
        digits = sum(map(str.isdigit, found.group()))
        before = folded[: found.start()]
        if not _LEAST <= digits <= _MOST or _OTHER_NUMBER.search(before):
            continue
        lead = _LEAD.search(before)
        alone = digits == _LOCAL and not re.search(r"[a-z\d]", before + folded[found.end() :])
        sure = digits >= _LEAST_SURE or alone or (digits == _LOCAL and found["dash"] == "-")
        if lead is not None or sure:
            return lead.start() if lead else found.start(), found.start(), found.end()
    return None


def when_in(folded: str) -> tuple[int, int] | None:
    """Find the day or hour the order is wanted for: «para el domingo», «mañana a la tarde», «tipo 8»; no questions."""
    found = _WHEN.search(folded) or _DAY_ALONE.fullmatch(folded)
    if found is None:
        return None
    begin = max(folded.rfind(sign, 0, found.start()) for sign in ".\n?!;¿") + 1
    stops = [at for sign in ".\n?!;" if (at := folded.find(sign, found.end())) >= 0]
    clause = folded[begin : min(stops, default=len(folded)) + 1]
    around = clause.replace(found.group(), " ")
    return None if _ASKS.search(around) else found.span()


def without(text: str, start: int, end: int) -> str | None:
    """Cut a stretch out, when it stands by itself between commas, lines or the ends; None: it is part of a sentence."""
    before, after = text[:start], text[end:]
    apart = re.search(r"(?:^|[,.;:\n(-]|\by)\s*$", fold(before)) and re.match(
        r"\s*(?:$|[,.;\n)-]|y\b)", fold(after)
    )
    if not apart:
        return None
    before = re.sub(r"(?:[\s,;:(-]|\by\s*$)+$", "", before)
    after = re.sub(r"^(?:[\s,.;)-]|y\b)+", "", after)
    return f"{before}, {after}" if before and after else before or after


def is_only_emoji(cleaned: str, words: Sequence[Token]) -> bool:
    """Tell whether a text holds pictures and no words."""
    return not any(each.is_word or each.is_number for each in words) and any(map(is_picture, cleaned))


def emoji_answer(cleaned: str) -> bool | None:
    """«👍» is a yes, «❌» a no."""
    signs = set(cleaned)
    if signs & _YES:
        return None if signs & _NO else True
    return False if signs & _NO else None
