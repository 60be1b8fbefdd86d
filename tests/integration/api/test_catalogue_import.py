"""Products to a file and from one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from openbot.catalogue.product_file import LARGEST
from openbot.schema import AuditEntry, Product

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

ROOT = "/api/catalogue/products"
FILE = """Código;Nombre;Descripción;Categoría;Unidad;Precio;Otros nombres;Disponible
GAS-COCA-225;Coca-Cola 2,25 L;Botella descartable;gaseosas y aguas;unidad;5.500,00;coca | coca cola | cocacola;sí
GAS-COCA-354;Coca-Cola lata 354 ml;Lata 354 ml;Gaseosas y aguas;unidad;1900;coca|coca cola|cocacola|lata de coca;no
NUEVO-1;Tónica 1,5 L;"Botella;
retornable";Gaseosas y aguas;unidades;1850,5;;
"""


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def ana(panel: "Panel") -> "Browser":
    return panel.administrator(name="Ana")


def preview(browser: "Browser", raw: str | bytes) -> Any:
    return browser.post(f"{ROOT}/import/preview", content=raw.encode() if isinstance(raw, str) else raw)


def confirm(browser: "Browser", raw: str, digest: str) -> Any:
    return browser.post(f"{ROOT}/import", params={"digest": digest}, content=raw.encode())


def everything(world: "World") -> list[tuple[Any, ...]]:
    columns = ("code", "name", "size", "price", "aliases", "available", "active", "version")
    return [tuple(getattr(row, name) for name in columns) for row in world.rows(Product)]


def test_the_preview_shows_what_would_change_and_changes_nothing(ana: "Browser", world: "World"):
    before = everything(world)
    shown = preview(ana, FILE).json()
    assert [(line["line"], line["code"], line["price"]) for line in shown["new"]] == [
        (4, "NUEVO-1", "1850.50")
    ]
    assert [(line["line"], line["changes"]) for line in shown["changed"]] == [
        (2, {"price": ["5200.00", "5500.00"]}),
        (3, {"available": [True, False]}),
    ]
    assert (shown["unchanged_count"], shown["refused"], shown["alike"]) == (0, [], [])
    assert everything(world) == before
    assert world.rows(AuditEntry) == []


def test_what_was_shown_is_done_and_noted(ana: "Browser", world: "World"):
    count = len(everything(world))
    applied = confirm(ana, FILE, preview(ana, FILE).json()["digest"])
    assert applied.json() == {"new_count": 1, "changed_count": 2, "unchanged_count": 0}
    rows = {row.code: row for row in world.rows(Product)}
    assert (str(rows["GAS-COCA-225"].price), rows["GAS-COCA-225"].version) == ("5500.00", 2)
    assert not rows["GAS-COCA-354"].available
    assert (rows["NUEVO-1"].size, rows["NUEVO-1"].unit) == ("Botella; retornable", "unidad")
    assert len(rows) == count + 1
    entry = world.rows(AuditEntry)[-1]
    assert (entry.action, entry.detail["new_count"]) == ("products_imported", 1)
    again = preview(ana, FILE).json()
    assert (again["new"], again["changed"], again["unchanged_count"]) == ([], [], 3)


def test_another_file_or_an_edit_in_between_has_to_be_looked_at_again(ana: "Browser", world: "World"):
    digest = preview(ana, FILE).json()["digest"]
    assert confirm(ana, FILE.replace("1850,5", "1851"), digest).json()["error"]["code"] == "preview_changed"
    product = ana.get(ROOT, params={"code": "GAS-COCA-225"}).json()["rows"][0]
    ana.patch(f"{ROOT}/{product['id']}", json={"version": product["version"], "price": 5300})
    before = everything(world)
    late = confirm(ana, FILE, digest)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "preview_changed")
    assert everything(world) == before


def test_our_own_export_changes_nothing_when_it_comes_back(ana: "Browser", world: "World"):
    with world.database.transaction() as session:
        row = session.query(Product).filter_by(code="GAS-COCA-225").one()
        row.aliases = ["=SUMA(A1)", "coca"]
    answer = ana.get("/api/catalogue/products.csv")
    assert answer.content.startswith(b"\xef\xbb\xbfC\xc3\xb3digo;Nombre;")
    assert "'=SUMA(A1) | coca" in answer.text
    assert 'filename="productos-2026-11-24-1000.csv"' in answer.headers["content-disposition"]
    shown = preview(ana, answer.content).json()
    assert (shown["new"], shown["changed"], shown["refused"]) == ([], [], [])
    assert shown["unchanged_count"] == len(everything(world))
    assert [entry.action for entry in world.rows(AuditEntry)] == ["products_exported"]


def test_some_columns_are_enough_for_what_is_there(ana: "Browser"):
    shown = preview(ana, "codigo,precio\nGAS-COCA-225,5500\nGAS-COCA-354,1900\n").json()
    assert [line["changes"] for line in shown["changed"]] == [{"price": ["5200.00", "5500.00"]}]
    assert shown["unchanged_count"] == 1
    lacking = preview(ana, "codigo,precio\nNUEVO,5500\n").json()["refused"]
    assert {(line["column"], line["reason"]) for line in lacking} == {
        ("Nombre", "missing"), ("Categoría", "missing"), ("Unidad", "missing"),
    }  # fmt: skip


def test_one_wrong_line_and_nothing_is_done(ana: "Browser", world: "World"):
    before = everything(world)
    lines = [
        "A1;;x;Gaseosas y aguas;unidad;100;;",
        "A2;Dos;x;Juguetes;unidad;100;;",
        "A3;Tres;x;Gaseosas y aguas;vaso;-5;;",
        "GAS-COCA-225;Coca;x;Gaseosas y aguas;unidad;1;;",
        "GAS-COCA-225;Coca;x;Gaseosas y aguas;unidad;2;;",
        ";Sin código;x;Gaseosas y aguas;unidad;1;;",
        "A 4;Cuatro;x;Gaseosas y aguas;unidad;1.2.3;;quizás",
    ]
    raw = FILE.splitlines()[0] + "\n" + "\n".join(lines)
    shown = preview(ana, raw).json()
    assert [(line["line"], line["column"], line["reason"], line["value"]) for line in shown["refused"]] == [
        (2, "Nombre", "missing", ""),
        (3, "Categoría", "unknown_category", "Juguetes"),
        (4, "Unidad", "not_a_choice", "vaso"),
        (4, "Precio", "negative", "-5"),
        (6, "Código", "code_twice", "GAS-COCA-225"),
        (7, "Código", "missing", ""),
        (8, "Código", "not_a_code", "A 4"),
        (8, "Precio", "not_an_amount", "1.2.3"),
        (8, "Disponible", "not_a_choice", "quizás"),
    ]
    refused = confirm(ana, raw, shown["digest"])
    assert refused.status_code == 422
    assert refused.json()["error"] == {
        "code": "import_refused",
        "detail": {"line": 2, "count": 9},
        "fields": {},
    }
    assert everything(world) == before


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        (b"", "file_empty", 1),
        (b"PK\x03\x04\x00", "file_not_text", 1),
        (b"Cliente;Total\nAna;3\n", "file_columns", 1),
        (b"codigo,precio\nGAS-COCA-225,5500,50\n", "line_columns", 2),
        (b'codigo;precio\n"GAS;1\n', "line_quotes", 2),
    ],
)
def test_a_file_that_is_no_list_of_products_is_refused_with_the_line(
    ana: "Browser", raw: bytes, code: str, line: int
):
    for answer in (preview(ana, raw), ana.post(f"{ROOT}/import", params={"digest": "x"}, content=raw)):
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == code
        assert answer.json()["error"]["detail"]["line"] == line


def test_two_hundred_megabytes_are_refused_before_they_are_read(ana: "Browser"):
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 1
            yield b"x" * 1024 * 1024

    told = ana.post(
        f"{ROOT}/import/preview", content=b"x", headers={"Content-Length": str(200 * 1024 * 1024)}
    )
    streamed = ana.post(f"{ROOT}/import/preview", content=pieces())
    for answer in (told, streamed):
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "file_too_large")
        assert answer.json()["error"]["detail"] == {"most": LARGEST}


def test_new_products_that_would_be_taken_for_others_are_named(ana: "Browser"):
    raw = FILE.splitlines()[0] + "\nX1;Coca Cola 2.25 litros;;Gaseosas y aguas;unidad;1;;"
    raw += "\nX2;Coca cola de 2,25 L;;Gaseosas y aguas;unidad;1;;"
    alike = preview(ana, raw).json()["alike"]
    assert [line["line"] for line in alike] == [2, 3]
    assert "Coca-Cola 2,25 L" in alike[0]["taken_for"]


def test_a_line_brings_back_what_was_taken_out(ana: "Browser", world: "World"):
    product = ana.get(ROOT, params={"code": "GAS-COCA-225"}).json()["rows"][0]
    ana.patch(f"{ROOT}/{product['id']}", json={"version": product["version"], "active": False})
    assert "GAS-COCA-225" not in ana.get("/api/catalogue/products.csv").text
    raw = "Código;Precio\nGAS-COCA-225;5200\n"
    shown = preview(ana, raw).json()
    assert shown["changed"][0]["changes"] == {"active": [False, True]}
    assert confirm(ana, raw, shown["digest"]).status_code == 200
    assert world.rows(Product, Product.code == "GAS-COCA-225")[0].active
