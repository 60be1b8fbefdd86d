"""Orders as JSON."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from openbot.vocabulary import Delivery, OrderKind, State


class Move(BaseModel):
    """A state the order may be moved to by who asks, now."""

    to: State
    needs_reason: bool


class OrderRow(BaseModel):
    """An order of the list."""

    id: int
    number: int = Field(description="The «número interno»: the same as `id`")
    version: int
    created_at: datetime
    completed_at: datetime | None
    closed_at: datetime | None
    contact_id: int
    name: str = Field(description="Of the contact; empty when unknown")
    phone: str | None = Field(description="Digits")
    kind: OrderKind
    branch_id: int | None
    branch: str | None
    state: State
    total: Decimal
    amount: Decimal | None = Field(description="«Monto»: what was charged")
    delivery: Delivery | None
    payment_method_id: int | None
    payment_method: str | None
    operator_id: int | None
    operator: str | None
    waiting_since: datetime | None = Field(
        description="Since when somebody waits for a person; null: nobody does"
    )
    expires_at: datetime | None = Field(description="Null once closed")
    window_ends_at: datetime | None = Field(description="Until then WhatsApp lets us answer freely")
    unread: int
    needs_person: bool
    person_reason: str
    changed_by_customer: bool
    payment_proof: bool
    is_new_work: bool = Field(description="Waits for a person, and nobody else has taken it")
    is_mine: bool
    moves: list[Move]


class OrderPage(BaseModel):
    """A page of the list."""

    rows: list[OrderRow]
    next: str | None = Field(description="`after` of the next page")
    total: int = Field(description="Of all pages; at most 10000")
    total_is_capped: bool = Field(description="There are more than `total`")


class Counts(BaseModel):
    """The figure of the tab «Para atender»."""

    attend: int
    attend_is_capped: bool


class OrderItem(BaseModel):
    """A line of an order."""

    product_id: int
    code: str
    name: str
    unit: str
    step: Decimal = Field(description="Smallest part that is sold")
    is_weighed: bool
    quantity: str
    unit_price: Decimal
    total: Decimal


class Difference(BaseModel):
    """A field before and after; `item` has [quantity, unit price]."""

    field: str
    name: str = Field(description="Of the item; else empty")
    before: Any
    after: Any


class Event(BaseModel):
    """A line of the history."""

    at: datetime
    actor: str = Field(description="cliente, bot, operador, sistema")
    who: str | None = Field(description="The operator's name")
    version: int
    from_state: State | None
    to_state: State | None
    fields: list[Difference]
    reason: str


class OrderFile(BaseModel):
    """An image or document the customer sent for the order; the file itself is not kept."""

    id: int
    kind: str
    name: str
    mime_type: str
    text: str
    received_at: datetime


class EarlierOrder(BaseModel):
    """Another order of the contact; out of reach only number, time and state."""

    id: int
    created_at: datetime
    state: State
    is_reached: bool
    branch: str | None
    total: Decimal | None


class OrderDetail(OrderRow):
    """Everything there is of an order."""

    items: list[OrderItem]
    goods_total: Decimal
    delivery_fee: Decimal
    total_is_estimated: bool
    address: str
    latitude: float | None
    longitude: float | None
    zone_id: int | None
    zone: str | None
    cash_with: Decimal | None
    comment: str
    order_name: str = Field(description="«A nombre de»")
    custom: dict[str, Any]
    about_order_id: int | None
    conversation_id: int
    history: list[Event]
    files: list[OrderFile]
    earlier: list[EarlierOrder]


class Choice(BaseModel):
    """A branch or a person; what is no longer active is only for filters."""

    id: int
    name: str
    active: bool


class ZoneChoice(Choice):
    """Where a branch delivers."""

    branch_id: int
    fee: Decimal
    minimum: Decimal


class MethodChoice(Choice):
    """A way to pay."""

    is_cash: bool


class ProductChoice(BaseModel):
    """Something that can be added."""

    id: int
    code: str
    name: str
    category: str
    unit: str
    step: Decimal
    price: Decimal
    available: bool


class CustomField(BaseModel):
    """A field of the company's own."""

    key: str
    title: str
    kind: str = Field(description="text, number, day or check")


class OrderForm(BaseModel):
    """What filters and forms offer."""

    time_zone: str
    branches: list[Choice]
    zones: list[ZoneChoice]
    payment_methods: list[MethodChoice]
    products: list[ProductChoice]
    operators: list[Choice]
    custom_fields: list[CustomField]
    states: list[State] = list(State)
    kinds: list[OrderKind] = list(OrderKind)
    deliveries: list[Delivery] = list(Delivery)


class Refused(BaseModel):
    """An order that stayed as it was, and why."""

    id: int
    code: str


class BulkResult(BaseModel):
    """What became of each."""

    done: list[int]
    refused: list[Refused]


class Summary(BaseModel):
    """An order in a few lines, to be pasted somewhere."""

    text: str


class Piece(BaseModel):
    """One event worth a sound."""

    order_id: int
    kind: str = Field(description="complete, help, message, or forgotten (told until somebody answers)")
    name: str


class Notice(BaseModel):
    """What an administrator has to know, until they have read it (POST /api/me/notices-seen)."""

    key: str
    code: str = Field(examples=["plan_nearly_used", "plan_used_up"])
    renews_on: date


class News(BaseModel):
    """What began to wait since the cursor."""

    cursor: str
    news: list[Piece]
    attend: int
    notices: list[Notice] = []
