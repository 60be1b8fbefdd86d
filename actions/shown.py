"""How goods, money and places are written in a reply. Words live in domain.yml; here is only what fills them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from actions import titles
from openbot.catalogue.goods import (
    Branch,
    Catalogue,
    Product,
    Unit,
    format_money,
    format_quantity,
)
from openbot.catalogue.opening_hours import closing, describe, opening_sentence
from openbot.orders.items import line_total
from openbot.orders.queries import FullOrder, Item
from openbot.vocabulary import Delivery

PER_DOZEN = " por docena"
MEASURED = frozenset({Unit.KILO, Unit.LITRE, Unit.DOZEN})


def quantity_of(name: str, unit: str, quantity: Decimal) -> str:
    """«2 × Coca-Cola 2,25 L», «1,5 kg de Pan francés», «media docena de Medialunas»."""
    measure = Unit(unit)
    if measure in MEASURED:
        return f"{format_quantity(quantity, measure)} de {name.removesuffix(PER_DOZEN)}"
    return f"{format_quantity(quantity, Unit.PIECE)} × {name}"


def line(item: Item) -> str:
    """One line of the cart with its price."""
    price = format_money(line_total(quantity=item.quantity, unit_price=item.unit_price))
    return f"• {quantity_of(item.name, item.unit, item.quantity)}: {price}"


def lines(items: Iterable[Item]) -> str:
    """All lines of the cart."""
    return "\n".join(line(item) for item in items)


def named(items: Iterable[Item]) -> str:
    """«2 × Coca-Cola 2,25 L y 1 kg de Pan francés»."""
    return joined([quantity_of(item.name, item.unit, item.quantity) for item in items])


def joined(words: list[str], last: str = "y") -> str:
    """«a, b y c»."""
    if len(words) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def method(name: str) -> str:
    """A way to pay in the middle of a sentence: «transferencia», «Mercado Pago»."""
    return name if " " in name and name != name.capitalize() else name.lower()


def way_to_pay(word: str) -> str:
    """«Con tarjeta», «En cuotas»."""
    return f"{titles.IN if word.endswith('s') else titles.WITH} {word}"


def facts(fields: Mapping[str, Any], before: FullOrder | None, catalogue: Catalogue) -> list[str]:
    """What a message told that was not so before, goods apart, for «Anotado: …»."""
    news = {name: value for name, value in fields.items() if value and value != getattr(before, name, None)}
    found = (_fact(name, value, catalogue) for name, value in news.items())
    told = [fact for fact in found if fact]
    if fields.get("address") or fields.get("branch_id"):
        told = [fact for fact in told if fact not in (titles.DELIVERY, titles.PICKUP)]
    return told


def _fact(name: str, value: Any, catalogue: Catalogue) -> str:
    match name:
        case "delivery":
            return titles.DELIVERY if value is Delivery.DELIVERY else titles.PICKUP
        case "address":
            return f"{titles.GOES_TO} {value}"
        case "branch_id" if branch := catalogue.branch(value):
            return f"{titles.PICKUP} en {branch.name}"
        case "payment_method_id" if paid := catalogue.payment_method(value):
            return method(paid.name)
        case "cash_with":
            return f"{titles.PAYS_WITH} {format_money(value)}"
        case "comment":
            return str(value)
        case "name":
            return f"{titles.IN_THE_NAME_OF} {value}"
        case _:
            return ""


def estimated(items: Iterable[Item]) -> str:
    """« estimado» after «Total», where something is sold by weight and the scales decide the price."""
    return f" {titles.ESTIMATED}" if any(Unit(item.unit).weighed for item in items) else ""


def delivery_line(order: FullOrder) -> str:
    """The line of the delivery fee, with its line break; empty for pick-up."""
    if order.delivery is not Delivery.DELIVERY:
        return ""
    return f"\n🛵 Envío: {format_money(order.delivery_fee)}"


def where(order: FullOrder, catalogue: Catalogue) -> str:
    """Where the goods go, or where they are picked up."""
    if order.delivery is Delivery.DELIVERY:
        return f"📍 {order.address}"
    branch = catalogue.branch(order.branch_id) if order.branch_id else None
    return f"🏬 {branch.name}, {branch.address}" if branch else ""


def details(order: FullOrder, catalogue: Catalogue) -> str:
    """Place, payment, comment and name, a line each; what is missing is left out."""
    paid = order.payment_method
    if order.cash_with is not None:
        paid = f"{paid} ({format_money(order.cash_with)})"
    parts = (
        where(order, catalogue),
        f"💳 {paid}" if paid else "",
        f"📝 {order.comment}" if order.comment else "",
        f"👤 {order.name}" if order.name else "",
    )
    return "\n".join(part for part in parts if part)


def hours_now(branch: Branch, catalogue: Catalogue, *, now: datetime) -> str:
    """«abierto hasta las 20», «abre mañana a las 8»."""
    return opening_sentence(
        branch.hours,
        holidays=catalogue.closed_days(),
        at=now,
        zone=catalogue.company.zone,
    )


def is_open_now(branch: Branch, catalogue: Catalogue, *, now: datetime) -> bool:
    """Whether a branch is open."""
    zone = catalogue.company.zone
    return closing(branch.hours, holidays=catalogue.closed_days(), at=now, zone=zone) is not None


def branch_card(branch: Branch, catalogue: Catalogue, *, now: datetime) -> str:
    """A branch with address, phone and hours."""
    return (
        f"🏬 *{branch.name}* · {branch.address}\n"
        f"{describe(branch.hours)} ({hours_now(branch, catalogue, now=now)})\n{branch.phone}"
    )


def hours(branch: Branch) -> str:
    """«lunes a viernes de 8 a 13 y de 16 a 20 · sábados de 9 a 13»."""
    return describe(branch.hours)


def price(product: Product) -> str:
    """«Coca-Cola 2,25 L: $ 5.200,00», by the kg or the dozen where it is sold so."""
    per = (
        f" el {product.unit}" if product.unit.weighed else " la docena" if product.unit is Unit.DOZEN else ""
    )
    return f"{product.name}: {format_money(product.price)}{per}"
