"""Lists as files for a spreadsheet: CSV as Excel in Spanish reads it, and XLSX. Neither holds the list in memory."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any, TypeAlias
from zoneinfo import ZoneInfo

#: What a cell may hold; times are aware.
Cell: TypeAlias = str | int | Decimal | datetime | date | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Something to see at once, then fewer and larger pieces.
_ROWS_OF_THE_FIRST, _ROWS_OF_A_CHUNK = 50, 2_000
#: Excel's limits.
_LONGEST_CELL = 32_767
_ROWS_OF_A_SHEET = 1_048_575
#: A cell that begins so is a formula, also after blanks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, zone: ZoneInfo) -> Iterator[bytes]:
    """Write a list as CSV: UTF-8 with BOM, `;`, decimal comma, times of `zone`. The header comes at once.

    A text that a spreadsheet would calculate gets an apostrophe in front.
    """
    yield "\ufeff".encode() + _lines([header])
    lines = iter(rows)
    size = _ROWS_OF_THE_FIRST
    while batch := [_csv_row(row, zone) for row in islice(lines, size)]:
        yield _lines(batch)
        size = _ROWS_OF_A_CHUNK


def xlsx_file(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, zone: ZoneInfo) -> IO[bytes]:
    """Write a list as XLSX into a temporary file, which is gone once it is closed. Texts are never formulas.

    Times are those of `zone`; what is longer than a sheet goes on in another one.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's, to read and close
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy"}),
        "time": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    }
    lines = iter(rows)
    while True:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(header) - 1, 0), 18)
        for column, title in enumerate(header):
            sheet.write_string(0, column, title, formats["head"])
        written = 0
        for written, line in enumerate(islice(lines, _ROWS_OF_A_SHEET), 1):
            for column, cell in enumerate(line):
                _write_cell(sheet, written, column, cell, formats, zone)
        if written < _ROWS_OF_A_SHEET:
            break
    book.close()
    file.seek(0)
    return file


def pieces(file: IO[bytes], *, size: int = 64 * 1024) -> Iterator[bytes]:
    """Read a file to its end and close it."""
    with file:
        while piece := file.read(size):
            yield piece


def file_name(what: str, *, now: datetime, zone: ZoneInfo, ending: str) -> str:
    """Name a download: «pedidos-2026-11-22-1405.csv», by the clock of `zone`."""
    return f"{what}-{now.astimezone(zone):%Y-%m-%d-%H%M}.{ending}"


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    if text[:1].isalnum():  # nearly always, and quickly told
        return text
    return f"'{text}" if text.lstrip(" \u00a0\u200b").startswith(_FORMULA) else text


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows(rows)
    return written.getvalue().encode("utf-8", errors="replace")  # half a surrogate pair is no reason to stop


def _csv_row(row: Sequence[Cell], zone: ZoneInfo) -> list[str]:
    # Most cells are harmless text; a call for each of them would take as long as all the rest.
    return [
        cell
        if isinstance(cell, str) and (not cell or cell[0].isalnum()) and "\0" not in cell
        else _csv_cell(cell, zone)
        for cell in row
    ]


def _csv_cell(cell: Cell, zone: ZoneInfo) -> str:
    match cell:
        case str():
            return safe_text(cell.replace("\0", ""))
        case None:
            return ""
        case datetime():
            at = cell.astimezone(zone)  # strftime takes four times as long
            return f"{at.day:02}/{at.month:02}/{at.year:04} {at.hour:02}:{at.minute:02}"
        case date():
            return cell.strftime("%d/%m/%Y")
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case int():
            return str(cell)


def _write_cell(
    sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any], zone: ZoneInfo
) -> None:
    match cell:
        case None:
            return
        case str():
            clean = cell.encode("utf-8", errors="replace").decode()
            sheet.write_string(row, column, clean[:_LONGEST_CELL])
        case datetime():
            sheet.write_datetime(
                row,
                column,
                cell.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0),
                formats["time"],
            )
        case date():
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats["day"])  # noqa: DTZ001 - a day
        case Decimal():
            sheet.write_number(row, column, float(cell), formats["money"])
        case int():
            sheet.write_number(row, column, cell)
