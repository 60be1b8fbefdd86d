"""Reads what somebody typed into a form, field by field, and gathers every mistake under the field's name."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from openbot.errors import OpenbotError

MOST_MONEY = Decimal(10) ** 12
_LONGEST_AMOUNT = 30
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?")
_GROUPED_DOTS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_GROUPED_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{1,2}|\d{1,3}(?:,\d{3}){2,}")


class FieldsWrong(OpenbotError):
    """Some fields cannot be saved as they are."""

    code = "invalid"

    def __init__(
        self, fields: Mapping[str, str], *, detail: Mapping[str, Any] | None = None, code: str = "invalid"
    ) -> None:
        """`fields` has the code of what is wrong with each; `detail` tells more to who wants it."""
        self.code = code
        self.fields = dict(fields)
        self.detail = dict(detail or {})
        super().__init__("; ".join(f"{name}: {what}" for name, what in self.fields.items()))


class ChangedMeanwhile(OpenbotError):
    """Somebody else saved this after it was read."""

    code = "changed_meanwhile"

    def __init__(self, *, version: int, changed: Mapping[str, Any], by: str = "", at: str = "") -> None:
        """`changed` has what is there now for each field that was to be saved and differs: {name: [wished, there]}."""
        self.detail = {"version": version, "changed": dict(changed), "by": by, "at": at}
        super().__init__()


def amount_of(text: str) -> Decimal | None:
    """Read pesos as people write them: «12.450,50», «12450.5», «$ 3.200». None for what is no amount.

    Three figures after a lone point are thousands, as in Argentina; a lone comma is the decimal one.
    """
    clean = text.strip().removeprefix("$").strip().replace("\N{NO-BREAK SPACE}", "")
    if len(clean) > _LONGEST_AMOUNT or not clean.isascii():
        return None
    if _GROUPED_DOTS.fullmatch(clean):
        clean = clean.replace(".", "").replace(",", ".")
    elif _GROUPED_COMMAS.fullmatch(clean):
        clean = clean.replace(",", "")
    elif _PLAIN.fullmatch(clean):
        clean = clean.replace(",", ".")
    else:
        return None
    return Decimal(clean)


def squeezed(text: str) -> str:
    """Put a text into one line without invisible signs, the way a name is kept."""
    visible = "".join(
        each for each in text if each.isspace() or unicodedata.category(each) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join(visible.split())


def paragraphs(text: str) -> str:
    """The same for a text of several lines; emoji joined by invisible signs stay whole. Nothing visible is nothing."""
    if not squeezed(text):
        return ""
    kept = "".join(
        each for each in text if each in "\n\u200d" or unicodedata.category(each) not in {"Cc", "Cs"}
    )
    return "\n".join(" ".join(line.split()) for line in kept.strip().splitlines())


class Form:
    """The values of one form. Each method reads one field; a field that is not there is left out of `read`.

    `needed` are the fields a new thing cannot do without. `done` raises FieldsWrong with everything found.
    """

    def __init__(self, values: Mapping[str, Any], *, needed: Collection[str] = ()) -> None:
        self.values = values
        self.needed = frozenset(needed)
        self.read: dict[str, Any] = {}
        self.wrong: dict[str, str] = {}
        self.detail: dict[str, Any] = {}

    def has(self, name: str) -> bool:
        """Tell whether a field is to be read; notes the one that is missing."""
        if name in self.values:
            return True
        if name in self.needed:
            self.wrong[name] = "missing"
        return False

    def refuse(self, name: str, code: str) -> None:
        """Note a mistake; the first one of a field stays."""
        self.wrong.setdefault(name, code)

    def text(self, name: str, *, longest: int, empty: bool = False, lines: bool = False) -> None:
        """A text of at most so many characters."""
        if not self.has(name):
            return
        value = self.values[name]
        if not isinstance(value, str):
            self.refuse(name, "not_a_text")
            return
        clean = (paragraphs if lines else squeezed)(value)
        if not clean and not empty:
            self.refuse(name, "missing")
        elif len(clean) > longest:
            self.refuse(name, "too_long")
        else:
            self.read[name] = clean

    def texts(self, name: str, *, longest: int, most: int, empty: bool = True) -> None:
        """A list of short texts, each once."""
        if not self.has(name):
            return
        value = self.values[name]
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.refuse(name, "not_a_list")
            return
        clean = list(dict.fromkeys(filter(None, map(squeezed, value))))
        if not clean and not empty:
            self.refuse(name, "missing")
        elif len(clean) > most:
            self.refuse(name, "too_many")
        elif any(len(each) > longest for each in clean):
            self.refuse(name, "too_long")
        else:
            self.read[name] = clean

    def money(self, name: str, *, zero: bool = True) -> None:
        """Pesos: a number or a text as people write it."""
        if not self.has(name):
            return
        amount = _decimal(self.values[name])
        if amount is None:
            self.refuse(
                name, "negative" if str(self.values[name]).strip().startswith("-") else "not_an_amount"
            )
        elif amount < 0:
            self.refuse(name, "negative")
        elif amount == 0 and not zero:
            self.refuse(name, "not_positive")
        elif amount > MOST_MONEY:
            self.refuse(name, "too_much")
        elif amount != round(amount, 2):
            self.refuse(name, "not_an_amount")
        else:
            self.read[name] = round(amount, 2)  # written with its cents, as it is stored

    def number(
        self, name: str, *, least: float, most: float, empty: bool = False, whole: bool = True
    ) -> None:
        """A number within limits; `empty`: none is an answer, too."""
        if not self.has(name):
            return
        value = self.values[name]
        if value in (None, "") and empty:
            self.read[name] = None
            return
        number = _number(value)
        if number is None:
            self.refuse(name, "not_a_number")
        elif number < least:
            self.refuse(name, "too_little")
        elif number > most:
            self.refuse(name, "too_much")
        elif whole and number != int(number):
            self.refuse(name, "not_a_number")
        else:
            self.read[name] = int(number) if whole else float(number)

    def flag(self, name: str) -> None:
        """Yes or no."""
        if not self.has(name):
            return
        if isinstance(self.values[name], bool):
            self.read[name] = self.values[name]
        else:
            self.refuse(name, "not_a_choice")

    def choice(self, name: str, choices: Collection[Any]) -> None:
        """One of several values."""
        if not self.has(name):
            return
        value = self.values[name]
        if isinstance(value, str | int) and not isinstance(value, bool) and value in choices:
            self.read[name] = value
        else:
            self.refuse(name, "not_a_choice")

    def day(self, name: str) -> None:
        """A day like 2026-12-25."""
        if not self.has(name):
            return
        try:
            self.read[name] = date.fromisoformat(str(self.values[name]))
        except ValueError:
            self.refuse(name, "not_a_day")

    def known(self, names: Sequence[str]) -> None:
        """Refuse fields nobody reads: a misspelt one would be lost without a word."""
        for name in self.values:
            if name not in names:
                self.refuse(str(name)[:40], "unknown_field")

    def done(self) -> dict[str, Any]:
        """Return the fields read. Raises FieldsWrong."""
        if self.wrong:
            raise FieldsWrong(self.wrong, detail=self.detail)
        return self.read


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    if isinstance(value, str):
        return amount_of(value)
    number = Decimal(str(value))
    return number if number.is_finite() else None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    text = str(value).strip().replace(",", ".")
    try:
        number = Decimal(text) if len(text) <= _LONGEST_AMOUNT else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
