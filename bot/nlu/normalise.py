"""How is a chat message written when it is written plainly?

Pure. "Holaaaa!! 👋", "hola" and "HOLA" become nearly the same line, so that a small training set reaches far.
The result is for the classifier only: no customer ever sees it and nothing is parsed from it.
"""

import re
import unicodedata

#: What is read of a message, before and after normalisation. The start of a text tells its intent;
#: 60 000 characters cost no more than a long order.
RAW_LIMIT = 2_000
PLAIN_LIMIT = 512

_EMOJI = {
    "emo_ok": "👍👌✅✔☑🤝🆗💪🤙",
    "emo_no": "👎❌🚫✖🙅⛔",
    "emo_gracias": "🙏🙌👏❤💚💙🧡💛💜🖤🤍💖💕🥰😍😘🤗😊☺🙂😀😃😄😁🤩",
    "emo_hola": "👋🖐✋🙋",
    "emo_risa": "😂🤣😅😆😹💀",
    "emo_enojo": "😡🤬😠👿💢🖕💩🙄😤",
    "emo_triste": "😢😭😞😔🥺😕☹🙁",
    "emo_duda": "🤔❓❔🤨🧐🤷",
    "emo_comida": "🍕🥟🍔🌭🥪🍞🥖🥐🧀🥓🥩🍗🥤🍺🍻🍷🥛☕🧉🍅🥔🧅🍎🍌🍊🥬🥕🍇🍋🧃🥚🛒",
    "emo_lugar": "📍🏠🏡🗺📌",
    "emo_pago": "💵💰💳💸🏦🪙",
}
_EMOJI_TOKENS = {sign: token for token, signs in _EMOJI.items() for sign in signs}
_EMOTICONS = (
    (re.compile(r"(?<!\w)[:;=]['\-]?[)\]dp3*]+(?!\w)|<3+"), " emo_gracias "),
    (re.compile(r"(?<!\w)[:;=]['\-]?[(\[/|c]+(?!\w)"), " emo_triste "),
    (re.compile(r"\b(?:a?(?:j[aeio]){2,}[jaeiosh]*|(?:ja){2,}|(?:ah){2,}a?|x+d+|lo+l)\b"), " emo_risa "),
    (re.compile(r"\((?:y|thumbsup)\)"), " emo_ok "),
)
# One line per plain form: how people type it on the phone.
_TYPED_AS = {
    "que": "q qe k ke qu",
    "quiero": "kiero qiero qro kero",
    "por": "x",
    "por que": "xq pq xk porq xke",
    "por favor": "porfa porfis porfi porfavor xfa xfavor pls plis pf plz",
    "tambien": "tmb tb tbn tmbn tbm",
    "despues": "dsp dps desp dspues",
    "bien": "bn",
    "de": "d",
    "me": "m",
    "te": "t",
    "para": "pa",
    "estoy": "toy",
    "esta": "ta",
    "estas": "tas",
    "estan": "tan",
    "gracias": "grax grcs gcs gcias grs thx",
    "donde": "dnd dond",
    "cuando": "cdo cnd",
    "cuanto": "cto cnto cuant",
    "manana": "mnn",
    "mensaje": "msj msje",
    "horas": "hs hrs",
    "kilo": "kg kgs kilos kl kilito",
    "litro": "lt lts litros",
    "gramos": "gr grm",
    "docena": "doc docenas dna",
    "efectivo": "efvo efect cash",
    "transferencia": "transf transfe",
    "mercado pago": "mp mercadopago",
    "sucursal": "suc sucu",
    "departamento": "depto dpto dto",
    "avenida": "av avda",
    "ok": "oka okey okay oki okis okei",
    "ok ok": "okok",
    "si si": "sisi",
    "no no": "nono",
    "si": "sep sip seee see",
    "no": "nop nopi nel",
    "no se": "ns nse",
    "verdad": "vdd",
    "buen dia": "bdias",
    "buenas": "bs bnas wenas wuenas",
    "saludos": "salu2 slds",
    "delivery": "deli delivry",
    "direccion": "dire direc",
    "numero": "nro num",
    "informacion": "info",
    "celular": "cel",
    "unidades": "u unid uni",
    "caja": "cja",
    "paquete": "paq",
}
_SHORT_FORMS = {short: plain for plain, shorts in _TYPED_AS.items() for short in shorts.split()}
_AFTER_A_NUMBER = {"k": "kilo", "l": "litro", "g": "gramos", "grs": "gramos", "x": "por"}
_NUMBER_WORDS = {
    "#": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis "
    "diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta",
    "##": "cien ciento doscientos trescientos quinientos mil",
}
_NUMBER_CLASSES = {word: sign for sign, words in _NUMBER_WORDS.items() for word in words.split()}

_ZERO_WIDTH = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\ufe0e\ufe0f]")
_SIGNS = str.maketrans({"½": " 1/2 ", "º": " ", "°": " ", "ª": " "})
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_ELONGATED_END = re.compile(r"([aeious])\1+\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"emo_[a-z]+|[^\W_]+|#+|[?/+@{}<>=;]")
_SMALL, _MEDIUM = 2, 5  # digits of a quantity, of a house number or a price; longer: a phone, a code


def normalise(text: str) -> str:
    """One line of lower-case words without accents, at most PLAIN_LIMIT characters.

    Numbers become "#" (a quantity), "##" (a house number, a price) or "###"; emoji and laughter become
    "emo_…" words; the full-width slash that stands in for a typed "/" is a "/" again. Never raises;
    "" when nothing is left.
    """
    line = _ZERO_WIDTH.sub("", text[:RAW_LIMIT])
    if not line.isascii():
        line = _plain_letters(line)
    line = line.lower()
    for pattern, token in _EMOTICONS:
        line = pattern.sub(token, line)
    line = _ELONGATED_END.sub(r"\1", _ELONGATED.sub(r"\1", line))
    line = _NUMBER.sub(_number_class, line)
    return " ".join(_spelled_out(_TOKEN.findall(line)))[:PLAIN_LIMIT].rstrip()


def _plain_letters(line: str) -> str:
    line = "".join(f" {_EMOJI_TOKENS[sign]} " if sign in _EMOJI_TOKENS else sign for sign in line)
    decomposed = unicodedata.normalize("NFKD", line.translate(_SIGNS))
    return "".join(map(_plain_sign, decomposed[: 2 * RAW_LIMIT]))


def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    match unicodedata.category(sign):
        case "Mn" | "Me" | "Sk" | "Cf":
            return ""
        case "So" | "Cn":
            return " emo_otro "
        case _:
            return sign


def _number_class(number: re.Match[str]) -> str:
    digits = sum(map(str.isdigit, number.group()))
    if digits <= _SMALL:
        return " # "
    return " ## " if digits <= _MEDIUM else " ### "


def _spelled_out(tokens: list[str]) -> list[str]:
    words: list[str] = []
    for token in tokens:
        if words and words[-1].startswith("#") and token in _AFTER_A_NUMBER:
            words.append(_AFTER_A_NUMBER[token])
        else:
            words.append(_NUMBER_CLASSES.get(token) or _SHORT_FORMS.get(token, token))
    return words
