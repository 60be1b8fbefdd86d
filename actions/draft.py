"""What one message wants to change of the order: kept together, so that it is one change with one version."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from actions import shown, titles
from actions.memory import Question
from actions.order_steps import derived
from openbot.catalogue.goods import Catalogue, format_money
from openbot.orders.items import ItemChange, line_total
from openbot.orders.queries import FullOrder, Item
from openbot.vocabulary import Delivery

_DECIMALS = frozenset({"cash_with", "delivery_fee"})


@dataclass(slots=True, kw_only=True)
class Draft:
    """Fields and quantities to be set. Quantities are the new ones, 0 takes a product out."""

    fields: dict[str, Any] = field(default_factory=dict)
    items: dict[int, Decimal] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to change."""
        return bool(self.fields or self.items)

    @classmethod
    def stored(cls, question: Question) -> Self:
        """Read a draft that waited in the dialogue for the customer's yes."""
        return cls(
            fields={name: _thaw(name, value) for name, value in question.get("fields", {}).items()},
            items={int(key): Decimal(value) for key, value in question.get("items", {}).items()},
        )

    def question(self) -> Question:
        """The draft as an open question: «¿Lo cambio?»."""
        return {
            "kind": "change",
            "fields": {name: _freeze(value) for name, value in self.fields.items()},
            "items": {str(key): str(value) for key, value in self.items.items()},
        }

    def full_fields(self, order: FullOrder, catalogue: Catalogue) -> dict[str, Any]:
        """The fields with all that follows from them."""
        return derived(self.fields, order, catalogue=catalogue)

    def item_changes(self, catalogue: Catalogue) -> list[ItemChange]:
        """The items at today's prices."""
        found = ((catalogue.product(key), quantity) for key, quantity in self.items.items())
        return [
            ItemChange(
                product_id=product.id,
                name=product.name,
                unit=product.unit.value,
                quantity=quantity,
                unit_price=product.price,
            )
            for product, quantity in found
            if product is not None
        ]

    def after(self, order: FullOrder, catalogue: Catalogue) -> list[Item]:
        """The items as they will be."""
        lines = {item.product_id: item for item in order.items}
        for change in self.item_changes(catalogue):
            lines[change.product_id] = Item(
                product_id=change.product_id,
                name=change.name,
                unit=change.unit,
                quantity=change.quantity,
                unit_price=change.unit_price,
            )
        return [item for item in lines.values() if item.quantity > 0]

    def total(self, order: FullOrder, catalogue: Catalogue) -> Decimal:
        """The order's total as it will be."""
        fee: Decimal = self.full_fields(order, catalogue).get("delivery_fee", order.delivery_fee)
        goods = (
            line_total(quantity=item.quantity, unit_price=item.unit_price)
            for item in self.after(order, catalogue)
        )
        return sum(goods, fee)

    def described(self, order: FullOrder, catalogue: Catalogue) -> str:
        """What would change, a line each."""
        before = {item.product_id: item.quantity for item in order.items}
        parts = [_item_line(change, before.get(change.product_id)) for change in self.item_changes(catalogue)]
        says_where = {"address", "branch_id"} & self.fields.keys()
        parts += [
            _field_line(name, value, catalogue)
            for name, value in self.fields.items()
            if not (name == "delivery" and says_where)
        ]
        return "\n".join(part for part in parts if part)


def _item_line(change: ItemChange, before: Decimal | None) -> str:
    if change.quantity <= 0:
        return f"➖ {change.name}"
    said = shown.quantity_of(change.name, change.unit, change.quantity)
    return f"➕ {said}" if before is None else f"✏️ {said}"


def _field_line(name: str, value: Any, catalogue: Catalogue) -> str:
    match name:
        case "address" if value:
            return f"📍 {value}"
        case "branch_id" if value:
            branch = catalogue.branch(value)
            return f"🏬 {branch.name}" if branch else ""
        case "payment_method_id" if value:
            method = catalogue.payment_method(value)
            return f"💳 {method.name}" if method else ""
        case "cash_with" if value is not None:
            return f"💵 {format_money(value)}"
        case "comment" if value:
            return f"📝 {value}"
        case "name" if value:
            return f"👤 {value}"
        case "delivery":
            return f"🏬 {titles.PICKUP}" if value is Delivery.PICKUP else f"🛵 {titles.DELIVERY}"
        case _:
            return ""


def _freeze(value: Any) -> Any:
    return str(value) if isinstance(value, (Decimal, Delivery)) else value


def _thaw(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "delivery":
        return Delivery(value)
    return Decimal(value) if name in _DECIMALS else value
