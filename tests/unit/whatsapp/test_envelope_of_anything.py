"""Whatever comes, the reader raises only its own error and never loses a good neighbour."""

import copy
import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openbot.whatsapp.envelope import BadItem, Ignored, InboundMessage, UnreadableEnvelope, read
from tests.unit.whatsapp.samples import WEBHOOKS

PAYLOADS = [json.loads(path.read_bytes()) for path in sorted(WEBHOOKS.glob("*.json"))]
GOOD = {
    "from": "5491123456789",
    "id": "wamid.GOOD",
    "timestamp": "1793500000",
    "type": "text",
    "text": {"body": "buenas"},
}

KNOWN_KEYS = """
    object entry changes field value metadata phone_number_id messages statuses errors contacts profile name id
    from from_user_id timestamp type text body interactive button_reply list_reply nfm_reply response_json order
    product_items quantity item_price system edit message context status code error_data
"""
KNOWN_WORDS = """
    messages whatsapp_business_account text interactive order location image contacts reaction edit revoke system
    button unsupported user_changed_number button_reply nfm_reply 1793500000 delivered calls user_id_update
    smb_message_echoes
"""
KEYS = st.sampled_from(sorted(KNOWN_KEYS.split())) | st.text(max_size=4)
WORDS = st.sampled_from(sorted(KNOWN_WORDS.split()))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | WORDS
    | st.text(max_size=6)
    | st.just("\ud83d\x00")
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


def around(*messages, **parts):
    value = {"metadata": {"phone_number_id": "106540352242922"}, "messages": list(messages), **parts}
    changes = [{"field": "messages", "value": value}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


def written(webhook):
    return json.dumps(webhook).encode()


def check(items):
    for item in items:
        if isinstance(item, BadItem):
            assert not item.reason.startswith("the reader failed"), item
            item.raw.encode()
            assert "\x00" not in item.raw
        elif not isinstance(item, Ignored):
            stored = json.dumps([item.raw, dict(getattr(item, "data", {}))], allow_nan=False)
            assert "\\u0000" not in stored
            json.loads(stored)


def good_of(items):
    return [item for item in items if isinstance(item, InboundMessage) and item.wamid == "wamid.GOOD"]


@given(st.binary(max_size=200))
@example(b'{"object":"whatsapp_business_account","entry":1}')
def test_any_bytes_raise_only_the_reader_s_own_error(raw):
    with suppress(UnreadableEnvelope):
        check(read(raw))


@given(JSON)
def test_any_json_raises_only_the_reader_s_own_error(value):
    try:
        check(read(written(value)))
    except UnreadableEnvelope:
        assert not isinstance(value, dict)


@given(JSON, JSON)
def test_any_neighbour_leaves_a_good_message_alone(before, after):
    items = read(written(around(before, GOOD, after)))
    check(items)
    assert len(good_of(items)) >= 1


@given(JSON, JSON, JSON)
def test_anything_beside_the_messages_leaves_them_alone(contacts, statuses, errors):
    items = read(written(around(GOOD, contacts=contacts, statuses=statuses, errors=errors)))
    check(items)
    assert len(good_of(items)) == 1


@given(JSON, JSON)
def test_any_other_entry_or_change_leaves_a_good_one_alone(entry, change):
    webhook = around(GOOD)
    webhook["entry"].insert(0, entry)
    webhook["entry"][1]["changes"].insert(0, change)
    items = read(written(webhook))
    check(items)
    assert len(good_of(items)) >= 1


def _places(value, path=()):
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield from _places(inner, (*path, key))


@given(st.data())
def test_any_part_of_a_real_webhook_may_be_anything(data):
    webhook = copy.deepcopy(data.draw(st.sampled_from(PAYLOADS)))
    path = data.draw(st.sampled_from([path for path in _places(webhook) if path]))
    spoiled = webhook
    for key in path[:-1]:
        spoiled = spoiled[key]
    spoiled[path[-1]] = data.draw(JSON)
    check(read(written(webhook)))


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["object"])
def test_every_stored_webhook_beside_a_good_message_leaves_it_alone(payload):
    webhook = {"object": "whatsapp_business_account", "entry": payload["entry"] + around(GOOD)["entry"]}
    items = read(written(webhook))
    check(items)
    assert len(good_of(items)) == 1
