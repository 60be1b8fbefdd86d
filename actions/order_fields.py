"""What a sentence says besides goods, into the order: how, where to, how paid, for whom."""

import re
from typing import Any

from actions.draft import Draft
from actions.order_places import LONGEST_ADDRESS, asks_for_nearest, nearest_to_customer, say_branch
from actions.order_steps import goods_total
from actions.order_taps import drop_questions
from actions.phones import without_phone
from actions.scene import Scene
from openbot.catalogue.goods import format_money
from openbot.reading.reader import read
from openbot.reading.understood import Reading
from openbot.vocabulary import Delivery

LONGEST_NAME = 100
_TO_SEND = re.compile(r"\bpara (?:que (?:me |nos )?l[oa]s? )?(?:env|mand)\w+", re.IGNORECASE)
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
    _take_place(scene, reading, draft)
    _take_branch(scene, reading, draft)
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


def _take_place(scene: Scene, reading: Reading, draft: Draft) -> None:
    order, fields = scene.order, draft.fields
    if reading.delivery is not None:
        fields["delivery"] = reading.delivery
    elif _TO_SEND.search(scene.message.text):
        fields["delivery"] = Delivery.DELIVERY
    if reading.address is not None:
        fields |= {"delivery": Delivery.DELIVERY, "address": reading.address.full[:LONGEST_ADDRESS]}
        fields |= {"latitude": None, "longitude": None}
        if reading.zone is not None:
            fields["zone_id"] = reading.zone.id
        elif order is not None and order.address:
            fields["zone_id"] = None  # another address: its barrio has to be asked
    elif reading.address_detail and order is not None and order.address:
        fields["address"] = _with_detail(order.address, reading.address_detail)
    elif reading.zone is not None and reading.branch is None and not _stays_pickup(scene, reading):
        fields |= {"delivery": Delivery.DELIVERY, "zone_id": reading.zone.id}
        if scene.asked == "place" and order is not None and order.address:
            fields["address"] = f"{order.address}, {reading.place}"[:LONGEST_ADDRESS]


def _with_detail(address: str, detail: str) -> str:
    """«Medrano 350, Almagro» and «3ro B» are «Medrano 350, 3ro B, Almagro»."""
    street, comma, place = address.rpartition(", ")
    return (f"{street}, {detail}, {place}" if comma else f"{address}, {detail}")[:LONGEST_ADDRESS]


def _stays_pickup(scene: Scene, reading: Reading) -> bool:
    """A barrio named by somebody who picks up is the branch there, not a delivery."""
    return _picks_up(scene, reading) and scene.order is not None and scene.order.delivery is Delivery.PICKUP


def _picks_up(scene: Scene, reading: Reading) -> bool:
    before = scene.order.delivery if scene.order else None
    return (reading.delivery or before) is Delivery.PICKUP


def _take_branch(scene: Scene, reading: Reading, draft: Draft) -> None:
    branch_id = reading.branch.id if reading.branch else None
    if branch_id is None and reading.zone is not None and _stays_pickup(scene, reading):
        named = scene.matcher.match_branch(scene.message.text)
        branch_id = named.id if named else None
    if branch_id is None and scene.asked == "branch":  # «la más cercana a Villa Crespo»
        zone = reading.zone or scene.matcher.match_zone(scene.message.text)
        branch_id = zone.branch_id if zone else None
        say_branch(scene, branch_id)
    if branch_id is None and _picks_up(scene, reading) and asks_for_nearest(scene):
        branch_id = nearest_to_customer(scene)
    if branch_id is None or "address" in draft.fields:
        return
    draft.fields |= {"delivery": Delivery.PICKUP, "branch_id": branch_id}
    draft.fields.pop("zone_id", None)


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
