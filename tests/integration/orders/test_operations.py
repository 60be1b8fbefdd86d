"""Writes about orders: versions, history, totals (product §1)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from openbot.actor import BOT, CUSTOMER, SYSTEM
from openbot.conversations import handover
from openbot.orders import operations, queries
from openbot.orders.items import ItemChange
from openbot.orders.lifecycle import MoveNotAllowed
from openbot.orders.operations import OrderChanged, OrderClosed, OrderNotFound
from openbot.schema import Category, Order, OrderChange, OrderFile, OrderItem, Product
from openbot.vocabulary import Delivery, OrderKind, State
from tests.support.world import EXPIRES, World


def item(quantity: str, *, product: int = 1, price: str = "100", name: str = "Coca") -> ItemChange:
    return ItemChange(
        product_id=product, name=name, unit="unidad", quantity=Decimal(quantity), unit_price=Decimal(price)
    )


@pytest.fixture
def order(world: World) -> int:
    world.says("hola")
    with world.database.transaction() as session:
        session.add(Category(id=1, code="C", name="Todo"))
        session.flush()
        for number in (1, 2):
            session.add(
                Product(
                    id=number,
                    code=f"P{number}",
                    name="x",
                    category_id=1,
                    unit="unidad",
                    price=Decimal(1),
                    aliases=[],
                )
            )
    return world.order().id


@pytest.fixture
def change(world: World, order: int) -> Callable[..., Order]:
    def change(*items: ItemChange, actor=CUSTOMER, seen: int | None = None, **fields) -> Order:
        with world.database.transaction() as session:
            return operations.change(
                session,
                order_id=order,
                actor=actor,
                now=world.clock(),
                fields=fields,
                items=items,
                seen_version=seen,
            )

    return change


def history(world: World) -> list[dict]:
    return [row.fields for row in world.rows(OrderChange)][1:]


def test_items_and_fields_are_one_change_with_one_version(world: World, change) -> None:
    changed = change(item("2"), item("1.5", product=2, price="33.33", name="Pan"), delivery_fee=Decimal(900))
    assert (changed.version, changed.total) == (2, Decimal("1150.00"))
    assert history(world) == [
        {
            "item:Coca": [None, ["2", "100.00"]],
            "item:Pan": [None, ["1.5", "33.33"]],
            "delivery_fee": ["0.00", "900.00"],
        }
    ]


def test_a_round_quantity_is_written_as_people_do(world: World, change) -> None:
    change(item("10"))
    change(item("200"))
    assert history(world)[1] == {"item:Coca": [["10", "100.00"], ["200", "100.00"]]}


def test_the_same_price_written_otherwise_is_no_change(world: World, change) -> None:
    change(item("2", price="100.50"), delivery_fee=Decimal(900))
    assert change(item("2.000", price="100.5"), delivery_fee=Decimal("900.00")).version == 2


def test_half_a_cent_is_rounded_up(world: World, change) -> None:
    assert change(item("0.5", price="0.01")).total == Decimal("0.01")


def test_zero_takes_an_item_out_and_nothing_new_is_no_change(world: World, change) -> None:
    change(item("2"))
    assert change(item("0")).total == 0
    assert world.rows(OrderItem) == []
    assert change(item("0")).version == 3
    assert change(address="").version == 3
    assert len(history(world)) == 2


def test_the_last_of_two_changes_of_one_product_counts(world: World, change) -> None:
    changed = change(item("2"), item("5"))
    assert (changed.total, len(world.rows(OrderItem))) == (500, 1)
    assert change(item("0"), item("3")).total == 300
    assert change(item("9"), item("0")).total == 0


def test_a_stale_version_is_refused(world: World, change) -> None:
    change(item("2"), seen=1)
    with pytest.raises(OrderChanged) as refused:
        change(item("3"), seen=1)
    assert (refused.value.seen, refused.value.current) == (1, 2)


def test_only_fields_of_the_customers_are_changed_this_way(change) -> None:
    with pytest.raises(ValueError, match="state"):
        change(state=State.COMPLETE)


def test_a_closed_order_is_not_changed(world: World, change) -> None:
    world.move(State.CANCELLED)
    with pytest.raises(OrderClosed):
        change(item("2"))


def test_what_does_not_exist_is_not_found(world: World) -> None:
    with world.database.transaction() as session:
        with pytest.raises(OrderNotFound):
            operations.get(session, order_id=404)
        with pytest.raises(OrderNotFound):
            handover.move_order(session, order_id=404, to=State.CANCELLED, actor=SYSTEM, now=world.clock())


def complete(world: World, order: int) -> None:
    with world.database.transaction() as session:
        operations.move(
            session,
            order_id=order,
            to=State.COMPLETE,
            actor=CUSTOMER,
            now=world.clock(),
            expires_after=EXPIRES,
        )


def test_a_receipt_or_a_wish_for_a_person_is_no_change_of_the_order(world: World, order: int, change) -> None:
    complete(world, order)
    assert change(payment_proof=True).changed_by_customer is False
    assert change(needs_person=True, person_reason="la factura").changed_by_customer is False
    assert change(needs_person=False, comment="sin sal").changed_by_customer is True


def test_a_customers_change_of_a_complete_order_is_marked_until_it_is_attended(
    world: World, order: int, change
) -> None:
    complete(world, order)
    assert change(item("2"), actor=world.operator()).changed_by_customer is False
    assert change(item("3")).changed_by_customer is True
    assert world.order().state is State.COMPLETE
    world.move(State.IN_PROGRESS)
    assert world.order().changed_by_customer is False


def test_attending_and_giving_back_keeps_when_it_was_completed(world: World, order: int) -> None:
    complete(world, order)
    completed = world.clock()
    world.clock.move(hours=1)
    world.move(State.IN_PROGRESS)
    assert world.order().operator_id == 1
    world.move(State.COMPLETE)
    assert (world.order().completed_at, world.order().operator_id) == (completed, None)


def test_without_items_asking_for_a_person_is_a_question_in_the_queue(world: World, order: int) -> None:
    with world.database.transaction() as session:
        operations.ask_for_person(session, order_id=order, reason="tengo una duda", now=world.clock())
    asked = world.order()
    assert (asked.kind, asked.state, asked.needs_person) == (OrderKind.HELP, State.COMPLETE, True)
    assert asked.person_reason == "tengo una duda"


def test_with_items_it_stays_an_order_in_its_state(world: World, order: int, change) -> None:
    change(item("2"))
    with world.database.transaction() as session:
        operations.ask_for_person(session, order_id=order, reason="tengo una duda", now=world.clock())
    asked = world.order()
    assert (asked.kind, asked.state, asked.needs_person) == (OrderKind.ORDER, State.INCOMPLETE, True)
    world.move(State.IN_PROGRESS)
    world.move(State.RESOLVED)
    assert world.order().needs_person is False


def test_a_file_is_attached_once(world: World, order: int) -> None:
    world.shows("image", id="M1", mime_type="image/jpeg", sha256="c2hh")
    for expected in (True, False):
        with world.database.transaction() as session:
            assert operations.attach_file(session, order_id=order, inbound_id=2, kind="image") is expected
    assert len(world.rows(OrderFile)) == 1


def test_reopened_it_lives_on_from_then(world: World, order: int) -> None:
    world.move(State.IN_PROGRESS)
    world.move(State.RESOLVED)
    world.clock.move(hours=23)
    world.move(State.IN_PROGRESS, reason="llamó de nuevo")
    reopened = world.order()
    assert (reopened.state, reopened.closed_at) == (State.IN_PROGRESS, None)
    assert reopened.expires_at == world.clock() + EXPIRES


def test_another_operators_close_is_not_reopened(world: World, order: int) -> None:
    world.move(State.IN_PROGRESS)
    world.move(State.RESOLVED)
    with pytest.raises(MoveNotAllowed):
        world.move(State.IN_PROGRESS, reason="llamó", actor=world.operator(number=2))


def test_history_names_who_when_and_by_which_message(world: World, order: int) -> None:
    with world.database.transaction() as session:
        operations.change(
            session,
            order_id=order,
            actor=BOT,
            now=world.clock(),
            fields={"delivery": Delivery.PICKUP},
            reason="lo dijo",
            inbound_id=1,
        )
        opened, changed = queries.history(session, order_id=order)
    assert (opened.actor, opened.to_state, opened.inbound_id) == ("sistema", State.INCOMPLETE, 1)
    assert (changed.actor, changed.at, changed.reason, changed.inbound_id) == (
        "bot",
        world.clock(),
        "lo dijo",
        1,
    )
    assert changed.fields == {"delivery": [None, "RETIRO"]}
    assert changed.at - opened.at < timedelta(seconds=1)
