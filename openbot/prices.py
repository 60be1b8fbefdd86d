"""What WhatsApp charges for one delivered message of each category (contract §6.5), as an administrator entered it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from openbot.fields import FieldsWrong, Form

#: WhatsApp's categories of messages, as the table of prices has them.
CATEGORIES = ("service", "utility", "marketing", "authentication")
CURRENCIES = ("USD", "ARS", "EUR", "BRL", "CLP", "MXN", "UYU", "COP", "PEN", "GBP")
PLACES = 4
_MOST = Decimal(10**6)
_LONGEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The table of prices: list prices of Argentina as of October 2026 until somebody enters others."""

    currency: str = "USD"
    service: Decimal = Decimal("0.0260")
    utility: Decimal = Decimal("0.0260")
    marketing: Decimal = Decimal("0.0618")
    authentication: Decimal = Decimal("0.0260")
    free_service: int = 1000  #: service messages of a number and month that are free

    @classmethod
    def of_json(cls, stored: Mapping[str, Any] | None) -> Self:
        """Read what `as_json` wrote; what is missing has its default."""
        kept = {each.name: stored[each.name] for each in fields(cls) if stored and each.name in stored}
        return cls(**kept | {name: Decimal(kept[name]) for name in CATEGORIES if name in kept})

    def as_json(self) -> dict[str, Any]:
        """Write it with the prices as texts: exact."""
        written = {each.name: getattr(self, each.name) for each in fields(self)}
        return written | {name: str(written[name]) for name in CATEGORIES}


def read(value: Any) -> dict[str, Any]:
    """Read the table as it was typed into a form, all of it, as JSON. Raises FieldsWrong."""
    if not isinstance(value, Mapping):
        raise FieldsWrong({"": "not_a_list"})
    names = tuple(each.name for each in fields(Prices))
    form = Form(value, needed=names)
    form.known(names)
    form.choice("currency", CURRENCIES)
    form.number("free_service", least=0, most=10**6)
    for name in CATEGORIES:
        _price(form, name)
    return form.done()


def _price(form: Form, name: str) -> None:
    """A price may be a fraction of a cent: «0,0260»."""
    if not form.has(name):
        return
    value = form.values[name]
    text = str(value).strip().replace(",", ".")
    is_one = isinstance(value, str | int | float) and not isinstance(value, bool) and len(text) <= _LONGEST
    try:
        price = Decimal(text) if is_one else None
    except InvalidOperation:
        price = None
    if price is None or not price.is_finite():
        form.refuse(name, "not_an_amount")
    elif price < 0:
        form.refuse(name, "negative")
    elif price > _MOST:
        form.refuse(name, "too_much")
    elif price != round(price, PLACES):
        form.refuse(name, "not_an_amount")
    else:
        form.read[name] = str(round(price, PLACES))
