"""Who writes: by user id, by phone, by both; twins joined, phones that change hands (contract §3.9)."""

from datetime import timedelta
from typing import Any

import pytest

from openbot.contacts import operations as contacts
from openbot.contacts.identity import Identity
from openbot.database import Database
from openbot.schema import Contact, ContactKey, Count, Inbound, Order, StoredFile
from openbot.vocabulary import FileState, InboxState, State
from tests.support import whatsapp
from tests.support.files import JPEG
from tests.support.whatsapp import ANA, Customer
from tests.support.world import Clock, World

HIDDEN = Customer(user_id="AR.1001", name="Ana")
PHONE_ONLY = Customer(phone="5491123456789", name="Ana")
OTHER_OWNER = Customer(phone="5491123456789", user_id="AR.7777", name="Zoe")


def system(world: World, *, at_hours: float = 0, **content: Any) -> None:
    sender = content.pop("sender")
    item = {
        **sender,
        "id": world.wamid(),
        "timestamp": str(int((world.clock() + timedelta(hours=at_hours)).timestamp())),
        "type": "system",
        "system": {"body": "changed", **content},
    }
    assert world.post(whatsapp.envelope([whatsapp.change(item)])).status_code == 200


def keys(world: World) -> dict[str, int]:
    return {row.value: row.contact_id for row in world.rows(ContactKey)}


def test_who_hides_the_phone_is_answered_by_user_id(world: World) -> None:
    world.converse("hola", who=HIDDEN)
    assert world.whatsapp.delivered[0].body["recipient"] == "AR.1001"
    assert "to" not in world.whatsapp.delivered[0].body
    assert world.contact(HIDDEN).wa_id is None


def test_a_phone_learnt_later_is_the_same_conversation(world: World) -> None:
    world.converse("hola", who=HIDDEN)
    world.converse("sigo yo", who=ANA)
    world.converse("y otra vez", who=HIDDEN)
    assert len(world.rows(Contact)) == len(world.rows(Order)) == 1
    assert world.whatsapp.delivered[-1].to == ANA.phone


def test_a_contact_known_by_phone_is_found_by_the_message_that_brings_both(world: World) -> None:
    world.converse("hola", who=PHONE_ONLY)
    world.converse("sigo yo", who=ANA)
    assert len(world.rows(Contact)) == 1
    assert world.contact().user_id == "AR.1001"


def test_two_contacts_that_turn_out_to_be_one_are_joined(world: World) -> None:
    world.converse("por usuario", who=HIDDEN)
    world.says("por teléfono", who=PHONE_ONLY)
    assert len(world.rows(Contact)) == 2
    world.says("los dos", who=ANA)
    world.wait(seconds=3)
    [contact] = world.rows(Contact)
    assert keys(world) == {"AR.1001": contact.id, ANA.phone: contact.id}
    assert (contact.user_id, contact.wa_id) == (ANA.user_id, ANA.phone)
    assert [line.text for line in world.transcript() if line.author == "cliente"] == [
        "por usuario", "por teléfono", "los dos",
    ]  # fmt: skip
    assert world.assistant.heard == [["por usuario"], ["por teléfono\nlos dos"]]
    states = sorted(order.state for order in world.rows(Order))
    assert states == [State.INCOMPLETE, State.EXPIRED]


def test_files_of_both_are_the_persons(world: World) -> None:
    world.sends(JPEG, who=HIDDEN)
    world.sends(JPEG, who=PHONE_ONLY)
    world.says("los dos", who=ANA)
    [contact] = world.rows(Contact)
    world.fetch()
    assert [(file.contact_id, file.state) for file in world.rows(StoredFile)] == [
        (contact.id, FileState.STORED),
        (contact.id, FileState.STORED),
    ]


def test_of_two_open_orders_the_attended_one_stays(world: World) -> None:
    world.converse("por usuario", who=HIDDEN)
    world.converse("por teléfono", who=PHONE_ONLY)
    attended = world.move(State.IN_PROGRESS, who=PHONE_ONLY)
    world.says("los dos", who=ANA)
    assert (world.order().id, world.order().state) == (attended, State.IN_PROGRESS)
    assert world.rows(Inbound)[-1].state is InboxState.LEFT


