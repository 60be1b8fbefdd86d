"""Phone numbers as WhatsApp spells them (contract §7). A business-scoped user id is no phone and never becomes one."""

import re

import phonenumbers

from openbot.errors import OpenbotError

_DIGITS = re.compile(r"\d{5,20}", re.ASCII)
#: The two ways to write one mobile: what webhooks say, and what test numbers want.
_RESPELLINGS = (
    (re.compile(r"549(\d{10})", re.ASCII), "54"),
    (re.compile(r"521(\d{10})", re.ASCII), "52"),
    (re.compile(r"52(\d{10})", re.ASCII), "521"),
)


class NotAPhone(OpenbotError):
    """This is not a phone number of WhatsApp."""

    code = "not_a_phone"


def is_phone(wa_id: str) -> bool:
    """Digits only, as in `wa_id` and `from`."""
    return _DIGITS.fullmatch(wa_id) is not None


def dialled(wa_id: str) -> str:
    """Return the value of `to`: without the plus WhatsApp may put the company's own country in front."""
    if not is_phone(wa_id):
        raise NotAPhone
    return f"+{wa_id}"


def spellings(wa_id: str, *, learnt: str = "") -> tuple[str, ...]:
    """Return the digits to send to, best first: the spelling that was once accepted, the webhook's, the other.

    Each is tried once, only after 131030. The other spelling of an Argentine mobile may be somebody's landline:
    it is for sending, never an identity.
    """
    if not is_phone(wa_id):
        return ()
    found = [learnt] if is_phone(learnt) else []
    found.append(wa_id)
    for pattern, prefix in _RESPELLINGS:
        match = pattern.fullmatch(wa_id)
        if match:
            found.append(prefix + match[1])
    return tuple(dict.fromkeys(found))


def next_spelling(wa_id: str, *, tried: str, learnt: str = "") -> str | None:
    """Return the spelling to try after `tried` was refused with 131030; None after the last one."""
    found = spellings(wa_id, learnt=learnt)
    after = found[found.index(tried) + 1 :] if tried in found else found
    return after[0] if after else None


def display(wa_id: str) -> str:
    """Write a phone as people do («+54 9 11 3694-3434»); anything that is no phone comes back as it is."""
    if not is_phone(wa_id):
        return wa_id
    # Mexico's old mobile prefix is no part of a valid number.
    old_mexican = re.fullmatch(r"521(\d{10})", wa_id)
    digits = f"52{old_mexican[1]}" if old_mexican else wa_id
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+{wa_id}"
    if not phonenumbers.is_possible_number(number):
        return f"+{wa_id}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
