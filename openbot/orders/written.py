"""How an order is written for people: dates, phones, what changed, a summary. All of it Spanish."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from openbot.catalogue.goods import Unit, format_money, format_quantity
from openbot.company import OrderField
from openbot.orders.detail import Detail, Line
from openbot.orders.past import Difference, Event
from openbot.vocabulary import Delivery
from openbot.whatsapp.numbers import display

_BUENOS_AIRES, _LENGTH = "54911", 13
NOTHING = "—"
#: The fields of an order's history; others are nobody's business on paper.
FIELDS = {
    "kind": "Tipo",
    "branch": "Sucursal",
    "zone": "Zona",
    "delivery": "Entrega",
    "delivery_fee": "Costo de envío",
    "address": "Dirección",
    "payment_method": "Forma de pago",
    "cash_with": "Paga con",
    "comment": "Comentario",
    "name": "A nombre de",
    "amount": "Monto",
    "needs_person": "Pide una persona",
    "person_reason": "Motivo",
    "payment_proof": "Comprobante recibido",
    "about_order": "Consulta por el pedido",
    "custom": "Otros datos",
}
_MONEY = {"delivery_fee", "cash_with", "amount"}
_ACTORS = {"cliente": "Cliente", "bot": "Bot", "sistema": "Sistema", "operador": "Operador"}
DELIVERIES = {Delivery.DELIVERY: "Envío", Delivery.PICKUP: "Retiro en la sucursal"}


def phone_of(digits: str | None) -> str:
    """Write a phone: 5491136943434 → «+54 9 11 3694-3434»; empty without one."""
    if not digits:
        return ""
    if len(digits) == _LENGTH and digits.startswith(_BUENOS_AIRES):  # most of them; a tenth of the time
        return f"+54 9 11 {digits[5:9]}-{digits[9:]}"
    return _other_phone(digits)


@lru_cache(maxsize=50_000)
def _other_phone(digits: str) -> str:
    return display(digits)


def time_of(time: datetime, zone: ZoneInfo) -> str:
    """Write a time by the company's clock: «22/11/2026 14:05»."""
    return time.astimezone(zone).strftime("%d/%m/%Y %H:%M")


def quantity_of(line: Line) -> str:
    """Write how much of something: «2», «1,5 kg», «media docena»."""
    return format_quantity(line.quantity, Unit(line.unit))


def place_of(order: Detail) -> str:
    """Write where an order goes: «Rivadavia 1234, Almagro»."""
    return ", ".join(filter(None, (order.address, order.zone))) or NOTHING


def payment_of(order: Detail) -> str:
    """Write how it is paid: «Efectivo (paga con $ 20.000,00)»."""
    cash = f" (paga con {format_money(order.cash_with)})" if order.cash_with is not None else ""
    return f"{order.row.payment_method or NOTHING}{cash}"


def custom_of(order: Detail, fields: Iterable[OrderField]) -> Iterator[tuple[str, str]]:
    """Write the company's own fields that have a value: title and value."""
    for field in fields:
        value = order.custom.get(field.key)
        if value not in (None, ""):
            yield field.title, _plain(value)


def total_title(order: Detail) -> str:
    """Name the total: of weighed goods it is an estimate."""
    return "Total estimado" if order.is_estimated else "Total"


def who_of(event: Event) -> str:
    """Name who did something: the operator, else Cliente, Bot or Sistema."""
    return event.who or _ACTORS.get(event.actor, event.actor)


def what_of(event: Event) -> Iterator[str]:
    """Say what happened, a line each: the state, each field, the reason."""
    if event.to_state:
        yield f"{event.from_state} → {event.to_state}" if event.from_state else str(event.to_state)
    for each in event.fields:
        if each.field == "item" or each.field in FIELDS:
            title = each.name if each.field == "item" else FIELDS[each.field]
            yield f"{title}: {_value(each, each.before)} → {_value(each, each.after)}"
    if event.reason:
        yield f"Motivo: {event.reason}"


def summary(order: Detail) -> str:
    """Return the order in a few lines, to be pasted into a message."""
    return "\n".join(_summary(order))


def _summary(order: Detail) -> Iterator[str]:
    row = order.row
    yield f"Pedido {row.id} · {row.kind} · {row.state}"
    who = " · ".join(filter(None, (order.order_name or row.name, phone_of(row.phone))))
    if who:
        yield who
    if row.branch:
        yield f"Sucursal: {row.branch}"
    for line in order.items:
        yield f"- {quantity_of(line)} {line.name}: {format_money(line.total)}"
    if order.delivery_fee:
        yield f"Envío: {format_money(order.delivery_fee)}"
    if order.items or row.total:
        yield f"{total_title(order)}: {format_money(row.total)}"
    yield from _delivery_and_payment(order)
    if order.comment:
        yield f"Comentario: {order.comment}"


def _delivery_and_payment(order: Detail) -> Iterator[str]:
    row = order.row
    if row.delivery is Delivery.DELIVERY:
        yield f"Envío a: {place_of(order)}"
    elif row.delivery is Delivery.PICKUP:
        yield DELIVERIES[Delivery.PICKUP]
    if row.payment_method:
        yield f"Pago: {payment_of(order)}"
    if row.amount is not None:
        yield f"Monto: {format_money(row.amount)}"


def _value(difference: Difference, value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if difference.field == "item":
        quantity, price = value
        return f"{str(quantity).replace('.', ',')} × {_money(price)}"
    if difference.field in _MONEY:
        return _money(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(each)}" for key, each in value.items())
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    return str(value)


def _money(value: Any) -> str:
    try:
        return format_money(Decimal(str(value)))
    except InvalidOperation:
        return str(value)
