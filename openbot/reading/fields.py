"""What a sentence says about the order besides its goods: how, where from, how paid, whose, yes or no."""

import re
from collections.abc import Sequence
from decimal import Decimal

from openbot.catalogue.figures import read_number
from openbot.catalogue.goods import PaymentMethod
from openbot.catalogue.matching import Matcher
from openbot.catalogue.words import Token, fold, word_set
from openbot.vocabulary import Delivery

_PICKUP = re.compile(
    r"""\b(?:(?:paso|pasamos|pasaria|vamos|voy|iria|ire|va|pasa)\s+(?:yo\s+|mas\s+tarde\s+|hoy\s+|manana\s+)?(?:a|por|para)\s+
        (?:buscar|retirar|recoger|llevar|ahi|alla|el\s+local|la\s+sucursal)\w*
    | (?:lo|la|los|las)\s+(?:paso\s+a\s+)?(?:retir|busc|recoj|recog)\w*
    | (?:para\s+)?retir(?:ar|o|arlo|arla|arlos|amos|aria|ando)\b(?:\s+yo|\s+(?:por|en)\s+(?:el\s+)?local)?
    | pick\s?up | take\s?away | (?:lo|la|los|las)\s+(?:busco|retiro)|buscarlo | por\s+(?:el\s+)?(?:local|mostrador)
    | (?:sin|no\s+(?:quiero|necesito))\s+(?:el\s+)?envio
    | (?:paso|pasamos)\s+(?:tipo|a\s+las?|por|mas\s+tarde|hoy|manana)\b)\b""",
    re.VERBOSE,
)
_DELIVERY = re.compile(
    r"""\b(?:(?:con\s+)?(?:el\s+)?envios?\b(?:\s+a\s+domicilio)? | (?:con\s+)?delivery | a\s+domicilio | reparto
    | (?:me\s+l[oa]s?\s+)?(?:envi|mand|tra(?:e|ig)|llev|alcanz|acerc)(?:a|an|as|en|es|e|is|ais)?(?:me|nos)?l[oae]s?\b
    | me\s+l[oa]s?\s+(?:env|mand|tra|llev|alcanz|acerc)\w+
    | (?:que\s+)?(?:me|nos)\s+l[oa]s?\s+\w+ | entreg(?:a|ar|ame|amelo|arlo|uen)\b
    | (?:env|mand|llev)\w*\s+a\s+(?:casa|mi\s+casa|domicilio))\b""",
    re.VERBOSE,
)
_NAME = re.compile(
    r"\b(?:a|al|en)\s+nombre\s+de(?:l|\s+la)?\s+(?:mi\s+(?:marido|esposo|mujer|esposa|senora|novi[oa]|hij[oa]|herman[oa]|mama|papa|viej[oa]|soci[oa])\s*,?\s*)?|\b(?:me\s+llamo|mi\s+nombre\s+es|de\s+parte\s+de|nombre\s*:)\s*|\bsoy\s+(?!de\b|del\b|el\b|la\b|yo\b|un\b|una\b|client|nuev|celiac|vegetarian|vegan|diabetic)"
)
_SIGNED = re.compile(
    r"(?i:gracias|saludos|abrazo|besos?)[\s,!.]+((?:[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{2,}\s?){1,3})[\s.!]*$"
)
_NAME_END = word_set(
    "y e con para pago quiero te a en por paso necesito quisiera me de la dame mandame envio retiro del que "
    "mi soy desde como hola buenas buen gracias porfa favor una un dos tres mejor no si queria pido las los "
    "el lo pero recibe retira que soy porque aunque tambien"
)
_CASH = re.compile(
    r"\b(?:(?:pago|abono|pagaria|pagar|pagare|te\s+pago|voy\s+a\s+pagar|tengo|seria|efectivo|efvo|billete|justo)[\s,]+(?:en\s+efectivo[\s,]+)?(?:con|de)"
    r"|con|cambio\s+de|vuelto\s+de|cambio\s+para|vuelto\s+para|tengo)\s+(?:un\s+billete\s+de\s+|unos?\s+)?\$?\s*(?=[a-z0-9])"
)
_JUST = re.compile(
    r"\b(?:pago|abono|tengo|con|plata|cambio|dinero|monto)\s+(?:el\s+|la\s+|lo\s+|con\s+)*(?:(?:cambio|plata|monto)\s+)?"
    r"(?:justo|justa|exacto)\b|^\W*(?:el\s+|la\s+|lo\s+|va\s+)?(?:justo|justa|exacto)\W*$"
)
_PAY = re.compile(
    r"\b(?:pago|pagar|pagas|pagame|abono|abonar|cobr\w+|forma\s+de\s+pago|medio\s+de\s+pago|te\s+(?:pago|transfiero))\b[^,.\n]{0,14}$"
)
_OTHER_PAY = re.compile(
    r"""\b(?:(?:(?:pago|pagar|pagarte|abono|abonar|cobran|aceptan|acepta|toman|tienen|reciben)\s+)?
      (?:(?:con|en|la|el|una|x)\s+)*
      (?P<sure>tarjetas?(?:\s+de\s+(?:credito|debito))?|(?:debito|credito)(?:\s+(?:visa|master\w*))?|(?:tarjeta\s+)?visa(?:\s+(?:debito|credito))?|master\s?card|amex|american\s+express|posnet
        |cheques?|dolares|usd|bitcoins?|cripto(?:monedas)?|paypal|cuenta\s+dni|naranja\s+x|(?:\d+\s+)?cuotas|uala|personal\s+pay)
    | (?:con|por|aceptan|tienen)\s+(?P<linked>modo|master|cabal|maestro|brubank|gift\s?card))\b""",
    re.VERBOSE,
)
_PARTS = re.compile(r"\b(?:(?:pago\s+)?(?:la\s+)?mitad|(?:una\s+)?parte|el\s+resto)\b[^.;\n?!]*")
_WITHOUT = re.compile(
    r"\b(?:no\s+(?:tengo|uso|quiero|puedo(?:\s+pagar)?|llego\s+con)|sin)\s+(?:el\s+|en\s+|con\s+)*$"
)
_QUESTION = re.compile(
    r"\b(?:cuanto|cuanta|hacen|tienen|aceptan|toman|puedo|se\s+puede|donde|cuando|como\s+es|sale|cuesta|llegan)\b"
)
_YES = word_set(
    "si sii siii sisi sip sep claro dale ok oka okey okay confirmo confirmado confirmar perfecto obvio "
    "correcto exacto listo bueno joya afirmativo buenisimo genial barbaro esta"
)
_IF = word_set("no hay queda quedan tenes tienen podes pueden llega llegan fuera sale")
_NO = word_set("no nop nah noo nono tampoco negativo incorrecto mal")
_LEAST_NOTE = 1000  #: pesos; «con 20» to «¿con cuánto pagás?» is 20 mil
_MOST_LUCAS = 200
_MOST_NAME = 6


