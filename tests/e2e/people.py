"""The people of the company in front of the panel, an administrator and operators whom she adds; and a customer."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from openbot.cli import app
from tests.e2e.company import Company
from tests.e2e.desk import SOON_MS, Desk
from tests.e2e.phone import Phone

CHIEF, CHIEF_PASSWORD = "jefa@example.com", "la-clave-de-la-jefa"
GIVEN, OWN = "clave-por-una-vez", "mi-clave-de-siempre"

Door = Callable[[], Desk]


@pytest.fixture
def desk(company: Company, browser: Browser) -> Iterator[Door]:
    """Opens another browser; no page of any may have had an error."""
    open_ones: list[Desk] = []

    def another() -> Desk:
        open_ones.append(Desk(browser, company.web_url))
        return open_ones[-1]

    yield another
    for each in open_ones:
        each.close()
    assert [each.errors for each in open_ones] == [[] for _ in open_ones]


@pytest.fixture
def chief(company: Company, desk: Door) -> Desk:
    """An administrator, made on the command line the first time, signed in."""
    options = ["admin", "create", "--email", CHIEF, "--name", "Jimena Roca", "--password-stdin"]
    environment = {"OPENBOT_DATABASE_URL": company.database_url}
    CliRunner().invoke(app, options, input=f"{CHIEF_PASSWORD}\n", env=environment)
    chief = desk()
    chief.sign_in(CHIEF, CHIEF_PASSWORD)
    if "/login" in chief.page.url:  # the test before is still signed in
        chief.confirm()
    return chief


def create_operator(chief: Desk, *, name: str, email: str) -> None:
    """With «NUEVO USUARIO»."""
    chief.choose("Usuarios")
    chief.page.get_by_role("button", name="NUEVO USUARIO").click()
    for label, value in (("Nombre", name), ("Email", email), ("Contraseña", GIVEN)):
        chief.fill(label, value)
    chief.press("Guardar")
    expect(chief.page.locator(".body .row", has_text=email)).to_contain_text("HABILITADO", timeout=SOON_MS)


def operator(chief: Desk, desk: Door, *, name: str, email: str) -> Desk:
    """Somebody who was added just now, with a password of their own."""
    create_operator(chief, name=name, email=email)
    own = desk()
    own.sign_in(email, GIVEN)
    own.choose_password(GIVEN, OWN)
    return own


def place_order(company: Company) -> Phone:
    """A customer of theirs with an order that is COMPLETO."""
    ana = company.phone("Ana Paz")
    ana.says("2 cocas de 2,25, retiro en Belgrano, pago con transferencia")
    ana.taps("Sin aclaraciones", "Sí, Ana", "Confirmar")
    assert ana.order["state"] == "COMPLETO", str(ana)
    return ana
