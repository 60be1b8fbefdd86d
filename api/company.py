"""The company's settings: what every screen needs of them, and the whole page for administrators."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.catalogue_wishes import Values, note, with_version
from api.errors import DOCUMENTED
from api.panel_api import Db
from api.signed_in import Administrator, SignedIn
from openbot import company
from openbot.company import AtZero, FieldKind


class OrderField(BaseModel):
    """A field of the company's own in every order."""

    key: str
    title: str
    kind: FieldKind


class Company(BaseModel):
    """What every screen needs."""

    company_name: str
    time_zone: str
    order_fields: list[OrderField]


class Prices(BaseModel):
    """What WhatsApp charges for a delivered message of each category; exact, as texts."""

    currency: str
    service: str
    utility: str
    marketing: str
    authentication: str
    free_service: int


class StateMessage(BaseModel):
    """What a customer is told when an order comes to a state."""

    text: str
    template_id: int | None = None  #: said instead when the window is closed


class Settings(Company):
    """All of it."""

    order_expiry_hours: float | None  #: null: the installation's `default_expiry_hours`
    default_expiry_hours: float
    overtime_minutes: int
    plan_allowance: int | None
    plan_at_zero: AtZero
    prices: Prices
    text_outside_hours: str
    away_notice: bool
    answer_alert_minutes: int
    state_messages: dict[str, StateMessage]  #: by the state's word
    courtesies: list[str]
    version: int


class Saved(BaseModel):
    """The settings were saved."""

    version: int
    changed: dict[str, list[Any]]  #: {field: [before, now]}


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/company", tags=["company"], responses=DOCUMENTED)
    routes.get("", summary="Name, time zone and the company's own fields of orders")(company_of_all)
    routes.get("/settings", summary="All settings of the company")(settings)
    routes.patch("/settings", summary="Change settings; the body carries their version")(save)
    return routes


def company_of_all(*, _person: SignedIn, api: Db) -> Company:
    """Return what every screen needs."""
    with api.database.reading() as session:
        return Company.model_validate(company.as_json(company.read(session)))


def settings(*, _person: Administrator, api: Db) -> Settings:
    """Return the page of settings."""
    with api.database.reading() as session:
        page = company.as_json(company.read(session))
    return Settings.model_validate({**page, "default_expiry_hours": api.settings.order_expiry_hours})


def save(*, values: Values, person: Administrator, api: Db) -> Saved:
    """Change some settings. 409 when somebody else saved them since `version` was read."""
    version, wishes = with_version(values)
    with api.database.transaction() as session:
        changed = company.save(session, values=wishes, version=version, by=person.id, now=api.now)
        if changed:
            note(session, "settings_changed", "settings", person=person, api=api, changed=changed)
        return Saved(version=company.read(session).version, changed=changed)
