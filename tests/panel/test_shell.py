"""What surrounds every screen: the menu of each role, who is signed in, and what is shown when something fails."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit

from openbot.vocabulary import Role
from panel import client, frame, navigation, translations, troubles

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.panel.conftest import Sit
    from tests.support.panel import Panel

SHELL = "../streamlit_app"


def text_of(test: "AppTest") -> str:
    return "\n".join(str(getattr(each, "proto", "")) for each in [*test.main, *test.sidebar])


def test_administrators_have_modules_that_operators_do_not():
    administrators = {screen.file for screen in navigation.screens_for("Administrador")}
    operators = {screen.file for screen in navigation.screens_for("Operador")}
    assert "usuarios" in administrators - operators
    assert operators < administrators


def test_a_role_nobody_knows_sees_no_more_than_an_operator():
    assert navigation.screens_for("") == navigation.screens_for("Operador")


def test_only_screens_that_exist_are_in_the_menu():
    assert all(screen.source.is_file() for screen in navigation.screens_for("Administrador"))


def test_every_file_of_a_screen_is_in_the_menu_or_belongs_to_one():
    listed = {screen.file for screen in navigation.SCREENS}
    files = {path.stem for path in navigation.SCREENS_FOLDER.glob("*.py")} - {"__init__"}
    assert {
        name for name in files if not any(name == each or name.startswith(f"{each}_") for each in listed)
    } == set()


@pytest.mark.parametrize("role", list(Role))
def test_the_frame_names_the_person_and_the_role(sit: "Sit", panel: "Panel", role: Role):
    browser = panel.administrator() if role is Role.ADMINISTRATOR else panel.operator()
    test = sit(browser, SHELL, role)
    test.user = {"role": role.value, "name": "Ana%20%3Cb%3E"}
    test.run()
    assert not test.exception
    assert "Ana &lt;b&gt;" in text_of(test)
    assert role.value in text_of(test)
    assert "/logout" in text_of(test)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ana María Pérez", "AP"), ("ana", "A"), ("", ""), ("🦩 Beto", "B"), ("(x) Óscar", "Ó")],
)
def test_initials_are_letters(name: str, letters: str):
    assert frame.initials(name) == letters


def test_an_error_shows_a_code_that_is_in_the_log_with_its_trace(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    shown: list[str] = []
    monkeypatch.setattr(troubles.st, "error", shown.append)
    assert troubles.show(ZeroDivisionError("clave=abc"))
    (sentence,) = shown
    found = re.fullmatch(r"Ocurrió un error\. Código ([0-9A-F]{4})", sentence)
    assert found
    assert found[1] in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_what_the_api_refuses_is_said_in_spanish(monkeypatch: pytest.MonkeyPatch):
    shown: list[str] = []
    monkeypatch.setattr(troubles.st, "error", shown.append)
    troubles.show(client.ApiRefused(403, "administrators_only"))
    assert shown == ["Solo un administrador puede hacer esto."]


def test_the_words_that_are_translated_are_streamlits_words_still():
    """After an update of Streamlit: look for what took their place."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    bundle = "\n".join(path.read_text(encoding="utf-8", errors="ignore") for path in folder.glob("*.js"))
    assert [word for word in translations.WORDS if word not in bundle] == []


def test_the_patterns_can_be_read():
    for expression, replacement in translations.PATTERNS:
        places = {int(number) for number in re.findall(r"\$(\d)", replacement)}
        assert places <= set(range(1, re.compile(expression).groups + 1))


def test_the_page_around_the_screens_is_streamlits_own_in_spanish():
    from api import index_page

    page = index_page.page()
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="es">' in page
    assert "<title>Openbot</title>" in page
    assert "Tu navegador es demasiado viejo" in page
    assert "enable JavaScript" not in page
    assert 'type="module"' in page
