"""What becomes of a message that the business sends."""

import pytest

from simulator.clock import Bucket

pytestmark = pytest.mark.anyio

BUTTONS = {
    "type": "button",
    "body": {"text": "¿Confirmás?"},
    "action": {
        "buttons": [
            {"type": "reply", "reply": {"id": "/affirm", "title": "Sí"}},
            {"type": "reply", "reply": {"id": "/deny", "title": "No"}},
        ]
    },
}
LIST = {
    "type": "list",
    "body": {"text": "¿Qué sucursal?"},
    "action": {
        "button": "Ver opciones",
        "sections": [
            {"title": "Sucursales", "rows": [{"id": "s1", "title": "Centro", "description": "Belgrano 50"}]}
        ],
    },
}


@pytest.fixture
async def talking(phones, shop):
    """A customer who wrote a moment ago, so that the window is open."""
    await phones.customer(user_id="AR.1")
    await phones.act("1", "text", text="Hola", id="wamid.IN")
    await phones.settle()
    shop.payloads.clear()
    return phones


async def test_a_text_is_answered_as_meta_does_and_gets_its_ticks(talking, shop):
    answer = await talking.text("Hola Lucía", to="+54 9 11 2345-6789", biz_opaque_callback_data="out-7")
    assert answer.status_code == 200
    wamid = answer.json()["messages"][0]["id"]
    assert answer.json() == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+54 9 11 2345-6789", "wa_id": "5491123456789"}],
        "messages": [{"id": wamid}],
    }
    await talking.settle()
    pricing = {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
    base = {
        "id": wamid,
        "timestamp": "1793500000",
        "recipient_id": "5491123456789",
        "recipient_user_id": "AR.1",
        "biz_opaque_callback_data": "out-7",
    }
    assert shop.statuses() == [
        {**base, "status": "sent", "pricing": pricing},
        {**base, "status": "delivered", "pricing": pricing},
        {**base, "status": "read"},
    ]
    shown = (await talking.chat(side="business"))[0]
    assert (shown["text"], shown["status"], shown["tracker"]) == ("Hola Lucía", "read", "out-7")


async def test_a_phone_that_is_off_or_a_closed_chat_holds_the_ticks_back(talking, shop):
    await talking.http.patch("/sim/customers/1", json={"online": False, "reading": False})
    await talking.text()
    await talking.settle()
    assert [status["status"] for status in shop.statuses()] == ["sent"]
    await talking.http.patch("/sim/customers/1", json={"online": True})
    await talking.settle()
    assert [status["status"] for status in shop.statuses()] == ["sent", "delivered"]
    await talking.http.patch("/sim/customers/1", json={"reading": True})
    await talking.settle()
    assert [status["status"] for status in shop.statuses()] == ["sent", "delivered", "read"]


async def test_delivered_may_be_skipped(talking, shop):
    await talking.put("behaviour", skip_delivered=True)
    await talking.text()
    await talking.settle()
    assert [(status["status"], "pricing" in status) for status in shop.statuses()] == [
        ("sent", True),
        ("read", True),
    ]


async def test_a_closed_window_is_accepted_and_fails_later(talking, shop):
    await talking.put("clock", advance_seconds=24 * 3600)
    answer = await talking.text(biz_opaque_callback_data="late")
    assert answer.status_code == 200
    await talking.settle()
    (failed,) = shop.statuses()
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131047)
    assert failed["biz_opaque_callback_data"] == "late"
    assert "recipient_user_id" not in failed
    assert "contacts" not in shop.values()[0]
    assert (await talking.figures())["sends"]["window_violations"] == 1


async def test_the_window_opens_again_with_the_next_message_but_not_with_a_reaction(talking, shop):
    await talking.put("clock", offset_seconds=24 * 3600)
    await talking.act("1", "reaction", message="wamid.IN", emoji="👍")
    await talking.text("cerrada")
    await talking.act("1", "text", text="sigo acá")
    await talking.text("abierta")
    await talking.settle()
    assert [one["status"] for one in await talking.chat(side="business")] == ["failed", "read"]


async def test_a_template_passes_a_closed_window_and_its_button_comes_back(talking, shop):
    await talking.put("clock", advance_seconds=25 * 3600)
    template = {
        "name": "retomar_conversacion",
        "language": {"code": "es_AR"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Lucía"}]},
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "SEGUIR"}],
            },
        ],
    }
    assert (await talking.send(type="template", template=template)).status_code == 200
    await talking.settle()
    (shown,) = await talking.chat(side="business")
    assert shown["text"] == "Hola Lucía, tenemos novedades de tu pedido. ¿Seguimos?"
    assert shown["pricing"]["category"] == "utility"
    await talking.act("1", "tap", message=shown["id"], title="Sí, sigamos")
    await talking.settle()
    assert shop.messages()[0]["button"] == {"payload": "SEGUIR", "text": "Sí, sigamos"}


async def test_taps_come_back_with_id_title_and_context(talking, shop):
    await talking.send(type="interactive", interactive=BUTTONS)
    await talking.send(type="interactive", interactive=LIST)
    buttons, rows = await talking.chat(side="business")
    assert buttons["options"] == [
        {"id": "/affirm", "title": "Sí", "kind": "button"},
        {"id": "/deny", "title": "No", "kind": "button"},
    ]
    await talking.act("1", "tap", message=buttons["id"], option="/affirm")
    await talking.act("1", "tap", message=rows["id"], title="Centro")
    await talking.settle()
    tap, choice = shop.messages()
    assert tap["interactive"] == {"type": "button_reply", "button_reply": {"id": "/affirm", "title": "Sí"}}
    assert tap["context"] == {"from": "5491136943434", "id": buttons["id"]}
    row = {"id": "s1", "title": "Centro", "description": "Belgrano 50"}
    assert choice["interactive"] == {"type": "list_reply", "list_reply": row}


