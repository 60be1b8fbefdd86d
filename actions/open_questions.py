"""Questions that come before the next step of the form: which product, how many, really cancel.

Each is remembered as {"kind": …, …} (memory.Question) until it is answered.
"""

from actions import shown, titles
from actions.draft import Draft
from actions.lists import button, category_rows, has_more, listed, page_of, product_row, row
from actions.memory import Question
from actions.order_goods import held_of, quantity_said
from actions.scene import Scene
from openbot.catalogue.goods import Product, format_money
from openbot.vocabulary import State


def ask_open_question(scene: Scene) -> None:
    """Ask the first of the open questions."""
    question = scene.memory.question
    if question is not None:
        _ASK[question["kind"]](scene, question)


def products_listed(scene: Scene) -> list[int]:
    """Return the products that the customer has before the eyes: a page of a shelf, or what we priced last."""
    question = scene.memory.question or {}
    if question.get("kind") == "which":
        options: list[int] = question["options"]
        return options
    if question.get("kind") != "products":
        return scene.memory.shown
    shelf = [each.id for each in scene.catalogue.products_in(question["category"])]
    return page_of(shelf, page=question.get("page", 0))


def _quantity(scene: Scene, question: Question) -> None:
    product = scene.catalogue.product(question["product"])
    if product is None:
        return
    amounts = titles.AMOUNTS.get(product.unit.value, titles.FEW)
    scene.say(
        "utter_ask_quantity_measured" if product.unit in shown.MEASURED else "utter_ask_quantity",
        product=product.name,
        price=format_money(product.price),
        buttons=[
            button(title, "choose", product=str(product.id), quantity=amount, **_before(scene, question))
            for title, amount in amounts
        ],
    )


def _before(scene: Scene, question: Question) -> dict[str, str]:
    """What the cart holds already: a second tap on the same button then adds nothing."""
    if question.get("sets") or scene.order is None:
        return {}
    held = next((item for item in scene.order.items if item.product_id == question["product"]), None)
    return {"before": str(held.quantity.normalize())} if held else {}


#: By what is offered: what was meant, or what is like it.
_ASKED_WHICH = {
    "": "utter_ask_which",
    "unknown": "utter_ask_nearest",
    "sold_out": "utter_ask_instead",
}


def _which(scene: Scene, question: Question) -> None:
    products = [found for found in map(scene.catalogue.product, question["options"]) if found]
    rows = [
        product_row(each, option=str(each.id), **_amount_said(scene, question, each)) for each in products[:9]
    ]
    scene.say(
        _ASKED_WHICH[question.get("nearest", "")] if question["said"] else "utter_ask_which_shown",
        said=question["said"],
        custom=listed(titles.SEE_OPTIONS, (titles.SEE_OPTIONS, [*rows, _none_of_these()])),
    )


def _amount_said(scene: Scene, question: Question, product: Product) -> dict[str, str]:
    quantity = quantity_said(question, product)
    if quantity is None:
        return {}
    held = held_of(scene, product.id) if question.get("change") != "set" else 0
    return {"quantity": str(quantity), **({"before": str(held)} if held else {})}


def _none_of_these() -> dict[str, str]:
    return row(titles.NONE_OF_THESE, "choose", option="none")


def _products(scene: Scene, question: Question) -> None:
    category = scene.catalogue.category(question["category"])
    products: tuple[Product, ...] = scene.catalogue.products_in(question["category"])
    page = question.get("page", 0)
    more = row(titles.MORE, "choose", category=str(question["category"]), page=str(page + 1))
    rows = page_of([product_row(each) for each in products], page=page)
    rows += [more] if has_more(len(products), page=page) else []
    name = category.name if category else titles.PRODUCTS
    scene.say("utter_ask_product", category=name, custom=listed(titles.SEE_PRODUCTS, (name, rows)))


def _shelves(scene: Scene, _question: Question) -> None:
    rows = category_rows(scene.catalogue)[:10]
    scene.say("utter_ask_shelf", custom=listed(titles.SEE_PRODUCTS, (titles.PRODUCTS, rows)))


def _cancel(scene: Scene, question: Question) -> None:
    scene.say(
        "utter_ask_cancel",
        number=question["order"],
        buttons=[
            button(titles.YES_CANCEL, "confirm_cancel", order=question["order"]),
            button(titles.NO_KEEP, "keep_order"),
        ],
    )


def _restart(scene: Scene, question: Question) -> None:
    scene.say(
        "utter_ask_restart",
        number=question["order"],
        buttons=[
            button(titles.YES_EMPTY, "confirm_restart", order=question["order"]),
            button(titles.NO_KEEP, "keep_order"),
        ],
    )


def _open_order(scene: Scene, _question: Question) -> None:
    order = scene.order
    if order is None:
        return
    is_confirmed = order.state is State.COMPLETE
    scene.say(
        "utter_ask_confirmed_order" if is_confirmed else "utter_ask_open_order",
        number=order.id,
        items=shown.lines(order.items),
        total=format_money(order.total),
        estimated=shown.estimated(order.items),
        buttons=[
            button(titles.LEAVE_IT, "keep_order")
            if is_confirmed
            else button(f"{titles.CONTINUE} con el {order.id}", "choose", open="continue"),
            button(titles.CHANGE_IT, "edit_order"),
            button(titles.CANCEL_IT, "cancel_order"),
        ],
    )


def _edit(scene: Scene, _question: Question) -> None:
    order = scene.order
    left_out = set()
    if order is not None:
        left_out = {"branch"} if order.delivery == "ENVÍO" else {"address"}
    rows = [row(title, "choose", edit=step) for step, title in titles.EDITS.items() if step not in left_out]
    scene.say("utter_ask_edit", custom=listed(titles.SEE_OPTIONS, (titles.CHANGE_SOMETHING, rows)))


def _change(scene: Scene, question: Question) -> None:
    order = scene.order
    if order is None:
        return
    draft = Draft.stored(question)
    scene.say(
        "utter_ask_change",
        number=order.id,
        changes=draft.described(order, scene.catalogue),
        total=format_money(draft.total(order, scene.catalogue)),
        estimated=shown.estimated(draft.after(order, scene.catalogue)),
        buttons=[
            button(titles.YES_CHANGE, "confirm_change", order=order.id, version=order.version),
            button(titles.LEAVE_IT, "keep_order"),
        ],
    )


def _outside(scene: Scene, question: Question) -> None:
    scene.say(
        "utter_ask_outside" if question.get("place") else "utter_ask_outside_unnamed",
        place=question.get("place", ""),
        buttons=[
            button(titles.TO_PICKUP, "choose", delivery="pickup"),
            button(titles.OTHER_ADDRESS, "choose", address="other"),
            button(titles.TO_PERSON, "human"),
        ],
    )


def _remove_which(scene: Scene, question: Question) -> None:
    order = scene.order
    lines = order.items if order else ()
    options = question.get("options")
    lines = tuple(item for item in lines if not options or item.product_id in options)
    rows = [
        row(
            item.name,
            "choose",
            description=shown.quantity_of(item.name, item.unit, item.quantity),
            item=str(item.product_id),
        )
        for item in lines[:10]
    ]
    scene.say(
        "utter_ask_which_item",
        said=question.get("said", ""),
        custom=listed(titles.SEE_OPTIONS, (titles.SEE_CART, rows)),
    )


_ASK = {
    "quantity": _quantity,
    "which": _which,
    "products": _products,
    "shelves": _shelves,
    "cancel": _cancel,
    "restart": _restart,
    "open_order": _open_order,
    "edit": _edit,
    "change": _change,
    "outside": _outside,
    "which_item": _remove_which,
}
