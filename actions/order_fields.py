"""What a sentence says besides goods, into the order: how, where to, how paid, for whom."""

from typing import Any

from actions.draft import Draft
from actions.order_destination import take_destination
from actions.order_steps import goods_total
from actions.order_taps import drop_questions
from actions.phones import without_phone
from actions.scene import Scene
from openbot.catalogue.goods import format_money
from openbot.reading.reader import read
from openbot.reading.understood import Reading

LONGEST_NAME = 100
#: Which step a field answers.
_STEP_OF = {
    "delivery": "delivery",
    "address": "address",
    "zone_id": "place",
    "branch_id": "branch",
    "payment_method_id": "payment_method",
    "cash_with": "cash_with",
    "comment": "comment",
    "name": "name",
}


def take_fields(scene: Scene, reading: Reading, draft: Draft) -> None:
    """Put the fields of a sentence into the draft."""
    take_destination(scene, reading, draft)
    _take_payment(scene, reading, draft)
    if reading.comment:
        draft.fields["comment"] = reading.comment[:1000]
    elif reading.comment is not None:
        scene.memory.finish("comment")
    if reading.name:
        draft.fields["name"] = reading.name[:LONGEST_NAME]
    _take_phone(scene, reading, draft)
    _take_day(scene, reading, draft)
    _settle_questions(scene, draft)


def _take_phone(scene: Scene, reading: Reading, draft: Draft) -> None:
    """A typed number stands beside the name, as soon as there is one."""
    if not reading.phone:
        return
    scene.memory.phone = reading.phone
    if scene.asked == "phone":
        scene.memory.finish("phone")
    if scene.order is not None and scene.order.name:
        draft.fields.setdefault("name", without_phone(scene.order.name))


def _take_day(scene: Scene, reading: Reading, draft: Draft) -> None:
    """«… para el domingo» is kept as a comment."""
    before = scene.order.comment if scene.order else ""
    if not reading.when or "comment" in draft.fields or reading.when in before:
        return
    if before and read(before, matcher=scene.matcher).when == before:
        before = ""  # another day instead
    draft.fields["comment"] = " · ".join(part for part in (before, reading.when) if part)


def _take_payment(scene: Scene, reading: Reading, draft: Draft) -> None:
    fields: dict[str, Any] = draft.fields
    if reading.payment is not None:
        fields["payment_method_id"] = reading.payment.id
    if reading.cash_exact:
        scene.memory.finish("cash_with")
    if reading.cash_with is None:
        return
    order = scene.order
    if order is not None and order.items and not draft.items and reading.cash_with < goods_total(order):
        scene.say("utter_cash_too_little", total=format_money(order.total))
        return
    fields["cash_with"] = reading.cash_with
    if reading.payment is None:
        cash = next((each for each in scene.catalogue.payment_methods if each.is_cash), None)
        if cash is not None:
            fields["payment_method_id"] = cash.id


def _settle_questions(scene: Scene, draft: Draft) -> None:
    steps = {_STEP_OF[field] for field in draft.fields if field in _STEP_OF}
    if steps & {"delivery", "address", "place", "branch"}:
        drop_questions(scene, "outside")
    if scene.memory.reopened in steps:
        scene.memory.reopened = None
