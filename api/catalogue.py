"""The catalogue: what forms and filters choose from, and the routes of each of its parts."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel

from api import catalogue_holidays, catalogue_import, catalogue_parts, catalogue_products
from api.errors import DOCUMENTED
from api.panel_api import Db
from api.signed_in import SignedIn
from openbot import company
from openbot.catalogue import listing, room
from openbot.catalogue.goods import Unit
from openbot.catalogue.room import LeftOut


class Choice(BaseModel):
    """Something to choose, by id; what is switched off stays for the filters of old orders."""

    id: int
    name: str
    active: bool = True


class ZoneChoice(Choice):
    """A zone and the branch it belongs to."""

    branch_id: int


_Kind = TypeVar("_Kind", bound=Choice)


class Choices(BaseModel):
    """What filters and forms of all screens offer."""

    company: str
    time_zone: str
    today: date
    branches: list[Choice]
    zones: list[ZoneChoice]
    categories: list[Choice]
    payment_methods: list[Choice]
    units: list[str]
    left_out: LeftOut  #: what the lists of WhatsApp do not show


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/catalogue", tags=["catalogue"], responses=DOCUMENTED)
    routes.get("", summary="What filters and forms choose from")(choices)
    lists = listing.ProductLists()
    catalogue_import.add_routes(routes)
    catalogue_products.add_routes(routes, lists)
    catalogue_parts.add_routes(routes)
    catalogue_holidays.add_routes(routes)
    return routes


def choices(*, _person: SignedIn, api: Db) -> Choices:
    """Return branches, zones, categories, payment methods and units."""
    with api.database.reading() as session:
        page = company.read(session)
        today = api.now.astimezone(page.zone).date()
        return Choices(
            company=page.company_name,
            time_zone=page.time_zone,
            today=today,
            branches=_choices(Choice, listing.branches(session)),
            zones=_choices(ZoneChoice, listing.zones(session)),
            categories=_choices(Choice, listing.categories(session)),
            payment_methods=_choices(Choice, listing.payment_methods(session)),
            units=[unit.value for unit in Unit],
            left_out=room.left_out(session, today=today),
        )


def _choices(kind: type[_Kind], lines: Sequence[Any]) -> list[_Kind]:
    return [kind.model_validate(asdict(line)) for line in lines]
