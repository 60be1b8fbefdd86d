"""A place in the order: a shared location or a written address, and the zone that delivers there."""

from typing import Any

from actions.branch_distance import nearest_first
from actions.draft import Draft
from actions.order_changes import apply
from actions.order_taps import drop_questions
from actions.scene import Scene
from openbot.catalogue.goods import Zone, format_money
from openbot.reading.understood import Reading
from openbot.vocabulary import Delivery, State

LONGEST_ADDRESS = 300
LONGEST_PLACE = 40


def take_location(scene: Scene) -> bool:
    """A shared location: the address of a delivery, or where to look for the nearest branch."""
    data = scene.message.data
    latitude, longitude = _degrees(data.get("latitude"), 90), _degrees(data.get("longitude"), 180)
    if latitude is None or longitude is None:
        return False
    order = scene.need_order()
    if order.delivery is Delivery.PICKUP and scene.memory.reopened != "address":
        _say_nearest(scene, latitude, longitude)
        if order.state is State.INCOMPLETE:
            scene.change(fields={"latitude": latitude, "longitude": longitude})
        return True
    written = ", ".join(part for part in (data.get("name"), data.get("address")) if part)
    zone = scene.matcher.match_zone(written) if written else None
    drop_questions(scene, "outside")
    if scene.memory.reopened in {"address", "delivery"}:
        scene.memory.reopened = None
    fields: dict[str, Any] = {"delivery": Delivery.DELIVERY, "latitude": latitude, "longitude": longitude}
    fields |= {
        "address": (written or f"📍 {latitude:.5f}, {longitude:.5f}")[:LONGEST_ADDRESS],
        "zone_id": zone.id if zone else None,
    }
    if apply(scene, Draft(fields=fields)):
        say_zone(scene, zone)
    return True


def take_place_name(scene: Scene, reading: Reading) -> bool:
    """The answer to «¿en qué barrio?»; a place we do not know is outside."""
    order = scene.order
    if (
        reading.says_goods
        or reading.address is not None
        or order is None
        or reading.delivery is Delivery.PICKUP
    ):
        return False
    text = " ".join(scene.message.text.split())
    zone = reading.zone or scene.matcher.match_zone(text)
    if zone is not None:
        name = reading.place or text
        address = f"{order.address}, {name}"[:LONGEST_ADDRESS]
        if apply(
            scene, Draft(fields={"delivery": Delivery.DELIVERY, "zone_id": zone.id, "address": address})
        ):
            say_zone(scene, zone)
        return True
    if scene.message.intent not in {"inform", "nlu_fallback", "order"} or len(text) > LONGEST_PLACE:
        return False
    scene.memory.ask_first({"kind": "outside", "place": text})
    return True


def say_zone(scene: Scene, zone: Zone | None) -> None:
    """Say what the delivery costs there."""
    if zone is None or scene.order is None or scene.order.payment_method_id is not None:
        return  # late in the order the summary says it
    branch = scene.catalogue.branch(zone.branch_id)
    scene.say(
        "utter_zone",
        zone=zone.name,
        branch=branch.name if branch else "",
        fee=format_money(zone.fee),
        minimum=format_money(zone.minimum),
    )


def _say_nearest(scene: Scene, latitude: float, longitude: float) -> None:
    pairs = nearest_first(scene.catalogue.branches, latitude=latitude, longitude=longitude)
    if pairs:
        branch, distance = pairs[0]
        scene.say(
            "utter_nearest_branch",
            branch=branch.name,
            address=branch.address,
            distance=f"{distance:.1f}".replace(".", ",") if distance is not None else "",
        )


def _degrees(value: Any, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if -most <= value <= most else None
