"""The switches of the Graph side."""

import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
async def talking(phones):
    await phones.customer()
    await phones.act("1", "text", text="Hola")
    await phones.settle()
    return phones


async def seen(phones):
    return [one["text"] for one in await phones.chat(side="business")]


@pytest.mark.parametrize("code", [4, 190, 130429, 131000, 131016, 131048, 131056, 133010])
async def test_a_code_refuses_the_next_sends(talking, code):
    await talking.put("faults", codes=[{"code": code, "next": 2}])
    answers = [await talking.text(str(number)) for number in range(3)]
    assert [answer.json().get("error", {}).get("code") for answer in answers] == [code, code, None]
    assert await seen(talking) == ["2"]


@pytest.mark.parametrize("code", [131026, 131047])
async def test_some_codes_come_later(talking, shop, code):
    await talking.put("faults", codes=[{"code": code, "next": 1}])
    assert (await talking.text()).status_code == 200
    await talking.settle()
    assert shop.statuses()[-1]["errors"][0]["code"] == code
    assert (await talking.figures())["sends"]["failed_later"] == {str(code): 1}


async def test_a_code_may_hit_one_customer_for_ever(talking):
    await talking.customer(name="Martín", phone="5493514567890")
    await talking.put("faults", codes=[{"code": 131056, "customer": "2"}])
    assert [(await talking.text(to=to)).status_code for to in ("+5491123456789", "+5493514567890") * 2] == [
        200,
        400,
    ] * 2
    await talking.http.delete("/sim/faults")
    assert (await talking.text(to="+5493514567890")).status_code == 200


@pytest.mark.parametrize(
    ("switch", "status", "delivered"),
    [
        ({"error_5xx": {"next": 1}}, 503, False),
        ({"error_5xx": {"next": 1, "status": 500, "accepted": True}}, 500, True),
        ({"html_502": {"next": 1}}, 502, False),
        ({"html_200": {"next": 1}}, 200, True),
        ({"html_200": {"next": 1, "accepted": False}}, 200, False),
        ({"rate_limit": {"next": 1}}, 400, False),
    ],
)
async def test_a_spoiled_answer_is_spoiled_once(talking, switch, status, delivered):
    await talking.put("faults", **switch)
    answer = await talking.text("uno")
    assert answer.status_code == status
    if "html" in next(iter(switch)):
        assert answer.headers["content-type"].startswith("text/html")
    assert (await talking.text("dos")).json()["messages"]
    assert await seen(talking) == (["uno", "dos"] if delivered else ["dos"])


async def test_a_slow_answer_is_overtaken_by_its_statuses(talking, shop):
    await talking.put("faults", slow={"ms": 60, "next": 1})
    answer = await talking.text()
    assert answer.status_code == 200
    assert {status["id"] for status in shop.statuses()} == {answer.json()["messages"][0]["id"]}


async def test_reads_and_uploads_are_hit_only_when_asked_for(talking):
    wamid = (await talking.chat())[0]["id"]
    read = {"type": None, "to": None, "status": "read", "message_id": wamid}
    await talking.put("faults", error_5xx={})
    assert (await talking.send(**read)).status_code == 200
    await talking.put("faults", error_5xx={"on": "reads"})
    assert (await talking.send(**read)).status_code == 503
    assert (await talking.text()).status_code == 200


async def test_a_switch_that_makes_no_sense_is_refused(talking):
    for what, wish in (
        ("faults", {"batch": {"size": 0}}),
        ("faults", {"nonsense": 1}),
        ("behaviour", {"sent_ms": -1}),
    ):
        assert (await talking.http.put(f"/sim/{what}", json=wish)).status_code == 422
    assert (await talking.http.get("/sim/faults")).json()["batch"] is None
