"""Free text of the customer, taken into the order."""

from actions.order_close import ACTS
from actions.order_intents import INTENTS
from actions.scene import Scene


def hear(scene: Scene) -> bool:
    """Take a text; False when it is not about the order."""
    handler = INTENTS.get(scene.message.intent) or ACTS.get(scene.message.intent)
    return handler(scene) if handler else False
