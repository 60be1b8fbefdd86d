"""An order on the 80 mm roll of a kitchen or counter printer: what is to be prepared, for whom, and what it costs."""

from datetime import datetime

from openbot.catalogue.goods import format_money
from openbot.company import CompanyPage
from openbot.orders import written
from openbot.orders.detail import Detail
from openbot.orders.paper import Paper, clean
from openbot.orders.written import NOTHING, time_of
from openbot.vocabulary import Delivery

_WIDTH, _MARGIN = 80, 4
_INNER = _WIDTH - 2 * _MARGIN
_LONGEST = 3_000  #: of the roll, in mm


def render(order: Detail, company: CompanyPage, *, now: datetime) -> bytes:
    """Return the PDF: one page, as long as the order."""
    texts = [clean(text) for text in _texts(order, company)]
    roll = _Roll(texts="".join(texts))
    roll.draw(order, company, height=_LONGEST, now=now)
    length = roll.get_y() + _MARGIN
    roll.tear_off()
    roll.draw(order, company, height=length, now=now)
    return bytes(roll.output())


class _Roll(Paper):
    def __init__(self, *, texts: str) -> None:
        super().__init__(width=_WIDTH, height=_LONGEST, margin=_MARGIN, texts=texts)
        self.set_auto_page_break(auto=False)

    def tear_off(self) -> None:
        """Forget what was drawn: its length is known now."""
        self.pages.clear()
        self.page = 0

    def draw(self, order: Detail, company: CompanyPage, *, height: float, now: datetime) -> None:
        row = order.row
        self.add_page(format=(_WIDTH, height))
        self._text(company.company_name, size=11, bold=True, align="C")
        self._text(f"Pedido {row.id}", size=15, bold=True, align="C")
        self._text(f"{row.kind} · {row.state}", align="C")
        self._text(time_of(row.created_at, company.zone), align="C")
        self._rule()
        self._text(order.order_name or row.name or NOTHING, size=11, bold=True)
        self._text(written.phone_of(row.phone))
        self._text(written.DELIVERIES[row.delivery] if row.delivery else "", bold=True)
        if row.delivery is Delivery.DELIVERY:
            self._text(written.place_of(order))
        self._text(f"Sucursal: {row.branch}" if row.branch else "")
        self._rule()
        for line in order.items:
            self._text(f"{written.quantity_of(line)}  {line.name}", size=10)
            self._pair(f"a {format_money(line.unit_price)}", format_money(line.total))
        self._rule()
        if order.delivery_fee:
            self._pair("Envío", format_money(order.delivery_fee))
        self._pair(written.total_title(order), format_money(row.total), size=12, bold=True)
        if row.amount is not None:
            self._pair("Monto", format_money(row.amount))
        self._text(f"Pago: {written.payment_of(order)}")
        self._text("Comprobante recibido" if row.payment_proof else "")
        if order.comment:
            self._rule()
            self._text(order.comment, size=10, bold=True)
        for title, value in written.custom_of(order, company.order_fields):
            self._text(f"{title}: {value}")
        self._rule()
        self._text(f"Impreso el {time_of(now, company.zone)}", size=7, align="C")

    def _text(self, text: str, *, size: float = 9, bold: bool = False, align: str = "L") -> None:
        if text:
            self.write_in(size, bold=bold)
            self.multi_cell(_INNER, size * 0.5, clean(text), align=align, new_x="LMARGIN", new_y="NEXT")

    def _pair(self, title: str, value: str, *, size: float = 9, bold: bool = False) -> None:
        self.write_in(size, bold=bold)
        self.cell(_INNER - 34, size * 0.5, title)
        self.cell(34, size * 0.5, value, align="R", new_x="LMARGIN", new_y="NEXT")

    def _rule(self) -> None:
        self.ln(1.2)
        self.line(_MARGIN, self.get_y(), _WIDTH - _MARGIN, self.get_y())
        self.ln(1.5)


def _texts(order: Detail, company: CompanyPage) -> list[str]:
    return [
        company.company_name,
        written.summary(order),
        order.order_name,
        order.row.name,
        order.address,
        order.zone or "",
        str(order.custom),
    ]
