from collections.abc import Sequence
from decimal import Decimal

import pytest

from openbot.catalogue.goods import Catalogue, Product
from openbot.catalogue.matching import Matcher
from openbot.reading.items import CartLine, Change
from openbot.reading.reader import Asked, Reading, read
from openbot.vocabulary import Delivery


def products(catalogue: Catalogue, codes: Sequence[str]) -> tuple[Product, ...]:
    found = tuple(catalogue.product_by_code(code) for code in codes)
    assert None not in found
    return found  # type: ignore[return-value]


@pytest.fixture
def cart(catalogue: Catalogue) -> tuple[CartLine, ...]:
    empanada, coca = products(catalogue, ("EMP-CARNE", "GAS-COCA-225"))
    return (
        CartLine(product_id=empanada.id, quantity=Decimal(24)),
        CartLine(product_id=coca.id, quantity=Decimal(2)),
    )


def changes(reading: Reading) -> list[tuple[Change, str, Decimal | None]]:
    return [(each.change, each.product.code, each.quantity) for each in reading.items]


@pytest.mark.parametrize(
    ("text", "asked", "delivery"),
    [
        ("paso a buscar", None, Delivery.PICKUP),
        ("lo retiro yo", None, Delivery.PICKUP),
        ("lo busco", "delivery", Delivery.PICKUP),
        ("retiro", "delivery", Delivery.PICKUP),
        ("no quiero envío", "delivery", Delivery.PICKUP),
        ("mandámelo", None, Delivery.DELIVERY),
        ("envío", "delivery", Delivery.DELIVERY),
        ("que me lo traigan", "delivery", Delivery.DELIVERY),
        ("a domicilio", "delivery", Delivery.DELIVERY),
        ("hacen envíos a Palermo?", None, None),
        ("cuánto sale el envío", None, None),
        ("mandame 2 sprites", None, None),
    ],
)
def test_the_way_of_delivery_is_read(
    matcher: Matcher, text: str, asked: Asked | None, delivery: Delivery | None
) -> None:
    assert read(text, matcher=matcher, asked=asked).delivery is delivery


@pytest.mark.parametrize(
    ("text", "asked", "branch"),
    [
        ("retiro en Almagro", None, "ALMAGRO"),
        ("paso a buscar por belgrano", None, "BELGRANO"),
        ("la de san justo", "branch", "SANJUSTO"),
        ("avellaneda", "branch", "AVELLANEDA"),
        ("cambiá a la sucursal Almagro", None, "ALMAGRO"),
    ],
)
def test_a_branch_is_read(matcher: Matcher, text: str, asked: Asked | None, branch: str) -> None:
    reading = read(text, matcher=matcher, asked=asked)
    assert reading.branch is not None
    assert reading.branch.code == branch
    assert reading.address is None


def test_belgrano_is_a_branch_a_barrio_and_a_street(matcher: Matcher) -> None:
    street = read("no, mandalo a Belgrano 50", matcher=matcher)
    assert street.address is not None
    assert (street.address.street, street.branch, street.yes) == ("Belgrano 50", None, False)
    barrio = read("mandalo a Belgrano", matcher=matcher)
    assert (barrio.place, barrio.address, barrio.branch) == ("Belgrano", None, None)
    assert barrio.zone is not None


@pytest.mark.parametrize(
    ("text", "asked", "method", "cash"),
    [
        ("pago en efectivo", None, "EFECTIVO", None),
        ("con transferencia", None, "TRANSFERENCIA", None),
        ("pagame con transferencia mejor", None, "TRANSFERENCIA", None),
        ("mercadopago", None, "MERCADOPAGO", None),
        ("mp", "payment", "MERCADOPAGO", None),
        ("te transfiero", "payment", "TRANSFERENCIA", None),
        ("tarjeta", "payment", None, None),
        ("pago con 20 mil", None, None, 20000),
        ("con 10000", "cash_with", None, 10000),
        ("efectivo, con 50 lucas", "payment", "EFECTIVO", 50000),
        ("20", "cash_with", None, 20000),
        ("20k", "cash_with", None, 20000),
        ("$ 50.000", "cash_with", None, 50000),
        ("con dos billetes de 20 mil", "cash_with", None, 40000),
    ],
)
def test_payment_is_read(
    matcher: Matcher, text: str, asked: Asked | None, method: str | None, cash: int | None
) -> None:
    reading = read(text, matcher=matcher, asked=asked)
    assert (reading.payment and reading.payment.code) == method
    assert reading.cash_with == cash
    assert not reading.says_goods


@pytest.mark.parametrize("text", ["justo", "pago justo", "no necesito cambio", "tengo el cambio justo"])
def test_no_change_is_needed(matcher: Matcher, text: str) -> None:
    assert read(text, matcher=matcher, asked="cash_with").cash_exact


@pytest.mark.parametrize(
    ("text", "asked", "name"),
    [
        ("Ana", "name", "Ana"),
        ("soy martín pérez", "name", "Martín Pérez"),
        ("a nombre de ana maría de la fuente y pago en efectivo", None, "Ana María de la Fuente"),
        ("si, Ana", "name", "Ana"),
        ("no, es para Lucas", "name", "Lucas"),
        ("ponelo a nombre de Quique", "name", "Quique"),
        ("Juan, y agregame una sprite", "name", "Juan"),
        ("hola soy Ana de Palermo", None, "Ana"),
        ("soy de Palermo", None, ""),
        ("sí", "name", ""),
        ("quiero cambiar la dirección", "name", ""),
        ("una coca", "name", ""),
    ],
)
def test_a_name_is_read(matcher: Matcher, text: str, asked: Asked | None, name: str) -> None:
    assert read(text, matcher=matcher, asked=asked).name == name


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("que el timbre no anda, golpear", "que el timbre no anda, golpear"),
        ("2 cocas bien frías", "2 cocas bien frías"),
        ("sin comentarios", ""),
        ("no gracias", ""),
        ("ninguno", ""),
    ],
)
def test_the_answer_to_any_comment_is_a_comment(matcher: Matcher, text: str, comment: str) -> None:
    reading = read(text, matcher=matcher, asked="comment")
    assert reading.comment == comment
    assert not reading.says_goods


def test_a_correction_is_no_comment(matcher: Matcher, cart: tuple[CartLine, ...]) -> None:
    reading = read("agregame una sprite", matcher=matcher, asked="comment", intent="change_order", cart=cart)
    assert reading.comment is None
    assert changes(reading) == [("add", "GAS-SPRITE-225", 1)]
    assert read("una sprite. nota: bien fría", matcher=matcher).comment == "bien fría"


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("sí, confirmo", True),
        ("dale", True),
        ("está bien", True),
        ("no", False),
        ("no, otra cosa", False),
        ("una coca", None),
    ],
)
def test_yes_and_no_are_what_a_sentence_begins_with(matcher: Matcher, text: str, *, yes: bool | None) -> None:
    assert read(text, matcher=matcher, asked="confirmed").yes is yes
