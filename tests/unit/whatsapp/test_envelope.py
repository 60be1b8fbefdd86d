import json

import pytest

from openbot.whatsapp.envelope import (
    BadItem,
    Call,
    Echo,
    Ignored,
    InboundMessage,
    MessageKind,
    Sender,
    StatusUpdate,
    TemplateStatus,
    UnreadableEnvelope,
    read,
)
from tests.unit.whatsapp.samples import ANA, NUMBER, WEBHOOKS, items, message, webhook


def test_a_status_carries_our_tracker_and_its_price():
    (status,) = items("a_delivered_message_with_its_price")
    assert isinstance(status, StatusUpdate)
    assert (status.wamid, status.status, status.callback_data) == ("wamid.OUT80", "delivered", "out-123")
    assert status.pricing == {
        "billable": True,
        "pricing_model": "PMP",
        "type": "regular",
        "category": "service",
    }
    assert status.recipient == Sender(user_id=ANA.user_id, wa_id=ANA.wa_id)


def test_a_failed_status_without_contacts_keeps_its_reason():
    (status,) = items("a_failed_message_without_contacts")
    assert isinstance(status, StatusUpdate)
    assert (status.status, status.error_code) == ("failed", 131047)
    assert status.errors[0]["details"] == "More than 24 hours have passed."


def test_statuses_stay_in_the_order_in_which_they_came():
    assert [item.status for item in items("a_read_before_its_delivered")] == ["read", "delivered", "sent"]


def test_a_status_may_know_no_phone():
    (status,) = items("a_status_without_a_phone")
    assert status.recipient == Sender(user_id=ANA.user_id)


def test_members_of_a_group_are_told_apart():
    assert {item.participant for item in items("two_members_of_a_group_read_a_message")} == {
        "5491123456789",
        "5493514567890",
    }


def test_an_echo_names_whom_the_company_wrote_to():
    (echo,) = items("an_answer_of_the_company_from_its_own_phone")
    assert isinstance(echo, Echo)
    assert (echo.recipient.wa_id, echo.text) == (ANA.wa_id, "Te llamo en un rato")


def test_an_echo_that_cannot_be_read_is_an_echo_all_the_same():
    raw = json.loads(webhook("an_answer_of_the_company_from_its_own_phone"))
    raw["entry"][0]["changes"][0]["value"]["message_echoes"][0]["text"] = 7
    (echo,) = read(json.dumps(raw).encode())
    assert isinstance(echo, Echo)
    assert echo.kind is MessageKind.UNKNOWN


def test_a_call_is_one_call_whatever_its_events():
    calls = items("a_call_that_nobody_takes")
    assert all(isinstance(call, Call) for call in calls)
    assert {(call.call_id, call.sender) for call in calls} == {("wacid.1", ANA)}
    assert [call.event for call in calls] == ["connect", "terminate"]


IGNORED = {
    "the_history_of_an_old_chat": ("unknown_field", "history", NUMBER),
    "a_problem_of_the_account_alone": ("error_130429", "messages", NUMBER),
    "a_click_on_a_marketing_link": ("user_actions", "messages", NUMBER),
    "a_webhook_of_another_product": ("other_object", "instagram", ""),
}


@pytest.mark.parametrize("name", IGNORED)
def test_what_asks_for_nothing_is_counted(name):
    (ignored,) = items(name)
    assert isinstance(ignored, Ignored)
    assert (ignored.reason, ignored.field, ignored.number_id) == IGNORED[name]


def test_a_template_says_its_new_status():
    (change,) = items("a_template_that_was_paused")
    assert isinstance(change, TemplateStatus)
    assert (change.name, change.language, change.status) == ("aviso", "es_AR", "PAUSED")


def test_the_problem_beside_a_message_is_counted_too():
    found = items("a_forwarded_interactive_message_without_its_content")
    assert [type(item) for item in found] == [InboundMessage, Ignored]


def test_another_number_s_message_carries_that_number():
    assert message("the_test_button_of_the_dashboard").number_id == "123456123"


# --- batches ----------------------------------------------------------------------------------------


def test_every_item_of_every_entry_and_change_is_read():
    found = items("two_people_three_texts_and_a_status_in_one_batch")
    assert [item.wamid for item in found] == ["wamid.M2", "wamid.M1", "wamid.OUT80", "wamid.M3"]


