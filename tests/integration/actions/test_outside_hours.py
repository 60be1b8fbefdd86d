"""What the company says besides to who asks for a person while nobody is there (Configuración → Textos)."""

import asyncio
import copy
from typing import Any

import pytest

from openbot import company
from tests.integration.actions.conftest import NOW

TEXT = "Si es urgente, llamanos al 11 4862-3150."
NIGHT, MORNING = "2026-11-24T22:00:00-03:00", "2026-11-24T10:00:00-03:00"


@pytest.fixture
def write(server):
    def save(text: str) -> None:
        with server.database.transaction() as session:
            version = company.read(session).version
            company.save(session, values={"text_outside_hours": text}, version=version, by=None, now=NOW)

    return save


def asked(server, recorded, *, at: str, turn: int = 1) -> dict[str, Any]:
    """Ask for a person; returns the response with its values."""
    call = copy.deepcopy(recorded[0]["call"])
    call["next_action"] = "action_hand_over"
    call["tracker"]["latest_message"]["metadata"] |= {"now": at, "turn_id": turn, "message_id": turn}
    server.know(call)
    (response,) = asyncio.run(server.answer(call))["responses"]
    return response


def test_at_night_it_is_said_in_the_same_message(server, recorded, write):
    write(TEXT)
    response = asked(server, recorded, at=NIGHT)
    assert (response["response"], response["besides"]) == ("utter_handed_over_closed", TEXT)


def test_with_somebody_there_it_is_not_said(server, recorded, write):
    write(TEXT)
    response = asked(server, recorded, at=MORNING)
    assert (response["response"], response["besides"]) == ("utter_handed_over", "")


def test_without_a_text_nothing_is_added(server, recorded):
    assert asked(server, recorded, at=NIGHT)["besides"] == ""


def test_every_answer_while_nobody_is_there_has_room_for_it():
    import yaml

    from tests.integration.actions.conftest import ROOT

    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    closed = {
        name: said[0]["text"]
        for name, said in domain["responses"].items()
        if name.startswith("utter_handed_over") and name.endswith("_closed")
    }
    assert len(closed) == 4
    assert all(text.endswith("\n\n{besides}") for text in closed.values())
