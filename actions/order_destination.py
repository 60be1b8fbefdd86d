"""Where the order goes: sent to an address in a zone, or picked up at a branch."""

import re

from actions.draft import Draft
from actions.order_places import LONGEST_ADDRESS, asks_for_nearest, nearest_to_customer, say_branch
from actions.scene import Scene
from openbot.catalogue.goods import Zone
from openbot.reading.understood import Reading
from openbot.vocabulary import Delivery

_TO_SEND = re.compile(r"\bpara (?:que (?:me |nos )?l[oa]s? )?(?:env|mand)\w+", re.IGNORECASE)
_TO_PICK_UP = re.compile(
    r"\b(?:paso|pasamos|voy|vamos) (?:yo|nosotros|por (?:ah[ií]|el local|la sucursal)|a (?:buscar|retirar|levantar))",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:en|por|x|cerca de)\s", re.IGNORECASE)
_RETIRO = re.compile(r"\bretir\w+", re.IGNORECASE)  # a barrio, too


def take_destination(scene: Scene, reading: Reading, draft: Draft) -> None:
    """Put what a sentence says of it into the draft."""
    _take_delivery(scene, reading, draft)
    _take_address(scene, reading, draft)
    _take_branch(scene, reading, draft)


def _take_delivery(scene: Scene, reading: Reading, draft: Draft) -> None:
    if reading.delivery is not None:
        draft.fields["delivery"] = reading.delivery
    elif _TO_SEND.search(scene.message.text):
        draft.fields["delivery"] = Delivery.DELIVERY
    elif _TO_PICK_UP.search(scene.message.text):
        draft.fields["delivery"] = Delivery.PICKUP


def _take_address(scene: Scene, reading: Reading, draft: Draft) -> None:
    order, fields = scene.order, draft.fields
    address = order.address if order else ""
    if reading.address is not None:
        fields |= {"delivery": Delivery.DELIVERY, "address": reading.address.full[:LONGEST_ADDRESS]}
        fields |= {"latitude": None, "longitude": None}
        if reading.zone is not None:
            fields["zone_id"] = reading.zone.id
        elif address:
            fields["zone_id"] = None  # another address: its barrio has to be asked
    elif reading.address_detail and address:
        fields["address"] = _with_detail(address, reading.address_detail)
    elif reading.zone is not None and reading.branch is None and not _picks_up(scene, draft):
        fields |= {"delivery": Delivery.DELIVERY, "zone_id": reading.zone.id}
        if scene.asked == "place" and address:
            fields["address"] = f"{address}, {reading.place}"[:LONGEST_ADDRESS]
        elif order is not None and order.zone_id not in (None, reading.zone.id):
            fields["address"] = ""  # another barrio: the street has to be asked


def _with_detail(address: str, detail: str) -> str:
    """«Medrano 350, Almagro» and «3ro B» are «Medrano 350, 3ro B, Almagro»."""
    street, comma, place = address.rpartition(", ")
    return (f"{street}, {detail}, {place}" if comma else f"{address}, {detail}")[:LONGEST_ADDRESS]


def _picks_up(scene: Scene, draft: Draft) -> bool:
    before = scene.order.delivery if scene.order else None
    return draft.fields.get("delivery", before) is Delivery.PICKUP


def _take_branch(scene: Scene, reading: Reading, draft: Draft) -> None:
    branch_id = reading.branch.id if reading.branch else _branch_of_place(scene, reading, draft)
    if branch_id is None and _picks_up(scene, draft) and asks_for_nearest(scene):
        branch_id = nearest_to_customer(scene)
    if branch_id is None or "address" in draft.fields:
        return
    draft.fields |= {"delivery": Delivery.PICKUP, "branch_id": branch_id}
    draft.fields.pop("zone_id", None)


def _branch_of_place(scene: Scene, reading: Reading, draft: Draft) -> int | None:
    """A barrio named by somebody who picks up is the branch there: «la más cercana a Villa Crespo»."""
    text = scene.message.text
    is_asked = scene.asked == "branch"
    if is_asked or draft.fields.get("delivery") is Delivery.PICKUP:
        zone = reading.zone or _zone_in(scene, text, is_asked=is_asked)
        branch_id = zone.branch_id if zone else None
        say_branch(scene, branch_id)
        return branch_id
    if reading.zone is None or not _picks_up(scene, draft):
        return None
    named = scene.matcher.match_branch(text)
    return named.id if named else None


def _zone_in(scene: Scene, text: str, *, is_asked: bool) -> Zone | None:
    """Find a barrio; beside other words only after «en», for Once is a number, too."""
    said = _RETIRO.sub("", text)
    place = said if is_asked else _PLACE.split(said)[-1] if _PLACE.search(said) else ""
    return scene.matcher.match_zone(place) if place.strip() else None
