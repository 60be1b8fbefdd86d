"""What WhatsApp charges: every delivered message once, the free ones first, by day, order, branch and step."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from openbot import company
from openbot.schema import Contact, MessageTemplate, Order, Outbound, Turn
from openbot.vocabulary import Author, OutboxState, TurnState
from tests.support import whatsapp

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Panel
    from tests.support.world import World

MIDNIGHT = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)  # the first of December begins in Buenos Aires
SERVICE = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}


@pytest.fixture(autouse=True)
def demo(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def ana(world: "World") -> Contact:
    world.says("hola")
    return world.contact()


def costs(panel: "Panel", **asked: Any) -> Any:
    answer = panel.administrator().get("/api/costs", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def choose(world: "World", **prices: Any) -> None:
    with world.database.transaction() as session:
        page = company.read(session)
        values = {"prices": page.prices.as_json() | prices}
        company.save(session, values=values, version=page.version, by=None, now=world.clock())


def sent(world: "World", contact: Contact, number: int, **more: Any) -> None:
    """So many messages that WhatsApp took; statuses tell the rest."""
    first = max((row.id for row in world.rows(Outbound)), default=0) + 1
    row: dict[str, Any] = {
        "contact_id": contact.id, "author": Author.SYSTEM, "text": "x", "bubble": {"text": "x"},
        "state": OutboxState.ACCEPTED, "attempt": 1, "tries": 0, "doubts": 0, "claimed_by": "",
        "not_before": world.clock(), "queued_at": world.clock(), "accepted_at": world.clock(), "delivery": "",
        "position": 0, "reason": "", "dialogue_number": 0,
    }  # fmt: skip
    with world.database.transaction() as session:
        rows = [row | {"id": nth, "wamid": f"wamid.OUT{nth}"} | more for nth in range(first, first + number)]
        session.execute(insert(Outbound), rows)


def delivered(world: "World", first: int, last: int, *, at: datetime, name: str = "delivered", **more: Any):
    """Statuses of messages `first` to `last`, in one webhook."""
    items = [
        whatsapp.status(name, wamid=f"wamid.OUT{nth}", at=at, pricing=SERVICE, **more)
        for nth in range(first, last + 1)
    ]
    for begin in range(0, len(items), 500):
        part = tuple(items[begin : begin + 500])
        assert world.post(whatsapp.envelope([whatsapp.change(statuses=part)])).status_code == 200


def test_the_free_thousand_ends_with_the_thousandth_and_midnight_begins_another(
    world: "World", panel: "Panel", ana: Contact
):
    """Contract, case 40: 999 → 1001 with every «delivered» twice, around 00:00 in Buenos Aires."""
    sent(world, ana, 1003)
    before = MIDNIGHT - timedelta(seconds=1)
    for _ in range(2):
        delivered(world, 1, 999, at=before - timedelta(hours=1))
    found = costs(panel, month="2026-11")
    assert (found["total"]["messages"], found["total"]["charged"], found["free_left"]) == (999, 0, 1)
    for _ in range(2):
        delivered(world, 1000, 1000, at=before)
        delivered(world, 1001, 1001, at=before)
        delivered(world, 1002, 1002, at=MIDNIGHT)
    delivered(world, 1001, 1001, at=MIDNIGHT, name="read")  # is November's already
    found = costs(panel, month="2026-11")
    total = found["total"]
    assert (total["messages"], total["free"], total["charged"], total["amount"]) == (1001, 1000, 1, "0.0260")
    assert found["free_left"] == 0
    december = costs(panel, month="2026-12")
    assert (december["total"]["messages"], december["total"]["amount"]) == (1, "0")
    assert (december["free_left"], december["rows"][0]["key"]) == (999, "2026-12-01")


def test_a_message_that_failed_or_was_only_sent_costs_nothing(world: "World", panel: "Panel", ana: Contact):
    choose(world, free_service=0)
    sent(world, ana, 3)
    delivered(world, 1, 1, at=world.clock(), name="sent")
    delivered(world, 2, 2, at=world.clock(), name="failed", errors=[{"code": 131026}])
    assert costs(panel)["total"]["messages"] == 0
    delivered(world, 3, 3, at=world.clock(), name="read")
    assert costs(panel)["total"]["amount"] == "0.0260"


def test_templates_use_none_of_the_free_ones_and_have_their_own_price(
    world: "World", panel: "Panel", ana: Contact
):
    choose(world, free_service=1, marketing="0.5", utility="0.25")
    with world.database.transaction() as session:
        session.add(
            MessageTemplate(
                name="promo", language="es_AR", category="MARKETING", status="APPROVED", body="x",
                variables=[], buttons=[], components=[], fetched_at=world.clock(),
            )
        )  # fmt: skip

    def template(name: str) -> dict[str, Any]:
        return {"text": "x", "template": {"name": name, "language": "es_AR", "values": []}}

    at = world.clock()
    plain = {"delivered_at": at, "delivery": "delivered"}
    sent(world, ana, 1, **plain, bubble=template("promo"))  # without pricing: by what we know of it
    sent(world, ana, 1, **plain, bubble=template("unknown"))
    sent(world, ana, 1, **plain, bubble=template("promo"), pricing={"category": "utility", "type": "regular"})
    sent(world, ana, 1, **plain, pricing={"category": "referral_conversion", "type": "free_entry_point"})
    sent(world, ana, 1, **plain, pricing={"category": "marketing_lite", "type": "regular"})
    sent(world, ana, 1, **plain, pricing={"category": "service", "type": "free_customer_service"})
    sent(world, ana, 1, **plain)
    sent(world, ana, 1, **plain, bubble={"from_phone": True}, attempt=0)  # the company's own phone
    found = costs(panel)
    assert {
        line["key"]: (line["messages"], line["charged"], line["amount"]) for line in found["categories"]
    } == {
        "service": (3, 1, "0.0260"),
        "utility": (2, 2, "0.5000"),
        "marketing": (2, 2, "1.0000"),
    }
    assert (found["total"]["amount"], found["free_left"]) == ("1.5260", 0)


def test_by_order_branch_step_and_day(world: "World", panel: "Panel", ana: Contact):
    choose(world, free_service=0, service="0.01")
    order = world.order()
    with world.database.transaction() as session:
        session.get_one(Order, order.id).branch_id = 1
        turn = Turn(
            contact_id=ana.id, order_id=order.id, dialogue_number=1, state=TurnState.ANSWERED,
            created_at=world.clock(), next_try_at=world.clock(), step="items", merged=2,
        )  # fmt: skip
        session.add(turn)
        session.flush()
        turn_id = turn.id
    at = world.clock()
    mine = {"delivered_at": at, "delivery": "read", "order_id": order.id}
    sent(world, ana, 1, **mine, turn_id=turn_id, author=Author.BOT)
    sent(world, ana, 1, **mine, turn_id=turn_id, position=1, author=Author.BOT)
    sent(world, ana, 1, **(mine | {"delivered_at": at + timedelta(days=1)}), author=Author.OPERATOR)
    sent(world, ana, 1, delivered_at=at)

    def lines(by: str) -> list[tuple[Any, ...]]:
        found = costs(panel, by=by)
        rows = [(line["key"], line["title"], line["messages"], line["merged"]) for line in found["rows"]]
        assert sum(row[2] for row in rows) == found["total"]["messages"] == 4
        assert (found["total"]["merged"], found["total"]["amount"], found["saved"]) == (2, "0.0400", "0.0200")
        return rows

    assert lines("day") == [("2026-11-24", "", 3, 2), ("2026-11-25", "", 1, 0)]
    assert lines("order") == [(order.id, "", 3, 2), (None, "", 1, 0)]
    (first, rest) = lines("branch")
    assert (first[0], bool(first[1]), first[2:], rest) == (1, True, (3, 2), (None, "", 1, 0))
    assert lines("step") == [("items", "", 2, 2), ("operador", "", 1, 0), ("sistema", "", 1, 0)]


def test_what_joining_saved_counts_the_free_ones_first(world: "World", panel: "Panel", ana: Contact):
    choose(world, free_service=4)
    with world.database.transaction() as session:
        turn = Turn(
            contact_id=ana.id, dialogue_number=1, state=TurnState.ANSWERED, created_at=world.clock(),
            next_try_at=world.clock(), merged=5,
        )  # fmt: skip
        session.add(turn)
        session.flush()
        turn_id = turn.id
    sent(world, ana, 1, delivered_at=world.clock(), turn_id=turn_id)
    assert Decimal(costs(panel)["saved"]) == 2 * Decimal("0.0260")


def test_the_file_has_every_line_and_is_noted(world: "World", panel: "Panel", ana: Contact):
    choose(world, free_service=0)
    sent(world, ana, 2, delivered_at=world.clock())
    browser = panel.administrator()
    answer = browser.get("/api/costs/export.csv", params={"by": "day"})
    assert answer.headers["content-disposition"] == 'attachment; filename="costos-2026-11.csv"'
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines == [
        "Día;Mensajes;Sin cargo;Con cargo;Importe (USD);Ahorrados",
        "24/11/2026;2;0;2;0,0520;0",
        "Total;2;0;2;0,0520;0",
    ]
    log = browser.get("/api/audit", params={"action": "costs_exported"}).json()["rows"]
    assert log[0]["detail"] == {"month": "2026-11", "by": "day"}


@pytest.mark.parametrize(
    "asked", [{"month": "2026-13"}, {"month": "x"}, {"month": "1999-01"}, {"by": "moon"}]
)
def test_a_month_or_a_grouping_that_does_not_exist_is_refused(panel: "Panel", asked: dict):
    assert panel.administrator().get("/api/costs", params=asked).status_code == 422


def test_a_month_without_anything_is_empty(panel: "Panel"):
    found = costs(panel, month="2020-02")
    assert (found["rows"], found["total"]["messages"], found["free_left"]) == ([], 0, 1000)
