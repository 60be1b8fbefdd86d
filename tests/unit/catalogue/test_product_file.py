"""Files of products, as spreadsheets write them."""

import pytest

from openbot.catalogue.product_file import MOST_LINES, FileUnreadable, read_file, values_of

HEADER = "Código;Nombre;Precio\n"


def lines(raw: bytes | str) -> list[tuple[int, dict[str, str]]]:
    file = read_file(raw if isinstance(raw, bytes) else raw.encode())
    return [(line.number, line.cells) for line in file.lines]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ((HEADER + "A;Azúcar;1").encode("utf-8-sig"), "UTF-8"),
        ((HEADER + "A;Azúcar;1").encode("utf-8"), "UTF-8"),
        ((HEADER + "A;Azúcar;1").encode("cp1252"), "Windows-1252"),
        ((HEADER + "A;Azúcar;1").encode("utf-16"), "UTF-16"),
        ("Código\tNombre\tPrecio\r\nA\tAzúcar\t1\r\n".encode(), "UTF-8"),
        ('codigo,NOMBRE,"precio"\nA,Azúcar,1\n'.encode(), "UTF-8"),
    ],
)
def test_every_way_in_which_a_spreadsheet_saves_text_is_read(raw: bytes, encoding: str):
    file = read_file(raw)
    assert file.encoding == encoding
    assert file.lines[0].cells == {"code": "A", "name": "Azúcar", "price": "1"}


def test_lines_are_numbered_as_in_an_editor_also_after_line_breaks_in_a_cell():
    assert [number for number, _ in lines(HEADER + 'A;"dos\nlíneas";1\n\nB;b;2\n;;\nC;c;3\n')] == [2, 5, 7]


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        ("", "file_empty", 1),
        ("\n\n", "file_empty", 1),
        (HEADER, "file_empty", 1),
        (b"PK\x03\x04\x00\x00rest of a spreadsheet", "file_not_text", 1),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file_not_text", 1),
        ("Artículo;Importe\nA;1\n", "file_columns", 1),
        ("Nombre;Precio\nA;1\n", "file_columns", 1),
        ("Código;Precio;precio\nA;1;2\n", "column_twice", 1),
        (HEADER + "A;a;1\nB;b;2;extra\n", "line_columns", 3),
        ("Código,Nombre,Precio\nA,a,1200,50\n", "line_columns", 2),
        (HEADER + 'A;"dos\nlíneas";1\nB;b;2;extra\n', "line_columns", 4),
        (HEADER + 'A;"never closed;1\nB;b;2\n', "line_quotes", 2),
        (HEADER + "A;a;1\n" * (MOST_LINES + 1), "file_too_long", MOST_LINES + 2),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(raw: bytes | str, code: str, line: int):
    with pytest.raises(FileUnreadable) as refused:
        lines(raw)
    assert (refused.value.code, refused.value.detail["line"]) == (code, line)


def test_the_apostrophe_before_a_formula_is_taken_away_again():
    assert lines(HEADER + "'=A1;'-x;'1\n")[0][1] == {"code": "=A1", "name": "-x", "price": "'1"}


def test_cells_become_values_in_the_words_of_a_spreadsheet():
    raw = "Código;Categoría;Unidad;Otros nombres;Disponible\n"
    raw += "A;ALMACÉN;Kilos;coca | coquita;no\nB;otra;docenas;uno, dos;\nC;almacen;vaso;2,25;quizás\n"
    file = read_file(raw.encode())
    shelves = {"almacen": 7}
    assert values_of(file.lines[0], categories=shelves) == (
        {"code": "A", "category_id": 7, "unit": "kg", "aliases": ["coca", "coquita"], "available": False},
        {},
    )
    values, wrong = values_of(file.lines[1], categories=shelves)
    assert (values["unit"], values["aliases"], values["available"]) == ("docena", ["uno", "dos"], True)
    assert wrong == {"category": "unknown_category"}
    values, _ = values_of(file.lines[2], categories=shelves)
    assert (values["unit"], values["aliases"], values["available"]) == ("vaso", ["2,25"], "quizás")
