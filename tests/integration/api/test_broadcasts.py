"""Broadcasts as an administrator makes and watches them."""

import pytest
from sqlalchemy import insert

from openbot.schema import Order
from openbot.vocabulary import BroadcastState, OrderKind, State
from tests.support import whatsapp
from tests.support.broadcasts import Campaign
from tests.support.whatsapp import ANA, refusal


@pytest.fixture
def campaign(panel, world):
    return Campaign(world, whatsapp_daily_conversations=10_000)


@pytest.fixture
def browser(campaign, panel):
    return panel.administrator()


def wish(campaign, **more):
    return {"name": "Promo", "template_id": campaign.template_id, "values": ["{{primer_nombre}}"], **more}


def get(browser, path, **asked):
    answer = browser.get(f"/api/broadcasts{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(browser, path, body=None, status=200):
    answer = browser.post(f"/api/broadcasts{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def ordered(world, contact_id, **more):
    now = world.clock()
    row = {
        "contact_id": contact_id, "kind": OrderKind.ORDER, "state": State.INVOICED, "created_at": now,
        "expires_at": now, "version": 1, "delivery_fee": 0, "total": 0, **more,
    }  # fmt: skip
    with world.database.transaction() as session:
        session.execute(insert(Order), row)


def test_the_preview_counts_whom_it_reaches_and_what_it_costs(world, campaign, browser):
    campaign.people(4)
    campaign.people(2, opted_out_at=world.clock())
    campaign.people(1, wrote=False)
    found = post(browser, "/preview", {"template_id": campaign.template_id, "values": ["{{nombre}}"]})
    assert (found["count"], found["skipped"]) == (4, {"opted_out": 2, "never_wrote": 1})
    assert found["cost"] == {"amount": "0.2472", "currency": "USD"}
    assert found["sample"] == [f"Hola Cliente {number}, tenemos novedades." for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("segment", "names"),
    [
        ({}, {0, 1, 2}),
        ({"states": ["FACTURADO"]}, {0, 2}),
        ({"states": ["FACTURADO", "CANCELADO"]}, {0, 1, 2}),
        ({"kind": "AYUDA"}, {1}),
        ({"custom": {"remito": "a-7"}}, {2}),
        ({"custom": {"cuotas": "3"}}, {2}),
        ({"custom": {"socio": "true"}}, {2}),
        ({"states": ["FACTURADO"], "custom": {"remito": "otro"}}, set()),
        ({"last_inbound_from": "2020-01-01"}, {0, 1, 2}),
        ({"last_inbound_before": "2020-01-01"}, set()),
    ],
)
def test_the_segment_is_about_the_latest_order(world, campaign, browser, segment, names):
    people = campaign.people(3)
    ordered(world, people[0], state=State.CANCELLED, kind=OrderKind.HELP)
    ordered(world, people[0])
    ordered(world, people[1], state=State.CANCELLED, kind=OrderKind.HELP)
    ordered(world, people[2], custom={"remito": "A-7", "cuotas": 3, "socio": True})
    made = post(browser, "", wish(campaign, segment=segment), 201)
    post(browser, f"/{made['id']}/start", {"version": 1})
    campaign.run()
    assert set(campaign.fates(made["id"])) == {people[place] for place in names}


def test_from_the_draft_to_the_results(world, campaign, panel):
    world.converse("hola", who=ANA)
    world.clock.move(hours=30)
    browser = panel.administrator()
    campaign.people(3)
    made = post(browser, "", wish(campaign, name="  Promo  de yerba "), 201)["id"]
    edited = browser.patch(f"/api/broadcasts/{made}", json={"version": 1, "name": "Yerba"})
    assert edited.json()["changed"] == {"name": ["Promo de yerba", "Yerba"]}
    assert post(browser, f"/{made}/start", {"version": 2})["state"] == "EN CURSO"
    world.whatsapp.faults_of["5491100000002"] = [refusal(131049)]
    campaign.run()
    first = next(
        each for each in world.whatsapp.delivered if each.to == ANA.phone and each.body["type"] == "template"
    )
    world.status("delivered", wamid=first.wamid)
    world.status("read", wamid=first.wamid)
    item = whatsapp.message(
        ANA, wamid="wamid.Q", at=world.clock(), kind="button", payload="Sí, sigamos", text="Sí, sigamos"
    )
    world.deliver({**item, "context": {"id": first.wamid}})
    found = get(browser, f"/{made}")
    assert found["line"]["state"] == "TERMINADA"
    assert (found["states"], found["reasons"]) == ({"sent": 3, "failed": 1}, {"marketing_cap": 1})
    assert (found["delivered"], found["read"], found["answered"]) == (1, 1, 1)
    [listed] = get(browser, "")["rows"]
    assert (listed["name"], listed["recipients"], listed["done"], listed["sent"]) == ("Yerba", 4, 4, 3)
    [failed] = get(browser, f"/{made}/recipients", state="failed")["rows"]
    assert failed["reason"] == "marketing_cap"
    assert failed["detail"]
    page = get(browser, f"/{made}/recipients", limit=2)
    assert (len(page["rows"]), page["total"]) == (2, 4)
    assert len(get(browser, f"/{made}/recipients", limit=2, after=page["next"])["rows"]) == 2
    text = browser.get(f"/api/broadcasts/{made}/export.csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 5
    assert "Enviado;;Leído" in text


def test_a_message_that_came_back_later_counts_as_failed(world, campaign, browser):
    campaign.people(2)
    made = campaign.started()
    campaign.run()
    wamid = world.whatsapp.delivered[0].wamid
    world.status("failed", wamid=wamid, errors=[{"code": 130472, "title": "experiment"}])
    found = get(browser, f"/{made}")
    assert (found["states"], found["reasons"]) == ({"sent": 1, "failed": 1}, {"marketing_cap": 1})


def test_it_is_scheduled_in_the_companys_time(world, campaign, browser):
    made = post(browser, "", wish(campaign), 201)["id"]
    assert post(browser, f"/{made}/start", {"version": 1, "at": "2030-01-02T10:00"})["state"] == "PROGRAMADA"
    assert get(browser, f"/{made}")["line"]["starts_at"].startswith("2030-01-02T13:00")
    assert post(browser, f"/{made}/cancel")["state"] == "CANCELADA"
    assert campaign.row(made).state is BroadcastState.CANCELLED


def test_moves_that_are_not_possible_say_so(campaign, browser):
    made = post(browser, "", wish(campaign), 201)["id"]
    assert post(browser, f"/{made}/pause", status=409)["error"]["detail"] == {"state": "BORRADOR"}
    assert post(browser, f"/{made}/start", {"version": 9}, 409)["error"]["code"] == "changed_meanwhile"
    assert post(browser, "/99/pause", status=404)["error"]["code"] == "broadcast_not_found"


def test_the_list_of_templates_needs_the_account(browser):
    answer = browser.post("/api/templates/refresh")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "waba_missing")


def test_everybody_sees_the_templates(panel, campaign):
    [template] = panel.operator().get("/api/templates").json()
    assert (template["name"], template["variables"], template["buttons"]) == (
        "novedades",
        ["1"],
        ["Sí, sigamos"],
    )