class FieldReader:
    """Reads the fields of one sentence; each answer says which characters it took."""

    def __init__(self, *, matcher: Matcher, cleaned: str, words: Sequence[Token]) -> None:
        """The text must be cleaned and the tokens be its own."""
        self._matcher = matcher
        self._cleaned = cleaned
        self._folded = fold(cleaned)
        self._words = words

    def name(self) -> tuple[str, int, int] | None:
        """«a nombre de Ana Paz», «soy Martín»."""
        found = _NAME.search(self._folded)
        if found is None:
            return self._signature()
        taken = self._name_words(found.end())
        if not taken:
            return None
        return proper_name(self._cleaned[found.end() : taken[-1].end]), found.start(), taken[-1].end

    def _signature(self) -> tuple[str, int, int] | None:
        """«… ¡Gracias! Laura»."""
        found = _SIGNED.search(self._cleaned)
        if found is None or any(map(self._matcher.vocabulary.exactly, found[1].lower().split())):
            return None
        return proper_name(found[1]), found.start(1), found.end(1)

    def _name_words(self, start: int) -> list[Token]:
        taken: list[Token] = []
        for token in self._words:
            if token.start < start:
                continue
            particle = token.word in {"de", "del", "la"} and taken and not self._a_place(token.end)
            if not token.is_word or (token.word in _NAME_END and not particle) or len(taken) >= _MOST_NAME:
                break
            taken.append(token)
        while taken and taken[-1].word in {"de", "del", "la"}:
            taken.pop()
        return taken

    def _a_place(self, start: int) -> bool:
        """«soy Ana de Palermo»: that is where, not who."""
        words = [each.word for each in self._words if each.start >= start][:3]
        found = self._matcher.places.find(words)
        return found is not None and found[1] == 0

    def cash_with(self) -> tuple[Decimal, int, int] | None:
        """«pago con 20 mil», «con 10000», «cambio de 20.000»."""
        for found in _CASH.finditer(self._folded):
            at = next((i for i, each in enumerate(self._words) if each.start >= found.end()), None)
            if at is None:
                continue
            if self._words[at].word == "$":
                at += 1
            money = read_money(self._words, at)
            if money is not None and money[0] >= _LEAST_NOTE:
                return money[0], found.start(), self._words[money[1] - 1].end
        return None

    def cash_exact(self) -> tuple[int, int] | None:
        """«pago justo»."""
        found = _JUST.search(self._folded)
        return found.span() if found else None

    def payment(self, *, asked: bool) -> tuple[PaymentMethod, int, int] | None:
        """«en efectivo», «con transferencia», «mercadopago»; short names («mp») only where payment is spoken of."""
        words = [each.word for each in self._words]
        found = self._matcher.payments.find(words)
        if found is None:
            return None
        method, start, stop = found
        if _WITHOUT.search(self._folded[: self._words[start].start]):
            return None  # «no tengo efectivo»
        begin, end = self._words[start].start, self._words[stop - 1].end
        named = "".join(words[start:stop])
        own = fold(method.name).replace(" ", "")
        about = _PAY.search(self._folded[:begin])
        alone = all(
            not each.is_word
            for each in (*self._words[max(0, start - 1) : start], *self._words[stop : stop + 1])
        )
        linked = start > 0 and words[start - 1] in {"con", "en", "por", "x", "via"}
        if not (asked or about or linked or alone or named.startswith(own[:7])):
            return None
        if about is not None:
            begin = about.start()
        elif linked:
            begin = self._words[start - 1].start
        return method, begin, end

    def payment_parts(self) -> tuple[int, int] | None:
        """«mitad efectivo y el resto por mp»: the clause that says how it is divided, for the shop to read."""
        found = _PARTS.search(self._folded)
        return found.span() if found else None

    def payment_unknown(self) -> tuple[str, int, int] | None:
        """«con tarjeta», «¿aceptan débito?»: a way to pay of which the shop has none."""
        for found in _OTHER_PAY.finditer(self._folded):
            word = found["sure"] or found["linked"]
            if self._matcher.payments.find(word.split()) is None and not self._matcher.vocabulary.exactly(
                word
            ):
                start = found.start("sure" if found["sure"] else "linked")
                return self._cleaned[start : start + len(word)], found.start(), found.end()
        return None

    def delivery(self) -> tuple[Delivery, int, int] | None:
        """«paso a buscar», «mandámelo»; not «¿hacen envíos?»."""
        for pattern, way in ((_PICKUP, Delivery.PICKUP), (_DELIVERY, Delivery.DELIVERY)):
            for found in pattern.finditer(self._folded):
                if not self._questioned(found.start(), found.end()):
                    return way, found.start(), found.end()
        return None

    def _questioned(self, start: int, end: int) -> bool:
        begin = max(self._folded.rfind(sign, 0, start) for sign in ".,\n?!;") + 1
        stops = [at for sign in ".\n?!;" if (at := self._folded.find(sign, end)) >= 0]
        clause = self._folded[begin : min(stops, default=len(self._folded)) + 1]
        return _QUESTION.search(clause) is not None

    def yes_or_no(self) -> bool | None:
        """Tell what the sentence begins with: «sí, confirmo», «no, mandalo a…»."""
        if self._words and self._words[0].is_number:
            return None  # «9no C»
        first = next((each.word for each in self._words if each.is_word), "")
        if first in _NO:
            return False
        if first == "si" and self._is_condition():
            return None
        following = [each.word for each in self._words if each.is_word][1:3]
        if first in _YES and not (first == "esta" and following[:1] != ["bien"]):
            return True
        return (
            True
            if [first, *following[:1]] == ["esta", "bien"] or [first, *following] == ["asi", "esta", "bien"]
            else None
        )

    def _is_condition(self) -> bool:
        """«si hay, mandame 2»; «sí, hay» and «si, no toques timbre» are a yes."""
        at = next(at for at, each in enumerate(self._words) if each.is_word)
        accented = self._cleaned[self._words[at].start : self._words[at].end].lower() != "si"
        following = self._words[at + 1].word if at + 1 < len(self._words) else ""
        return not accented and following in _IF


