"""A broadcast from its start to its last recipient."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from openbot.broadcasts import operations
from openbot.broadcasts.operations import BroadcastMoveNotAllowed
from openbot.fields import ChangedMeanwhile, FieldsWrong
from openbot.schema import Contact, Outbound
from openbot.templates.filling import TemplateNotApproved
from openbot.vocabulary import BroadcastState, State
from tests.support import whatsapp
from tests.support.broadcasts import Campaign
from tests.support.whatsapp import ANA, refusal


@pytest.fixture
def campaign(world):
    return Campaign(world, whatsapp_daily_conversations=10_000)


def test_everybody_gets_it_once_with_their_name(world, campaign):
    ids = campaign.people(45)
    broadcast_id = campaign.started()
    most = campaign.run()
    assert campaign.fates(broadcast_id) == dict.fromkeys(ids, ("sent", ""))
    assert campaign.row(broadcast_id).state is BroadcastState.DONE
    sent = [bubble.body["template"] for bubble in world.whatsapp.delivered]
    names = [each["components"][0]["parameters"][0]["text"] for each in sent]
    assert sorted(names) == sorted(f"Cliente {number}" for number in ids)
    assert most <= world.settings.broadcast_messages_in_hand


def test_who_may_not_get_it_is_left_out_with_the_reason(world, campaign):
    now = world.clock()
    [blocked] = campaign.people(1, blocked_at=now)
    [out] = campaign.people(1, opted_out_at=now)
    [never] = campaign.people(1, wrote=False)
    campaign.people(1, deleted_at=now)
    [fine] = campaign.people(1)
    broadcast_id = campaign.started()
    campaign.run()
    assert campaign.fates(broadcast_id) == {
        blocked: ("skipped", "blocked"), out: ("skipped", "opted_out"), never: ("skipped", "never_wrote"),
        fine: ("sent", ""),
    }  # fmt: skip


def test_baja_in_the_middle_stops_what_is_queued(world, campaign):
    world.says("hola")
    world.settle()
    campaign.world.clock.move(hours=30)
    broadcast_id = campaign.started()
    campaign.pump().once()
    campaign.pump().once()
    world.clock.move(seconds=1)
    campaign.pump().once()
    assert len(campaign.unsettled()) == 1
    before = len(world.whatsapp.delivered)
    with world.database.transaction() as session:
        session.execute(update(Contact).values(opted_out_at=world.clock()))
    campaign.run()
    assert set(campaign.fates(broadcast_id).values()) == {("skipped", "opted_out")}
    assert len(world.whatsapp.delivered) == before


def test_nothing_enters_the_outbox_while_a_conversation_waits_to_be_sent(world, campaign):
    campaign.people(3)
    world.says("hola")
    world.clock.move(seconds=3)
    world.answer()
    assert len(campaign.unsettled()) == 1
    broadcast_id = campaign.started()
    for _ in range(5):
        campaign.pump().once()
        world.clock.move(seconds=1)
    assert len(campaign.unsettled()) == 1
    world.send()
    campaign.run()
    assert campaign.row(broadcast_id).state is BroadcastState.DONE


def test_two_pumps_send_no_faster_and_nothing_twice(world, campaign):
    ids = campaign.people(60)
    broadcast_id = campaign.started()
    for _ in range(3):
        campaign.pump("one").once()
        campaign.pump("two").once()
    for _ in range(4):
        world.clock.move(seconds=0.5)
        before = len(world.rows(Outbound))
        campaign.pump("one").once()
        campaign.pump("two").once()
        assert len(world.rows(Outbound)) - before <= 5
        world.send()
    campaign.run()
    assert campaign.fates(broadcast_id) == dict.fromkeys(ids, ("sent", ""))
    assert len(world.whatsapp.delivered) == 60


def test_whom_a_person_attends_waits_and_gets_it_afterwards(world, campaign):
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    broadcast_id = campaign.started()
    contact_id = world.contact().id
    for _ in range(5):
        campaign.pump().once()
        world.clock.move(minutes=1)
        world.send()
    assert campaign.fates(broadcast_id)[contact_id][0] == "held"
    world.move(State.RESOLVED)
    world.clock.move(minutes=3)
    campaign.run()
    assert campaign.fates(broadcast_id)[contact_id] == ("sent", "")


def test_whom_a_person_attends_for_a_day_is_left_out(world, campaign):
    world.converse("hola")
    with world.database.transaction() as session:
        session.execute(update(Contact).values(waiting_since=world.clock()))
    broadcast_id = campaign.started()
    campaign.run(rounds=3)
    world.clock.move(hours=25)
    campaign.run()
    assert set(campaign.fates(broadcast_id).values()) == {("skipped", "attended")}
    assert campaign.row(broadcast_id).state is BroadcastState.DONE


def test_taken_between_queue_and_release_it_is_held_not_lost(world, campaign):
    world.converse("hola")
    broadcast_id = campaign.started()
    for _ in range(3):
        campaign.pump().once()
        world.clock.move(seconds=1)
    assert set(campaign.fates(broadcast_id).values()) == {("queued", "")}
    world.move(State.IN_PROGRESS)
    world.clock.move(seconds=2)
    world.send()
    campaign.pump().once()
    assert next(iter(campaign.fates(broadcast_id).values()))[0] == "held"
    world.move(State.RESOLVED)
    world.clock.move(minutes=3)
    campaign.run()
    assert set(campaign.fates(broadcast_id).values()) == {("sent", "")}
    templates_sent = [each for each in world.whatsapp.delivered if each.body["type"] == "template"]
    assert len(templates_sent) == 1


@pytest.mark.parametrize("code", [132015, 132016, 131048, 131064])
def test_a_trouble_of_all_pauses_it_and_nobody_is_lost(world, campaign, code):
    ids = campaign.people(5)
    broadcast_id = campaign.started()
    world.whatsapp.faults.append(refusal(code))
    campaign.run(rounds=6)
    row = campaign.row(broadcast_id)
    assert row.state is BroadcastState.PAUSED
    assert row.note
    world.clock.move(hours=2)
    campaign.run()
    assert "failed" not in {state for state, _ in campaign.fates(broadcast_id).values()}
    with world.database.transaction() as session:
        operations.resume(session, broadcast_id=broadcast_id)
    campaign.run()
    assert campaign.fates(broadcast_id) == dict.fromkeys(ids, ("sent", ""))


@pytest.mark.parametrize("code", [190, 131042])
def test_a_number_that_may_not_send_pauses_it_and_takes_back_what_is_queued(world, campaign, code):
    campaign.people(5)
    broadcast_id = campaign.started()
    world.whatsapp.faults.append(refusal(code, http=401 if code == 190 else 400))
    campaign.run(rounds=6)
    assert campaign.row(broadcast_id).state is BroadcastState.PAUSED
    campaign.run()
    assert {state for state, _ in campaign.fates(broadcast_id).values()} <= {"pending", "sent"}
    assert campaign.unsettled() == []


def test_one_who_cannot_be_reached_fails_alone(world, campaign):
    ids = campaign.people(3)
    broadcast_id = campaign.started()
    world.whatsapp.faults.append(refusal(131049))
    campaign.run()
    fates = campaign.fates(broadcast_id)
    assert sorted(fates.values()) == [("failed", "marketing_cap"), ("sent", ""), ("sent", "")]
    assert set(fates) == set(ids)
    assert campaign.row(broadcast_id).state is BroadcastState.DONE


def test_a_template_that_is_paused_by_a_webhook_pauses_it(world, campaign):
    campaign.people(2)
    broadcast_id = campaign.started()
    value = {
        "event": "PAUSED", "message_template_name": "novedades", "message_template_language": "es_AR",
    }  # fmt: skip
    world.post(whatsapp.envelope([{"field": "message_template_status_update", "value": value}]))
    campaign.run(rounds=5)
    assert campaign.row(broadcast_id).state is BroadcastState.PAUSED
    assert world.whatsapp.delivered == []
    with pytest.raises(TemplateNotApproved), world.database.transaction() as session:
        operations.resume(session, broadcast_id=broadcast_id)


def test_the_tier_is_kept_and_it_goes_on_by_itself(world):
    campaign = Campaign(world, whatsapp_daily_conversations=7)
    campaign.people(12)
    broadcast_id = campaign.started()
    campaign.run(rounds=30)
    assert len(world.whatsapp.delivered) == 7
    row = campaign.row(broadcast_id)
    assert (row.state, "límite de 7" in row.note) == (BroadcastState.RUNNING, True)
    world.clock.move(hours=24)
    campaign.run(rounds=60)
    assert len(world.whatsapp.delivered) == 12
    assert campaign.row(broadcast_id).note == ""


def test_paused_nothing_goes_out_and_cancelled_nobody_is_left_open(world, campaign):
    campaign.people(30)
    broadcast_id = campaign.started()
    for _ in range(3):
        campaign.pump().once()
        world.clock.move(seconds=1)
    assert campaign.unsettled()
    with world.database.transaction() as session:
        operations.pause(session, broadcast_id=broadcast_id)
    campaign.run(rounds=5)
    assert world.whatsapp.delivered == []
    with world.database.transaction() as session:
        operations.resume(session, broadcast_id=broadcast_id)
    campaign.run(rounds=2)
    with world.database.transaction() as session:
        operations.cancel(session, broadcast_id=broadcast_id, now=world.clock())
    campaign.run()
    went = len(world.whatsapp.delivered)
    states = [state for state, _ in campaign.fates(broadcast_id).values()]
    assert states.count("sent") == went
    assert "queued" not in states


def test_it_starts_when_its_time_comes(world, campaign):
    campaign.people(1)
    broadcast_id = campaign.started(at=world.clock() + timedelta(hours=1))
    assert not campaign.pump().once()
    world.clock.move(hours=1)
    campaign.run()
    assert campaign.row(broadcast_id).state is BroadcastState.DONE
    assert len(world.whatsapp.delivered) == 1


def test_what_began_cannot_be_edited_and_an_old_version_neither(world, campaign):
    first, second = campaign.made(), campaign.started()
    with world.database.transaction() as session:
        assert operations.edit(session, broadcast_id=first, version=1, values={"name": "Otra"}) == {
            "name": ["Novedades", "Otra"]
        }
    with pytest.raises(ChangedMeanwhile), world.database.transaction() as session:
        operations.edit(session, broadcast_id=first, version=1, values={"name": "Tercera"})
    with pytest.raises(BroadcastMoveNotAllowed), world.database.transaction() as session:
        operations.edit(session, broadcast_id=second, version=2, values={"name": "Otra"})


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"values": []}, "values.1", "missing"),
        ({"values": ["a", "b"]}, "values.2", "unknown_field"),
        ({"values": ["a\nb"]}, "values.1", "not_one_line"),
        ({"values": ["{{apellido}}"]}, "values.1", "unknown_variable"),
        ({"values": "a"}, "values", "not_a_list"),
        ({"name": ""}, "name", "missing"),
        ({"template_id": 99}, "template_id", "not_a_choice"),
        ({"segment": {"states": ["X"]}}, "segment.states", "not_a_choice"),
        ({"segment": {"last_inbound_from": "ayer"}}, "segment.last_inbound_from", "not_a_day"),
        ({"segment": []}, "segment.segment", "not_a_choice"),
        ({"segment": {"nada": 1}}, "segment.nada", "unknown_field"),
    ],
)
def test_mistakes_are_named(world, campaign, change, field, code):
    wish = {"name": "N", "template_id": campaign.template_id, "values": ["a"], **change}
    with pytest.raises(FieldsWrong) as wrong, world.database.transaction() as session:
        operations.create(session, values=wish, by=campaign.admin_id, now=world.clock())
    assert wrong.value.fields == {field: code}


def test_a_joined_contact_gets_it_once(world, campaign):
    one, other = campaign.people(2)
    broadcast_id = campaign.started()
    campaign.run()
    who = whatsapp.Customer(phone=world.rows(Contact, Contact.id == one)[0].wa_id, user_id="AR.77")
    with world.database.transaction() as session:
        from openbot.conversations import joining

        joining.join(session, into=session.get_one(Contact, one), other_id=other, now=world.clock())
    assert list(campaign.fates(broadcast_id)) == [one]
    assert who


def test_a_template_s_quick_reply_is_what_the_customer_says(world, campaign):
    world.converse("hola")
    world.clock.move(hours=30)
    campaign.started()
    campaign.run()
    sent = world.whatsapp.delivered[-1]
    button = {"payload": "Sí, sigamos", "text": "Sí, sigamos"}
    item = whatsapp.message(ANA, wamid="wamid.Q", at=world.clock(), kind="button", **button)
    world.deliver({**item, "context": {"id": sent.wamid, "from": "541152632000"}})
    world.wait(seconds=5)
    [message] = world.assistant.questions[-1].messages
    assert (message["kind"], message["text"]) == ("text", "Sí, sigamos")
