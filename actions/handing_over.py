"""Giving the customer to a person: the order enters the operators' queue and the bot says so, once."""

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions import shown, titles
from actions.lists import button
from actions.scene import Scene
from openbot.catalogue.goods import Branch
from openbot.orders import operations

LEAVE_FORM: list[EventType] = [ActiveLoop(None), SlotSet("requested_slot", None)]


def hand_over(scene: Scene, *, reason: str, response: str = "utter_handed_over") -> None:
    """Put the customer into the queue and say when somebody will answer."""
    order = scene.need_order()
    contact = scene.lock_contact()
    if contact.waiting_turn_id == scene.message.turn_id and contact.waiting_since is not None:
        return  # an earlier message of this turn asked already; the bot says it once
    operations.ask_for_person(
        scene.session,
        order_id=order.id,
        reason=reason,
        now=scene.now,
        inbound_id=scene.inbound_id,
        expires_after=scene.expires_after,
    )
    scene.reload()
    contact.waiting_since, contact.waiting_turn_id = scene.now, scene.message.turn_id
    scene.memory.misses = scene.memory.voice_notes = 0
    branch = _branch(scene)
    is_open = branch is None or shown.is_open_now(branch, scene.catalogue, now=scene.now)
    scene.say(
        response if is_open else f"{response}_closed",
        number=order.id,
        opening=shown.hours_now(branch, scene.catalogue, now=scene.now).replace("abre ", "abrimos ", 1)
        if branch
        else "",
        hours=shown.hours(branch) if branch else "",
        besides="" if is_open else scene.text_outside_hours,
        buttons=[button(titles.RESUME, "resume_bot")],
    )


def _branch(scene: Scene) -> Branch | None:
    """The branch whose hours count: the order's, else the first that is open, else the first."""
    own = scene.catalogue.branch(scene.order.branch_id) if scene.order and scene.order.branch_id else None
    open_ones = (b for b in scene.catalogue.branches if shown.is_open_now(b, scene.catalogue, now=scene.now))
    return own or next(open_ones, None) or next(iter(scene.catalogue.branches), None)
