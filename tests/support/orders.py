"""Orders as the business has them, made without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from openbot.company import CompanyPage, OrderField
from openbot.orders.detail import Detail, Line
from openbot.orders.listing import Row
from openbot.orders.past import Difference, Event
from openbot.vocabulary import Delivery, OrderKind, State

NOON = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)  # 14:05 in Buenos Aires
COMPANY = CompanyPage(
    company_name="Almacén «La Ñata»",
    time_zone="America/Argentina/Buenos_Aires",
    order_fields=(
        OrderField(key="remito", title="Nro. de remito"),
        OrderField(key="frio", title="Va frío", kind="check"),
    ),
)


def a_line(**changes: Any) -> Line:
    line = Line(
        product_id=1,
        code="EMP-CARNE",
        name="Empanada de carne",
        unit="docena",
        step=Decimal("0.5"),
        is_weighed=False,
        quantity=Decimal("2.5"),
        unit_price=Decimal("9800.00"),
        total=Decimal("24500.00"),
    )
    return replace(line, **changes)


WEIGHED = a_line(
    product_id=2,
    code="ASADO",
    name="Asado de tira",
    unit="kg",
    is_weighed=True,
    quantity=Decimal("1.5"),
    unit_price=Decimal("8300.00"),
    total=Decimal("12450.00"),
)


def a_row(**changes: Any) -> Row:
    row = Row(
        id=1043,
        version=7,
        created_at=NOON,
        completed_at=NOON + timedelta(minutes=8),
        closed_at=None,
        contact_id=45,
        name="Ana Pérez",
        phone="5491136943434",
        kind=OrderKind.ORDER,
        branch_id=2,
        branch="Centro",
        state=State.IN_PROGRESS,
        state_before=State.COMPLETE,
        total=Decimal("38750.00"),
        amount=None,
        delivery=Delivery.DELIVERY,
        payment_method_id=1,
        payment_method="Efectivo",
        operator_id=3,
        operator="Bruno",
        waiting_since=None,
        expires_at=NOON + timedelta(hours=48),
        window_ends_at=NOON + timedelta(hours=24),
        unread=0,
        needs_person=False,
        person_reason="",
        changed_by_customer=False,
        payment_proof=True,
    )
    return replace(row, **changes)


def an_order(*, row: Row | None = None, **changes: Any) -> Detail:
    order = Detail(
        row=row or a_row(),
        moves={State.INVOICED: False},
        items=(a_line(), WEIGHED),
        delivery_fee=Decimal("1800.00"),
        address="Rivadavia 1234, 3.º B",
        latitude=None,
        longitude=None,
        zone_id=1,
        zone="Almagro",
        cash_with=Decimal("40000.00"),
        comment="Sin cebolla, por favor. Tocar timbre dos veces.",
        order_name="Ana",
        custom={"remito": "R-0001-77", "frio": True},
        about_order_id=None,
        history=(
            an_event(actor="sistema", to_state=State.INCOMPLETE),
            an_event(
                actor="cliente",
                fields=(
                    Difference(field="item", name="Empanada de carne", before=None, after=["2.5", "9800.00"]),
                ),
            ),
            an_event(actor="bot", from_state=State.INCOMPLETE, to_state=State.COMPLETE),
            an_event(actor="operador", who="Bruno", from_state=State.COMPLETE, to_state=State.IN_PROGRESS),
            an_event(
                actor="operador",
                who="Bruno",
                fields=(
                    Difference(field="payment_method", name="", before="Transferencia", after="Efectivo"),
                    Difference(field="delivery_fee", name="", before="0.00", after="1800.00"),
                    Difference(field="latitude", name="", before=None, after=-34.6),
                ),
                reason="lo pidió por teléfono",
            ),
        ),
        files=(),
        earlier=(),
    )
    return replace(order, **changes)


def an_event(**changes: Any) -> Event:
    event = Event(
        at=NOON, actor="bot", who=None, version=1, from_state=None, to_state=None, fields=(), reason=""
    )
    return replace(event, **changes)
