"""A file of products as a spreadsheet writes it, read into lines; or the line at which it cannot be read. Pure."""

import codecs
import io
import re
from dataclasses import dataclass
from typing import Any

from openbot.catalogue.goods import Unit
from openbot.catalogue.words import words_of
from openbot.errors import OpenbotError

#: The columns, by the field they fill. `code` says which product it is; a new one needs all of NEEDED.
COLUMNS = {
    "code": "Código",
    "name": "Nombre",
    "size": "Descripción",
    "category": "Categoría",
    "unit": "Unidad",
    "price": "Precio",
    "aliases": "Otros nombres",
    "available": "Disponible",
}
NEEDED = ("name", "category", "unit", "price")
MOST_LINES = 20_000
LARGEST = 5 * 1024 * 1024  #: bytes

_BETWEEN_ALIASES = re.compile(r"\s*\|\s*|\s*,\s+")
_YES = frozenset({"si", "s", "1", "x", "true", "verdadero"})
_NO = frozenset({"no", "n", "0", "false", "falso"})
#: A spreadsheet shows these as text only behind an apostrophe, so our own export puts one there.
_ESCAPED = re.compile(r"'(?=\s*[=+\-@\t\r＝＋－＠])")
_ALSO = {"rubro": "category", "presentacion": "size", "alias": "aliases", "sinonimos": "aliases"}
_EXPECTED = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
_UNCLOSED = re.compile(r"starting at row (\d+)")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class FileUnreadable(OpenbotError):
    """The file is no list of products."""

    def __init__(self, code: str, *, line: int = 1, **more: Any) -> None:
        self.code = code
        self.detail = {"line": line, **more}
        super().__init__(f"Line {line}: {code}.")


@dataclass(frozen=True, slots=True)
class Line:
    """One product of the file."""

    number: int  #: of the line in the file, from 1; the first of several when a cell has line breaks
    cells: dict[str, str]  #: by field


@dataclass(frozen=True, slots=True)
class ProductFile:
    """A file that could be read."""

    encoding: str  #: «UTF-8», «Windows-1252», «UTF-16»
    fields: tuple[str, ...]  #: its columns
    lines: tuple[Line, ...]


def read_file(raw: bytes) -> ProductFile:
    """Read a file with `;`, `,` or tabs between its columns. Raises FileUnreadable with the line."""
    if len(raw) > LARGEST:
        raise FileUnreadable("file_too_large", most=LARGEST)
    text, encoding = _decoded(raw)
    first = text.lstrip("\r\n").splitlines()[:1]
    if not first:
        raise FileUnreadable("file_empty")
    separator = max(";\t,", key=first[0].count)
    rows = _rows(text, separator)
    fields = _fields(rows[0][1])
    lines = tuple(
        Line(number, dict(zip(fields, map(_plain, cells), strict=False)))
        for number, cells in rows[1:]
        if any(cell.strip() for cell in cells)
    )
    if not lines:
        raise FileUnreadable("file_empty")
    if len(lines) > MOST_LINES:
        raise FileUnreadable("file_too_long", line=lines[MOST_LINES].number, most=MOST_LINES)
    return ProductFile(encoding, fields, lines)


