"""The phone page in a real browser: an order by taps, and the picture of it that the README shows.

Pictures go where OPENBOT_TEST_PICTURES says (docs/images renews the README's), else to the test's own files.
"""

import base64
import html
import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from typer.testing import CliRunner

from openbot.cli import app
from tests.e2e.company import Company

pytestmark = pytest.mark.e2e

PATIENCE_MS = 30_000
#: Of the transcript, in the picture: the summary and what followed.
LINES = 19
#: What the bot asks, and what the customer taps: a button of the message (tap) or a row of its list (choose).
STEPS = (
    ("elegí del menú", "choose", "Hacer un pedido"),
    ("¿Te lo enviamos o lo pasás a buscar?", "tap", "Retiro en sucursal"),
    ("¿Por qué sucursal", "choose", "Belgrano"),
    ("¿Qué te preparo?", "choose", "Empanadas y congelados"),
    ("¿cuál querés?", "choose", "Empanada de carne"),
    ("¿Cuántas", "tap", "6"),
    ("¿Algo más?", "tap", "Eso es todo"),
    ("¿Cómo querés pagar?", "choose", "Efectivo"),
    ("¿Con cuánto", "tap", "Pago justo"),
    ("aclaración", "tap", "Sin aclaraciones"),
    ("Lucía Fernández", "tap", "Sí, Lucía"),
    ("Total: $ 11.400,00", "tap", "Confirmar"),
)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("OPENBOT_TEST_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Screen:
    """The phone of one customer on the page."""

    def __init__(self, page: Page, customer: str) -> None:
        self.phone: Locator = page.locator(f'.phone[data-customer="{customer}"]')

    @property
    def newest(self) -> Locator:
        return self.phone.locator(".theirs:not(.typing)").last

    def write(self, text: str) -> None:
        self.phone.locator("textarea").fill(text)
        self.phone.locator("textarea").press("Enter")

    def see(self, text: str) -> None:
        expect(self.newest).to_contain_text(text, timeout=PATIENCE_MS)

    def tap(self, title: str) -> None:
        self.newest.get_by_role("button", name=title, exact=True).click()

    def choose(self, title: str) -> None:
        self.newest.get_by_role("button").last.click()
        sheet = self.phone.get_by_role("dialog")
        sheet.get_by_text(title, exact=True).click()
        sheet.get_by_role("button", name="Enviar", exact=True).click()


def test_an_order_is_placed_by_taps_on_the_phone_page(company: Company, browser: Browser, pictures: Path):
    lucia = company.phone("Lucía Fernández")
    here = {"locale": "es-AR", "timezone_id": "America/Argentina/Buenos_Aires"}
    page = browser.new_page(viewport={"width": 1280, "height": 880}, device_scale_factor=1.5, **here)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(company.simulator_url)
    screen = Screen(page, lucia.id)
    if not screen.phone.is_visible():
        page.get_by_role("navigation", name="Clientes").get_by_text("Lucía").click()
    screen.write("hola")
    for question, how, title in STEPS:
        screen.see(question)
        getattr(screen, how)(title)
    screen.see("confirmado")
    lucia.settle()
    order = lucia.order
    assert (order["state"], order["total"]) == ("COMPLETO", "11400.00")
    assert [(item["name"], item["quantity"]) for item in order["items"]] == [("Empanada de carne", "6.000")]
    assert not problems
    page.wait_for_timeout(300)  # the last bubble slides in
    page.screenshot(path=pictures / "phone-page-whole.png")
    shot = screen.phone.locator(".frame").screenshot()
    page.close()
    compose(company, browser, phone=shot, number=lucia.number, path=pictures / "phone-page.png")


def compose(company: Company, browser: Browser, *, phone: bytes, number: str, path: Path) -> None:
    """Draw the phone next to the same order in a terminal."""

    def printed(*arguments: str) -> str:
        done = CliRunner().invoke(app, arguments, env={"OPENBOT_DATABASE_URL": company.database_url})
        assert done.exit_code == 0, done.output
        return html.escape(done.stdout.rstrip("\n"))

    terminal = (
        f"<b>$</b> openbot orders --phone {number}\n{printed('orders', '--phone', number)}\n\n"
        f"<b>$</b> openbot transcript {number} | tail -{LINES}\n"
        + "\n".join(printed("transcript", number).splitlines()[-LINES:])
    )
    page = browser.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=1.5)
    page.set_content(Path(__file__).with_name("picture.html").read_text(encoding="utf-8"))
    page.locator("#terminal").evaluate("(element, text) => { element.innerHTML = text; }", terminal)
    source = f"data:image/png;base64,{base64.b64encode(phone).decode()}"
    page.locator("#phone").evaluate(
        "(image, source) => { image.src = source; return image.decode(); }", source
    )
    page.locator("body").screenshot(path=path)
    page.close()
