"""The public door: who may post, what is refused, what is kept (contract §2)."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api import health
from openbot import database as database_module
from openbot.database import Database
from openbot.schema import BadItem, Contact, Count, Inbound, Order
from tests.support import whatsapp
from tests.support.whatsapp import ANA, BETO
from tests.support.world import Clock, World

HELLO = {"object": "whatsapp_business_account", "entry": []}


def counts(world: World) -> dict[str, int]:
    return {row.name: row.value for row in world.rows(Count)}


def nothing_is_stored(world: World) -> bool:
    return not (world.rows(Contact) or world.rows(Inbound) or world.rows(BadItem) or world.rows(Count))


def test_the_handshake_echoes_the_challenge(world: World) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158201444"}
    answer = world.http.get("/whatsapp/webhook", params=query)
    assert (answer.status_code, answer.content) == (200, b"1158201444")


@pytest.mark.parametrize(
    "wrong",
    [
        {"hub.verify_token": "guess"},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": None},
        {"hub.verify_token": "ñ"},
    ],
)
def test_a_wrong_handshake_is_forbidden(world: World, wrong: dict[str, str | None]) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158201444", **wrong}
    answer = world.http.get("/whatsapp/webhook", params={key: value for key, value in query.items() if value})
    assert answer.status_code == 403
    assert b"1158201444" not in answer.content


@pytest.mark.parametrize(
    "header",
    [None, "", "sha1=" + "a" * 40, "sha256=abc", "sha256=" + "0" * 64, "sha256=" + "ñ" * 64, "a" * 64],
)
def test_without_the_right_signature_nothing_is_stored(world: World, header: str | None) -> None:
    item = whatsapp.text(ANA, "hola", wamid="wamid.1", at=world.clock())
    raw = json.dumps(whatsapp.envelope([whatsapp.change(item, who=(ANA,))])).encode()
    headers = {} if header is None else {"X-Hub-Signature-256": header.encode("utf-8")}
    answer = world.http.post("/whatsapp/webhook", content=raw, headers=headers)
    assert answer.status_code == 401
    assert nothing_is_stored(world)


def test_the_signature_counts_on_the_raw_bytes(world: World) -> None:
    item = whatsapp.text(ANA, "ñandú 🧉 a/b", wamid="wamid.1", at=world.clock())
    webhook = whatsapp.envelope([whatsapp.change(item, who=(ANA,))])
    escaped = json.dumps(webhook).replace("/", "\\/").encode()
    plain = json.dumps(webhook, ensure_ascii=False).encode()
    wrong = world.post(plain, **{"X-Hub-Signature-256": whatsapp.sign(escaped)})
    assert wrong.status_code == 401
    assert world.post(escaped).status_code == 200
    assert [row.text for row in world.rows(Inbound)] == ["ñandú 🧉 a/b"]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_a_bad_request(world: World, raw: bytes) -> None:
    assert world.post(raw).status_code == 400
    assert nothing_is_stored(world)


def test_more_than_four_megabytes_are_refused_unread(world: World) -> None:
    assert world.post(b" " * (4 * 1024 * 1024 + 1)).status_code == 413
    assert nothing_is_stored(world)


def test_a_thousand_updates_in_three_megabytes_are_all_stored(world: World) -> None:
    at = world.clock()
    people = [whatsapp.Customer(phone=f"54911{n:08}", user_id=f"AR.{n}") for n in range(100)]
    messages = [
        whatsapp.text(people[n % 100], f"{n} " + "x" * 2700, wamid=f"wamid.{n}", at=at) for n in range(1000)
    ]
    changes = [whatsapp.change(*messages[n : n + 50], who=tuple(people)) for n in range(0, 1000, 50)]
    raw = json.dumps(whatsapp.envelope(changes)).encode()
    assert 2_700_000 < len(raw) < 3_200_000
    assert world.post(raw).status_code == 200
    rows = world.rows(Inbound)
    assert len(rows) == 1000
    assert len(world.rows(Order)) == 100
    by_contact: dict[int, list[int]] = {}
    for row in rows:
        by_contact.setdefault(row.contact_id, []).append(int(row.text.split()[0]))
    assert all(numbers == sorted(numbers) for numbers in by_contact.values())


def test_two_entries_two_changes_three_messages_are_each_stored_once(world: World) -> None:
    at = world.clock()
    first = whatsapp.change(
        whatsapp.text(ANA, "uno", wamid="wamid.1", at=at),
        whatsapp.text(BETO, "dos", wamid="wamid.2", at=at),
        who=(BETO, ANA),
    )
    second = whatsapp.change(whatsapp.text(ANA, "tres", wamid="wamid.3", at=at), who=(ANA,))
    third = whatsapp.change(whatsapp.text(BETO, "cuatro", wamid="wamid.4", at=at), who=(BETO,))
    assert world.post(whatsapp.envelope([first, second], [third])).status_code == 200
    assert world.said(ANA) == [("cliente", "uno"), ("cliente", "tres")]
    assert world.said(BETO) == [("cliente", "dos"), ("cliente", "cuatro")]
    assert [row.profile_name for row in world.rows(Contact)] == ["Ana", "Beto"]


def test_a_bad_item_is_kept_raw_and_takes_no_other_with_it(world: World) -> None:
    at = world.clock()
    bad = {"id": "wamid.bad", "timestamp": "yesterday", "type": "text", "from": ANA.phone}
    webhook = whatsapp.envelope(
        [
            whatsapp.change(
                whatsapp.text(ANA, "uno", wamid="wamid.1", at=at),
                bad,
                "not an object",  # type: ignore[arg-type]
                whatsapp.text(ANA, "dos", wamid="wamid.2", at=at),
                who=(ANA,),
            )
        ]
    )
    assert world.post(webhook).status_code == 200
    assert world.said() == [("cliente", "uno"), ("cliente", "dos")]
    kept = world.rows(BadItem)
    assert json.loads(kept[0].raw) == bad
    assert [bool(row.reason) for row in kept] == [True, True]


def test_a_fault_of_ours_in_one_item_keeps_it_raw_beside_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openbot.conversations import inbox

    settle = inbox.settle

    def breaks_on_two(message, **more):
        if message.text == "dos":
            raise ZeroDivisionError
        return settle(message, **more)

    monkeypatch.setattr(inbox, "settle", breaks_on_two)
    items = [
        whatsapp.text(ANA, body, wamid=f"wamid.{body}", at=world.clock()) for body in ("uno", "dos", "tres")
    ]
    world.deliver(*items)
    assert world.said() == [("cliente", "uno"), ("cliente", "tres")]
    assert [(row.reason, json.loads(row.raw)["text"]) for row in world.rows(BadItem)] == [
        ("ZeroDivisionError", {"body": "dos"})
    ]


def test_what_is_for_another_number_is_counted_and_not_stored(world: World) -> None:
    item = whatsapp.text(ANA, "hola", wamid="wamid.1", at=world.clock())
    other = whatsapp.change(item, who=(ANA,), number="123456123")
    assert world.post(whatsapp.envelope([other])).status_code == 200
    assert counts(world) == {"webhook items for another number": 1}
    assert not world.rows(Inbound)


@pytest.mark.parametrize("field", ["history", "account_update", "field_of_next_year", "messaging_handovers"])
def test_an_unknown_field_is_counted(world: World, field: str) -> None:
    webhook = whatsapp.envelope([whatsapp.change(field_name=field)])
    for _ in range(2):
        assert world.post(webhook).status_code == 200
    assert counts(world) == {f"ignored: unknown_field {field}": 2}


def test_another_product_of_meta_is_counted(world: World) -> None:
    assert world.post({**HELLO, "object": "page"}).status_code == 200
    assert counts(world) == {"ignored: other_object page": 1}


def test_a_group_message_is_counted_and_opens_nothing(world: World) -> None:
    item = {**whatsapp.text(ANA, "hola grupo", wamid="wamid.1", at=world.clock()), "group_id": "G1"}
    world.deliver(item)
    assert counts(world) == {"group messages": 1}
    assert not world.rows(Contact)


def test_what_a_number_in_json_cannot_be_is_kept_raw(world: World) -> None:
    raw = json.dumps(
        whatsapp.envelope(
            [
                whatsapp.change(
                    whatsapp.text(ANA, "hola", wamid="wamid.1", at=world.clock()),
                    whatsapp.message(
                        ANA, wamid="wamid.2", at=world.clock(), kind="location", latitude="NAN", longitude=1
                    ),
                    who=(ANA,),
                )
            ]
        )
    ).replace('"NAN"', "NaN")
    assert world.post(raw.encode()).status_code in {200, 400}
    if world.rows(Inbound):
        assert world.rows(Inbound)[0].text == "hola"


@pytest.mark.parametrize(
    "body",
    ["a\u0000b", "\ud800", "\u202eabc", "🧉" * 3000, "x" * 60_000, "/restart", "'; DROP TABLE inbox; --"],
)
def test_any_text_is_a_normal_message(world: World, body: str) -> None:
    world.says(body)
    assert [row.kind for row in world.rows(Inbound)] == ["text"]
    assert not world.rows(BadItem)
    world.wait(seconds=3)
    assert len(world.whatsapp.delivered) in {1, 2}


def test_a_locked_database_asks_for_the_webhook_again(
    tmp_path: Path, sqlite_template: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "locked.db"
    path.write_bytes(sqlite_template.read_bytes())
    monkeypatch.setattr(database_module, "WRITE_WAIT_SECONDS", 0.05)
    url = f"sqlite:///{path}"
    holder, database = Database(url), Database(url)
    world = World(database, clock)
    webhook = whatsapp.envelope(
        [whatsapp.change(whatsapp.text(ANA, "hola", wamid="wamid.1", at=clock()), who=(ANA,))]
    )
    with holder.transaction():
        assert world.post(webhook).status_code == 503
    assert nothing_is_stored(world)
    assert world.post(webhook).status_code == 200
    assert world.said() == [("cliente", "hola")]
    world.close()
    holder.close()
    database.close()


def test_a_database_that_is_away_asks_for_the_webhook_again(clock: Clock) -> None:
    database = Database("postgresql://openbot@/none?host=/nowhere-at-all")
    world = World(database, clock)
    assert world.post(whatsapp.envelope([whatsapp.change(field_name="history")])).status_code == 503
    assert world.http.get("/health").status_code == 503
    world.close()
    database.close()


def test_health_says_that_the_database_is_there(world: World) -> None:
    assert world.http.get("/health").json() == {
        "database": "ok",
        "workers": 0,
        "oldest_due_seconds": 0,
        "oldest_unsent_seconds": 0,
        "sending_rests": "",
    }


def test_health_answers_also_while_the_database_does_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    @contextmanager
    def hanging() -> Iterator[None]:
        released.wait(10)
        yield None

    monkeypatch.setattr(health, "ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(world.database, "reading", hanging)
    for _ in range(3):
        answer = world.http.get("/health")
        assert (answer.status_code, answer.json()) == (503, {"database": "no answer"})
    released.set()
