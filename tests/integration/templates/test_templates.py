"""WhatsApp's list of templates, kept here."""

import re
from datetime import timedelta

import httpx
from sqlalchemy import select

from openbot.schema import MessageTemplate
from openbot.templates import operations
from openbot.whatsapp.client import GraphClient, Refused
from tests.support import whatsapp


def listed(name, *, body="Hola {{1}}", status="APPROVED", language="es_AR", buttons=()):
    parts = [{"type": "BODY", "text": body}]
    if buttons:
        parts.append(
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": each} for each in buttons]}
        )
    return {
        "name": name, "language": language, "status": status, "category": "MARKETING", "components": parts,
    }  # fmt: skip


def store(world, *found):
    with world.database.transaction() as session:
        return operations.store(session, found=found, now=world.clock())


def kept(world):
    with world.database.reading() as session:
        return {row.name: row for row in session.scalars(select(MessageTemplate))}


def test_the_list_is_kept_with_what_each_asks_for(world):
    assert store(world, listed("promo", body="Hola {{nombre}}", buttons=["Sí, sigamos"]), listed("otra")) == 2
    promo = kept(world)["promo"]
    assert (promo.category, promo.status, promo.variables) == ("marketing", "APPROVED", ["nombre"])
    assert promo.buttons == ["Sí, sigamos"]


def test_a_second_look_changes_the_same_rows_and_knows_what_is_gone(world):
    store(world, listed("promo"), listed("otra"))
    before = kept(world)["promo"].id
    store(world, listed("promo", status="PAUSED"))
    rows = kept(world)
    assert (rows["promo"].id, rows["promo"].status, rows["otra"].status) == (
        before,
        "PAUSED",
        operations.GONE,
    )
    with world.database.reading() as session:
        assert [row.name for row in operations.listed(session)] == ["promo"]


def test_nonsense_in_the_list_is_left_out(world):
    assert store(world, {}, {"name": "sin idioma"}, {**listed("rara"), "components": ["x", {"type": 3}]}) == 1
    assert kept(world)["rara"].body == ""


def test_a_webhook_changes_the_status_at_once_and_asks_for_the_list(world):
    store(world, listed("promo"))
    world.clock.move(minutes=1)
    with world.database.reading() as session:
        assert not operations.is_due(session, now=world.clock())
    value = {
        "event": "PAUSED", "message_template_id": 1, "message_template_name": "promo",
        "message_template_language": "es_AR", "reason": "NONE",
    }  # fmt: skip
    change = {"field": "message_template_status_update", "value": value}
    assert world.post(whatsapp.envelope([change])).status_code == 200
    assert kept(world)["promo"].status == "PAUSED"
    with world.database.reading() as session:
        assert operations.is_due(session, now=world.clock())
    store(world, listed("promo"))
    with world.database.reading() as session:
        assert not operations.is_due(session, now=world.clock())


def test_a_malformed_webhook_about_a_template_is_kept_and_harms_nothing(world):
    changes = [
        {"field": "message_template_status_update", "value": value}
        for value in ({"event": "PAUSED"}, "text", {"event": 3, "message_template_name": []})
    ]
    assert world.post(whatsapp.envelope(changes)).status_code == 200


def test_the_list_is_fetched_every_quarter_of_an_hour_and_sooner_after_a_failure(world):
    with world.database.reading() as session:
        assert operations.is_due(session, now=world.clock())
    store(world)
    with world.database.reading() as session:
        assert not operations.is_due(session, now=world.clock() + timedelta(minutes=14))
        assert operations.is_due(session, now=world.clock() + timedelta(minutes=15))
    with world.database.transaction() as session:
        operations.note_failure(session, reason="x", now=world.clock())
    with world.database.reading() as session:
        assert operations.is_due(session, now=world.clock() + timedelta(minutes=2))


def pages(*sizes):
    """A Graph with pages of so many templates; what was asked is noted."""
    asked = []

    def answer(request):
        asked.append(dict(request.url.params))
        place = int(request.url.params.get("after", "0"))
        data = [listed(f"t_{place}_{number}") for number in range(sizes[place])]
        more = {"next": "https://graph.invalid/next"} if place + 1 < len(sizes) else {}
        return httpx.Response(
            200, json={"data": data, "paging": {"cursors": {"after": str(place + 1)}, **more}}
        )

    return asked, client_to(answer)


def client_to(answer):
    return GraphClient(
        base_url="https://graph.invalid", version="v26.0", phone_number_id="1", access_token="t" * 16, timeout=5,
        transport=httpx.MockTransport(answer),
    )  # fmt: skip


def test_all_pages_of_the_list_are_read():
    asked, client = pages(100, 100, 3)
    found = client.templates("99")
    assert len(found) == 203
    assert [each.get("after") for each in asked] == [None, "1", "2"]
    assert {each["limit"] for each in asked} == {"100"}
    assert all(re.search("components", each["fields"]) for each in asked)


def test_a_page_that_fails_gives_no_half_a_list():
    answers = [
        httpx.Response(200, json={"data": [listed("a")], "paging": {"cursors": {"after": "1"}, "next": "x"}}),
        httpx.Response(502, text="<html>"),
    ]
    assert isinstance(client_to(lambda _request: answers.pop(0)).templates("99"), Refused)