def test_a_broken_message_is_kept_whole_and_takes_no_other_with_it():
    first, bad, last = items("one_broken_message_between_two_good_ones")
    assert (first.text, last.text) == ("una", "dos")
    assert isinstance(bad, BadItem)
    assert bad.reason == "id is missing"
    assert json.loads(bad.raw)["text"] == "no"


@pytest.mark.parametrize("path", sorted(WEBHOOKS.glob("*.json")), ids=lambda path: path.stem)
def test_a_payload_has_the_same_meaning_when_meta_escapes_it(path):
    raw = path.read_bytes()
    escaped = json.dumps(json.loads(raw), ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")
    assert read(escaped.encode()) == read(raw)
    for item in read(raw):
        if not isinstance(item, Ignored | BadItem):
            json.dumps(item.raw, ensure_ascii=False).encode()


# --- bytes that are no webhook ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"hola",
        b"[]",
        b"null",
        b'"text"',
        b"12",
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"NaN",
    ],
)
def test_bytes_that_are_no_object_are_refused_by_name(raw):
    with pytest.raises(UnreadableEnvelope):
        read(raw)


def test_odd_numbers_deep_nesting_and_half_letters_harm_only_their_own_message():
    good = (
        '{"from":"5491123456789","id":"wamid.G","timestamp":"1793500000","type":"text","text":{"body":"dos"}}'
    )
    odd = [
        good.replace("wamid.G", "wamid.H").replace('"dos"', '"a"').replace("{", '{"x":' + value + ",", 1)
        for value in ("NaN", "Infinity", "1e999", "9" * 5000, "[" * 500 + "]" * 500, '"\\ud83d\\u0000"')
    ]
    listed = ",".join(part for value in odd for part in (value, good))
    raw = (
        '{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":'
        '{"metadata":{"phone_number_id":"106540352242922"},"messages":[' + listed + "]}}]}]}"
    )
    found = read(raw.encode())
    assert [item.text for item in found] == ["a", "dos"] * len(odd)
    for item in found:
        stored = json.dumps(item.raw, allow_nan=False, ensure_ascii=False).encode()
        assert b"\\u0000" not in stored


def test_three_megabytes_of_a_thousand_updates_are_read():
    one = json.loads(webhook("a_text_with_accents_and_emoji"))
    value = one["entry"][0]["changes"][0]["value"]
    (model,) = value["messages"]
    value["messages"] = [{**model, "id": f"wamid.{n}", "text": {"body": "ñ" * 480}} for n in range(1000)]
    raw = json.dumps(one).encode()
    assert len(raw) > 2_900_000
    assert len(read(raw)) == 1000


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"id": None}, "id is missing"),
        ({"id": "x" * 256}, "id is longer than 255"),
        ({"timestamp": "mañana"}, "timestamp is not a number of seconds"),
        ({"timestamp": "99999999999"}, "timestamp is out of range"),
        ({"timestamp": True}, "timestamp is not a number of seconds"),
        ({"type": None}, "type is missing"),
        ({"text": None}, "text is not an object"),
        ({"text": {"body": 7}}, "body is not a string"),
        ({"from": None, "from_user_id": None}, None),
        (
            {"type": "location", "location": {"latitude": 91, "longitude": 0}},
            "latitude is not a number of degrees",
        ),
        (
            {"type": "location", "location": {"latitude": "NaN", "longitude": 0}},
            "latitude is not a number of degrees",
        ),
        ({"type": "order", "order": {"product_items": []}}, "the cart is empty"),
        (
            {"type": "order", "order": {"product_items": [{"product_retailer_id": "A", "quantity": -1}]}},
            "quantity is not a positive number",
        ),
        ({"type": "image"}, "image is not an object"),
        ({"type": "edit", "edit": {"message": {"type": "edit"}}}, "original_message_id is missing"),
    ],
)
def test_a_malformed_message_says_what_is_wrong(broken, reason):
    raw = json.loads(webhook("a_text_with_accents_and_emoji"))
    raw["entry"][0]["changes"][0]["value"]["messages"][0].update(broken)
    (item,) = read(json.dumps(raw).encode())
    assert (item.reason if isinstance(item, BadItem) else None) == reason


def test_without_a_number_nobody_knows_whose_message_it_is():
    raw = json.loads(webhook("a_text_with_accents_and_emoji"))
    del raw["entry"][0]["changes"][0]["value"]["metadata"]
    (item,) = read(json.dumps(raw).encode())
    assert isinstance(item, BadItem)
