"""Taking back a cancelled order, as it was."""

from datetime import timedelta

from actions.order_steps import has_content
from actions.scene import Scene
from openbot.actor import CUSTOMER
from openbot.orders import operations, queries
from openbot.orders.queries import FullOrder
from openbot.vocabulary import State

RECOVERY_TIME = timedelta(minutes=30)


def may_recover(scene: Scene, closed: FullOrder) -> bool:
    """Say whether it is the customer's own cancellation of half an hour at most, and nothing else was begun."""
    in_time = closed.closed_at is not None and scene.now - closed.closed_at <= RECOVERY_TIME
    is_own = closed.contact_id == scene.person.id and closed.state is State.CANCELLED
    is_free = scene.order is None or (scene.order.state is State.INCOMPLETE and not has_content(scene.order))
    if not (in_time and is_own and is_free):
        return False
    return queries.closed_by(scene.session, order_id=closed.id) == CUSTOMER.kind


def take_back(scene: Scene, closed: FullOrder) -> None:
    """Open it again; the empty one that was begun meanwhile goes."""
    if scene.order is not None:
        scene.move(State.CANCELLED, reason=f"se recuperó el pedido {closed.id}")
    operations.move(
        scene.session,
        order_id=closed.id,
        to=State.INCOMPLETE,
        actor=CUSTOMER,
        now=scene.now,
        inbound_id=scene.inbound_id,
        expires_after=scene.expires_after,
    )
    scene.reload()
    for step in ("items", "comment", "cash_with"):
        scene.memory.finish(step)
    scene.say("utter_order_recovered", number=closed.id)