def values_of(line: Line, *, categories: dict[str, int]) -> tuple[dict[str, Any], dict[str, str]]:
    """Turn a line's cells into values as `editing.products` reads them, and the codes of what is wrong.

    `categories` has the ids by folded name.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field, cell in line.cells.items():
        match field:
            case "category":
                found = categories.get("".join(words_of(cell)))
                if found is None:
                    wrong["category"] = "unknown_category" if cell else "missing"
                else:
                    values["category_id"] = found
            case "unit":
                values["unit"] = _unit(cell)
            case "aliases":
                values["aliases"] = [each for each in _BETWEEN_ALIASES.split(cell) if each]
            case "available":
                values["available"] = _flag(cell)
            case _:
                values[field] = cell
    return values, wrong


def _decoded(raw: bytes) -> tuple[str, str]:
    """UTF-8 as we export it; what Excel in Spanish saves as «CSV» is Windows-1252, as «Texto Unicode» UTF-16."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        ways = [("utf-16", "UTF-16")]
    else:
        ways = [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")]
    for codec, name in ways:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        control = _CONTROL.search(text)
        if control:
            break  # a spreadsheet itself (.xlsx, .ods), a picture
        return text, name
    raise FileUnreadable("file_not_text")


def _rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Give each row with the number of its first line; blank lines in front of the header are skipped."""
    from pandas.errors import ParserError

    blank = len(text) - len(text.lstrip("\r\n"))
    body, first = text[blank:], 1 + len(text[:blank].splitlines())
    try:
        return _numbered(_table(body, separator), first)
    except ParserError as error:
        row, code, more = _mistake(str(error))
        whole = _numbered(_table(body, separator, rows=row), first) if row else []
        line = whole[-1][0] + 1 + _line_breaks(whole[-1][1]) if whole else first
        raise FileUnreadable(code, line=line, **more) from error


def _table(text: str, separator: str, *, rows: int | None = None) -> list[list[str]]:
    import pandas as pd  # seconds of import, which a process that reads no file is spared

    table = pd.read_csv(
        io.StringIO(text, newline=""),
        sep=separator,
        header=None,  # the header is a row as any other, so that a longer row after it is an error
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
        index_col=False,
        nrows=rows,
    )
    return [list(cells) for cells in table.fillna("").itertuples(index=False, name=None)]


def _numbered(table: list[list[str]], number: int) -> list[tuple[int, list[str]]]:
    rows = []
    for cells in table:
        rows.append((number, cells))
        number += 1 + _line_breaks(cells)
    return rows


def _line_breaks(cells: list[str]) -> int:
    return sum(len(_LINE_BREAK.findall(cell)) for cell in cells)


def _mistake(message: str) -> tuple[int, str, dict[str, int]]:
    """Pandas says only in words in which row, from 0, it gave up."""
    if found := _EXPECTED.search(message):
        expected, row, seen = map(int, found.groups())
        return row - 1, "line_columns", {"expected": expected, "seen": seen}
    found = _UNCLOSED.search(message)
    return int(found[1]) if found else 0, "line_quotes", {}


def _fields(header: list[str]) -> tuple[str, ...]:
    """Name the columns, in whatever spelling; an unknown one is refused: it would be lost without a word."""
    known = {"".join(words_of(title)): field for field, title in COLUMNS.items()} | _ALSO
    titles = [title.strip() for title in header]
    while titles and not titles[-1]:
        titles.pop()
    fields = tuple(known.get("".join(words_of(title)), "") for title in titles)
    unknown = [title[:40] for title, field in zip(titles, fields, strict=True) if not field]
    if unknown or "code" not in fields:
        missing = [] if "code" in fields else [COLUMNS["code"]]
        raise FileUnreadable(
            "file_columns", unknown=unknown[:10], missing=missing, columns=list(COLUMNS.values())
        )
    twice = next((field for field in fields if fields.count(field) > 1), None)
    if twice:
        raise FileUnreadable("column_twice", column=COLUMNS[twice])
    return fields


def _plain(cell: str) -> str:
    return _ESCAPED.sub("", cell, count=1).strip()


def _unit(cell: str) -> str:
    said = "".join(words_of(cell))
    return next((unit.value for unit in Unit if said in _names(unit)), cell)


def _names(unit: Unit) -> set[str]:
    names = {unit.value, unit.plural}
    if unit is Unit.KILO:
        names |= {"kilo", "kilos", "kilogramo"}
    return {"".join(words_of(name)) for name in names}


def _flag(cell: str) -> bool | str:
    """Empty means yes; what is neither is left for the form to refuse."""
    said = "".join(words_of(cell))
    if not said or said in _YES:
        return True
    return False if said in _NO else cell
