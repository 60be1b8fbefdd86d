"""What an administrator sets for the whole company: one typed page with its defaults (table company_settings).

The same table holds the catalogue's version, which every edit of goods or of this page raises: whoever keeps a copy
of either (the action server, the lists of the panel) compares the number and reads again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select

from openbot import prices as price_table
from openbot import state_messages as messages_of_states
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.fields import ChangedMeanwhile, FieldsWrong, Form, squeezed
from openbot.prices import Prices
from openbot.schema import CompanySetting, Operator
from openbot.state_messages import StateMessage

#: Keys of company_settings that other files name.
COMPANY_NAME = "company_name"
TIME_ZONE = "time_zone"
COURTESIES = "courtesies"
CATALOGUE_VERSION = "catalogue_version"
_SAVED = "settings_saved"

AtZero = Literal["continue", "stop"]
FieldKind = Literal["text", "number", "day", "check"]

MOST_FIELDS = 12
MOST_COURTESIES = 200
_LONGEST_TITLE = 40
_LONGEST_KEY = 30
_HOURS = (1, 24 * 60)  #: of expiry
_OVERTIME = (0, 12 * 60)
_ALLOWANCE = (0, 10**9)
_ALERT = (1, 12 * 60)


class NoCompany(OpenbotError):
    """The database has no company yet: run `openbot seed`."""

    code = "no_company"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderField:
    """A field of the company's own in every order; its values are in `Order.custom` by key."""

    key: str
    title: str  #: as operators read it
    kind: FieldKind = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyPage:
    """All settings of the company."""

    company_name: str
    time_zone: str  #: IANA name
    order_expiry_hours: float | None = None  #: None: the installation's OPENBOT_ORDER_EXPIRY_HOURS
    overtime_minutes: int = 60  #: how long an operator goes on with orders already theirs after the shift
    plan_allowance: int | None = None  #: messages of a calendar month; None: no limit
    plan_at_zero: AtZero = "continue"  #: «stop»: then nothing new is begun (`conversations.used_up`)
    prices: Prices = field(default_factory=Prices)  #: of WhatsApp's own, per delivered message
    text_outside_hours: str = ""  #: said besides when a person is asked for while the branch is closed
    away_notice: bool = True  #: outside attention hours a waiting customer is told when somebody will answer
    answer_alert_minutes: int = (
        10  #: of attention hours, until a customer counts as forgotten by the operator
    )
    state_messages: Mapping[str, StateMessage] = field(
        default_factory=dict
    )  #: what customers are told, by state
    order_fields: tuple[OrderField, ...] = ()
    courtesies: tuple[str, ...] = ()  #: what opens no new order soon after a close (product §2)
    version: int = 0  #: of this page

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.time_zone)

    def expiry(self, *, default_hours: float) -> timedelta:
        """How long an order stays open."""
        return timedelta(hours=self.order_expiry_hours or default_hours)


# Built once: building a statement costs more than running it.
_EXPIRY = select(CompanySetting.value).where(CompanySetting.key == "order_expiry_hours")
_ZONE = select(CompanySetting.value).where(CompanySetting.key == TIME_ZONE)
#: Everything `save` takes.
EDITABLE = tuple(each.name for each in fields(CompanyPage) if each.name != "version")


def read(session: Session) -> CompanyPage:
    """Return the page as it is now. Raises NoCompany."""
    found = {row.key: row.value for row in session.scalars(select(CompanySetting))}
    if COMPANY_NAME not in found:
        raise NoCompany
    page = {name: found[name] for name in EDITABLE if name in found}
    page["order_fields"] = tuple(OrderField(**each) for each in page.get("order_fields") or ())
    page["courtesies"] = tuple(page.get("courtesies") or ())
    page["prices"] = Prices.of_json(page.get("prices"))
    page["state_messages"] = messages_of_states.of_json(page.get("state_messages"))
    return CompanyPage(**page, version=int((found.get(_SAVED) or {}).get("version", 0)))


def expiry(session: Session, *, default_hours: float) -> timedelta:
    """How long an order stays open: the company's hours, else the installation's. One small query."""
    return timedelta(hours=session.connection().scalar(_EXPIRY) or default_hours)


def zone_of(session: Session, *, default: str) -> ZoneInfo:
    """Return the company's time zone, or that of the installation while there is no company. One small query."""
    return ZoneInfo(session.connection().scalar(_ZONE) or default)


def save(
    session: Session, *, values: Mapping[str, Any], version: int, by: int | None, now: datetime
) -> dict[str, list[Any]]:
    """Save some fields of the page; return what changed: {name: [before, now]}.

    Raises FieldsWrong, ChangedMeanwhile, NoCompany.
    """
    raise_catalogue_version(session)
    page = read(session)
    wished = _checked(values)
    differing = {name: value for name, value in wished.items() if value != as_json(page)[name]}
    if page.version != version:
        there = as_json(page)
        raise _changed_meanwhile(
            session, page, {name: [value, there[name]] for name, value in differing.items()}
        )
    if differing:
        before = as_json(page)
        for name, value in differing.items():
            session.merge(CompanySetting(key=name, value=value))
        saved = {"version": version + 1, "by": by, "at": now.isoformat()}
        session.merge(CompanySetting(key=_SAVED, value=saved))
        session.flush()
        return {name: [before[name], value] for name, value in differing.items()}
    return {}


