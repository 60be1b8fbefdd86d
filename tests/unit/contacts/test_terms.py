"""What people type finds the phone and the name they mean."""

import pytest

from openbot.contacts.terms import Named, digits, phone_parts, words

PHONE = "5491136943434"
MAR_DEL_PLATA = "5492235123456"


@pytest.mark.parametrize(
    "typed",
    [
        "+54 9 11 3694-3434", "5491136943434", "549 11 3694", "+54 11 3694-3434", "0054 9 11 36", "54 11 15 3694 3434",
        "011 15-3694-3434", "011 15 3694", "11 15 3694 3434", "011 3694-3434", "15 3694-3434", "15-3694", "11 3694",
        "36943434", "3434", "694", "4", "9 11 36",
    ],
)  # fmt: skip
def test_a_phone_is_found_however_it_is_typed(typed: str):
    assert any(part in PHONE for part in phone_parts(typed))


@pytest.mark.parametrize("typed", ["0223 15 512-3456", "0223 512-3456", "223 5123", "+54 223 15 512-3456"])
def test_area_codes_of_three_and_four_digits_are_known(typed: str):
    assert any(part in MAR_DEL_PLATA for part in phone_parts(typed))


def test_the_15_of_a_local_number_is_only_left_out_before_half_a_number():
    assert phone_parts("1567") == ("1567",)
    assert phone_parts("15 6743") == ("156743", "6743")


def test_without_a_digit_there_is_nothing_to_look_for():
    assert phone_parts("Ana +") == ()
    assert digits("٣ ３ 3") == "3"


def test_a_word_is_the_same_however_it_is_written():
    assert words("🌸 José  PÉREZ-García\u200b Ñandú_2") == ["jose", "perez", "garcia", "nandu", "2"]


def test_what_is_kept_are_the_endings_of_the_phone_and_the_words_of_the_names():
    named = Named(contact_id=1, phone="54911", name="Ana Ruiz", profile_name="Anita 🌸", username="ruiz.ana")
    assert named.terms == {"#54911", "#4911", "#911", "#11", "#1", "ana", "ruiz", "anita"}


def test_people_are_sorted_by_what_is_shown_of_them():
    assert Named(contact_id=1, phone=None, name="", profile_name="  🌸 Ángel Paz").sort_name == "angel paz"
    assert Named(contact_id=1, phone=None, profile_name="🌸").sort_name == ""


def test_names_of_any_length_and_script_fit():
    named = Named(contact_id=1, phone=None, name="x" * 5000 + " " + "ش" * 300 + " a b" * 500)
    assert max(map(len, named.terms)) <= 40
    assert len(named.terms) <= 12
    assert len(named.sort_name) <= 60
