"""Repetition, batching, order and delay of webhooks."""

import pytest

pytestmark = pytest.mark.anyio


async def test_a_refused_webhook_is_repeated_until_it_is_taken(phones, shop):
    shop.answers = [500, 503, 404]
    await phones.customer()
    sent = await phones.act("1", "text", text="Hola")
    await phones.settle()
    assert [message["id"] for message in shop.messages()] == [sent["id"]] * 4
    webhooks = (await phones.figures())["webhooks"]
    assert webhooks["not_200"] == {"500": 1, "503": 1, "404": 1}
    assert (webhooks["attempts"], webhooks["delivered"], webhooks["updates_delivered"]) == (4, 1, 1)


async def test_a_repeated_message_travels_with_newer_ones(phones, shop):
    await phones.put("behaviour", retry_first_ms=40, retry_max_ms=40)
    await phones.put("faults", delay_ms=0)
    shop.answers = [500, 500]
    await phones.customer()
    await phones.act("1", "text", text="uno")
    await phones.act("1", "text", text="dos")
    await phones.settle()
    assert [len(payload["entry"][0]["changes"][0]["value"]["messages"]) for payload in shop.payloads] == [
        1,
        1,
        2,
    ]


async def test_messages_of_one_customer_keep_their_order(phones, shop):
    await phones.customer()
    for number in range(20):
        await phones.act("1", "text", text=str(number))
    await phones.settle()
    assert [message["text"]["body"] for message in shop.messages()] == [str(number) for number in range(20)]


async def test_a_batch_has_several_entries_changes_and_messages(phones, shop):
    await phones.customer()
    await phones.customer(name="Martín", phone="5493514567890")
    await phones.put("faults", batch={"size": 5, "window_ms": 5000})
    for customer, text in ("1a", "1b", "2c", "2d", "1e"):
        await phones.act(customer, "text", text=text)
    await phones.settle()
    assert len(shop.payloads) == 1
    changes = [entry["changes"] for entry in shop.payloads[0]["entry"]]
    sizes = [[len(change["value"]["messages"]) for change in entry] for entry in changes]
    assert sizes == [[2, 1], [2]]
    assert [message["text"]["body"] for message in shop.messages()] == ["a", "b", "c", "d", "e"]
    assert [len(change["value"]["contacts"]) for entry in changes for change in entry] == [1, 1, 2]


async def test_a_batch_does_not_wait_for_ever(phones, shop):
    await phones.customer()
    await phones.put("faults", batch={"size": 100, "window_ms": 20})
    await phones.act("1", "text", text="uno")
    await phones.act("1", "text", text="dos")
    await phones.settle()
    assert [len(payload["entry"][0]["changes"][0]["value"]["messages"]) for payload in shop.payloads] == [2]


async def test_reordered_messages_arrive_backwards(phones, shop):
    await phones.customer()
    await phones.put("faults", reorder={"size": 3, "window_ms": 5000})
    for text in ("quiero", "10", "cocas"):
        await phones.act("1", "text", text=text)
    await phones.settle()
    assert [message["text"]["body"] for message in shop.messages()] == ["cocas", "10", "quiero"]
    assert len(shop.payloads) == 3


async def test_a_duplicate_has_the_same_id(phones, shop):
    await phones.customer()
    await phones.put("faults", duplicate={"copies": 2, "next": 1})
    twice = await phones.act("1", "text", text="dos veces")
    once = await phones.act("1", "text", text="una vez")
    await phones.settle()
    ids = [message["id"] for message in shop.messages()]
    assert (ids.count(twice["id"]), ids.count(once["id"])) == (3, 1)
    assert (await phones.figures())["webhooks"]["duplicates_posted"] == 2


async def test_delayed_webhooks_wait(phones, shop):
    await phones.customer()
    await phones.put("faults", delay_ms=60_000)
    await phones.act("1", "text", text="Hola")
    answer = await phones.http.get("/sim/idle", params={"wait": 0.02})
    assert answer.json() == {"idle": False, "webhooks_waiting": 1, "receipts_waiting": 0}
    assert [message["status"] for message in await phones.chat()] == ["sent"]


async def test_nothing_is_posted_while_the_app_is_not_subscribed(phones, shop):
    bearer = {"Authorization": "Bearer token"}
    path = "/v26.0/102290129340398/subscribed_apps"
    await phones.customer()
    await phones.http.delete(path, headers=bearer)
    assert (await phones.http.get(path, headers=bearer)).json() == {"data": []}
    await phones.act("1", "text", text="nadie lo oye")
    await phones.http.post(path, headers=bearer)
    await phones.act("1", "text", text="ahora sí")
    await phones.settle()
    assert [message["text"]["body"] for message in shop.messages()] == ["ahora sí"]


async def test_a_reset_forgets_what_was_waiting(phones, shop):
    shop.answers = [500] * 50
    await phones.customer()
    await phones.act("1", "text", text="Hola")
    answer = await phones.http.post("/sim/reset", json={"customers": 2})
    assert answer.json() == {"customers": 2}
    await phones.settle()
    assert (await phones.figures())["webhooks"]["waiting"] == 0
    assert await phones.chat() == []
