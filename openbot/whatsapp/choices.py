"""What can be tapped, made to fit: reply buttons, a list, or a numbered text with a list beside it (contract §5.3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from openbot.whatsapp import fitting, limits
from openbot.whatsapp.replies import Button, ListMenu, Reply, Row, Section

OPEN_LIST = "Ver opciones"
_HEADING = "Opciones"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Buttons or a list within the limits; `spelled_out` is what of them must be read in the text."""

    buttons: tuple[Button, ...] = ()
    menu: ListMenu | None = None
    spelled_out: str = ""


def choices_of(reply: Reply) -> Choices:
    """Fit what a reply offers. Of two options with one payload or with one title and payload the first stays.

    Up to 3 short ones are buttons, up to 10 a list. Too many or too long ones are spelled out in the text, and
    as many as WhatsApp takes can still be tapped.
    """
    if reply.menu is None and _fit_as_buttons(reply.buttons):
        return Choices(buttons=_buttons(reply.buttons))
    menu = reply.menu or _as_menu(reply.buttons)
    rows = _unique(menu.rows)
    if not rows:
        return Choices()
    # A tap must bring back what was sent: a payload is never cut, such a row can only be read.
    tappable = [row for row in rows if len(row.payload) <= limits.ROW_ID][: limits.ROWS]
    everything_fits = len(tappable) == len(rows) and all(len(row.title) <= limits.ROW_TITLE for row in rows)
    return Choices(
        menu=_fit_menu(menu, rows=tappable),
        spelled_out="" if everything_fits else "\n".join(_spelled_out(rows)),
    )


def _fit_as_buttons(buttons: tuple[Button, ...]) -> bool:
    offered = _buttons(buttons)
    return 1 <= len(offered) <= limits.BUTTONS and all(
        len(button.title) <= limits.BUTTON_TITLE and len(button.payload) <= limits.BUTTON_ID
        for button in offered
    )


def _buttons(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    rows = _unique(_as_menu(buttons).rows, longest=limits.BUTTON_TITLE)
    return tuple(Button(title=row.title, payload=row.payload) for row in rows)


def _as_menu(buttons: tuple[Button, ...]) -> ListMenu:
    rows = tuple(Row(title=button.title, payload=button.payload) for button in buttons)
    return ListMenu(button=OPEN_LIST, sections=(Section(title="", rows=rows),))


def _unique(rows: Iterable[Row], *, longest: int = limits.ROW_TITLE) -> list[Row]:
    """Tidy the rows; of one payload keep the first row, of equal titles number the later ones."""
    found: dict[str, Row] = {}
    titles: set[str] = set()
    for row in rows:
        title = fitting.one_line(row.title)
        payload = row.payload.strip()
        if not title or not payload or payload in found:
            continue
        title = _another(title, titles, longest=longest)
        titles.add(title)
        found[payload] = replace(
            row, title=title, payload=payload, description=fitting.one_line(row.description)
        )
    return list(found.values())


def _another(title: str, taken: set[str], *, longest: int) -> str:
    wanted, nth = title, 1
    while wanted in taken:
        nth += 1
        ending = f" ({nth})"
        short = title if len(title) > longest else fitting.cut(title, longest - len(ending)).rstrip()
        wanted = short + ending
    return wanted


def _fit_menu(menu: ListMenu, *, rows: list[Row]) -> ListMenu | None:
    fitting_rows = {row.payload: _fit_row(row) for row in rows}
    sections = []
    for section in menu.sections:
        here = [fitting_rows.pop(payload, None) for payload in (row.payload.strip() for row in section.rows)]
        kept = tuple(row for row in here if row)
        if kept:
            title = fitting.shorten(fitting.one_line(section.title), limits.SECTION_TITLE)
            sections.append(Section(title=title, rows=kept))
    if not sections:
        return None
    if len(sections) > 1:
        sections = [replace(section, title=section.title or _HEADING) for section in sections]
    label = fitting.shorten(fitting.one_line(menu.button), limits.LIST_BUTTON) or OPEN_LIST
    return ListMenu(button=label, sections=tuple(sections))


def _fit_row(row: Row) -> Row:
    too_long = len(row.title) > limits.ROW_TITLE
    description = row.description or (row.title if too_long else "")
    return Row(
        title=fitting.shorten(row.title, limits.ROW_TITLE),
        payload=row.payload,
        description=fitting.shorten(description, limits.ROW_DESCRIPTION),
    )


def _spelled_out(rows: list[Row]) -> Iterator[str]:
    for number, row in enumerate(rows, start=1):
        yield f"{number}. {row.title}" + (f": {row.description}" if row.description else "")
