"""A contact is found by what it is called now, on both databases."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from openbot.contacts import operations, terms
from openbot.contacts.identity import Identity
from openbot.schema import Contact, ContactTerm
from tests.support.whatsapp import ANA, BETO
from tests.support.world import World


def found(world: World, query: Any) -> set[int]:
    with world.database.reading() as session:
        return set(session.scalars(query))


def by_phone(world: World, typed: str) -> set[int]:
    parts = terms.phone_parts(typed)
    by_index = found(world, terms.with_phone(parts))
    by_asking = found(world, select(Contact.id).where(terms.has_phone(Contact.id, parts)))
    assert by_index == by_asking
    return by_index


def by_word(world: World, typed: str) -> set[int]:
    (word,) = terms.words(typed)
    by_index = found(world, terms.with_word(word))
    by_asking = found(world, select(Contact.id).where(terms.has_word(Contact.id, word)))
    assert by_index == by_asking
    return by_index


def test_who_writes_is_found_by_any_part_of_the_phone_and_by_the_profile_name(world: World):
    world.says("hola", who=ANA)
    world.says("hola", who=BETO)
    ana, beto = world.contact(ANA), world.contact(BETO)
    for length in (13, 8, 4, 3):
        assert ana.id in by_phone(world, ANA.phone[-length:])
        assert ana.id in by_phone(world, ANA.phone[:length])
    assert by_phone(world, ANA.phone) == {ana.id}
    assert beto.id in by_word(world, beto.profile_name.split()[0].upper()[:3])
    assert beto.sort_name == " ".join(terms.words(beto.profile_name))


def test_a_new_name_or_phone_takes_the_place_of_the_old_one(world: World):
    world.says("hola", who=ANA)
    contact = world.contact(ANA)
    with world.database.transaction() as session:
        locked = operations.lock(session, contact_id=contact.id)
        operations.learn_name(session, contact=locked, name="Zulema Ñáñez")
        operations.learn(
            session,
            contact=locked,
            identity=Identity(wa_id="5492614445555"),
            replaces=Identity(wa_id=locked.wa_id),
        )
    assert by_word(world, "ñañ") == {contact.id}
    assert by_phone(world, "0261 15 444-5555") == {contact.id}
    assert by_phone(world, ANA.phone) == set()
    assert world.contact(ANA).sort_name == "zulema nanez"


def test_another_profile_name_is_learnt_from_the_next_message(world: World):
    world.says("hola", who=ANA)
    world.says("hola", who=replace(ANA, name="Mirta Gómez"))
    assert by_word(world, "gomez") == {world.contact(ANA).id}
    assert by_word(world, "ana") == set()


def test_who_is_forgotten_is_found_no_more(world: World):
    world.says("hola", who=ANA)
    contact = world.contact(ANA)
    with world.database.transaction() as session:
        terms.forget(session, contact_id=contact.id)
    assert world.rows(ContactTerm, ContactTerm.contact_id == contact.id) == []


def test_percent_and_underscore_are_no_wildcards(world: World):
    world.says("hola", who=ANA)
    assert found(world, terms.with_word("%")) == set()
    assert terms.words("a%_") == ["a"]
