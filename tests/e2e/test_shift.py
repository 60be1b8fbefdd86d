"""A whole shift in real browsers: from the administrator who adds an operator to what the operator may not do."""

import csv
import re
import time
from typing import Any

import pytest
from playwright.sync_api import expect

from panel.navigation import SCREENS
from tests.e2e.company import Company
from tests.e2e.desk import PATIENCE_MS, SOON_MS, Desk
from tests.e2e.people import OWN, Door, operator, place_order
from tests.integration.api.test_matrix import ADMINISTRATORS, TABLE
from tests.support.pdf_text import pages

pytestmark = pytest.mark.e2e

HEADER = ["Número", "Fecha y hora", "Contacto", "Celular", "Tipo", "Sucursal", "Estado"]
#: Comings and goings between two screens: once, one of them never came.
ROUNDS = 6


def attend(desk: Desk, number: int) -> None:
    """Take the order, edit it, invoice it."""
    desk.row(number).get_by_role("button", name="Tomar").click()
    expect(desk.cell(number, "state")).to_contain_text("EN PROCESO")
    expect(desk.cell(number, "operator")).to_contain_text("Olga Ríos")
    desk.row(number).get_by_role("button", name="Editar").click()
    desk.fill("Monto", "12.450,50")
    desk.fill("Comentario", "Pasa a las 18 con su hermana")
    desk.press("Guardar")
    desk.cell(number, "state").get_by_role("button").click()
    desk.page.get_by_role("menuitem", name="FACTURADO").click()
    expect(desk.dialog.get_by_label(re.compile("^Monto cobrado"))).to_have_value("12.450,50")
    desk.press("Pasar a FACTURADO")
    expect(desk.cell(number, "state")).to_contain_text("FACTURADO")


def read_pdf(desk: Desk, number: int) -> None:
    (text,) = pages(desk.download(desk.row(number).get_by_role("link", name="Exportar .pdf")).read_bytes())
    for words in (f"Pedido {number}", "FACTURADO", "Ana Paz", "Coca-Cola 2,25 L", "$ 10.400,00", "$ 12.450,50",
                  "Pasa a las 18 con su hermana", "Historial"):  # fmt: skip
        assert words in text, text


def read_list(desk: Desk, number: int) -> None:
    text = desk.export("CSV (para Excel)").read_text(encoding="utf-8-sig")
    header, *rows = csv.reader(text.splitlines(), delimiter=";")
    assert header[: len(HEADER)] == HEADER
    (mine,) = [row for row in rows if row[0] == str(number)]
    found = dict(zip(header, mine, strict=True))
    assert (found["Contacto"], found["Estado"], found["Total"]) == ("Ana Paz", "FACTURADO", "10400,00")
    assert (found["Monto"], found["Operador"]) == ("12450,50", "Olga Ríos")


def test_a_whole_shift(company: Company, chief: Desk, desk: Door):
    first = operator(chief, desk, name="Olga Ríos", email="olga@example.com")
    first.choose("Pedidos")
    first.page.evaluate("() => { window.neverReloaded = true; }")
    ana = place_order(company)
    number = ana.order["number"]
    expect(first.row(number)).to_be_visible(timeout=SOON_MS)
    expect(first.cell(number, "state")).to_contain_text("COMPLETO", timeout=SOON_MS)
    attend(first, number)
    order = ana.order
    assert (order["state"], order["amount"]) == ("FACTURADO", "12450.50")
    assert order["comment"] == "Pasa a las 18 con su hermana"
    first.page.get_by_role("tab", name="Todos").click()
    expect(first.row(number)).to_be_visible()
    read_pdf(first, number)
    read_list(first, number)
    assert first.page.evaluate("() => window.neverReloaded")
    expel(first, desk())


def expel(first: Desk, second: Desk) -> None:
    """The same person at another computer: after a question, the first page leaves by itself."""
    second.sign_in("olga@example.com", OWN)
    expect(second.page.get_by_role("heading", name="Ya hay una sesión abierta")).to_be_visible()
    expect(second.page.locator(".where")).to_contain_text(re.compile(r"Chrom.*127\.0\.0\.1.*desde hoy"))
    assert "/pedidos" in first.page.url  # nothing happens before the answer
    second.confirm()
    since = time.monotonic()
    expect(first.page).to_have_url(re.compile(r"/login\?next=%2Fpedidos"), timeout=SOON_MS)
    expect(first.page.locator("body")).to_contain_text("Tu sesión se abrió en otro dispositivo")
    assert time.monotonic() - since < SOON_MS / 1000
    second.menu.get_by_role("link").first.wait_for()
    assert first.context.request.get("/api/me").status == 401  # with the cookie of before


def test_an_operator_gets_nothing_that_is_for_administrators(chief: Desk, desk: Door):
    own = operator(chief, desk, name="Nadia Sol", email="nadia@example.com")
    before = what_there_is(chief)
    assert_menu(own)
    for screen in SCREENS:
        if screen.administrators_only:
            own.page.goto(f"/{screen.url_path}")
            expect(own.menu.get_by_role("link").first).to_be_visible()
            expect(own.page.get_by_role("dialog")).to_contain_text("no existe", timeout=PATIENCE_MS)
            assert screen.title not in own.page.get_by_test_id("stMain").inner_text()
    asked = administrators_calls(own)
    refused = {route: own.call(*route.split(" ")[:2], body_of(route)) for route in asked}
    assert {route: got for route, got in refused.items() if not is_refusal(got)} == {}
    myself = next(user for user in before["/api/users"]["rows"] if user["email"] == "nadia@example.com")
    rise = {"role": "Administrador", "version": myself["version"]}
    assert is_refusal(own.call("PATCH", f"/api/users/{myself['id']}", rise))
    assert what_there_is(chief) == before


def assert_menu(own: Desk) -> None:
    titles = " ".join(own.menu_titles())
    assert "Pedidos" in titles
    assert not [each.title for each in SCREENS if each.administrators_only and each.title in titles]


def administrators_calls(own: Desk) -> list[str]:
    """The routes of the OpenAPI document that are for administrators, with the first of everything in their paths."""
    status, document = own.call("GET", "/api/openapi.json")
    assert status == 200
    there = [f"{method.upper()} {path}" for path, ways in document["paths"].items() for method in ways]
    wanted = [route for route in there if TABLE.get(route, "").startswith(ADMINISTRATORS)]
    assert len(wanted) == len([route for route, who in TABLE.items() if who.startswith(ADMINISTRATORS)])
    assert wanted
    return [re.sub(r"\{\w+\}", "1", route) for route in wanted]


def body_of(route: str) -> Any:
    return None if route.startswith("GET ") else {}


def is_refusal(got: tuple[int, Any]) -> bool:
    status, body = got
    return status == 403 and body == {"error": {"code": "administrators_only", "detail": {}, "fields": {}}}


def what_there_is(chief: Desk) -> dict[str, Any]:
    """What an operator who got through would have changed."""
    places = ("/api/users", "/api/company/settings", "/api/catalogue", "/api/contacts")
    return {place: chief.call("GET", place)[1] for place in places}


def test_the_menu_leads_from_any_screen_to_any_other(chief: Desk):
    for _ in range(ROUNDS):
        for title in ("Usuarios", "Pedidos", "Contactos", "Pedidos"):
            chief.choose(title)
