"""Options that are no matter of the form, chosen by their number or their title: answered as a tap on them is."""

from collections.abc import Callable

from actions.handover import HandOver
from actions.prices import ShowProducts
from actions.scene import Scene
from actions.shop_info import OrderStatus, ShowBranches, ShowCart, ShowMenu
from actions.turn_action import TurnAction


def _answered(action: TurnAction, *, leaves: bool = False) -> Callable[[Scene], bool]:
    def answer(scene: Scene) -> bool:
        action.body(scene)
        scene.leaves = leaves or not scene.in_form
        return True

    return answer


DIGRESSIONS: dict[str, Callable[[Scene], bool]] = {
    "human": _answered(HandOver(), leaves=True),
    "menu": _answered(ShowMenu(), leaves=True),
    "order_status": _answered(OrderStatus()),
    "show_cart": _answered(ShowCart()),
    "ask_branches": _answered(ShowBranches()),
    "ask_products": _answered(ShowProducts()),
}
