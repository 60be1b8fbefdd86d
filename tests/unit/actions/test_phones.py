"""A typed phone number beside the name."""

import pytest

from actions.phones import with_phone, without_phone


def test_a_number_stands_beside_the_name():
    assert with_phone("Ana Paz", "11 5555-4444") == "Ana Paz · Tel. 11 5555-4444"


def test_another_number_takes_its_place():
    assert with_phone("Ana Paz · Tel. 11 5555-4444", "4862-3150") == "Ana Paz · Tel. 4862-3150"


@pytest.mark.parametrize(("name", "phone"), [("", "11 5555-4444"), ("Ana", None), ("Ana", "")])
def test_nothing_stands_alone(name, phone):
    assert with_phone(name, phone) == name


def test_the_name_alone_comes_back():
    assert without_phone(with_phone("Ana Paz", "11 5555-4444")) == "Ana Paz"
    assert without_phone("Ana Paz") == "Ana Paz"


def test_both_fit_the_field_of_a_hundred_characters():
    assert len(with_phone("A" * 100, "1" * 40)) <= 100
