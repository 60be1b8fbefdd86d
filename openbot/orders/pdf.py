"""An order on paper: one page for a normal one. Its history stands at the end, whole on one page if it can be."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from fpdf.enums import MethodReturnValue

from openbot.catalogue.goods import format_money
from openbot.company import CompanyPage
from openbot.orders import written
from openbot.orders.detail import Detail
from openbot.orders.paper import Paper, clean
from openbot.orders.written import NOTHING, time_of
from openbot.vocabulary import Delivery, State

#: The states' colours on white, as on the screens (panel/theme.py).
COLOURS = {
    State.INCOMPLETE: "#8a5a00",
    State.COMPLETE: "#17752f",
    State.IN_PROGRESS: "#1d5fbf",
    State.INVOICED: "#00746b",
    State.RESOLVED: "#6b3fc4",
    State.CANCELLED: "#b42323",
    State.NO_ANSWER: "#a8460b",
    State.EXPIRED: "#5b6470",
}
_WIDTH, _HEIGHT, _MARGIN = 210, 297, 16
_INNER = _WIDTH - 2 * _MARGIN
_LABEL = 28
_ABOVE_HISTORY = 6
_NAME, _FIGURES = 78, (38, 30, 32)  #: widths of the columns of items
_LONGEST = 2_000  #: letters of one text on paper
Pairs = Sequence[tuple[str, str]]


def render(order: Detail, company: CompanyPage, *, now: datetime) -> bytes:
    """Return the PDF (A4)."""
    heading = clean(company.company_name)
    left, right = _left(order, company.zone), _right(order)
    lines = [_item(line) for line in _items(order)]
    past = list(_past(order, company.zone))
    texts = [
        heading,
        *_texts(left),
        *_texts(right),
        *(cell for line in lines for cell in line),
        *_texts(past),
    ]
    comment = clean(order.comment)
    custom = written.custom_of(order, company.order_fields)
    extra = [(clean(title), clean(value)) for title, value in custom]
    page = _Page(
        footer=f"{heading} · Pedido {order.row.id} · impreso el {time_of(now, company.zone)}",
        texts="".join([*texts, comment, *_texts(extra)]),
    )
    page.add_page()
    page.head(heading, order)
    page.blocks(left, right)
    page.goods(lines, order)
    page.notes([*([("Comentario", comment)] if comment else []), *extra])
    page.history(past)
    return bytes(page.output())


class _Page(Paper):
    def __init__(self, *, footer: str, texts: str) -> None:
        super().__init__(width=_WIDTH, height=_HEIGHT, margin=_MARGIN, texts=footer + texts)
        self._footer = footer

    def footer(self) -> None:
        self.set_y(-14)
        self.write_in(7.5, grey=True)
        self.cell(_INNER - 30, 5, self.fitting(self._footer, _INNER - 32))
        self.cell(30, 5, f"Página {self.page_no()}", align="R")

    def head(self, heading: str, order: Detail) -> None:
        self.write_in(15, bold=True)
        self.cell(_INNER - 60, 9, self.fitting(heading, _INNER - 62))
        self.cell(60, 9, f"Pedido {order.row.id}", align="R", new_x="LMARGIN", new_y="NEXT")
        self._badge(order.row.state)
        self.write_in(9, grey=True)
        self.cell(60, 7, f"  {order.row.kind}", new_x="LMARGIN", new_y="NEXT")
        self.ln(2)
        self.line(_MARGIN, self.get_y(), _WIDTH - _MARGIN, self.get_y())
        self.ln(4)

    def _badge(self, state: State) -> None:
        self.write_in(9, bold=True)
        self.set_fill_color(COLOURS[state])
        width = self.get_string_width(state) + 7
        x, y = self.get_x(), self.get_y()
        self.rect(x, y + 0.5, width, 6, style="F", round_corners=True, corner_radius=1.5)
        self.set_text_color(255)
        self.cell(width, 7, state, align="C")

    def blocks(self, left: Pairs, right: Pairs) -> None:
        """Two columns of what belongs to the person and what to the delivery."""
        half = _INNER / 2 - 4
        top = self.get_y()
        self._pairs(left, x=_MARGIN, width=half)
        bottom = self.get_y()
        self.set_y(top)
        self._pairs(right, x=_MARGIN + half + 8, width=half)
        self.set_xy(_MARGIN, max(bottom, self.get_y()) + 5)

    def _pairs(self, pairs: Pairs, *, x: float, width: float) -> None:
        for title, value in pairs:
            self.set_x(x)
            self.write_in(8.5, grey=True)
            self.cell(_LABEL, 5.2, title)
            self.write_in(9)
            self.multi_cell(width - _LABEL, 5.2, value, align="L", new_x="LMARGIN", new_y="NEXT")

    def goods(self, lines: Sequence[Sequence[str]], order: Detail) -> None:
        """The items, and what they come to."""
        self.write_in(8.5, bold=True)
        self._row(("Producto", "Cantidad", "Precio", "Importe"))
        self._rule()
        self.write_in(9)
        for line in lines:
            self._row(line)
        if not lines:
            self.write_in(9, grey=True)
            self.cell(_INNER, 7, "Todavía sin productos.", new_x="LMARGIN", new_y="NEXT")
        self._rule()
        for title, value, bold in _totals(order):
            self.write_in(11 if bold else 9, bold=bold)
            self.cell(_INNER - 40, 6.5, title, align="R")
            self.cell(40, 6.5, value, align="R", new_x="LMARGIN", new_y="NEXT")
        if order.is_estimated:
            self.write_in(7.5, grey=True)
            note = "Lo que se vende por peso se pesa al prepararlo: el total puede variar."
            self.cell(_INNER, 5, note, align="R", new_x="LMARGIN", new_y="NEXT")

    def _row(self, cells: Sequence[str]) -> None:
        """A name of several lines is broken, and stays on one page with its figures."""
        name, *figures = cells
        height = self._height(name, width=_NAME)
        if self.will_page_break(height):
            self.add_page()
        top = self.get_y()
        self.multi_cell(_NAME, 5, name, align="L", new_x="RIGHT", new_y="TOP")
        for width, figure in zip(_FIGURES, figures, strict=True):
            self.cell(width, 5, figure, align="R")
        self.set_xy(_MARGIN, top + height + 1.2)

    def _rule(self) -> None:
        self.ln(1)
        self.line(_MARGIN, self.get_y(), _WIDTH - _MARGIN, self.get_y())
        self.ln(1.5)

    def notes(self, pairs: Pairs) -> None:
        """Comments and the company's own fields."""
        for title, value in pairs:
            self.ln(3)
            self.write_in(8.5, grey=True)
            self.cell(_INNER, 5, title, new_x="LMARGIN", new_y="NEXT")
            self.write_in(9)
            self.multi_cell(_INNER, 5, value, align="L", new_x="LMARGIN", new_y="NEXT")

    def history(self, past: Pairs) -> None:
        """What happened, when and by whom: below the rest where there is room for all of it, else on a new page."""
        if self._fits(past):
            self.ln(_ABOVE_HISTORY)
        else:
            self.add_page()
        self.write_in(12, bold=True)
        self.cell(_INNER, 9, "Historial", new_x="LMARGIN", new_y="NEXT")
        self._rule()
        for when, what in past:
            self.write_in(8.5, grey=True)
            self.cell(34, 5, when)
            self.write_in(8.5)
            self.multi_cell(_INNER - 34, 5, what, align="L", new_x="LMARGIN", new_y="NEXT")
            self.ln(1)

    def _fits(self, past: Pairs) -> bool:
        self.write_in(8.5)
        height = _ABOVE_HISTORY + 9 + 2.5  # the heading and its rule
        for _, what in past:
            if self.will_page_break(height):
                return False
            height += 1 + self._height(what, width=_INNER - 34)
        return not self.will_page_break(height)

    def _height(self, text: str, *, width: float) -> float:
        measured = self.multi_cell(width, 5, text, align="L", dry_run=True, output=MethodReturnValue.HEIGHT)
        return float(str(measured))


