"""Orders as files by the public door: CSV, XLSX, PDF, ticket and summary; who took them is in the log."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from openbot.orders import exports
from openbot.schema import AuditEntry
from openbot.vocabulary import Delivery, State
from tests.support import pdf_text
from tests.support.many_orders import add_orders

if TYPE_CHECKING:
    from tests.support.panel import Browser
    from tests.support.shop import Shop

#: Names that a spreadsheet would calculate, and others that nothing may break.
FORMULAS = ("=1+1", "+54 9 11", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x";"y")')  # fmt: skip
ODD = ("uno;dos", 'comillas "dobles"', "dos\nlíneas", "🌸 Ñandú", "שלום", "<b>x</b>", "x" * 100)
SORT = {"sort": "number"}


@pytest.fixture(scope="module")
def named(shop: "Shop") -> dict[str, int]:
    """Numbers of orders by the name of the contact."""
    add_orders(shop.world.database, 25)
    return {name: shop.order(name=name, branch_id=1, total=Decimal("1234.5")) for name in (*FORMULAS, *ODD)}


def sheet(browser: "Browser", **params: Any) -> list[dict[str, str]]:
    answer = browser.get("/api/orders/export.csv", params={**SORT, **params})
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    reader = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    return list(reader)


def workbook(browser: "Browser", **params: Any) -> Iterator[tuple[Any, ...]]:
    answer = browser.get("/api/orders/export.xlsx", params={**SORT, **params})
    assert answer.status_code == 200, answer.text
    return load_workbook(io.BytesIO(answer.content)).active.iter_rows()


def listed(browser: "Browser", **params: Any) -> list[int]:
    answer = browser.get("/api/orders", params={**SORT, "limit": 100, **params})
    return [row["id"] for row in answer.json()["rows"]]


# --- spreadsheets -----------------------------------------------------------------------------


def test_a_csv_is_as_excel_in_spanish_reads_it(shop: "Shop", named: dict[str, int]):
    order_id = shop.order(
        name="Ana Pérez", total=Decimal("12450.5"), amount=Decimal(12000), delivery=Delivery.PICKUP,
        payment_method_id=1, branch_id=1, operator_id=shop.operator.person_id, state=State.INVOICED,
    )  # fmt: skip
    (row,) = sheet(shop.administrator, number=str(order_id))
    assert tuple(row) == exports.TITLES
    phone = row.pop("Celular")
    assert row == {
        "Número": str(order_id), "Fecha y hora": "24/11/2026 10:00", "Contacto": "Ana Pérez", "Tipo": "PEDIDO",
        "Sucursal": "Almagro", "Estado": "FACTURADO", "Total": "12450,50", "Monto": "12000,00", "Entrega": "RETIRO",
        "Forma de pago": "Efectivo", "Operador": "Olga", "Espera desde": "", "Cerrado": "24/11/2026 10:00",
    }  # fmt: skip
    assert phone.startswith("54 9 11 5000-")
    answer = shop.administrator.get("/api/orders/export.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="pedidos-2026-11-24-1000.csv"'
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", FORMULAS)
def test_no_name_becomes_a_formula(shop: "Shop", named: dict[str, int], name: str):
    number = str(named[name])
    (row,) = sheet(shop.administrator, number=number)
    assert row["Contacto"] == f"'{name}"
    assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())
    _, cells = workbook(shop.administrator, number=number)
    assert (cells[2].value, cells[2].data_type) == (name, "s")


@pytest.mark.parametrize("name", ODD)
def test_every_other_name_stays_as_it_is(shop: "Shop", named: dict[str, int], name: str):
    number = str(named[name])
    (row,) = sheet(shop.administrator, number=number)
    _, cells = workbook(shop.administrator, number=number)
    assert (row["Contacto"], cells[2].value) == (name, name)


def test_a_workbook_has_figures_and_times_as_such(shop: "Shop", named: dict[str, int]):
    titles, *rows = workbook(shop.administrator)
    assert tuple(cell.value for cell in titles) == exports.TITLES
    assert [row[0].value for row in rows] == listed(shop.administrator)
    (row,) = (row for row in rows if row[0].value == named["🌸 Ñandú"])
    assert (row[7].value, row[7].number_format) == (1234.5, "#,##0.00")
    assert (row[1].value.isoformat(), row[1].number_format) == ("2026-11-24T10:00:00", "dd/mm/yyyy hh:mm")


@pytest.mark.parametrize(
    "params",
    [{}, {"sort": "-total"}, {"sort": "name", "branch": [1, 0]}, {"state": "FACTURADO"}, {"tab": "attend"},
     {"q": "ana"}, {"created_from": "2026-11-10", "created_to": "2026-11-15"}, {"total_from": "2.000"},
     {"number": "999999"}],
)  # fmt: skip
def test_a_file_has_exactly_what_the_list_shows(shop: "Shop", named: dict[str, int], params: dict[str, Any]):
    for browser in (shop.operator, shop.elsewhere):
        expected = listed(browser, **params)
        assert [int(row["Número"]) for row in sheet(browser, **params)] == expected
        _, *rows = workbook(browser, **params)
        assert [row[0].value for row in rows] == expected


def test_a_list_of_many_pages_comes_whole(
    shop: "Shop", named: dict[str, int], monkeypatch: pytest.MonkeyPatch
):
    expected = listed(shop.administrator)
    monkeypatch.setattr(exports, "_AT_ONCE", 4)
    assert [int(row["Número"]) for row in sheet(shop.administrator)] == expected


def test_an_export_takes_no_page_and_no_unknown_order(shop: "Shop"):
    for params in ({"limit": 5}, {"after": "x"}, {"sort": "colour"}):
        for kind in ("csv", "xlsx"):
            assert shop.operator.get(f"/api/orders/export.{kind}", params=params).status_code == 422


def test_the_log_says_who_took_which_list(shop: "Shop"):
    browser = shop.panel.operator(name="Nora")
    browser.get("/api/orders/export.csv", params={"state": "FACTURADO", "sort": "total"})
    browser.get("/api/orders/export.xlsx")
    order_id = shop.order()
    browser.get(f"/api/orders/{order_id}.pdf", params={"format": "ticket"})
    browser.get("/api/orders/999999.pdf")
    log = shop.world.rows(AuditEntry, AuditEntry.operator_id == browser.person_id)
    assert [(entry.action, entry.subject, entry.detail) for entry in log] == [
        ("orders_exported", "", {"format": "csv", "filters": ["sort", "state"]}),
        ("orders_exported", "", {"format": "xlsx", "filters": []}),
        ("order_exported", f"order {order_id}", {"format": "ticket"}),
    ]


# --- paper ------------------------------------------------------------------------------------


@pytest.fixture
def normal(shop: "Shop") -> int:
    """An order as most are."""
    goods = {
        shop.product(unit).id: quantity
        for unit, quantity in (("unidad", "3"), ("kg", "1.5"), ("docena", "2"))
    }
    order_id = shop.order(
        items=goods, delivery=Delivery.DELIVERY, branch_id=1, zone_id=shop.zone_of(1).id, address="Rivadavia 1234",
        delivery_fee=Decimal(1800), payment_method_id=1, comment="Tocar timbre 🌸", state=State.COMPLETE,
    )  # fmt: skip
    done = shop.operator.patch(f"/api/orders/{order_id}", json={"version": 1, "comment": "Sin sal 🌸"})
    assert done.status_code == 200
    return order_id


def test_a_normal_order_is_one_page(shop: "Shop", normal: int):
    answer = shop.operator.get(f"/api/orders/{normal}.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'inline; filename="pedido-{normal}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    (page,) = pdf_text.pages(answer.content)
    for text in (f"Pedido {normal}", "Ana Pérez", "Almagro", "Rivadavia 1234", "Sin sal", "🌸", "Historial", "Olga",
                 "Comentario: Tocar timbre"):  # fmt: skip
        assert text in page, text
    for item in shop.operator.get(f"/api/orders/{normal}").json()["items"]:
        assert item["name"] in page.replace("\n", " ")


def test_a_ticket_is_one_roll(shop: "Shop", normal: int):
    answer = shop.operator.get(f"/api/orders/{normal}.pdf", params={"format": "ticket"})
    assert answer.headers["content-disposition"] == f'inline; filename="ticket-{normal}.pdf"'
    assert [width for width, _ in pdf_text.sizes(answer.content)] == [80]
    assert "Historial" not in pdf_text.pages(answer.content)[0]


def test_paper_of_another_kind_is_refused(shop: "Shop", normal: int):
    answer = shop.operator.get(f"/api/orders/{normal}.pdf", params={"format": "a3"})
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"format": "not_a_choice"})


def test_every_order_there_is_can_be_printed(shop: "Shop", named: dict[str, int]):
    for number in named.values():
        for paper in ("a4", "ticket"):
            answer = shop.administrator.get(f"/api/orders/{number}.pdf", params={"format": paper})
            assert len(pdf_text.pages(answer.content)) == 1, (number, paper)


def test_the_summary_is_text_to_be_pasted(shop: "Shop", normal: int):
    text = shop.operator.get(f"/api/orders/{normal}/summary").json()["text"]
    assert text.startswith(f"Pedido {normal} · PEDIDO · COMPLETO\nAna Pérez · +54 9 11 5000-")
    assert "Envío a: Rivadavia 1234" in text
