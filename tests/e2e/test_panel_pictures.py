"""The pictures of the panel's manual, of a company in the middle of its day.

Run with OPENBOT_TEST_PICTURES=docs/images to renew docs/images/panel; without it there is nothing to do.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect
from typer.testing import CliRunner

from openbot.cli import app
from tests.e2e import scene
from tests.e2e.company import Company
from tests.e2e.desk import SOON_MS, Desk
from tests.e2e.phone import Phone

WISHED = os.environ.get("OPENBOT_TEST_PICTURES", "")
pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not WISHED, reason="OPENBOT_TEST_PICTURES names no folder")]

CHIEF = "jimena@elombu.example"
STILL_MS = 700  #: until what moves has come to rest
Phones = dict[str, Phone]


class Camera:
    """Takes pictures of one theme."""

    def __init__(self, desk: Desk, phones: Phones, *, theme: str) -> None:
        self.desk, self.page, self.theme = desk, desk.page, theme
        self.folder = Path(WISHED) / "panel"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.phones = phones

    def take(self, name: str) -> None:
        self.page.mouse.move(640, 2)
        self.page.wait_for_timeout(STILL_MS)
        path = self.folder / f"{name}-{self.theme}.png"
        self.page.screenshot(path=path)
        with Image.open(path) as picture:
            small = picture.convert("RGB").quantize(method=Image.Quantize.MAXCOVERAGE)
        small.save(path, optimize=True)

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        expect(self.page.locator(".skeleton")).to_have_count(0)

    def number(self, name: str) -> int:
        number: int = self.phones[name].orders[-1]["number"]
        return number

    def row(self, name: str) -> Locator:
        return self.desk.row(self.number(name))

    def close(self) -> None:
        self.page.keyboard.press("Escape")
        expect(self.desk.dialog).to_have_count(0)


@pytest.fixture(scope="module")
def phones(company: Company) -> Phones:
    options = ["admin", "create", "--email", CHIEF, "--name", "Jimena Roca", "--password-stdin"]
    environment = {"OPENBOT_DATABASE_URL": company.database_url}
    CliRunner().invoke(app, options, input=f"{scene.PASSWORD}\n", env=environment)
    return scene.set_up(company, chief=CHIEF, password=scene.PASSWORD)


@pytest.fixture
def desks(company: Company, browser: Browser) -> Iterator[Callable[..., Desk]]:
    open_ones: list[Desk] = []

    def another(**more: object) -> Desk:
        open_ones.append(Desk(browser, company.web_url, **more))  # type: ignore[arg-type]
        return open_ones[-1]

    yield another
    for each in open_ones:
        each.close()
    assert [each.errors for each in open_ones] == [[] for _ in open_ones]


@pytest.mark.parametrize("theme", ["claro", "oscuro"])
def test_every_screen(phones: Phones, desks: Callable[..., Desk], theme: str):
    desks().sign_in(CHIEF, scene.PASSWORD)  # the other device
    camera = Camera(desks(is_dark=theme == "oscuro"), phones, theme=theme)
    the_door(camera)
    for name, address in (
        ("dashboard", "/dashboard"),
        ("contactos", "/contactos"),
        ("usuarios", "/usuarios"),
    ):
        camera.go(address)
        camera.take(name)
    the_inbox(camera)
    camera.go("/pedidos")
    expect(camera.row("lucia")).to_be_visible()
    camera.take("pedidos")
    camera.go(f"/pedidos?vista=all&pedido={camera.number('lucia')}")
    expect(camera.page.locator(".detail .order-facts")).to_be_visible()
    camera.take("pedidos-detalle")
    camera.go("/catalogo")
    camera.take("catalogo")
    camera.go("/configuracion")
    camera.take("configuracion")
    camera.page.get_by_role("tab", name="Registro").click()
    expect(camera.page.get_by_test_id("stTable").get_by_text("Entró").first).to_be_visible()
    camera.take("registro")


def the_door(camera: Camera) -> None:
    camera.page.goto("/login")
    camera.take("ingreso")
    camera.desk.sign_in(CHIEF, scene.PASSWORD)
    camera.page.get_by_role("heading", name="Ya hay una sesión abierta").or_(camera.desk.menu).wait_for()
    if "/login" in camera.page.url:
        camera.take("sesion-abierta")
        camera.desk.confirm()
    camera.desk.menu.get_by_role("link").first.wait_for()


def test_what_opens_over_the_list_of_orders(phones: Phones, desks: Callable[..., Desk]):
    camera = Camera(desks(), phones, theme="claro")
    the_door(camera)
    camera.go("/pedidos?vista=all")
    camera.take("pedidos-todos")
    camera.page.locator("[data-key=state] .head-tool").click()
    camera.take("pedidos-filtro")
    camera.page.keyboard.press("Escape")
    camera.desk.cell(camera.number("carla"), "state").get_by_role("button").click()
    camera.take("pedidos-estado")
    camera.page.get_by_role("menuitem", name="FACTURADO").click()
    camera.take("pedidos-facturar")
    camera.close()
    camera.row("lucia").get_by_role("button", name="Editar").click()
    camera.take("pedidos-editar")
    camera.close()
    for name in ("bruno", "nora"):
        camera.row(name).locator(".pick").check()
    camera.take("pedidos-varios")
    camera.page.get_by_role("button", name="Teclas").click()
    camera.take("teclas")


def test_what_an_administrator_fills_in(phones: Phones, desks: Callable[..., Desk]):
    camera = Camera(desks(), phones, theme="claro")
    the_door(camera)
    camera.go("/usuarios")
    camera.page.get_by_role("button", name="NUEVO USUARIO").click()
    camera.take("usuario-nuevo")
    camera.desk.dialog.get_by_label("lunes", exact=True).check()
    more = camera.desk.dialog.get_by_role("button", name="Agregar otro horario (lunes)")
    more.click()
    camera.desk.dialog.get_by_text("Plan de trabajo", exact=True).evaluate("title => title.scrollIntoView()")
    camera.take("usuario-plan")
    camera.close()
    camera.go("/catalogo")
    for tab, name in (("Sucursales", "catalogo-sucursales"), ("Zonas de envío", "catalogo-zonas")):
        camera.page.get_by_role("tab", name=tab).click()
        camera.take(name)
    camera.go("/configuracion")
    for tab, name in (("Textos", "configuracion-textos"), ("Plan", "configuracion-plan")):
        camera.page.get_by_role("tab", name=tab, exact=True).click()
        camera.take(name)
    camera.page.goto("/password")
    camera.take("clave")


def the_conversation(camera: Camera, name: str) -> None:
    camera.go(f"/comunicaciones?contacto={camera.phones[name].contact_id}")
    expect(camera.page.locator(".head h2")).to_be_visible(timeout=SOON_MS)
    expect(camera.page.locator(".bone-line")).to_have_count(0)


def the_inbox(camera: Camera) -> None:
    the_conversation(camera, "nora")
    camera.take("comunicaciones")
    the_conversation(camera, "fabio")
    take = camera.page.get_by_role("button", name="Tomar la conversación")
    if take.is_visible():  # the other theme's pictures have not done so
        take.click()
    field = camera.page.locator(".message-field")
    field.fill("Hola, ya te confirmo.")
    camera.page.keyboard.press("Shift+Enter")
    camera.take("comunicaciones-escribir")
    field.fill("")


def test_a_phone(phones: Phones, desks: Callable[..., Desk]):
    camera = Camera(desks(size=(390, 720)), phones, theme="celular")
    the_door(camera)
    camera.go("/pedidos")
    expect(camera.row("lucia")).to_be_visible(timeout=SOON_MS)
    camera.take("pedidos")
    the_conversation(camera, "carla")
    camera.take("comunicaciones")
