"""Somebody writes again soon after an order was closed: is it about that one?"""

from rasa_sdk.events import EventType

from actions import titles
from actions.handing_over import LEAVE_FORM, hand_over
from actions.last_answer import closed_order_asked_about
from actions.lists import button
from actions.message import says_yes
from actions.recovery import may_recover, take_back
from actions.scene import Scene
from openbot.orders import queries
from openbot.vocabulary import OPEN_STATES


def ask_about(scene: Scene, *, number: int) -> None:
    """«¿Es por tu pedido 123?»; one cancelled just now may be taken back."""
    closed = queries.full_order(scene.session, order_id=number)
    recovers = closed is not None and may_recover(scene, closed)
    yes = (
        button(titles.RECOVER, "recover_order", order=number)
        if recovers
        else button(titles.YES, "about_closed", order=str(number))
    )
    scene.say(
        "utter_ask_recover" if recovers else "utter_ask_about_closed",
        number=number,
        buttons=[yes, button(titles.NEW_ORDER, "new_order")],
    )


def closed_order_meant(scene: Scene) -> int | None:
    """Return the closed order we asked about last, when the text ends in a yes to that."""
    is_new = scene.message.is_text and not scene.is_resumed
    if not is_new or not says_yes(scene.message.text.rpartition("\n")[2]):
        return None
    return closed_order_asked_about(scene.events)


def settle(scene: Scene, *, number: int) -> list[EventType] | None:
    """Give the customer to a person, about that order; None: it was taken back instead, and the form goes on."""
    closed = queries.full_order(scene.session, order_id=number)
    if closed is not None and may_recover(scene, closed):
        take_back(scene, closed)
    elif scene.order is None or scene.order.id != number:
        return hand_over_about(scene, number=number)
    scene.is_resumed = True
    return None


def hand_over_about(scene: Scene, *, number: int) -> list[EventType]:
    """The new order is a question about a closed one, for a person."""
    closed = queries.full_order(scene.session, order_id=number)
    if closed is not None and closed.contact_id == scene.person.id and closed.state not in OPEN_STATES:
        scene.change(fields={"about_order_id": number})
    hand_over(scene, reason=f"consulta por el pedido {number}")
    return LEAVE_FORM
