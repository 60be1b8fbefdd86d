"""What the simulator posts to the webhook."""

import base64
import hashlib
import json

import pytest

from simulator.webhooks import encode, signature

pytestmark = pytest.mark.anyio


def test_the_signature_is_that_of_the_contracts_vector():
    body = encode({"a": "ñ"})
    assert body == b'{"a":"\\u00f1"}'
    wanted = "2b2ab6cd599635cdb21473c1b29691a26eddba12f9d4c34d98a0bf408c200784"
    assert signature(body, app_secret="s3cr3t-app") == f"sha256={wanted}"


def test_slashes_and_emoji_are_escaped_as_meta_does():
    body = encode({"text": "1/2 🧉 \\/"})
    assert body == b'{"text":"1\\/2 \\ud83e\\uddc9 \\\\\\/"}'
    assert json.loads(body) == {"text": "1/2 🧉 \\/"}


async def test_a_text_arrives_in_metas_envelope(phones, shop):
    customer = await phones.customer(user_id="AR.88231")
    sent = await phones.act("1", "text", text="Hola, ¿tienen mate? 🧉")
    await phones.settle()
    assert shop.payloads == [
        {
            "object": "whatsapp_business_account",
            "entry": [
                {
                    "id": "102290129340398",
                    "changes": [
                        {
                            "field": "messages",
                            "value": {
                                "messaging_product": "whatsapp",
                                "metadata": {
                                    "display_phone_number": "5491136943434",
                                    "phone_number_id": "106540352242922",
                                },
                                "contacts": [
                                    {
                                        "profile": {"name": "Lucía"},
                                        "wa_id": "5491123456789",
                                        "user_id": "AR.88231",
                                    }
                                ],
                                "messages": [
                                    {
                                        "from": "5491123456789",
                                        "from_user_id": "AR.88231",
                                        "id": sent["id"],
                                        "timestamp": "1793500000",
                                        "type": "text",
                                        "text": {"body": "Hola, ¿tienen mate? 🧉"},
                                    }
                                ],
                            },
                        }
                    ],
                }
            ],
        }
    ]
    assert customer["phone_visible"]
    assert [message["status"] for message in await phones.chat()] == ["delivered"]


async def test_a_customer_without_phone_shows_only_the_user_id(phones, shop):
    customer = await phones.customer(phone=None, username="caro.suarez")
    await phones.act("1", "text", text="Buenas")
    await phones.settle()
    value = shop.values()[0]
    assert "from" not in value["messages"][0]
    assert value["messages"][0]["from_user_id"] == customer["user_id"]
    assert value["contacts"] == [
        {"profile": {"name": "Lucía", "username": "caro.suarez"}, "user_id": customer["user_id"]}
    ]
    await phones.text(to=None, recipient=customer["user_id"])
    await phones.settle()
    assert [status["status"] for status in shop.statuses()] == ["sent", "delivered", "read"]
    assert all("recipient_id" not in status for status in shop.statuses())
    assert {status["recipient_user_id"] for status in shop.statuses()} == {customer["user_id"]}


@pytest.mark.parametrize(
    ("kind", "mime_type"),
    [
        ("image", "image/jpeg"),
        ("document", "application/pdf"),
        ("audio", "audio/ogg; codecs=opus"),
        ("sticker", "image/webp"),
    ],
)
async def test_a_file_carries_id_digest_and_address(phones, shop, kind, mime_type):
    await phones.customer()
    await phones.act("1", kind, caption="mirá")
    await phones.settle()
    content = shop.messages()[0][kind]
    data = (await phones.http.get(f"/sim/media/{content['id']}")).content
    assert content["mime_type"] == mime_type
    assert content["sha256"] == base64.b64encode(hashlib.sha256(data).digest()).decode()
    assert content["url"].startswith("http://127.0.0.1:9000/whatsapp_business/attachments/?mid=")
    assert ("caption" in content) == (kind in {"image", "document"})


