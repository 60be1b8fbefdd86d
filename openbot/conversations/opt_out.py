"""«BAJA»: a customer who wants no more news from us. Pure: a whole message in, yes or no out (product §4).

Only a whole message counts: «baja una coca» is an order.
"""

import re
import unicodedata
from enum import StrEnum

#: What the buttons of the question inside an order name; the second and third are intents of the dialogue.
OPT_OUT, CANCEL, GO_ON = "opt_out", "cancel_order", "keep_order"


class Wish(StrEnum):
    """What a customer wants of our news; the value is why the message that said so was no turn."""

    OUT = "opted_out"
    BACK = "opted_in"
    UNCLEAR = "opt_out_asked"  #: inside an order: «BAJA» may mean the order


_WORDS = frozenset(
    {
        "baja", "stop", "unsubscribe", "desuscribir", "desuscribirme", "desuscribirse", "desuscribime",
        "quitarme", "cancelar suscripcion", "cancelar la suscripcion", "cancelar mi suscripcion",
        "dar de baja", "darme de baja", "dame de baja", "dame la baja", "denme de baja", "deme de baja",
        "quiero la baja", "quiero darme de baja", "quiero que me den de baja", "quiero que me des de baja",
        "solicito la baja", "solicito baja", "pido la baja", "baja de la lista", "baja de difusion",
        "borrame de la lista", "sacame de la lista", "saquenme de la lista", "borrenme de la lista",
        "stop all", "opt out", "alto",
    }
)  # fmt: skip
#: «no quiero recibir más mensajes», «no me manden más publicidad», «dejen de mandarme promociones».
_SENTENCE = re.compile(
    r"(?:no (?:quiero|deseo) (?:recibir )?mas"
    r"|no (?:quiero|deseo) (?:recibir|que me (?:manden|envien|escriban))(?: mas)?"
    r"|no me (?:manden|mandes|envien|envies|escriban) mas|(?:dejen|deja) de (?:mandarme|enviarme|escribirme))"
    r"(?: (?:sus?|estos?|estas?|esos?|esas?|tus?|los|las))?"
    r" (?:mensajes?|mails?|avisos|novedades|promociones|promos|publicidad(?:es)?|propagandas?|ofertas|difusion(?:es)?)"
    r"(?: (?:de (?:ustedes|publicidad|difusion|promociones)|publicitarios?|promocionales?))?"
)
_COURTESY = ("por favor", "porfa", "porfavor", "gracias", "muchas gracias", "hola")
_BACK = frozenset(
    {"alta", "darme de alta", "dame de alta", "quiero el alta", "volver a suscribirme", "start"}
)


def wish_of(*, kind: str, text: str, intent: str, is_out: bool, in_order: bool) -> Wish | None:
    """Judge a whole message: its kind, text and a tap's intent. `in_order`: an order that would be missed is open."""
    if kind == "tap" and intent == OPT_OUT:
        return Wish.OUT
    if kind not in ("text", "tap") or intent:
        return None
    if asks_out(text):
        return Wish.UNCLEAR if in_order else Wish.OUT
    return Wish.BACK if is_out and asks_back(text) else None


def asks_out(text: str) -> bool:
    """Say whether a whole message asks for no more news."""
    said = _plain(text)
    return said in _WORDS or _SENTENCE.fullmatch(said) is not None


def asks_back(text: str) -> bool:
    """Say whether a whole message asks for news again; it means that only of somebody who wants none."""
    return _plain(text) in _BACK


def _plain(text: str) -> str:
    """Lower-case words without accents, signs and courtesy: «¡Baja, por favor!» is «baja»."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(each for each in spread if not unicodedata.combining(each))
    said = " ".join(re.findall(r"\w+", letters))
    changed = True
    while changed:
        before = said
        for word in _COURTESY:
            said = said.removesuffix(f" {word}").removeprefix(f"{word} ")
        changed = said != before
    return said
