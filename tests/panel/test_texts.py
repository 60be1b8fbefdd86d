"""What the panel owns of the API's words: a sentence for every code, a colour for every state."""

import ast
from pathlib import Path

import pytest

from openbot.vocabulary import State
from panel import texts, theme

ROOT = Path(__file__).resolve().parents[2]


def codes() -> set[str]:
    """The codes that doors raise and answer with, read from their sources."""
    found: set[str] = set()
    for path in (ROOT / "api").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(
                getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", "")
            )
            if (
                name in {"ApiError", "answer"}
                and len(node.args) > 1
                and isinstance(node.args[1], ast.Constant)
            ):
                found.add(node.args[1].value)
    return found


#: Parts of the business whose errors the panel's people meet.
BEHIND = (
    "orders",
    "operators",
    "contacts",
    "catalogue",
    "company.py",
    "fields.py",
    "conversations/attending.py",
    "conversations/canned_replies.py",
    "conversations/desk",
)
#: Met only by a command, or by a message that comes in.
ELSEWHERE = {"business_file_wrong", "hours_wrong", "nobody_named"}


def constants(*values: ast.expr | None) -> set[str]:
    return {
        value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def business_codes() -> set[str]:
    """The codes of the errors behind the doors, and of what is refused of a field."""
    found: set[str] = set()
    for part in BEHIND:
        whole = ROOT / "openbot" / part
        for path in whole.rglob("*.py") if whole.is_dir() else [whole]:
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Assign(targets=[ast.Name(id="code")], value=value):
                        found |= constants(value)
                    case ast.Call(func=ast.Attribute(attr="refuse"), args=[_, code]):
                        found |= constants(code)
                    case ast.keyword(arg="wrong", value=value):
                        found |= constants(value)
    return found - ELSEWHERE - {""}


@pytest.mark.parametrize("found", [codes(), business_codes()], ids=["doors", "business"])
def test_every_code_has_a_sentence(found: set[str]):
    assert found
    assert found - texts.SENTENCES.keys() == set()


def test_an_unknown_code_names_itself():
    assert "qué_raro" in texts.sentence("qué_raro")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, ground: str, part: float) -> str:
    pairs = [(int(colour[place : place + 2], 16), int(ground[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(own * part + below * (1 - part)):02x}" for own, below in pairs)


@pytest.mark.parametrize("state", list(State))
def test_every_state_can_be_read_on_both_grounds_also_on_its_pale_one(state: State):
    for colour, ground in zip(theme.STATE_COLOURS[state], theme.GROUNDS, strict=True):
        assert contrast(colour, ground) >= 4.5
        assert contrast(colour, mixed(colour, ground, 0.12)) >= 4.5
