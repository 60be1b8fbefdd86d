"""WhatsApp lists and buttons (contract §5.3): titles within the limits, pages of at most ten rows."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from openbot.catalogue.goods import Branch, Catalogue, Category, Product, format_money
from openbot.orders.queries import FullOrder

ROWS = 10
TITLE = 24
DESCRIPTION = 72
BUTTON = 20
BUTTONS = 3
Row = dict[str, str]
Thing = TypeVar("Thing")


def payload(intent: str, **entities: Any) -> str:
    """The id of a tap: `/choose{"product": "12"}`."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def button(title: str, intent: str, **entities: Any) -> dict[str, str]:
    """A reply button."""
    return {"title": short(title, BUTTON), "payload": payload(intent, **entities)}


def row(title: str, intent: str, *, description: str = "", **entities: Any) -> Row:
    """One row of a list."""
    return {
        "id": payload(intent, **entities),
        "title": short(title, TITLE),
        "description": short(description, DESCRIPTION),
    }


def listed(title: str, *sections: tuple[str, Sequence[Row]]) -> dict[str, Any]:
    """The `custom` of a reply that carries a list; empty sections are left out."""
    return {
        "list": {
            "button": short(title, BUTTON),
            "sections": [
                {"title": short(name, TITLE), "rows": list(rows)} for name, rows in sections if rows
            ],
        }
    }


def short(text: str, limit: int) -> str:
    """Cut at a word, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[limit // 2 :] else cut}…"


def page_of(things: Sequence[Thing], *, page: int) -> list[Thing]:
    """What is on one page of a list; where there are several, a row is left for «Ver más». Past the end: the first."""
    if len(things) <= ROWS:
        return list(things)
    start = _start(len(things), page=page)
    return list(things[start : start + ROWS - 1])


def has_more(count: int, *, page: int) -> bool:
    """Say whether others follow after this page."""
    return count > ROWS and _start(count, page=page) + ROWS - 1 < count


def _start(count: int, *, page: int) -> int:
    start = page * (ROWS - 1)
    return start if 0 <= start < count else 0


def product_row(product: Product, *, intent: str = "choose", **entities: Any) -> Row:
    """A product with its price."""
    described = (
        f"{format_money(product.price)} · {product.size}" if product.size else format_money(product.price)
    )
    return row(product.name, intent, description=described, **(entities or {"product": str(product.id)}))


def category_rows(catalogue: Catalogue) -> list[Row]:
    """The shelves that have something on them."""
    shelves: list[tuple[Category, tuple[Product, ...]]] = [
        (category, catalogue.products_in(category.id)) for category in catalogue.categories
    ]
    return [
        row(
            category.name,
            "choose",
            description=", ".join(each.name for each in products[:3]),
            category=str(category.id),
        )
        for category, products in shelves
        if products
    ]


def branch_row(branch: Branch, *, description: str) -> Row:
    """A branch to pick up at."""
    return row(branch.name, "choose", description=description, branch=str(branch.id))


def repeat_row(order: FullOrder, title: str) -> Row:
    """The customer's last order, to order it again."""
    named = ", ".join(item.name for item in order.items)
    return row(title, "repeat_last", description=named)