async def test_location_cart_contact_reaction_and_unsupported_have_metas_shapes(phones, shop):
    await phones.customer(user_id="AR.1")
    first = await phones.act(
        "1", "location", latitude=-34.6, longitude=-58.4, name="Obelisco", address="CABA"
    )
    await phones.act("1", "cart", items=[{"code": "MATE-01", "quantity": 2, "price": 45900}])
    await phones.act("1", "contact")
    await phones.act("1", "reaction", message=first["id"], emoji="👍")
    await phones.act("1", "reaction", message=first["id"], emoji="")
    await phones.act("1", "unsupported", hint="poll_creation")
    await phones.settle()
    location, cart, card, reaction, removed, unsupported = shop.messages()
    assert location["location"] == {
        "latitude": -34.6,
        "longitude": -58.4,
        "name": "Obelisco",
        "address": "CABA",
    }
    line = {"product_retailer_id": "MATE-01", "quantity": 2, "item_price": 45900, "currency": "ARS"}
    assert cart["order"] == {"catalog_id": "194836987003835", "text": "", "product_items": [line]}
    assert card["contacts"][0]["origin"] == "contact_request"
    assert card["contacts"][0]["phones"][0]["wa_id"] == "5491123456789"
    assert reaction["reaction"] == {"message_id": first["id"], "emoji": "👍"}
    assert removed["reaction"] == {"message_id": first["id"]}
    assert unsupported["errors"][0]["code"] == 131051


async def test_a_quoted_forwarded_or_forged_message_is_possible(phones, shop):
    await phones.customer()
    await phones.act("1", "text", text="uno", id="wamid.ONE", timestamp=1_793_000_000)
    await phones.act("1", "text", text="dos", reply_to="wamid.ONE")
    await phones.act(
        "1", "text", text="tres", extra={"context": {"forwarded": True}, "referral": {"source_id": "9"}}
    )
    await phones.act("1", "raw", type="request_welcome")
    await phones.settle()
    one, two, three, four = shop.messages()
    assert (one["id"], one["timestamp"]) == ("wamid.ONE", "1793000000")
    assert two["context"] == {"from": "5491123456789", "id": "wamid.ONE"}
    assert three["context"] == {"forwarded": True}
    assert three["referral"] == {"source_id": "9"}
    assert four["type"] == "request_welcome"


async def test_a_call_an_echo_and_a_new_number_travel_in_their_own_fields(phones, shop):
    before = await phones.customer()
    for event in (
        {"kind": "call"},
        {"kind": "echo", "text": "Ya va"},
        {"kind": "change_number", "phone": "5491155550000"},
    ):
        assert (await phones.http.post("/sim/customers/1/events", json=event)).status_code == 202
    await phones.settle()
    assert shop.values("calls")[0]["calls"][0]["event"] == "connect"
    assert shop.values("smb_message_echoes")[0]["message_echoes"][0]["text"] == {"body": "Ya va"}
    systems = shop.messages()
    assert [one["system"]["type"] for one in systems] == ["user_changed_number", "user_changed_user_id"]
    assert {one["from"] for one in systems} == {before["phone"]}
    assert all("contacts" not in value for value in shop.values())
    update = shop.values("user_id_update")[0]["user_id_update"][0]
    after = (await phones.http.get("/sim/customers")).json()[0]
    assert update["user_id"] == {"previous": before["user_id"], "current": after["user_id"]}
    assert after["phone"] == "5491155550000"


async def test_the_handshake_echoes_the_challenge(phones):
    assert (await phones.http.post("/sim/verify")).json() == {"status": "200", "echoed": True}


@pytest.mark.parametrize(
    ("signed", "outcome"), [("good", "200"), ("bad", "401"), ("missing", "401"), ("sha1=ab", "401")]
)
async def test_a_raw_webhook_goes_out_as_written(phones, shop, signed, outcome):
    answer = await phones.http.post("/sim/webhook", json={"body": '{"a": 1', "signature": "bad"})
    assert answer.json() == {"outcomes": ["401"]}
    wish = {"body": {"object": "ñ"}, "signature": signed, "times": 2}
    assert (await phones.http.post("/sim/webhook", json=wish)).json() == {"outcomes": [outcome] * 2}
    assert len(shop.payloads) == (2 if outcome == "200" else 0)