async def test_only_what_is_shown_can_be_tapped(talking):
    await talking.send(type="interactive", interactive=BUTTONS)
    (shown,) = await talking.chat(side="business")
    for action in ({"message": shown["id"], "option": "/hack"}, {"message": "wamid.IN", "option": "/affirm"}):
        answer = await talking.http.post("/sim/customers/1/messages", json={"kind": "tap", **action})
        assert answer.status_code == 409
    answer = await talking.http.post(
        "/sim/customers/1/messages", json={"kind": "tap", "message": "wamid.X", "option": "a"}
    )
    assert answer.status_code == 404


async def test_the_pair_rate_lends_45_and_then_gives_one_in_six_seconds(talking):
    codes = [(await talking.text(str(number))).status_code for number in range(46)]
    assert codes == [200] * 45 + [400]
    refused = (await talking.text()).json()["error"]
    assert (refused["code"], refused["type"]) == (131056, "OAuthException")
    await talking.put("clock", advance_seconds=6)
    assert [(await talking.text()).status_code for _ in range(2)] == [200, 400]
    await talking.customer(name="Otra", phone="5493514567890")
    assert (await talking.text(to="+5493514567890")).status_code == 200


async def test_the_number_sends_eighty_a_second(talking):
    await talking.put("behaviour", pair_burst=1000)
    codes = [(await talking.text()).status_code for _ in range(81)]
    assert codes == [200] * 80 + [400]
    assert (await talking.text()).json()["error"]["code"] == 130429
    await talking.put("clock", advance_seconds=1)
    assert (await talking.text()).status_code == 200


def test_a_clock_set_back_refills_nothing():
    bucket = Bucket(size=1, per_second=1, now=100)
    assert bucket.take(100)
    assert not bucket.take(50)
    assert bucket.take(51)


async def test_reading_ticks_the_earlier_messages_too_and_typing_lasts_25_seconds(talking):
    await talking.act("1", "text", text="¿hola?", id="wamid.IN2")
    body = {
        "type": None,
        "to": None,
        "status": "read",
        "message_id": "wamid.IN2",
        "typing_indicator": {"type": "text"},
    }
    assert (await talking.send(**body)).json() == {"success": True}
    assert [one["status"] for one in await talking.chat(side="customer")] == ["read", "read"]
    assert (await talking.http.get("/sim/customers")).json()[0]["typing_seconds"] == 25
    await talking.put("clock", advance_seconds=26)
    assert (await talking.http.get("/sim/customers")).json()[0]["typing_seconds"] == 0
    unknown = await talking.send(**{**body, "message_id": "wamid.NO"})
    assert unknown.json()["error"]["code"] == 131009


@pytest.mark.parametrize("to", ["+5491199999999", "AR.999"])
async def test_nobody_there_or_a_customer_who_blocked_us_is_undeliverable(talking, shop, to):
    await talking.http.patch("/sim/customers/1", json={"blocked": True})
    await talking.text()
    await talking.settle()
    assert shop.statuses()[0]["errors"][0]["code"] == 131026
    named = {"to": None, "recipient": to} if to.startswith("AR") else {"to": to}
    assert (await talking.text(biz_opaque_callback_data="nobody", **named)).status_code == 200
    await talking.settle()
    last = shop.statuses()[-1]
    assert (last["errors"][0]["code"], last["biz_opaque_callback_data"]) == (131026, "nobody")


async def test_a_test_number_takes_argentine_mobiles_only_without_the_nine(talking):
    await talking.put("behaviour", test_number=True)
    assert (await talking.text()).json()["error"]["code"] == 131030
    answer = await talking.text(to="541123456789")
    assert answer.json()["contacts"] == [{"input": "541123456789", "wa_id": "5491123456789"}]
    assert len(await talking.chat(side="business")) == 1


async def test_the_free_tier_counts_each_delivered_message_once_and_starts_again_with_the_month(talking):
    await talking.put("behaviour", free_tier=2)
    for _ in range(3):
        await talking.text()
        await talking.settle()
    kinds = [one["pricing"]["type"] for one in await talking.chat(side="business")]
    assert kinds == ["free_customer_service", "free_customer_service", "regular"]
    month = (await talking.figures())["free_tier"]
    assert month["used"] == 3
    await talking.put("clock", advance_seconds=31 * 86400)
    assert (await talking.figures())["free_tier"]["used"] == 0


async def test_the_same_tracker_twice_is_a_duplicate(talking):
    for tracker in ("a", "b", "a"):
        await talking.text(biz_opaque_callback_data=tracker)
    figures = await talking.figures()
    assert figures["duplicates"] == {"a": 2}
    assert figures["sends"]["accepted"] == 3


async def test_a_reaction_of_the_business_shows_on_the_message_and_is_only_sent(talking, shop):
    await talking.send(type="reaction", reaction={"message_id": "wamid.IN", "emoji": "❤️"})
    await talking.settle()
    assert (await talking.chat())[0]["reactions"] == {"business": "❤️"}
    assert [status["status"] for status in shop.statuses()] == ["sent"]


async def test_a_waiting_reader_gets_the_next_message(talking):
    last = (await talking.chat())[-1]["seq"]
    assert await talking.chat(after=last, wait=0.01) == []
    await talking.text("por fin")
    (news,) = await talking.chat(after=last, wait=5)
    assert news["text"] == "por fin"