def as_json(page: CompanyPage) -> dict[str, Any]:
    """Write the page as JSON values, `version` included."""
    written: dict[str, Any] = {each.name: getattr(page, each.name) for each in fields(page)}
    written["order_fields"] = [
        {"key": each.key, "title": each.title, "kind": each.kind} for each in page.order_fields
    ]
    written["courtesies"] = list(page.courtesies)
    written["prices"] = page.prices.as_json()
    written["state_messages"] = messages_of_states.as_json(page.state_messages)
    return written


def catalogue_version(session: Session) -> int:
    """Return a number that grows with every change of goods or settings; 0 in an empty database."""
    value = session.scalar(select(CompanySetting.value).where(CompanySetting.key == CATALOGUE_VERSION))
    return int(value or 0)


def raise_catalogue_version(session: Session) -> int:
    """Take the lock that all edits share, and raise the number; return it.

    Comes first in every edit: two at a time would write the same number, and the second one would stay unseen.
    """
    row = session.get(CompanySetting, CATALOGUE_VERSION, with_for_update=True)
    if row is None:
        row = CompanySetting(key=CATALOGUE_VERSION, value=0)
        session.add(row)
    row.value = int(row.value) + 1
    session.flush()
    return int(row.value)


def _changed_meanwhile(session: Session, page: CompanyPage, changed: dict[str, Any]) -> ChangedMeanwhile:
    saved = (session.get_one(CompanySetting, _SAVED).value if page.version else None) or {}
    by = session.get(Operator, saved["by"]) if saved.get("by") else None
    return ChangedMeanwhile(
        version=page.version, changed=changed, by=by.name if by else "", at=saved.get("at", "")
    )


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    form = Form(values)
    form.known(EDITABLE)
    form.text("company_name", longest=60)
    form.choice("time_zone", available_timezones())
    form.number("order_expiry_hours", least=_HOURS[0], most=_HOURS[1], empty=True, whole=False)
    form.number("overtime_minutes", least=_OVERTIME[0], most=_OVERTIME[1])
    form.number("plan_allowance", least=_ALLOWANCE[0], most=_ALLOWANCE[1], empty=True)
    form.choice("plan_at_zero", get_args(AtZero))
    form.text("text_outside_hours", longest=600, empty=True, lines=True)
    form.texts("courtesies", longest=60, most=MOST_COURTESIES)
    if "order_fields" in values:
        _read_order_fields(form)
    form.flag("away_notice")
    form.number("answer_alert_minutes", least=_ALERT[0], most=_ALERT[1])
    _read_part(form, "prices", price_table.read)
    _read_part(form, "state_messages", messages_of_states.read)
    return form.done()


def _read_part(form: Form, name: str, read: Callable[[Any], dict[str, Any]]) -> None:
    """A page of its own within this one; its mistakes stand under its name: `prices.utility`."""
    if name not in form.values:
        return
    try:
        form.read[name] = read(form.values[name])
    except FieldsWrong as wrong:
        for field_name, code in wrong.fields.items():
            form.refuse(f"{name}.{field_name}".rstrip("."), code)


def _read_order_fields(form: Form) -> None:
    """Each field under its place: `order_fields.2` is the third one."""
    value = form.values["order_fields"]
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        form.refuse("order_fields", "not_a_list")
        return
    if len(value) > MOST_FIELDS:
        form.refuse("order_fields", "too_many")
        return
    kept: list[dict[str, str]] = []
    titles: set[str] = set()
    for place, each in enumerate(value):
        try:
            kept.append(_order_field(each, taken={field["key"] for field in kept}, titles=titles))
        except FieldsWrong as wrong:
            form.refuse(f"order_fields.{place}", next(iter(wrong.fields.values())))
    form.read["order_fields"] = kept


def _order_field(value: Mapping[str, Any], *, taken: set[str], titles: set[str]) -> dict[str, str]:
    form = Form(value, needed=("title",))
    form.known(("key", "title", "kind"))
    form.text("title", longest=_LONGEST_TITLE)
    form.text("key", longest=_LONGEST_KEY, empty=True)
    form.choice("kind", get_args(FieldKind))
    field = form.done()
    if field["title"].casefold() in titles:
        raise FieldsWrong({"title": "taken"})
    titles.add(field["title"].casefold())
    key = field.get("key") or _key(field["title"], taken)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        raise FieldsWrong({"key": "not_a_key"})
    if key in taken:
        raise FieldsWrong({"key": "taken"})
    return {"key": key, "title": field["title"], "kind": field.get("kind", "text")}


def _key(title: str, taken: set[str]) -> str:
    """Make a name for the values out of a title: «Nro. de remito» is `nro_de_remito`."""
    plain = squeezed(title).casefold().translate(str.maketrans("áéíóúüñ", "aeiouun"))
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: _LONGEST_KEY - 3]
    root = words if words[:1].isalpha() else f"campo_{words}".rstrip("_")
    return next(
        key
        for number in range(1, MOST_FIELDS + 2)
        if (key := root if number == 1 else f"{root}_{number}") not in taken
    )
