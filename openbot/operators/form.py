"""Reads what an administrator typed about a person. Pure; the codes are those of `openbot.fields`."""

import re
from collections.abc import Mapping
from datetime import time
from itertools import pairwise
from typing import Any

from openbot.fields import Form
from openbot.vocabulary import Enabled, Role

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
LONGEST_NAME, LONGEST_EMAIL = 100, 200
_FIELDS = ("name", "email", "phone", "role", "enabled", "shift", "branch_ids")
_NEEDED = ("name", "email", "role")
_PHONE = re.compile(r"\+?[\d\s().-]+", re.ASCII)
_PHONE_DIGITS = range(6, 16)
#: An Argentine mobile as people say it, without country: area and number.
_NATIONAL = re.compile(r"(?:0?)(\d{10})")
_MOST_STRETCHES = 21  #: three a day
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def read(values: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    """Return the fields as columns of `operators`, and `branch_ids`. Raises FieldsWrong."""
    form = Form(values, needed=_NEEDED if is_new else ())
    form.known(_FIELDS)
    form.text("name", longest=LONGEST_NAME)
    form.text("email", longest=LONGEST_EMAIL)
    form.text("phone", longest=40, empty=True)
    form.choice("role", [role.value for role in Role])
    form.choice("enabled", [word.value for word in Enabled])
    _read_email(form)
    _read_phone(form)
    _read_shift(form)
    _read_branches(form)
    found = form.done()
    for name, kind in (("role", Role), ("enabled", Enabled)):
        if name in found:
            found[name] = kind(found[name])
    if is_new:
        found.setdefault("enabled", Enabled.YES)
    return found


def _read_email(form: Form) -> None:
    email = form.read.get("email")
    if email is None:
        return
    if EMAIL.fullmatch(email):
        form.read["email"] = email.lower()
    else:
        form.refuse("email", "not_an_email")


def _read_phone(form: Form) -> None:
    """Kept as digits with the country, like a contact's; ten digits are an Argentine mobile."""
    typed = form.read.get("phone")
    if not typed:
        return
    digits = "".join(sign for sign in typed if sign.isdigit())
    if not _PHONE.fullmatch(typed) or len(digits) not in _PHONE_DIGITS:
        form.refuse("phone", "not_a_phone")
        return
    national = None if typed.startswith("+") else _NATIONAL.fullmatch(digits)
    form.read["phone"] = f"549{national[1]}" if national else digits


def _read_shift(form: Form) -> None:
    """Stretches of a week, in its order; none at all is no plan: always at work."""
    if "shift" not in form.values:
        return
    value = form.values["shift"]
    if value in (None, []):
        form.read["shift"] = None
        return
    if not isinstance(value, list) or not all(_is_stretch(each) for each in value):
        form.refuse("shift", "not_a_shift")
    elif len(value) > _MOST_STRETCHES:
        form.refuse("shift", "too_many")
    else:
        plan = [{"weekday": each["weekday"], "from": each["from"], "to": each["to"]} for each in value]
        plan.sort(key=lambda each: (each["weekday"], each["from"]))
        if _overlap(plan):
            form.refuse("shift", "overlapping")
        else:
            form.read["shift"] = plan


def _is_stretch(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and type(value.get("weekday")) is int
        and value["weekday"] in range(7)
        and all(isinstance(value.get(end), str) and _CLOCK.fullmatch(value[end]) for end in ("from", "to"))
    )


def _overlap(plan: list[dict[str, Any]]) -> bool:
    """Whether two stretches share a minute, over midnight and from Sunday into Monday, too."""
    week, day = 7 * 24 * 60, 24 * 60
    spans = []
    for each in plan:
        begins, ends = (_minutes(each[end]) for end in ("from", "to"))
        start = each["weekday"] * day + begins
        spans.append((start, start + (ends - begins if ends > begins else ends + day - begins)))
    spans += [(start - week, end - week) for start, end in spans if end > week]
    spans.sort()
    return any(following[0] < before[1] for before, following in pairwise(spans))


def _minutes(clock: str) -> int:
    read = time.fromisoformat(clock)
    return read.hour * 60 + read.minute


def _read_branches(form: Form) -> None:
    """Ids in order, each once; none at all is all branches."""
    if "branch_ids" not in form.values:
        return
    value = form.values["branch_ids"] or []
    if not isinstance(value, list) or not all(type(each) is int and 0 < each < 2**63 for each in value):
        form.refuse("branch_ids", "branch_not_found")
    elif len(value) > 1000:  # noqa: PLR2004 - more than any company has
        form.refuse("branch_ids", "too_many")
    else:
        form.read["branch_ids"] = sorted(set(value))