def _left(order: Detail, zone: ZoneInfo) -> Pairs:
    row = order.row
    dates = [("Recibido", row.created_at), ("Confirmado", row.completed_at), ("Cerrado", row.closed_at)]
    pairs = [
        ("Contacto", row.name or NOTHING),
        ("Celular", written.phone_of(row.phone) or NOTHING),
        *([("A nombre de", order.order_name)] if order.order_name not in {"", row.name} else []),
        *((title, time_of(at, zone)) for title, at in dates if at),
    ]
    return [(title, clean(value)) for title, value in pairs]


def _right(order: Detail) -> Pairs:
    row = order.row
    pairs = [
        ("Sucursal", row.branch or NOTHING),
        ("Entrega", written.DELIVERIES[row.delivery] if row.delivery else NOTHING),
        *([("Dirección", written.place_of(order))] if row.delivery is Delivery.DELIVERY else []),
        ("Forma de pago", written.payment_of(order)),
        *([("Comprobante", "recibido")] if row.payment_proof else []),
        *([("Atiende", row.operator)] if row.operator else []),
    ]
    return [(title, clean(value)) for title, value in pairs]


def _items(order: Detail) -> Iterator[Sequence[str]]:
    for line in order.items:
        yield line.name, written.quantity_of(line), format_money(line.unit_price), format_money(line.total)


def _item(cells: Sequence[str]) -> Sequence[str]:
    return [clean(cell) for cell in cells]


def _totals(order: Detail) -> Iterator[tuple[str, str, bool]]:
    row = order.row
    if order.delivery_fee:
        yield "Productos", format_money(order.goods_total), False
        yield "Envío", format_money(order.delivery_fee), False
    yield written.total_title(order), format_money(row.total), True
    if row.amount is not None:
        yield "Monto", format_money(row.amount), row.amount != row.total


def _past(order: Detail, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    for event in order.history:
        what = "\n".join([written.who_of(event), *written.what_of(event)])
        yield time_of(event.at, zone), clean(what)[:_LONGEST]


def _texts(pairs: Pairs) -> list[str]:
    return [text for pair in pairs for text in pair]
