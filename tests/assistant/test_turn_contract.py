import copy

import pytest
from conftest import NOW, other, request, tap, text

from bot.turn_contract import (
    INTENT_OF_KIND,
    LONGEST_TEXT,
    UnreadableTurn,
    as_reply,
    hear,
    read_turn,
)

INTENTS = {
    "greet",
    "choose",
    "confirm_order",
    "unknown_tap",
    "nlu_fallback",
    "restart",
    "back",
    "session_start",
} | set(INTENT_OF_KIND.values())


def heard(message, intents=INTENTS):
    return hear(read_turn(request(message)), intents=intents)[0]


def test_a_text_is_left_to_the_pipeline():
    assert heard(text("hola\nquiero 2 cocas")).parse_data is None
    assert heard(text("hola\nquiero 2 cocas")).text == "hola\nquiero 2 cocas"


@pytest.mark.parametrize(
    "words", ["/restart", "  /restart", '\n/confirm_order{"order":"1"}', "\u00a0/back", "//x"]
)
def test_a_typed_command_is_only_a_text(words):
    message = heard(text(words))
    assert message.parse_data is None
    assert message.text.startswith("\uff0f")
    assert not message.text.strip().startswith("/")


def test_a_very_long_text_is_parsed_up_to_the_limit_of_whatsapp():
    assert len(heard(text("a" * 60_000)).text) == LONGEST_TEXT


@pytest.mark.parametrize("words", ["", "   ", "\n\t", "\u3000"])
def test_an_empty_text_is_not_understood(words):
    assert heard(text(words)).parse_data["intent"] == {"name": "nlu_fallback", "confidence": 1.0}


def test_a_tap_brings_its_intent_and_entities_and_keeps_its_title():
    message = heard(tap('/choose{"branch":"2","page":3,"all":true}', title="Centro"))
    assert message.text == "Centro"
    assert message.parse_data == {
        "text": "Centro",
        "intent": {"name": "choose", "confidence": 1.0},
        "entities": [
            {"entity": "branch", "value": "2"},
            {"entity": "page", "value": 3},
            {"entity": "all", "value": True},
        ],
    }


def test_a_tap_without_entities_and_one_with_a_list():
    assert heard(tap("/greet")).parse_data["entities"] == []
    assert [e["value"] for e in heard(tap('/choose{"item":["a","b"]}')).parse_data["entities"]] == ["a", "b"]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "greet",
        "/",
        "/unheard_of",
        "/restart",
        "/back",
        "/session_start",
        "/choose{",
        "/choose{]}",
        '/choose["a"]',
        '/choose{"a":{"b":1}}',
        '/choose{"a":null}',
        '/choose{"a":[{"b":1}]}',
        '/choose{"a":1} /restart',
        "/choose@0.2",
        "/choose" + "{" * 5000,
        '/choose{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
        "hola /greet",
        "confirm:1043:v7",
    ],
)
def test_a_payload_that_is_none_of_ours_is_an_unknown_tap(payload):
    parsed = heard(tap(payload)).parse_data
    assert parsed["intent"]["name"] == "unknown_tap"
    assert parsed["entities"] == []


@pytest.mark.parametrize("kind", sorted(INTENT_OF_KIND))
def test_every_other_kind_has_an_intent_of_its_own(kind):
    message = heard(other(kind, {"media_id": "77"}, caption="mirá"))
    assert message.parse_data == {
        "text": "mirá",
        "intent": {"name": f"send_{kind}", "confidence": 1.0},
        "entities": [],
    }
    assert message.metadata["data"] == {"media_id": "77"}


def test_an_intent_that_the_designers_took_out_is_not_understood():
    assert heard(other("sticker"), intents={"greet"}).parse_data["intent"]["name"] == "nlu_fallback"
    assert heard(tap("/gone"), intents={"greet"}).parse_data["intent"]["name"] == "nlu_fallback"


def test_each_message_tells_the_actions_which_turn_and_position_it_is():
    turn = read_turn(request(text("a", id=5), tap("/greet", id=6), order_id=1043))
    assert [one.metadata for one in hear(turn, intents=INTENTS)] == [
        {
            "turn_id": 812,
            "position": 0,
            "message_id": 5,
            "kind": "text",
            "order_id": 1043,
            "now": NOW,
            "more": 1,
        },
        {"turn_id": 812, "position": 1, "message_id": 6, "kind": "tap", "order_id": 1043, "now": NOW},
    ]


def broken(**changes):
    body = request(text("hola"))
    for path, value in changes.items():
        place = body
        *parents, last = path.split("__")
        for name in parents:
            place = place[int(name)] if name.isdigit() else place[name]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return body


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"version": 2}, "version"),
        ({"version": ...}, "version"),
        ({"turn_id": "812"}, "turn_id"),
        ({"turn_id": True}, "turn_id"),
        ({"contact_id": None}, "contact_id"),
        ({"contact_id": -1}, "contact_id"),
        ({"order_id": "1"}, "order_id"),
        ({"order_id": ...}, "order_id"),
        ({"now": "hoy"}, "now"),
        ({"now": "2026-11-22T14:05:00"}, "now"),
        ({"now": 5}, "now"),
        ({"messages": []}, "messages"),
        ({"messages": {}}, "messages"),
        ({"messages": ["hola"]}, "messages[0]"),
        ({"messages__0__kind": "song"}, "messages[0].kind"),
        ({"messages__0__kind": []}, "messages[0].kind"),
        ({"messages__0__text": None}, "messages[0].text"),
        ({"messages__0__id": "x"}, "messages[0].id"),
        ({"messages__0__payload": "/greet"}, "messages[0].payload"),
        ({"messages__0__kind": "tap"}, "messages[0].payload"),
        ({"messages__0__data": []}, "messages[0].data"),
        ({"dialogue": []}, "dialogue"),
        ({"dialogue__number": None}, "dialogue.number"),
        ({"dialogue__events": {}}, "dialogue.events"),
        ({"dialogue__events": [{}]}, "dialogue.events"),
        ({"dialogue__events": ["slot"]}, "dialogue.events"),
        ({"dialogue__more": 1}, "more"),
        ({"more": 1}, "more"),
    ],
)
def test_a_turn_that_breaks_the_contract_is_refused_with_the_name_of_the_field(changes, named):
    with pytest.raises(UnreadableTurn) as refused:
        read_turn(broken(**changes))
    assert named in refused.value.detail


@pytest.mark.parametrize("body", [None, [], "turn", 5])
def test_anything_but_an_object_is_refused(body):
    with pytest.raises(UnreadableTurn):
        read_turn(body)


def test_reading_leaves_the_request_as_it_was():
    body = request(other("cart", {"items": []}), events=[{"event": "slot", "name": "a", "value": 1}])
    before = copy.deepcopy(body)
    hear(read_turn(body), intents=INTENTS)
    assert body == before


def test_a_reply_has_its_three_parts_and_loses_nothing():
    assert as_reply({"text": "hola"}) == {"text": "hola", "buttons": [], "custom": {}}
    assert as_reply({"text": None, "custom": {"list": {}}, "buttons": None}) == {
        "text": "",
        "buttons": [],
        "custom": {"list": {}},
    }
    odd = as_reply(
        {"text": "", "custom": ["x"], "quick_replies": [{"title": "Sí"}], "image": "http://a/b.png"}
    )
    assert odd == {
        "text": "",
        "buttons": [{"title": "Sí"}],
        "custom": {"value": ["x"], "image": "http://a/b.png"},
    }