def test_a_joined_contact_stays_silent_if_either_was_attended_from_the_phone(world: World) -> None:
    world.says("por usuario", who=HIDDEN)
    world.says("por teléfono", who=PHONE_ONLY)
    world.echo("hola, soy Laura", to=PHONE_ONLY)
    world.says("los dos", who=ANA)
    world.wait(seconds=10)
    assert world.assistant.questions == []


def test_a_turn_of_a_joined_contact_is_answered_once_in_the_other(world: World) -> None:
    world.converse("por usuario", who=HIDDEN)
    world.says("por teléfono", who=PHONE_ONLY)
    world.clock.move(seconds=3)
    world.assistant.during = lambda _question: world.says("los dos", who=ANA)
    world.answer()
    world.wait(seconds=4)
    assert world.assistant.heard == [["por usuario"], ["por teléfono"], ["por teléfono\nlos dos"]]
    assert world.whatsapp.texts()[-1] == "oí: por teléfono\nlos dos"
    assert len(world.whatsapp.delivered) == 2


def test_a_call_with_both_keys_joins_too(world: World) -> None:
    world.says("por usuario", who=HIDDEN)
    world.says("por teléfono", who=PHONE_ONLY)
    call = {"id": "c1", "event": "connect", "timestamp": str(int(world.clock().timestamp())), **ANA.sender}
    webhook = whatsapp.envelope([whatsapp.change(field_name="calls", calls=[call], who=(ANA,))])
    assert world.post(webhook).status_code == 200
    assert len(world.rows(Contact)) == 1


def test_a_phone_that_changed_hands_goes_to_who_writes_from_it_now(world: World) -> None:
    world.converse("soy ana", who=ANA)
    world.converse("soy zoe", who=OTHER_OWNER)
    assert [line.text for line in world.transcript(OTHER_OWNER)] == ["soy zoe", "oí: soy zoe"]
    assert world.contact(HIDDEN).wa_id is None
    assert world.contact(OTHER_OWNER).wa_id == OTHER_OWNER.phone
    world.converse("sigo acá", who=HIDDEN)
    assert [line.text for line in world.transcript(HIDDEN)][-2:] == ["sigo acá", "oí: sigo acá"]
    assert world.whatsapp.delivered[-1].to == "AR.1001"


def test_a_repetition_from_before_does_not_take_the_phone_back(world: World) -> None:
    old = whatsapp.text(ANA, "soy ana", wamid="wamid.old", at=world.clock())
    world.deliver(old)
    world.says("soy zoe", who=OTHER_OWNER)
    world.deliver(old)
    assert world.contact(OTHER_OWNER).wa_id == OTHER_OWNER.phone


def test_a_changed_number_moves_the_conversation_without_an_answer(world: World) -> None:
    world.converse("hola")
    new = Customer(phone="5491155550000", user_id="AR.1001")
    system(world, sender=ANA.sender, type="user_changed_number", wa_id=new.phone)
    world.wait(minutes=1)
    assert len(world.whatsapp.delivered) == 1
    world.converse("desde el nuevo", who=Customer(phone=new.phone))
    assert len(world.rows(Contact)) == 1
    assert world.whatsapp.delivered[-1].to == new.phone


@pytest.mark.parametrize(
    "who", [Customer(user_id="AR.550021"), Customer(phone="5491155550000", user_id="AR.550021")]
)
def test_a_changed_user_id_moves_the_conversation(world: World, who: Customer) -> None:
    world.converse("hola")
    system(world, sender=ANA.sender, type="user_changed_user_id", user_id="AR.550021", wa_id="5491155550000")
    world.converse("soy la misma", who=who)
    assert len(world.rows(Contact)) == len(world.rows(Order)) == 1
    assert world.whatsapp.delivered[-1].to == "5491155550000"


