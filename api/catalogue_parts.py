"""Categories, branches, zones and payment methods: everybody sees them, administrators add and change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.catalogue_wishes import (
    MOST_ID,
    After,
    Created,
    EntryId,
    Limit,
    Saved,
    Values,
    note,
    the_one,
    with_version,
)
from api.panel_api import Db
from api.signed_in import Administrator, SignedIn
from openbot.catalogue import listing
from openbot.catalogue.editing import branches, categories, payment_methods, zones
from openbot.catalogue.editing.rows import Changes
from openbot.catalogue.listing import BranchLine, CategoryLine, PaymentLine, ZoneLine
from openbot.catalogue.paging import Page, page
from openbot.database import Session

Lines = Callable[[Session], Sequence[Any]]  #: all entries of a part, active or not, in order
_SWITCH_OFF = "Change some fields; `active` false takes it out of the catalogue."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What «one», «add» and «change» of a part of the catalogue differ in."""

    path: str  #: «/payment-methods»
    kind: str  #: «payment_method»: in codes of errors and in the log
    word: str  #: «method»: in names of routes; the id in the path is `method_id`
    line: type[Any]  #: an entry as it is listed
    lines: Lines
    create: Callable[..., int]
    edit: Callable[..., Changes]
    titles: tuple[str, str, str]  #: of «one», «add» and «change»
    fields: str  #: of a new one
    changing: str = _SWITCH_OFF

    def add_to(self, routes: APIRouter) -> None:
        """Add the three routes."""
        one, add, change = self.titles
        noun = self.kind.replace("_", " ")
        is_switched = ", active or not" if self.changing == _SWITCH_OFF else ""
        path_of_one = f"{self.path}/{{{self.word}_id}}"
        routes.post(
            self.path, status_code=201, name=f"create_{self.word}", summary=add,
            description=f"Add a {noun}: {self.fields}.",
        )(_create(self))  # fmt: skip
        routes.get(
            path_of_one, name=f"one_{self.word}", summary=one, response_model=self.line,
            description=f"Return a {noun}{is_switched}.",
        )(_one(self))  # fmt: skip
        routes.patch(
            path_of_one, name=f"edit_{self.word}", summary=f"{change}; the body carries its version",
            description=self.changing,
        )(_edit(self))  # fmt: skip


CATEGORIES = Part(
    path="/categories", kind="category", word="category", line=CategoryLine, lines=listing.categories,
    create=categories.create, edit=categories.edit,
    titles=("One category", "Add a category", "Change a category"),
    fields="name; position", changing="Change the name or the place in the list.",
)  # fmt: skip
BRANCHES = Part(
    path="/branches", kind="branch", word="branch", line=BranchLine, lines=listing.branches,
    create=branches.create, edit=branches.edit,
    titles=("One branch", "Add a branch", "Change a branch"),
    fields="name, address, place, latitude, longitude; phone, aliases, hours, position",
)  # fmt: skip
ZONES = Part(
    path="/zones", kind="zone", word="zone", line=ZoneLine, lines=listing.zones,
    create=zones.create, edit=zones.edit,
    titles=("One delivery zone", "Add a zone to a branch", "Change a zone"),
    fields="branch_id, name, places (barrios and localidades), fee, minimum",
)  # fmt: skip
METHODS = Part(
    path="/payment-methods", kind="payment_method", word="method", line=PaymentLine,
    lines=listing.payment_methods, create=payment_methods.create, edit=payment_methods.edit,
    titles=("One payment method", "Add a payment method", "Change one"),
    fields="name; text, is_cash, aliases, position",
)  # fmt: skip


def add_routes(routes: APIRouter) -> None:
    """Add the routes."""
    routes.get("/branches", summary="Branches, in the order in which customers see them")(branch_list)
    BRANCHES.add_to(routes)
    routes.get("/zones", summary="Delivery zones of all branches")(zone_list)
    ZONES.add_to(routes)
    routes.get("/categories", summary="Categories, in the order in which customers see them")(category_list)
    CATEGORIES.add_to(routes)
    routes.delete("/categories/{category_id}", status_code=204, summary="Delete one without products")(
        delete_category
    )
    routes.get("/payment-methods", summary="Payment methods, in order")(method_list)
    METHODS.add_to(routes)


def branch_list(
    *, _person: SignedIn, api: Db, active: bool | None = None, limit: Limit = 100, after: After = ""
) -> Page[BranchLine]:
    """Return a page."""
    return _page(api, BRANCHES, limit=limit, after=after, active=active)


def zone_list(
    *,
    _person: SignedIn,
    api: Db,
    branch: int | None = None,
    active: bool | None = None,
    limit: Limit = 100,
    after: After = "",
) -> Page[ZoneLine]:
    """Return a page."""
    return _page(api, ZONES, limit=limit, after=after, active=active, branch_id=branch)


def category_list(*, _person: SignedIn, api: Db, limit: Limit = 100, after: After = "") -> Page[CategoryLine]:
    """Return a page."""
    return _page(api, CATEGORIES, limit=limit, after=after)


def method_list(
    *, _person: SignedIn, api: Db, active: bool | None = None, limit: Limit = 100, after: After = ""
) -> Page[PaymentLine]:
    """Return a page."""
    return _page(api, METHODS, limit=limit, after=after, active=active)


def delete_category(*, category_id: EntryId, person: Administrator, api: Db) -> None:
    """Delete a category that never had a product; else 409."""
    with api.database.transaction() as session:
        name = categories.remove(session, category_id=category_id)
        note(session, "category_deleted", f"category {category_id}", person=person, api=api, name=name)


def _page(api: Db, part: Part, *, limit: int, after: str, **wanted: Any) -> Page[Any]:
    """Cut a page out of a part; a filter that is None keeps everything."""
    with api.database.reading() as session:
        lines = part.lines(session)
    places = {line.id: place for place, line in enumerate(lines)}
    kept = [
        line
        for line in lines
        if all(value is None or getattr(line, name) == value for name, value in wanted.items())
    ]
    return page(kept, key=lambda line: [places[line.id]], descending=False, limit=limit, after=after)


def _create(part: Part) -> Callable[..., Created]:
    def create(*, values: Values, person: Administrator, api: Db) -> Created:
        with api.database.transaction() as session:
            entry_id = part.create(session, values=values, by=person.id, now=api.now)
            note(session, f"{part.kind}_created", f"{part.kind} {entry_id}", person=person, api=api)
        return Created(id=entry_id)

    return create


def _one(part: Part) -> Callable[..., Any]:
    def one(*, entry_id: Annotated[int, _id_of(part)], _person: SignedIn, api: Db) -> Any:
        with api.database.reading() as session:
            return the_one(part.lines(session), entry_id, kind=part.kind)

    return one


def _edit(part: Part) -> Callable[..., Saved]:
    def edit(
        *, entry_id: Annotated[int, _id_of(part)], values: Values, person: Administrator, api: Db
    ) -> Saved:
        version, wishes = with_version(values)
        with api.database.transaction() as session:
            changed = part.edit(
                session, entry_id=entry_id, version=version, values=wishes, by=person.id, now=api.now
            )
            if changed:
                subject = f"{part.kind} {entry_id}"
                note(session, f"{part.kind}_changed", subject, person=person, api=api, changed=changed)
        return Saved(id=entry_id, changed=changed)

    return edit


def _id_of(part: Part) -> Any:
    return Path(alias=f"{part.word}_id", ge=1, le=MOST_ID)
