"""The main menu, a list of what the bot can do."""

from actions import titles
from actions.lists import listed, row
from actions.scene import Scene
from openbot.vocabulary import State


def say_greeting(scene: Scene) -> None:
    """Greet, by name where we know it, with the main menu."""
    say_menu(scene, "utter_greet_by_name" if scene.person.first_name else "utter_greet")


def say_menu(scene: Scene, response: str) -> None:
    """Say a sentence with the main menu."""
    order = scene.order
    rows = [row(title, intent, description=text) for intent, (title, text) in titles.MENU.items()]
    goes_on = order is not None and order.state is State.INCOMPLETE and bool(order.items)
    if goes_on and order is not None:
        rows.insert(0, row(f"{titles.CONTINUE} con el pedido {order.id}", "choose", open="continue"))
    scene.say(
        response,
        company=scene.catalogue.company.name,
        name=scene.person.first_name,
        custom=listed(titles.SEE_MENU, (titles.SEE_MENU, rows)),
    )
