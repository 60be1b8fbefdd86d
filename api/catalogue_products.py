"""Products: the list everybody sees, edits by administrators, and «agotado hoy» by anybody."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.catalogue_wishes import After, EntryId, Limit, Saved, Typed, Values, note, with_version
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator, Person, SignedIn
from openbot import company
from openbot.catalogue import listing, queries
from openbot.catalogue.editing import products
from openbot.catalogue.editing.rows import EntryNotFound
from openbot.catalogue.listing import ProductLine, ProductLists, ProductStatus
from openbot.catalogue.paging import Page, containing, page
from openbot.catalogue.telling_apart import mistakable
from openbot.catalogue.words import fold


class Sort(StrEnum):
    """Orders of the list."""

    SHELF = "shelf"
    SHELF_DOWN = "-shelf"
    CODE = "code"
    CODE_DOWN = "-code"
    NAME = "name"
    NAME_DOWN = "-name"
    PRICE = "price"
    PRICE_DOWN = "-price"


class Rival(BaseModel):
    """A product that another one is taken for."""

    id: int
    code: str
    name: str


class Written(Saved):
    """A product was saved; `changed` is empty for a new one."""

    #: Whom the assistant takes it for by its name; null: nobody. Empty: it does not find it.
    taken_for: list[Rival] | None


class StockNow(BaseModel):
    """«Agotado hoy» after the call."""

    id: int
    back_on: date | None


_KEYS: dict[str, Callable[[ProductLine], list[Any]]] = {
    "code": lambda line: [fold(line.code), line.id],
    "name": lambda line: [fold(line.name), line.id],
    "price": lambda line: [int(line.price * 100), line.id],
}


def add_routes(routes: APIRouter, lists: ProductLists) -> None:
    """Add the routes of products; `lists` keeps what is listed between the calls."""

    def listed(
        *,
        _person: SignedIn,
        api: Db,
        q: Typed = "",
        code: Typed = "",
        name: Typed = "",
        category: Annotated[list[int] | None, Query()] = None,
        status: Annotated[list[ProductStatus] | None, Query()] = None,
        sort: Sort = Sort.SHELF,
        limit: Limit = 50,
        after: After = "",
    ) -> Page[ProductLine]:
        """Return a page. `q` is looked for in name, code, description, category and other names."""
        with api.database.reading() as session:
            lines, texts = lists.current(session, now=api.now)
            shelves = {line.id: line.position for line in listing.categories(session)}
        found = containing(texts, q) if q.strip() else None
        wanted = [
            line
            for place, line in enumerate(lines)
            if (found is None or line.id in found)
            and fold(code) in fold(line.code)
            and fold(name) in fold(line.name)
            and (not category or line.category_id in category)
            and (line.status in status if status else line.active)
        ]
        places = {line.id: place for place, line in enumerate(lines)}
        key = _KEYS.get(
            sort.removeprefix("-"), lambda line: [shelves.get(line.category_id, 0), places[line.id]]
        )
        return page(wanted, key=key, descending=sort.startswith("-"), limit=limit, after=after)

    routes.get("/products", summary="Products, filtered, searched and sorted")(listed)
    routes.post("/products", status_code=201, summary="Add a product")(create)
    routes.get("/products/{product_id}", summary="One product")(one)
    routes.patch("/products/{product_id}", summary="Change a product; the body carries its version")(edit)
    routes.post("/products/{product_id}/sold-out", summary="«Agotado hoy»: back tomorrow by itself")(sell_out)
    routes.delete("/products/{product_id}/sold-out", summary="In stock again")(restock)


def create(*, values: Values, person: Administrator, api: Db) -> Written:
    """Add a product: name, category_id, unit, price; code, size, aliases, available."""
    with api.database.transaction() as session:
        product_id = products.create(session, values=values, by=person.id, now=api.now)
        note(session, "product_created", f"product {product_id}", person=person, api=api)
    return Written(id=product_id, changed={}, taken_for=_rivals(api, product_id))


def one(*, product_id: EntryId, _person: SignedIn, api: Db) -> ProductLine:
    """Return a product, whatever its status."""
    with api.database.reading() as session:
        zone = company.read(session).zone
        lines = listing.products(session, today=api.now.astimezone(zone).date(), only=product_id)
    if not lines:
        raise EntryNotFound("product")
    return lines[0]


def edit(*, product_id: EntryId, values: Values, person: Administrator, api: Db) -> Written:
    """Change some fields. 409 when somebody else saved it since `version` was read."""
    version, wishes = with_version(values)
    with api.database.transaction() as session:
        changed = products.edit(
            session, product_id=product_id, version=version, values=wishes, by=person.id, now=api.now
        )
        if changed:
            subject = f"product {product_id}"
            note(session, "product_changed", subject, person=person, api=api, changed=changed)
    rivals = _rivals(api, product_id) if {"name", "size", "active"} & changed.keys() else None
    return Written(id=product_id, changed=changed, taken_for=rivals)


def sell_out(*, product_id: EntryId, person: SignedIn, api: Db) -> StockNow:
    """Take a product off the list for the rest of the company's day."""
    return _stock(product_id, is_out=True, person=person, api=api)


def restock(*, product_id: EntryId, person: SignedIn, api: Db) -> StockNow:
    """Put it back at once."""
    return _stock(product_id, is_out=False, person=person, api=api)


def _stock(product_id: int, *, is_out: bool, person: Person, api: PanelApi) -> StockNow:
    with api.database.transaction() as session:
        zone = company.read(session).zone
        is_news = products.sell_out(session, product_id=product_id, is_out=is_out, zone=zone, now=api.now)
        if is_news:
            action = "product_sold_out" if is_out else "product_restocked"
            note(session, action, f"product {product_id}", person=person, api=api)
        today = api.now.astimezone(zone).date()
        back_on = listing.products(session, today=today, only=product_id)[0].back_on
    return StockNow(id=product_id, back_on=back_on)


def _rivals(api: PanelApi, product_id: int) -> list[Rival] | None:
    with api.database.reading() as session:
        catalogue = queries.load(session, now=api.now)
    found = mistakable(catalogue, ids={product_id}).get(product_id)
    if found is None:
        return None
    return [Rival(id=each.id, code=each.code, name=each.name) for each in found]
