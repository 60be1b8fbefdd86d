"""How figures look and how they are read, in the browser's own engine."""

import pytest

from panel import texts
from tests.panel_browser.conftest import Call

FORMAT = "grid/js/format.js"
HERE = "America/Argentina/Buenos_Aires"
GAP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("12450.00", "$ 12.450,00"),
        ("0.00", "$ 0,00"),
        ("999.90", "$ 999,90"),
        ("1000", "$ 1.000,00"),
        ("99999999999999.99", "$ 99.999.999.999.999,99"),
        ("-12450.50", "-$ 12.450,50"),
        (None, ""),
    ],
)
def test_money_is_written_as_here_without_passing_through_a_float(
    call: Call, amount: str | None, shown: str
) -> None:
    assert call(FORMAT, "money", amount) == shown.replace("$ ", f"${GAP}")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12.450,50", "12450.50"),
        ("12450.5", "12450.50"),
        ("12450,5", "12450.50"),
        ("$ 12.450", "12450.00"),
        ("12,450.50", "12450.50"),
        ("1.500", "1500.00"),
        ("007", "7.00"),
        ("0,5", "0.50"),
        ("abc", None),
        ("-5", None),
        ("1.23.4", None),
        ("12,4505", None),
        ("", None),
        ("1e9", None),
    ],
)
def test_an_amount_is_read_in_every_way_people_type_it(call: Call, typed: str, read: str | None) -> None:
    assert call(FORMAT, "parseMoney", typed) == read


@pytest.mark.parametrize(
    ("iso", "shown"),
    [
        ("2026-11-22T17:05:00+00:00", "22/11/2026 14:05"),
        ("2026-11-22T03:00:00+00:00", "22/11/2026 00:00"),
        ("2026-11-22T02:59:59+00:00", "21/11/2026 23:59"),
        ("2026-01-01T12:00:00Z", "01/01/2026 09:00"),
    ],
)
def test_times_are_the_companys_whatever_the_computer_says(call: Call, iso: str, shown: str) -> None:
    assert call(FORMAT, "dateTime", iso, HERE) == shown


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("22/11/2026", "2026-11-22"),
        ("22/11", "2026-11-22"),
        ("2-1-26", "2026-01-02"),
        (" 22.11.2026 ", "2026-11-22"),
        ("31/02/2026", None),
        ("11/22/2026", None),
        ("ayer", None),
    ],
)
def test_a_day_is_read_as_here(call: Call, typed: str, day: str | None) -> None:
    assert call(FORMAT, "parseDay", typed, "2026-11-24") == day


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("5491136943434", "+54 9 11 3694-3434"),
        ("541136943434", "+54 11 3694-3434"),
        ("5492214567890", "+54 9 221 456-7890"),
        ("5492966412345", "+54 9 2966 41-2345"),
        ("59899123456", "+59899123456"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_is_written_with_its_area(call: Call, digits: str | None, shown: str) -> None:
    assert call(FORMAT, "phone", digits) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 min"),
        (59, "0 min"),
        (600, "10 min"),
        (3600, "1 h"),
        (4800, "1 h 20"),
        (183600, "2 d 3 h"),
        (-5, "0 min"),
    ],
)
def test_a_wait_is_said_in_two_units_at_most(call: Call, seconds: int, shown: str) -> None:
    assert call(FORMAT, "duration", seconds).replace(GAP, " ") == shown


@pytest.mark.parametrize(
    ("amount", "shown"), [("1.500", "1,5"), ("2.000", "2"), ("0.250", "0,25"), ("1500.000", "1.500")]
)
def test_a_quantity_has_no_empty_decimals(call: Call, amount: str, shown: str) -> None:
    assert call(FORMAT, "quantity", amount) == shown


@pytest.mark.parametrize(
    ("quantity", "price", "total"),
    [
        ("1.500", "3200.00", "4800.00"),
        ("0.333", "0.05", "0.02"),
        ("0.500", "0.01", "0.01"),
        ("3", "11400", "34200.00"),
    ],
)
def test_a_line_is_rounded_half_a_cent_up(call: Call, quantity: str, price: str, total: str) -> None:
    assert call("orders/js/sums.js", "lineTotal", quantity, price) == total


def test_a_quantity_steps_in_the_units_own_steps_and_never_below_nothing(call: Call) -> None:
    sums = "orders/js/sums.js"
    assert call(sums, "stepped", "1.5", 1, "0.5") == "2"
    assert call(sums, "stepped", "0.01", -1, "0.01") == "0"
    assert call(sums, "stepped", "0", -1, "1") == "0"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"code": "order_closed", "status": 409, "detail": {}}, "El pedido está cerrado."),
        ({"code": "tetera", "status": 418, "detail": {}}, "No se pudo hacer (código tetera)."),
        (
            {"code": "internal", "status": 500, "detail": {"reference": "3F2A1B"}},
            "Ocurrió un error. Código 3F2A1B",
        ),
        ({"code": "internal", "status": 500, "detail": {}}, "Ocurrió un error. Código 500"),
    ],
)
def test_an_error_is_said_with_the_code_that_the_log_has(
    call: Call, error: dict[str, object], said: str
) -> None:
    assert call("grid/js/api.js", "sentence", error, texts.SENTENCES) == said
