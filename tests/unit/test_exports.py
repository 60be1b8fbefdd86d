"""A spreadsheet shows what people typed and calculates none of it."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from openbot.exports import Cell, csv_chunks, file_name, safe_text, xlsx_file

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
NOON = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_a_csv_is_what_excel_in_spanish_reads():
    row = ["José; «ñ»", 7, Decimal("12450.50"), NOON, date(2026, 11, 22), None]
    data = b"".join(csv_chunks(["Nombre", "n", "Monto", "Fecha", "Día", "x"], [row], zone=ZONE))
    assert data.startswith(b"\xef\xbb\xbfNombre;n;")
    assert read_csv(data)[1] == ["José; «ñ»", "7", "12450,50", "22/11/2026 14:05", "22/11/2026", ""]


def read_xlsx(header: list[str], row: list[Cell]) -> tuple[Any, ...]:
    with xlsx_file(header, [row], zone=ZONE) as file:
        _, cells = load_workbook(file).active.iter_rows()
    return cells


@pytest.mark.parametrize("text", ["=1+1", "+54 9 11", "-2", "@SUM(A1)", "\tx", "  =cmd", "＝1", "\u200b=1"])
def test_no_text_becomes_a_formula(text: str):
    assert safe_text(text) == f"'{text}"
    (cell,) = read_xlsx(["a"], [text])
    assert (cell.value, cell.data_type) == (text, "s")


def test_an_ordinary_text_stays_as_it_is():
    assert safe_text("54 9 11 3694-3434 = mío") == "54 9 11 3694-3434 = mío"


def test_the_header_comes_before_the_first_row_is_read():
    def rows():
        raise AssertionError
        yield []

    assert next(csv_chunks(["a", "b"], rows(), zone=ZONE)) == "\ufeffa;b\r\n".encode()


def test_lines_and_quotes_inside_a_cell_stay_inside():
    text = 'dos\nlíneas; y "comillas"\r\n\0'
    assert read_csv(b"".join(csv_chunks(["a"], [[text]], zone=ZONE)))[1] == [text.replace("\0", "")]


def test_half_a_surrogate_pair_stops_no_export():
    assert read_csv(b"".join(csv_chunks(["a"], [["\ud83d"]], zone=ZONE)))[1] == ["?"]
    assert read_xlsx(["a"], ["\ud83d\x01"])[0].value.startswith("?")


def test_numbers_and_times_are_numbers_and_times_in_a_workbook():
    row = ["x" * 40_000, 7, Decimal("12450.50"), NOON, date(2026, 11, 22), None]
    long, number, money, time, day, nothing = (cell.value for cell in read_xlsx(list("abcdef"), row))
    assert len(long) == 32_767
    assert (number, money, nothing) == (7, 12450.5, None)
    assert (str(time), str(day)) == ("2026-11-22 14:05:00", "2026-11-22 00:00:00")


def test_a_download_is_named_by_the_companys_clock():
    late = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert file_name("pedidos", now=late, zone=ZONE, ending="csv") == "pedidos-2026-11-22-2230.csv"
