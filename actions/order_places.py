"""A place in the order: a shared location or a written address, and the zone that delivers there."""

import re
from typing import Any

from actions.branch_distance import NEAREST, NEAREST_ASKED, nearest_first
from actions.draft import Draft
from actions.order_changes import apply
from actions.order_steps import has_content
from actions.order_taps import drop_questions
from actions.scene import Scene
from openbot.catalogue.goods import Branch, Zone, format_money
from openbot.reading.understood import Reading
from openbot.vocabulary import Delivery, State

LONGEST_ADDRESS = 300
LONGEST_PLACE = 40
_NEAREST = re.compile(
    r"\bm[aá]s (?:cerca|pr[oó]xim)|\bcerca (?:m[ií]o|de (?:casa|m[ií]|ac[aá]))"
    r"|\bme (?:queda|conviene) (?:m[aá]s )?(?:mejor|bien|c[oó]mod)",
    re.IGNORECASE,
)


def take_location(scene: Scene) -> bool:
    """A shared location: the address of a delivery, or where to look for the nearest branch."""
    data = scene.message.data
    latitude, longitude = _degrees(data.get("latitude"), 90), _degrees(data.get("longitude"), 180)
    if latitude is None or longitude is None:
        return False
    order = scene.need_order()
    asked_for_nearest = NEAREST_ASKED in scene.memory.done
    if asked_for_nearest or (order.delivery is Delivery.PICKUP and scene.memory.reopened != "address"):
        return _take_whereabouts(scene, latitude, longitude, chooses=asked_for_nearest)
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


def _take_whereabouts(scene: Scene, latitude: float, longitude: float, *, chooses: bool) -> bool:
    """Say which branch is the nearest, and take it where that was wanted."""
    order = scene.need_order()
    scene.memory.unfinish(NEAREST_ASKED)
    branch = say_nearest(scene, latitude, longitude)
    fields: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
    if chooses and branch is not None and scene.asked == "branch":
        fields["branch_id"] = branch.id
        scene.memory.reopened = None
    if order.state is State.INCOMPLETE:
        scene.change(fields=fields)
    scene.leaves = not scene.in_form and not has_content(order)
    return True


def asks_for_nearest(scene: Scene) -> bool:
    """«La más cercana», and no barrio with it."""
    text = scene.message.text
    return bool(_NEAREST.search(text)) and scene.matcher.match_zone(text) is None


def take_nearest(scene: Scene) -> bool:
    """«La más cercana» at «¿Por qué sucursal?»; where the customer is has to be asked first."""
    if not scene.message.is_text or not asks_for_nearest(scene):
        return False
    branch_id = nearest_to_customer(scene)
    if branch_id is not None:
        scene.memory.reopened = None
        apply(scene, Draft(fields={"delivery": Delivery.PICKUP, "branch_id": branch_id}))
    return True


def nearest_to_customer(scene: Scene) -> int | None:
    """Say which branch is the nearest and return it; None when we have to ask where the customer is."""
    order = scene.need_order()
    if order.latitude is None or order.longitude is None:
        scene.memory.finish(NEAREST)
        return None
    branch = say_nearest(scene, order.latitude, order.longitude)
    return branch.id if branch else None


def say_branch(scene: Scene, branch_id: int | None) -> None:
    """Say at which branch it is picked up, when the customer named another place."""
    branch = scene.catalogue.branch(branch_id) if branch_id else None
    if branch is not None:
        scene.say("utter_branch_of_place", branch=branch.name, address=branch.address)


def take_place_name(scene: Scene, reading: Reading) -> bool:
    """The answer to «¿en qué barrio?»; a place we do not know is outside."""
    order = scene.order
    if (
        reading.says_goods
        or reading.address is not None
        or order is None
        or reading.delivery is Delivery.PICKUP
        or reading.address_detail
        or reading.payment is not None
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
    is_no_place = len(text) > LONGEST_PLACE or any(map(str.isdigit, text))
    if is_no_place or scene.message.intent not in {"inform", "nlu_fallback", "order"}:
        return False
    scene.memory.ask_first({"kind": "outside", "place": text})
    return True


def say_zone(scene: Scene, zone: Zone | None) -> None:
    """Say what the delivery costs there."""
    if zone is None:
        return
    branch = scene.catalogue.branch(zone.branch_id)
    scene.say(
        "utter_zone",
        zone=zone.name,
        branch=branch.name if branch else "",
        fee=format_money(zone.fee),
        minimum=format_money(zone.minimum),
    )


def say_nearest(scene: Scene, latitude: float, longitude: float) -> Branch | None:
    """Say which branch is the nearest, and how far it is."""
    pairs = nearest_first(scene.catalogue.branches, latitude=latitude, longitude=longitude)
    if not pairs:
        return None
    branch, distance = pairs[0]
    scene.say(
        "utter_nearest_branch",
        branch=branch.name,
        address=branch.address,
        distance=f"{distance:.1f}".replace(".", ",") if distance is not None else "",
    )
    return branch


def _degrees(value: Any, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if -most <= value <= most else None
