"""Updates of every kind about people in every situation, and what a database holds after them, without numbers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from openbot.database import Database
from openbot.schema import (
    BadItem,
    CompanySetting,
    Contact,
    ContactKey,
    Count,
    Inbound,
    Order,
    OrderChange,
    Outbound,
    Receipt,
)
from openbot.vocabulary import State
from tests.support import whatsapp
from tests.support.whatsapp import ANA, BETO, Customer, Json
from tests.support.world import World

CARO = Customer(phone="5491133330000", user_id="AR.1003", name="Caro")  # an operator attends her
DORA = Customer(phone="5491144440000", user_id="AR.1004", name="Dora")  # asked for a person
ELI = Customer(phone="5491155550000", user_id="AR.1005", name="Eli")  # known as two contacts
ELI_HIDDEN, ELI_OLD = replace(ELI, phone=None), replace(ELI, user_id=None)
FAY = Customer(phone=ANA.phone, user_id="AR.1006", name="Fay")  # has Ana's phone now
GUS = Customer(phone="5491177770000", user_id="AR.1007", name="Gus")  # new
HAL = Customer(phone="5491188880000", name="Hal")  # known by phone; the user id is news
HAL_NOW = replace(HAL, user_id="AR.1008", name="Hal Paz")
PEOPLE = (ANA, BETO, CARO, DORA, ELI, ELI_HIDDEN, ELI_OLD, FAY, GUS, HAL, HAL_NOW)
NAMED = {who.user_id: who for who in (ANA, BETO, CARO, DORA, ELI, FAY, GUS, HAL_NOW)}


#: The kinds before this place are stored set-wise, those from it on one by one.
ALONE = 8


def prepare(world: World) -> None:
    """Bring everybody into their situation, some with answers that were sent to them."""
    with world.database.transaction() as session:
        session.add(CompanySetting(key="courtesies", value=["gracias", "dale"]))
    for who in (ANA, BETO, CARO, DORA, ELI_HIDDEN, ELI_OLD, HAL):
        world.converse("hola", who=who)
    world.move(State.IN_PROGRESS, who=BETO)
    world.move(State.INVOICED, who=BETO)
    world.move(State.IN_PROGRESS, who=CARO)
    with world.database.transaction() as session:
        session.get_one(Contact, world.contact(DORA).id).waiting_since = world.clock()
    world.clock.move(minutes=1)


def kinds(world: World, who: Customer, *, number: int) -> list[Json]:
    """One change of each kind by or about this person (see ALONE); `number` makes their ids."""
    at = world.clock() - timedelta(seconds=100 - number)
    wamid = f"in.{number}"

    def says(item: Json) -> Json:
        return whatsapp.change(item, who=(who,))

    say = [
        whatsapp.text(who, f"quiero {number} cocas", wamid=wamid, at=at),
        whatsapp.text(who, "gracias!", wamid=wamid, at=at),
        whatsapp.tap(who, "/menu", title="Menú", wamid=wamid, at=at),
        whatsapp.message(who, wamid=wamid, at=at, kind="reaction", message_id="w0", emoji="👍"),
        whatsapp.message(who, wamid=wamid, at=at, kind="hologram", beam=1),
        whatsapp.message(who, wamid=wamid, at=at, kind="sticker", id="S1", mime_type="image/webp"),
        {**whatsapp.text(who, "hola grupo", wamid=wamid, at=at), "group_id": "G1"},
        {"id": wamid, "timestamp": "yesterday", "type": "text", **who.sender},
        {**who.sender, "id": wamid, "timestamp": _seconds(at), "type": "system",
         "system": {"type": "user_changed_number", "wa_id": "5491199990000", "body": "x"}},
    ]  # fmt: skip
    echo = {"to": who.phone or GUS.phone, "id": wamid, "timestamp": _seconds(at), "type": "text",
            "text": {"body": "soy Laura"}}  # fmt: skip
    call = {"id": wamid, "event": "connect", "timestamp": _seconds(at), **who.sender}
    return [
        *map(says, say),
        whatsapp.change(field_name="smb_message_echoes", message_echoes=[echo]),
        whatsapp.change(field_name="calls", calls=[call], who=(who,)),
        whatsapp.change(say[0], number="123456123"),
        whatsapp.change(field_name="history"),
    ]


def statuses(world: World, *, number: int) -> list[Json]:
    """One change for each status of the message with this number: by its wamid, or only by our mark."""
    wamid = f"wamid.OUT{number}"
    errors = [{"code": 131026, "title": "Undeliverable"}]
    items = [whatsapp.status(name, wamid=wamid, at=world.clock()) for name in ("sent", "read", "warped")]
    items.append(whatsapp.status("failed", wamid=wamid, at=world.clock(), errors=errors))
    items.append(whatsapp.status("delivered", wamid=f"x{number}", at=world.clock(), mark=f"openbot:{number}"))
    return [whatsapp.change(statuses=(item,)) for item in items]


def holdings(database: Database) -> Any:
    """Everything reception may have written; rows name each other by what they hold, not by number."""
    with database.reading() as session:
        keys = {row.value: row.contact_id for row in session.scalars(select(ContactKey))}
        whose = {one: tuple(sorted(key for key in keys if keys[key] == one)) for one in keys.values()}
        order_of: dict[int | None, Any] = {None: None}
        for order in session.scalars(select(Order).order_by(Order.id)):
            nth = sum(1 for name in order_of.values() if name and name[0] == whose[order.contact_id])
            order_of[order.id] = (whose[order.contact_id], nth)
        wamid_of = {row.id: row.wamid for row in session.scalars(select(Inbound))} | {None: None}

        def rows(table: type[Any], *leave_out: str) -> list[str]:
            found = []
            for row in session.scalars(select(table)):
                held = {
                    column.name: getattr(row, column.name)
                    for column in table.__table__.columns
                    if column.name not in ("id", *leave_out)
                }
                held |= {"contact_id": whose[held["contact_id"]]} if "contact_id" in held else {}
                held |= {"order_id": order_of[held["order_id"]]} if "order_id" in held else {}
                held |= {"inbound_id": wamid_of[held["inbound_id"]]} if "inbound_id" in held else {}
                found.append(repr((whose.get(row.id) if table is Contact else "", sorted(held.items()))))
            return sorted(found)

        return {
            "contacts": rows(Contact),
            "orders": rows(Order),
            "history": rows(OrderChange),
            "inbox": rows(Inbound),
            "outbox": rows(Outbound),
            "receipts": rows(Receipt),
            "bad": rows(BadItem),
            "counts": {row.name: row.value for row in session.scalars(select(Count))},
        }


def _seconds(at: Any) -> str:
    return str(int(at.timestamp()))
