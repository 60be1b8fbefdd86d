"""«Mensajes»: what came, went and got stuck is shown with what to do, and is tried again (issue: missed work)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from openbot.assistant import AssistantFailed
from openbot.schema import AuditEntry, BadItem, Contact, Inbound, Outbound, StoredFile
from openbot.vocabulary import FileState, InboxState, State
from openbot.whatsapp.refusals import Family
from tests.support import whatsapp
from tests.support.sends import queue
from tests.support.whatsapp import ANA, BETO, refusal

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

HTML = httpx.Response(502, text="<html>Bad Gateway</html>", headers={"content-type": "text/html"})


@pytest.fixture(autouse=True)
def demo(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def boss(panel: "Panel") -> "Browser":
    return panel.administrator()


def rows(browser: "Browser", kind: str, **asked: Any) -> list[dict[str, Any]]:
    answer = browser.get("/api/traffic/list", params={"kind": kind, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def replay(browser: "Browser", *ids: str) -> dict[str, Any]:
    answer = browser.post("/api/traffic/replay", json={"ids": ids})
    assert answer.status_code == 200, answer.text
    return answer.json()


def give_up(world: "World", who: whatsapp.Customer = ANA) -> None:
    world.assistant.errors = [AssistantFailed("503 turn_failed") for _ in range(6)]
    world.says("hola", who=who)
    for _ in range(10):
        world.wait(minutes=1)


# --- each refusal of WhatsApp, in Spanish and with what to do -------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "family", "kind"),
    [
        (refusal(190, http=401), Family.TOKEN, "waiting"),
        (refusal(131047), Family.WINDOW_CLOSED, "send"),
        (refusal(131056), Family.PAIR_RATE, "waiting"),
        (refusal(131026), Family.UNDELIVERABLE, "send"),
        (refusal(130429), Family.THROUGHPUT, "waiting"),
        (HTML, Family.UNCERTAIN, "waiting"),
    ],
    ids=["190", "131047", "131056", "131026", "130429", "html"],
)
def test_the_transcript_and_the_page_say_what_happened_and_what_to_do(
    world: "World", boss: "Browser", fault: httpx.Response, family: Family, kind: str
):
    world.converse("hola")
    world.whatsapp.faults = [fault] * 2
    queue(world, "¿Todo bien?")
    world.send()
    (line,) = rows(boss, kind)
    assert (line["reason"], line["name"], line["phone"]) == (family.explanation, "Ana", ANA.phone)
    assert rows(boss, "out")[0]["reason"] == family.explanation
    shown = boss.get(f"/api/conversations/{world.contact().id}/messages").json()["messages"]
    assert shown[-1]["reason"] == {"code": family.value, "text": family.explanation}


def test_a_test_number_that_may_not_write_there_says_where_to_add_it(world: "World", boss: "Browser"):
    world.converse("hola")
    world.whatsapp.faults = [refusal(131030) for _ in range(4)]
    queue(world, "¿Todo bien?")
    world.wait(seconds=10)
    world.wait(seconds=10)
    (line,) = rows(boss, "send")
    assert (line["reason"], line["code"]) == (Family.NOT_ON_TEST_LIST.explanation, 131030)
    assert "54 sin el 9" in line["reason"]


def test_no_answer_at_all_is_said_too(world: "World", boss: "Browser"):
    world.converse("hola")
    world.whatsapp.faults = [whatsapp.unreachable]
    queue(world, "uno")
    world.send()
    assert rows(boss, "waiting")[0]["reason"] == Family.TEMPORARY.explanation
    world.wait(minutes=5)

    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("no answer", request=request)

    world.whatsapp.faults = [silent, silent]
    queue(world, "dos")
    world.send()
    shown = boss.get(f"/api/conversations/{world.contact().id}/messages").json()["messages"]
    assert rows(boss, "waiting")[0]["reason"] == shown[-1]["reason"]["text"] == Family.UNCERTAIN.explanation
    for _ in range(4):
        world.wait(minutes=5)
    (line,) = rows(boss, "send")
    assert "preguntale al contacto antes de repetirlo" in line["reason"]


@pytest.mark.parametrize("code", [131047, 131026])
def test_a_failure_told_by_a_status_is_explained_as_well(world: "World", boss: "Browser", code: int):
    world.converse("hola")
    world.status("failed", wamid="wamid.OUT1", errors=[{"code": code, "title": "Re-engagement message"}])
    (line,) = rows(boss, "send")
    assert (line["code"], line["state"]) == (code, "failed")
    assert line["reason"].endswith((Family.WINDOW_CLOSED.explanation, Family.UNDELIVERABLE.explanation))


# --- trying again ---------------------------------------------------------------------------------------------


def test_a_failed_message_goes_out_as_a_new_one_once(world: "World", boss: "Browser"):
    world.converse("hola")
    world.whatsapp.faults = [refusal(131026) for _ in range(3)]
    queue(world, "¿Todo bien?")
    world.wait(seconds=5)
    (line,) = rows(boss, "send")
    assert replay(boss, line["id"], line["id"]) == {"done": [line["id"]], "refused": []}
    assert replay(boss, line["id"]) == {
        "done": [],
        "refused": [{"id": line["id"], "code": "replayed_already"}],
    }
    world.whatsapp.faults = []
    world.wait(seconds=5)
    assert (world.whatsapp.texts()[-1], rows(boss, "send")) == ("¿Todo bien?", [])
    assert [row.state.value for row in world.rows(Outbound)] == ["accepted", "failed", "accepted"]
    (entry, _) = world.rows(AuditEntry, AuditEntry.action == "messages_replayed")
    assert entry.detail == {"count": 1, "refused": 0}


def test_outside_the_window_nothing_is_accepted_and_then_lost(world: "World", boss: "Browser"):
    world.converse("hola")
    world.whatsapp.faults = [refusal(131026) for _ in range(3)]
    queue(world, "¿Todo bien?")
    world.wait(seconds=5)
    (line,) = rows(boss, "send")
    world.clock.move(hours=25)
    boss = world_boss(world)
    assert replay(boss, line["id"])["refused"][0]["code"] == "window_closed"
    assert len(world.rows(Outbound)) == 2


def world_boss(world: "World") -> "Browser":
    from tests.support.panel import Panel

    return Panel(world).administrator(email="boss@example.com")


def test_a_turn_that_was_given_up_is_asked_again(world: "World", boss: "Browser"):
    give_up(world)
    (line,) = rows(boss, "turn")
    assert "volvé a procesarlo" in line["reason"]
    assert world.contact().unread == 1
    assert replay(boss, line["id"])["refused"] == []
    world.wait(seconds=5)
    assert world.whatsapp.texts()[-1] == "oí: hola"
    contact = world.contact()
    assert (contact.unread, contact.waiting_since, rows(boss, "turn")) == (0, None, [])
    assert replay(boss, line["id"])["refused"][0]["code"] == "replayed_already"


def test_a_turn_of_a_conversation_that_a_person_has_stays_theirs(world: "World", boss: "Browser"):
    give_up(world)
    world.move(State.IN_PROGRESS)
    (line,) = rows(boss, "turn")
    assert replay(boss, line["id"])["refused"][0]["code"] == "not_the_bots"
    world.wait(seconds=5)
    assert "oí: hola" not in world.whatsapp.texts()


def test_a_reply_of_the_bot_that_failed_is_asked_for_again(world: "World", boss: "Browser"):
    world.whatsapp.faults = [refusal(131026) for _ in range(3)]
    world.converse("hola")
    (line,) = rows(boss, "send")
    assert line["author"] == "bot"
    world.whatsapp.faults = []
    assert replay(boss, line["id"])["refused"] == []
    world.wait(seconds=5)
    assert world.whatsapp.texts() == ["oí: hola"]


def test_a_bad_part_goes_through_reception_again(world: "World", boss: "Browser"):
    good = whatsapp.text(BETO, "hola", wamid="wamid.LATE", at=world.clock())
    import json

    with world.database.transaction() as session:
        for raw, reason in (
            (json.dumps(good), "the reader failed: KeyError"),
            ('{"id": "wamid.X", "type": "text"}', "timestamp: missing"),
            ("not even json", "not an object"),
        ):
            session.add(BadItem(received_at=world.clock(), reason=reason, raw=raw))
    third, second, first = rows(boss, "bad")
    assert (first["what"], first["phone"]) == ("the reader failed: KeyError", "")
    found = replay(boss, first["id"], second["id"], third["id"], "bad-99")
    assert found["done"] == [first["id"]]
    assert [each["code"] for each in found["refused"]] == ["still_unreadable", "still_unreadable", "gone"]
    assert (len(world.rows(BadItem)), world.rows(Inbound)[0].text) == (2, "hola")
    world.wait(seconds=5)
    assert world.whatsapp.texts(BETO.phone) == ["oí: hola"]


def test_who_looks_at_a_raw_part_is_noted(world: "World", boss: "Browser"):
    with world.database.transaction() as session:
        session.add(BadItem(received_at=world.clock(), reason="x", raw='{"from": "5491123456789"}'))
    assert boss.get("/api/traffic/bad-items/1").json()["raw"] == '{"from": "5491123456789"}'
    (entry,) = world.rows(AuditEntry, AuditEntry.action == "bad_item_viewed")
    assert (entry.subject, entry.operator_id) == ("bad_item 1", boss.person_id)
    assert boss.get("/api/traffic/bad-items/2").status_code == 404
    assert len(world.rows(AuditEntry)) == 1


def test_a_lost_file_is_fetched_again_and_a_refused_one_is_not(world: "World", boss: "Browser"):
    world.says("hola")
    with world.database.transaction() as session:
        for state, inbound_id in ((FileState.FAILED, 1), (FileState.REFUSED, None)):
            session.add(
                StoredFile(
                    contact_id=1, inbound_id=inbound_id, kind="image", state=state,
                    not_before=world.clock(), created_at=world.clock(), tries=9,
                )
            )  # fmt: skip
    refused, lost = rows(boss, "file")
    found = replay(boss, refused["id"], lost["id"])
    assert (found["done"], found["refused"][0]["code"]) == ([lost["id"]], "not_failed")
    assert [row.state for row in world.rows(StoredFile)] == [FileState.PENDING, FileState.REFUSED]


@pytest.mark.parametrize(
    "ids", [[], ["send-x"], ["in-1"], ["turn--1"], [f"send-{n}" for n in range(101)], "send-1", ["send-1;"]]
)
def test_what_cannot_be_an_id_or_is_too_much_is_refused(boss: "Browser", ids: Any):
    assert boss.post("/api/traffic/replay", json={"ids": ids}).status_code == 422


# --- figures --------------------------------------------------------------------------------------------------


def test_the_figures_of_today_and_the_last_days(world: "World", boss: "Browser"):
    world.converse("ayer")
    world.clock.move(days=1)
    world.converse("hoy")
    world.status("delivered", wamid="wamid.OUT2")
    world.says("después", who=BETO)
    from tests.support.panel import Panel

    found = Panel(world).administrator(email="x@example.com").get("/api/traffic").json()
    assert found["today"] == {"received": 2, "processed": 1, "sent": 1, "delivered": 1, "failed": 0}
    assert found["lately"] == {"received": 3, "processed": 2, "sent": 2, "delivered": 1, "failed": 0}
    assert (found["due"], found["unread"], found["stuck"]["send"]) == (1, 0, 0)
    assert (found["unanswered"]["name"], found["unanswered"]["for_person"]) == ("Beto", False)


def test_an_unusual_silence_in_opening_hours_is_shown(world: "World", boss: "Browser"):
    assert boss.get("/api/traffic").json()["gaps"] == []  # nothing ever came: nothing is usual
    world.says("hola")
    zone, now = ZoneInfo("America/Argentina/Buenos_Aires"), world.clock()
    friday = datetime(2026, 11, 20, tzinfo=zone)
    moments = [
        friday + timedelta(days=days) + timedelta(hours=hour)
        for days in range(-3, 4)
        for hour in range(8, 21)
    ]
    silent = range(9, 20)
    row = {
        "contact_id": 1,
        "number_id": "1",
        "kind": "text",
        "text": "x",
        "raw": {},
        "state": InboxState.ANSWERED,
    }
    with world.database.transaction() as session:
        for nth, at in enumerate(moments):
            if at.date() != friday.date() or at.hour not in silent:
                session.add(Inbound(**row, wamid=f"wamid.OLD{nth}", sent_at=at, received_at=at))
    assert now > friday
    found = boss.get("/api/traffic").json()
    (gap,) = found["gaps"]
    since, until = (datetime.fromisoformat(gap[end]).astimezone(zone) for end in ("since", "until"))
    assert (since.date(), until.date(), until.hour) == (friday.date(), friday.date(), 20)
    assert 0 < found["an_hour"] < 3


def test_pages_go_on_below_the_last_one(world: "World", boss: "Browser"):
    for body in ("uno", "dos", "tres"):
        world.says(body)
    page = boss.get("/api/traffic/list", params={"kind": "in", "limit": 2}).json()
    assert [row["id"] for row in page["rows"]] == ["in-3", "in-2"]
    assert [row["id"] for row in rows(boss, "in", limit=2, after=page["next"])] == ["in-1"]
    for asked in ({"kind": "moon"}, {"after": "x"}, {"limit": 0}):
        assert boss.get("/api/traffic/list", params=asked).status_code == 422


def test_a_blocked_contact_gets_nothing_again(world: "World", boss: "Browser"):
    world.converse("hola")
    world.whatsapp.faults = [refusal(131026) for _ in range(3)]
    queue(world, "¿Todo bien?")
    world.wait(seconds=5)
    with world.database.transaction() as session:
        session.get_one(Contact, 1).blocked_at = world.clock()
    assert replay(boss, rows(boss, "send")[0]["id"])["refused"][0]["code"] == "contact_blocked"
