"""What WhatsApp refuses: the hard limits of what we send, in one place (contract §5)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# Characters are counted as Unicode code points (contract §5.3).
TEXT = 4096
CAPTION = 1024
INTERACTIVE_BODY = 1024  #: Meta's list page says 4096, its OpenAPI 1024: the safe one
HEADER = 60
FOOTER = 60
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
LIST_BUTTON = 20
SECTIONS = 10
SECTION_TITLE = 24
ROWS = 10  #: in all sections together
ROW_TITLE = 24
ROW_DESCRIPTION = 72
ROW_ID = 200
TRACKER = 512  #: biz_opaque_callback_data
TEMPLATE_NAME = 512
TEMPLATE_VALUE = 1024
BUBBLES = 2  #: ours, not WhatsApp's: each bubble costs money (product §3)

_TO = re.compile(r"\+\d{5,20}", re.ASCII)
_USER_ID = 140
_Problems = Iterator[str]


def check(body: Mapping[str, Any]) -> list[str]:
    """Name everything for which WhatsApp would refuse this body of `POST /messages`; empty when it may go."""
    return [*_check_envelope(body), *_check_content(body)]


def _check_envelope(body: Mapping[str, Any]) -> _Problems:
    if body.get("messaging_product") != "whatsapp":
        yield "messaging_product is not whatsapp"
    if ("to" in body) == ("recipient" in body):
        yield "not exactly one of to and recipient"
    elif "to" in body and not _TO.fullmatch(str(body["to"])):
        yield "to is not a plus and digits"
    elif "recipient" in body:
        yield from _check_length(body, "recipient", most=_USER_ID)
    yield from _check_length(body, "biz_opaque_callback_data", most=TRACKER, needed=False)


def _check_content(body: Mapping[str, Any]) -> _Problems:
    match body.get("type"):
        case "text":
            yield from _check_length(_part(body, "text"), "body", most=TEXT)
        case "image" | "document" | "audio" | "video" as kind:
            yield from _check_medium(_part(body, kind))
        case "interactive":
            yield from _check_interactive(_part(body, "interactive"))
        case "template":
            yield from _check_template(_part(body, "template"))
        case other:
            yield f"type {other!r} is none that we send"


def _check_medium(medium: Mapping[str, Any]) -> _Problems:
    if bool(medium.get("id")) == bool(medium.get("link")):
        yield "not exactly one of id and link"
    yield from _check_length(medium, "caption", most=CAPTION, needed=False)


def _check_interactive(interactive: Mapping[str, Any]) -> _Problems:
    yield from _check_length(_part(interactive, "body"), "text", most=INTERACTIVE_BODY)
    yield from _check_length(_part(interactive, "footer"), "text", most=FOOTER, needed=False)
    action = _part(interactive, "action")
    match interactive.get("type"):
        case "button":
            yield from _check_buttons([_part(button, "reply") for button in _several(action, "buttons")])
        case "list":
            yield from _check_length(action, "button", most=LIST_BUTTON)
            yield from _check_sections(_several(action, "sections"))
        case "location_request_message":
            yield from _check_name(action, "send_location")
        case "request_contact_info":
            yield from _check_name(action, "request_contact_info")
        case other:
            yield f"interactive type {other!r} is none that we send"


def _check_buttons(replies: Sequence[Mapping[str, Any]]) -> _Problems:
    yield from _check_number(replies, "buttons", most=BUTTONS)
    for reply in replies:
        yield from _check_length(reply, "title", most=BUTTON_TITLE)
        yield from _check_id(reply, most=BUTTON_ID)
    yield from _check_unique(replies, "id")
    yield from _check_unique(replies, "title")


def _check_sections(sections: Sequence[Mapping[str, Any]]) -> _Problems:
    yield from _check_number(sections, "sections", most=SECTIONS)
    rows = [row for section in sections for row in _several(section, "rows")]
    yield from _check_number(rows, "rows", most=ROWS)
    for section in sections:
        yield from _check_length(section, "title", most=SECTION_TITLE, needed=len(sections) > 1)
        yield from _check_number(_several(section, "rows"), "rows of a section", most=ROWS)
    for row in rows:
        yield from _check_length(row, "title", most=ROW_TITLE)
        yield from _check_length(row, "description", most=ROW_DESCRIPTION, needed=False)
        yield from _check_id(row, most=ROW_ID)
    yield from _check_unique(rows, "id")


def _check_template(template: Mapping[str, Any]) -> _Problems:
    yield from _check_length(template, "name", most=TEMPLATE_NAME)
    yield from _check_length(_part(template, "language"), "code", most=20)
    for component in _several(template, "components"):
        for parameter in _several(component, "parameters"):
            if parameter.get("type") == "text":
                yield from _check_length(parameter, "text", most=TEMPLATE_VALUE)
                if any(forbidden in str(parameter.get("text")) for forbidden in ("\n", "\t", "    ")):
                    yield "a value of a template has a newline, a tab or four spaces"


def _check_name(action: Mapping[str, Any], name: str) -> _Problems:
    if action.get("name") != name:
        yield f"action.name is not {name}"


def _check_id(owner: Mapping[str, Any], *, most: int) -> _Problems:
    yield from _check_length(owner, "id", most=most)
    if str(owner.get("id", "")) != str(owner.get("id", "")).strip():
        yield "an id begins or ends with a space"


def _check_length(owner: Mapping[str, Any], key: str, *, most: int, needed: bool = True) -> _Problems:
    value = owner.get(key)
    if value is None:
        if needed:
            yield f"{key} is missing"
    elif not isinstance(value, str) or not value.strip():
        yield f"{key} is empty"
    elif len(value) > most:
        yield f"{key} has {len(value)} characters, at most {most} are allowed"


def _check_number(things: Sequence[Any], name: str, *, most: int) -> _Problems:
    if not 1 <= len(things) <= most:
        yield f"{len(things)} {name}, 1 to {most} are allowed"


def _check_unique(things: Sequence[Mapping[str, Any]], key: str) -> _Problems:
    values = [str(thing.get(key)) for thing in things]
    if len(set(values)) < len(values):
        yield f"two have the same {key}"


def _part(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _several(parent: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = parent.get(key)
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []
