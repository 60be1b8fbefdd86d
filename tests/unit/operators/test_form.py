"""What an administrator may type about a person."""

from typing import Any

import pytest

from openbot.fields import FieldsWrong
from openbot.operators import form
from openbot.vocabulary import Enabled, Role

ANA = {"name": "Ana", "email": "ana@example.com", "role": "Operador"}


def wrong(**values: Any) -> dict[str, str]:
    with pytest.raises(FieldsWrong) as refused:
        form.read({**ANA, **values}, is_new=True)
    return refused.value.fields


def read(**values: Any) -> dict[str, Any]:
    return form.read({**ANA, **values}, is_new=True)


def test_a_new_person_needs_name_email_and_type():
    with pytest.raises(FieldsWrong) as refused:
        form.read({}, is_new=True)
    assert refused.value.fields == {"name": "missing", "email": "missing", "role": "missing"}
    assert form.read(ANA, is_new=True) == {
        "name": "Ana", "email": "ana@example.com", "role": Role.OPERATOR, "enabled": Enabled.YES,
    }  # fmt: skip


def test_a_change_reads_only_what_is_there():
    assert form.read({"enabled": "DESHABILITADO"}, is_new=False) == {"enabled": Enabled.NO}


def test_names_lose_invisible_signs_and_emails_their_capitals():
    found = read(name="  Ana\u200b  María\n", email=" ANA@Example.com ")
    assert (found["name"], found["email"]) == ("Ana María", "ana@example.com")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("11 3694-3434", "5491136943434"),
        ("011 3694 3434", "5491136943434"),
        ("+54 9 11 3694-3434", "5491136943434"),
        ("+598 99 123 456", "59899123456"),
        ("", ""),
    ],
)
def test_a_phone_is_kept_as_digits_with_the_country(typed: str, kept: str):
    assert read(phone=typed)["phone"] == kept


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"email": "ana"}, {"email": "not_an_email"}),
        ({"email": "a b@example.com"}, {"email": "not_an_email"}),
        ({"email": 3}, {"email": "not_a_text"}),
        ({"name": " \u200b "}, {"name": "missing"}),
        ({"name": "x" * 101}, {"name": "too_long"}),
        ({"phone": "no tengo"}, {"phone": "not_a_phone"}),
        ({"phone": "12345"}, {"phone": "not_a_phone"}),
        ({"role": "Jefe"}, {"role": "not_a_choice"}),
        ({"enabled": True}, {"enabled": "not_a_choice"}),
        ({"branch_ids": "1"}, {"branch_ids": "branch_not_found"}),
        ({"branch_ids": [True]}, {"branch_ids": "branch_not_found"}),
        ({"branch_ids": [10**30]}, {"branch_ids": "branch_not_found"}),
        ({"password_hash": "x"}, {"password_hash": "unknown_field"}),
        ({"deleted_at": None}, {"deleted_at": "unknown_field"}),
    ],
)
def test_a_wrong_field_is_named(values: dict[str, Any], code: dict[str, str]):
    assert wrong(**values) == code


def day(weekday: int, begins: str, ends: str) -> dict[str, Any]:
    return {"weekday": weekday, "from": begins, "to": ends}


def test_a_plan_is_kept_in_the_order_of_the_week():
    found = read(shift=[day(1, "09:00", "18:00"), day(0, "16:00", "20:00"), day(0, "09:00", "13:00")])
    assert found["shift"] == [day(0, "09:00", "13:00"), day(0, "16:00", "20:00"), day(1, "09:00", "18:00")]


@pytest.mark.parametrize("nothing", [None, []])
def test_no_plan_at_all_is_always(nothing: Any):
    assert read(shift=nothing)["shift"] is None


@pytest.mark.parametrize(
    "plan",
    [
        "lunes",
        [3],
        [{"weekday": 0}],
        [day(7, "09:00", "18:00")],
        [day(-1, "09:00", "18:00")],
        [{"weekday": True, "from": "09:00", "to": "18:00"}],
        [day(0, "9:00", "18:00")],
        [day(0, "09:00", "24:00")],
        [day(0, "09:00:00", "18:00")],
    ],
)
def test_what_is_no_plan_is_refused(plan: Any):
    assert wrong(shift=plan) == {"shift": "not_a_shift"}


@pytest.mark.parametrize(
    "plan",
    [
        [day(0, "09:00", "13:00"), day(0, "12:59", "20:00")],
        [day(0, "22:00", "06:00"), day(1, "05:00", "10:00")],
        [day(6, "22:00", "06:00"), day(0, "05:00", "10:00")],
        [day(0, "09:00", "13:00"), day(0, "09:00", "13:00")],
    ],
)
def test_overlapping_hours_are_refused(plan: Any):
    assert wrong(shift=plan) == {"shift": "overlapping"}


def test_hours_that_touch_do_not_overlap():
    assert len(read(shift=[day(0, "09:00", "13:00"), day(0, "13:00", "20:00")])["shift"]) == 2
    assert len(read(shift=[day(number, "00:00", "00:00") for number in range(7)])["shift"]) == 7
