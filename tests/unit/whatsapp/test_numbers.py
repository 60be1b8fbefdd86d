import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.whatsapp import numbers


@pytest.mark.parametrize(
    ("wa_id", "shown"),
    [
        ("5491136943434", "+54 9 11 3694-3434"),
        ("5493514567890", "+54 9 351 456-7890"),
        ("541123456789", "+54 11 2345-6789"),
        ("5215512345678", "+52 55 1234 5678"),
        ("16315551181", "+1 631-555-1181"),
        ("99999", "+99999"),
        ("AR.13491208655302741918", "AR.13491208655302741918"),
        ("", ""),
    ],
)
def test_a_phone_is_shown_as_people_write_it(wa_id, shown):
    assert numbers.display(wa_id) == shown


@pytest.mark.parametrize(
    ("wa_id", "learnt", "expected"),
    [
        ("5491136943434", "", ("5491136943434", "541136943434")),
        ("5491136943434", "541136943434", ("541136943434", "5491136943434")),
        ("541136943434", "", ("541136943434",)),
        ("5215512345678", "", ("5215512345678", "525512345678")),
        ("525512345678", "", ("525512345678", "5215512345678")),
        ("16315551181", "", ("16315551181",)),
        ("AR.5491136943434", "", ()),
    ],
)
def test_a_mobile_has_the_spellings_of_its_country(wa_id, learnt, expected):
    assert numbers.spellings(wa_id, learnt=learnt) == expected


def test_each_spelling_is_tried_once():
    wa_id = "5491136943434"
    assert numbers.next_spelling(wa_id, tried=wa_id) == "541136943434"
    assert numbers.next_spelling(wa_id, tried="541136943434") is None
    assert numbers.next_spelling(wa_id, tried="541136943434", learnt="541136943434") == wa_id
    assert numbers.next_spelling(wa_id, tried=wa_id, learnt="541136943434") is None
    assert numbers.next_spelling("16315551181", tried="16315551181") is None


@given(st.text())
def test_only_digits_are_dialled(text):
    if numbers.is_phone(text):
        assert numbers.dialled(text) == "+" + text
    else:
        with pytest.raises(numbers.NotAPhone):
            numbers.dialled(text)
    assert isinstance(numbers.display(text), str)


@pytest.mark.parametrize("user_id", ["AR.1A2B3C", "AR.ENT.99", "AR.13491208655302741918"])
def test_a_user_id_is_no_phone(user_id):
    assert not numbers.is_phone(user_id)
    assert numbers.spellings(user_id) == ()
    assert numbers.display(user_id) == user_id
