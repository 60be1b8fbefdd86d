"""What stands after a street and number: floor, flat, door bell, corner; also when it is said alone («3ro B»)."""

import re

_ORDINAL_WORDS = (
    "primer|primero|primera|segundo|segunda|tercer|tercero|tercera|cuarto|quinto|sexto|septimo|octavo|noveno"
    "|decimo"
)
_QUOTE = r"""["'“”«»]?"""
#: A flat: any letter but those that are words («3ro a nombre de»), which must end what is said; or a short number.
_END = rf"(?=\s*{_QUOTE}\s*(?:$|[,.;:\n)-]))"
_LETTER = rf"(?:[b-df-np-xz]\b|[aeoy]\b{_END})"
_FLAT = rf"(?:{_QUOTE}(?:{_LETTER}|\d{{1,3}}\b(?!\s*(?:[a-z]{{2}}|[°º%$])|[.,]\d)){_QUOTE})"
_NAMED_FLAT = rf"""{_QUOTE}(?:{_LETTER}|\d{{1,4}}\s?[b-df-np-xz]\b|\d{{1,4}}a?\b|[a-z]\d{{1,3}}\b
      |(?:contra)?frente\b|fondo\b|interno\b){_QUOTE}"""
_FIGURE = r"\d{1,2}(?:\s*[°º]|\s?(?:ro|do|to|er|ero|era|mo|vo|ra|da|ta|va|ma)\b|no\b)"  # «9no», but «3 no»
_ORDINAL = rf"(?:{_FIGURE}|\b(?:{_ORDINAL_WORDS})\b)"
_DOOR_WORDS = r"(?:departamento|depart|depto|dpto|dto|dep|dpt|ph)"
_FLOOR = rf"""(?:piso\s*{_ORDINAL} | (?:piso|\bp\.)\s*(?:\d{{1,2}}|pb|uno|dos|tres|[a-z]+to)\b
      | {_ORDINAL}\s*\bpiso\b | \bprimer\s+piso)"""
_STRONG = rf"""(?:
      {_FLOOR}\s*[°º"]?(?:[\s,]*{_FLAT})?
    | {_FIGURE}\s*{_FLAT}
    | \b(?:{_ORDINAL_WORDS})\s+{_QUOTE}[b-d]\b{_END}{_QUOTE}
    | (?<!ph\s)\b{_DOOR_WORDS}\b\.?(?:\s*(?:n°|nro\.?|numero|es(?:\s+el)?))?\s*{_NAMED_FLAT}
    | \b(?:p\.?\s?b\b\.?|planta\s+baja\b)(?:\s*{_QUOTE}(?:[b-d]\b|a\b{_END}|\d{{1,2}}\b(?!\s*[a-z]{{2}})){_QUOTE})?
    | \btimbre\b\.?(?:\s*(?:n°|nro\.?|numero|es(?:\s+el)?))?\s*(?:{_NAMED_FLAT}|\d+\w*)
    | \b(?:torre|block|monoblock|edificio|escalera|cuerpo)\b\.?\s*{_QUOTE}(?:\d{{1,3}}\b|{_LETTER}){_QUOTE}
    )"""
_WEAK = rf"""(?:
      \d{{1,2}}[a-k]\b | \d{{1,2}}\s*{_QUOTE}(?:[bcdfgh]\b|[ae]\b{_END}){_QUOTE}
    | \b(?:unidad|uf)\s*(?:n°|nro\.?)?\s*\d{{1,3}}\b
    | timbre\s+(?:de\s+)?(?:arriba|abajo|al\s+lado)\b
    | (?:timbre|casa|torre|block|edificio|mz|manzana|lote|local|oficina|of|interno|cuerpo|escalera|puerta)
      \b\.?\s*{_QUOTE}[a-z0-9]+\b{_QUOTE}
    | (?:al\s+|casa\s+al\s+)?(?:fondo|contrafrente)\b | \bph\b(?:\s*\d{{1,2}}\b)?
    | (?:casi\s+)?(?:esquina|esq\.?)\s+[a-z.]+(?:\s+[a-z]+)?
    | km\b\.?\s*\d{{1,3}}(?:[.,]\d)?
    | barrio\s+[a-z]+(?:\s+[a-z]+){{0,2}}?(?=\s+(?:lote|mz|manzana|casa)\b)
    | (?:entre|e/)\s*[a-z0-9. ]{{2,30}}?\s+y\s+[a-z0-9.]+
    | \([^)\n]{{2,60}}\)
    | (?:porton|reja|puerta)\s+(?:negr|blanc|verd|roj|azul|marron|gris)[a-z]*
    )"""
_DETAIL = re.compile(rf"[\s,;.\-–]*(?:{_STRONG}|{_WEAK}|{_ORDINAL})", re.VERBOSE)
_SURE = re.compile(rf"(?:{_STRONG})(?:[\s,;.\-–]*(?:{_STRONG}|\bal\s+fondo\b))*", re.VERBOSE)
_AROUND = (
    r"(?:\s|[,;.:!\-–]|\b(?:es|en|el|la|y|ah|si|no|perdon|me|olvide|falto|faltaba|agrega|agregale|pone|ponele|queda|vivo|seria"
    r"|tocar?|toca|toquen|departamento|depto|dpto|piso|mi|al|decirte|de|que|direccion|ojo|porfa|por\s+favor|gracias)\b)*"
)
_ALONE = re.compile(rf"{_AROUND}?((?:(?:{_STRONG}|{_WEAK})[\s,;.\-–]*)+){_AROUND}", re.VERBOSE)
_LONGEST_ALONE = 60


def details_end(folded: str, start: int) -> int:
    """Give where the details that begin here end; `start` itself when there are none."""
    while found := _DETAIL.match(folded, start):
        start = found.end()
    return start


def detail_in(folded: str) -> tuple[int, int] | None:
    """Find a floor or a flat anywhere in a sentence: only what can be nothing else («piso 3 B», «3ro B»)."""
    found = list(_SURE.finditer(folded))
    if not found:
        return None
    corrected = len(found) > 1 and re.search(
        r"\bno\b", folded[: found[-1].start()]
    )  # «no es 3ro B, es 3ro D»
    return found[-1].span() if corrected else found[0].span()


def detail_alone(folded: str) -> tuple[int, int] | None:
    """Find the details of a text that says nothing else: «es el 3° B», «piso 2», «casa 4»."""
    if len(folded) > _LONGEST_ALONE:
        return None
    found = _ALONE.fullmatch(folded)
    if found and re.search(r"\bno\b", found[1]):
        return detail_in(folded)  # «piso 3 no, piso 4»
    return found.span(1) if found and found.end(1) > found.start(1) else None


def tidy(text: str) -> str:
    """Take the signs around off: «, 3° B.» is «3° B»."""
    bare = text.strip(" ,;.-–\n")
    if bare.startswith("(") and bare.endswith(")") and bare.count("(") == 1:
        bare = bare[1:-1]
    return " ".join(bare.split())