def test_the_field_user_id_update_moves_the_conversation(world: World) -> None:
    world.converse("hola")
    update = {
        "user_id": {"previous": "AR.1001", "current": "AR.2002"},
        "timestamp": str(int(world.clock().timestamp())),
    }
    webhook = whatsapp.envelope([whatsapp.change(field_name="user_id_update", user_id_update=[update])])
    assert world.post(webhook).status_code == 200
    world.converse("soy la misma", who=Customer(user_id="AR.2002"))
    assert len(world.rows(Contact)) == 1


def test_a_message_from_the_new_phone_that_overtakes_the_news_is_joined(world: World) -> None:
    world.converse("hola")
    new = Customer(phone="5491155550000", user_id="AR.2002", name="Ana")
    world.clock.move(hours=30)
    world.says("desde el nuevo", who=new)
    system(world, sender=ANA.sender, type="user_changed_number", wa_id=new.phone)
    assert len(world.rows(Contact)) == 1
    assert world.contact(new).wa_id == new.phone


def test_the_former_owner_of_the_new_number_stays_somebody_else(world: World) -> None:
    former = Customer(phone="5491155550000", user_id="AR.9999", name="Zoe")
    world.says("soy zoe", who=former)
    world.clock.move(days=90)
    world.says("hola")
    world.clock.move(hours=1)
    system(world, sender=ANA.sender, type="user_changed_number", wa_id=former.phone)
    assert len(world.rows(Contact)) == 2
    assert world.contact(ANA).wa_id == former.phone
    assert [line.text for line in world.transcript(ANA)] == ["hola"]
    assert world.contact(former).wa_id is None


def test_a_message_under_the_old_number_arrives_late_and_does_not_bring_it_back(world: World) -> None:
    late = whatsapp.text(PHONE_ONLY, "escrito antes", wamid="wamid.late", at=world.clock())
    world.converse("hola")
    system(world, sender=ANA.sender, type="user_changed_number", wa_id="5491155550000")
    world.deliver(late)
    world.wait(seconds=3)
    assert world.whatsapp.delivered[-1].to == "5491155550000"


def test_the_same_news_again_changes_nothing_that_came_after(world: World) -> None:
    world.says("hola")
    system(world, sender=ANA.sender, type="user_changed_number", wa_id="5491155550000")
    system(world, sender={"from": "5491155550000"}, type="user_changed_number", wa_id="5491166660000")
    system(world, sender=ANA.sender, type="user_changed_number", wa_id="5491155550000")
    assert world.contact().wa_id == "5491166660000"


def test_news_about_nobody_is_counted(world: World) -> None:
    system(world, sender=ANA.sender, type="user_changed_number", wa_id="5491155550000")
    assert [row.name for row in world.rows(Count)] == ["identity changes of unknown contacts"]
    assert not world.rows(Contact)


@pytest.mark.parametrize("name", ["", "🧉", None])
def test_a_profile_may_be_without_a_name(world: World, name: str | None) -> None:
    item = whatsapp.text(ANA, "hola", wamid="wamid.1", at=world.clock())
    card: dict[str, Any] = {**ANA.card, "profile": {"name": name} if name is not None else {}}
    change = whatsapp.change(item)
    change["value"]["contacts"] = [card]
    assert world.post(whatsapp.envelope([change])).status_code == 200
    assert world.contact().profile_name == (name or "")


def test_a_key_that_is_none_names_nobody(world: World) -> None:
    item = {
        **whatsapp.text(ANA, "hola", wamid="wamid.1", at=world.clock()),
        "from": "no phone",
        "from_user_id": "x",
    }
    assert world.post(whatsapp.envelope([whatsapp.change(item)])).status_code == 200
    assert not world.rows(Contact)
    assert not world.rows(Inbound)


def test_a_contact_that_was_joined_away_cannot_be_locked(database: Database) -> None:
    with database.transaction() as session, pytest.raises(contacts.ContactGone):
        contacts.lock(session, contact_id=7)


def test_nobody_named_is_refused(database: Database, clock: Clock) -> None:
    with database.transaction() as session, pytest.raises(contacts.NobodyNamed):
        contacts.recognise(session, identity=Identity(), now=clock())
