"""An order on paper: what stands on it, on how many pages, and what a name may contain without breaking it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from openbot.company import CompanyPage
from openbot.orders import pdf, ticket, written
from openbot.orders.detail import Detail, Line
from openbot.vocabulary import Delivery, OrderKind, State
from tests.support.orders import COMPANY, NOON, a_line, a_row, an_event, an_order
from tests.support.pdf_text import pages, sizes

PAPERS = {"a4": pdf.render, "ticket": ticket.render}


def on_paper(order: Detail, *, paper: str = "a4", company: CompanyPage = COMPANY) -> list[str]:
    rendered = PAPERS[paper](order, company, now=NOON)
    assert rendered.startswith(b"%PDF-")
    return pages(rendered)


def lines(count: int, **changes: Any) -> tuple[Line, ...]:
    return tuple(a_line(product_id=number, **changes) for number in range(count))


def test_a_normal_order_is_one_page_with_its_history_at_the_end():
    (page,) = on_paper(an_order())
    for text in (
        "Almacén «La Ñata»", "Pedido 1043", "EN PROCESO", "PEDIDO", "Ana Pérez", "+54 9 11 3694-3434",
        "22/11/2026 14:05", "Centro", "Rivadavia 1234, 3.º B, Almagro", "Efectivo (paga con $ 40.000,00)", "Bruno",
        "Empanada de carne", "2 docenas y media", "$ 9.800,00", "$ 24.500,00", "1,5 kg", "$ 36.950,00", "$ 1.800,00",
        "Total estimado", "$ 38.750,00", "Sin cebolla, por favor.", "R-0001-77", "Página 1",
    ):  # fmt: skip
        assert text in page, text
    past = page[page.index("Historial") :]
    for text in ("Sistema", "Cliente", "Empanada de carne: — → 2,5 × $ 9.800,00", "COMPLETO → EN PROCESO",
                 "Forma de pago: Transferencia → Efectivo", "Motivo: lo pidió por teléfono"):  # fmt: skip
        assert text in past, text
    assert "latitude" not in page
    assert "-34.6" not in page


def test_the_history_goes_on_a_page_of_its_own_when_there_is_no_room():
    long = tuple(an_event(reason=f"vez {number}") for number in range(40))
    first, *rest = on_paper(an_order(history=long))
    assert "Historial" not in first
    assert rest[0].startswith("Historial")
    assert [f"Motivo: vez {number}" in "".join(rest) for number in range(40)] == [True] * 40


def test_many_items_go_on_without_losing_one_and_a_name_stays_beside_its_figures():
    many = tuple(
        a_line(product_id=number, name=f"Producto {number} " + "muy largo " * 9, total=Decimal(number))
        for number in range(120)
    )
    found = on_paper(an_order(items=many))
    assert len(found) > 3
    for number in range(120):
        (page,) = [page for page in found if f"Producto {number} " in page]
        assert f"$ {number},00" in page


@pytest.mark.parametrize("paper", PAPERS)
def test_an_order_that_says_nothing_yet_can_be_printed(paper: str):
    row = a_row(
        name="", phone=None, branch=None, branch_id=None, delivery=None, payment_method=None, operator=None,
        total=Decimal(0), state=State.INCOMPLETE, completed_at=None, payment_proof=False, kind=OrderKind.HELP,
    )  # fmt: skip
    empty = an_order(
        row=row, items=(), history=(), comment="", address="", zone=None, order_name="", custom={},
        cash_with=None, delivery_fee=Decimal(0),
    )  # fmt: skip
    (page,) = on_paper(empty, paper=paper)
    assert "AYUDA" in page
    assert "None" not in page


@pytest.mark.parametrize("state", State)
def test_every_state_is_named(state: State):
    (page,) = on_paper(an_order(row=a_row(state=state)))
    assert state.value in page


ODD = {
    "emoji": ("🌸🧉 Ana 👩‍👩‍👧", "🌸🧉\n Ana"),
    "accents taken apart": ("Ángel Ñandú", "Ángel Ñandú"),
    "Hebrew": ("שלום", "שלום"),
    "turned round": ("\u202eabc\u200b\u2066\u2069", "abc"),
    "letters nobody has": ("𝓐日本", "□□□"),
    "half an emoji": ("\ud83dAna", "Ana"),
    "controls": ("A\tB\x00\x07C", "A BC"),
    "a formula": ("=1+1", "=1+1"),
    "markup": ("<b>**x**</b>&amp;__y__", "<b>**x**</b>&amp;__y__"),
    "PDF's own signs": (r"(a\) Tj ET", r"(a\) Tj ET"),
}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("what", ODD)
def test_no_name_breaks_the_paper(paper: str, what: str):
    typed, printed = ODD[what]
    order = an_order(
        row=a_row(name=typed, branch=typed, operator=typed, payment_method=typed), order_name=typed, address=typed,
        comment=typed, items=lines(2, name=typed), custom={"remito": typed},
        history=(an_event(who=typed, reason=typed),),
    )  # fmt: skip
    (page,) = on_paper(order, paper=paper)
    assert printed in page
    assert page.count("$ 24.500,00") == 2  # what stands beside it as well


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("typed", ["a" * 5000, "ñandú " * 833, "🌸" * 5000], ids=["word", "words", "emoji"])
def test_five_thousand_letters_are_printed_to_the_last(paper: str, typed: str):
    order = an_order(
        row=a_row(name=typed), order_name="", items=lines(1, name=typed), comment=typed, history=()
    )
    found = on_paper(order, paper=paper)
    letter = typed[0]
    assert "".join(found).count(letter) >= 2 * typed.count(letter)
    assert len(found) == 1 or paper == "a4"


def test_what_is_sold_by_weight_is_an_estimate_and_the_rest_is_not():
    assert "Total estimado" not in on_paper(an_order(items=lines(1)))[0]
    assert "pesa al prepararlo" in on_paper(an_order(items=lines(1, is_weighed=True)))[0]


def test_another_amount_than_the_total_is_printed():
    (page,) = on_paper(an_order(row=a_row(amount=Decimal("38000.5"))))
    assert "Monto\n$ 38.000,50" in page


def test_who_picks_up_has_no_address_on_paper():
    order = an_order(row=a_row(delivery=Delivery.PICKUP))
    for paper in PAPERS:
        (page,) = on_paper(order, paper=paper)
        assert "Retiro en la sucursal" in page
        assert "Rivadavia" not in page
    assert "Rivadavia" not in written.summary(order)


def test_a_ticket_is_a_roll_of_80_mm_as_long_as_the_order():
    short = sizes(ticket.render(an_order(items=lines(1)), COMPANY, now=NOON))
    long = sizes(ticket.render(an_order(items=lines(30)), COMPANY, now=NOON))
    assert (len(short), len(long)) == (1, 1)
    assert short[0][0] == long[0][0] == 80
    assert 60 < short[0][1] < long[0][1] < 1000
    assert sizes(pdf.render(an_order(), COMPANY, now=NOON)) == [(210, 297)]


def test_times_are_those_of_the_company():
    page = CompanyPage(company_name="Lejos", time_zone="Europe/Madrid")
    found = on_paper(an_order(row=a_row(created_at=NOON + timedelta(hours=6))), company=page)
    assert "23/11/2026 00:05" in found[0]


def test_the_summary_has_what_matters_and_no_history():
    text = written.summary(an_order())
    for line in (
        "Pedido 1043 · PEDIDO · EN PROCESO", "Ana · +54 9 11 3694-3434",
        "- 2 docenas y media Empanada de carne: $ 24.500,00",
        "Envío: $ 1.800,00", "Total estimado: $ 38.750,00", "Envío a: Rivadavia 1234, 3.º B, Almagro",
        "Pago: Efectivo (paga con $ 40.000,00)", "Comentario: Sin cebolla, por favor. Tocar timbre dos veces.",
    ):  # fmt: skip
        assert line in text.splitlines(), line
    assert "Bruno" not in text