def read_money(words: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """Read pesos: «20 mil», «20.000», «20k», «20 lucas», «veinte mil»."""
    found = read_number(words, at)
    if found is None:
        return None
    amount, after = found
    if [each.word for each in words[after : after + 2]] in (["billetes", "de"], ["de", "a"]):
        note = read_money(words, after + 2)  # «dos billetes de 20 mil»
        return (amount * note[0], note[1]) if note else None
    if after < len(words) and words[after].word == "k":
        return amount * 1000, after + 1
    if after < len(words) and words[after].word in {"pesos", "$"}:
        after += 1
    return amount, after


def asked_cash(words: Sequence[Token]) -> Decimal | None:
    """Read the answer to «¿Con cuánto pagás?»: «20» is 20 mil, there is nothing to buy for $ 20."""
    for at in range(len(words)):
        money = read_money(words, at)
        if money is not None and money[0] > 0:
            return money[0] * 1000 if money[0] <= _MOST_LUCAS else money[0]
    return None


def proper_name(text: str) -> str:
    """Tidy a person's name: «ana paz» → «Ana Paz»; capitals typed on purpose stay."""
    words = text.split()
    if text in (text.lower(), text.upper()):
        words = [each if each in {"de", "del", "la"} else each.capitalize() for each in text.lower().split()]
    return " ".join(words)[:100]
