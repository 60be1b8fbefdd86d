"""Whole orders as clumsy customers write or dictate them: goods, quantities, address, payment, corrections."""

from decimal import Decimal

import pytest

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.matching import Matcher
from openbot.reading.items import CartLine
from openbot.reading.reader import read
from openbot.reading.understood import Reading
from openbot.vocabulary import Delivery


def told(reading: Reading) -> str:
    """Give the goods in one line: «2 GAS-COCA-225, set 3 CAR-ASADO, gone FER-BRANCA-750, which coca»."""
    parts = [
        f"{'' if each.change == 'add' else f'{each.change} '}{'' if each.quantity is None else f'{each.quantity} '}"
        f"{each.product.code}"
        for each in reading.items
    ]
    parts += [f"which {each.phrase}" for each in reading.ambiguous]
    parts += [f"unknown {each.phrase}" for each in reading.unknown]
    parts += [f"{each.refusal.name} {each.phrase}" for each in reading.refused]
    return ", ".join(parts)


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        (
            "me mandas 2 kilos de papa medio de cebolla y 1 lechuga",
            "2 VER-PAPA, 0.5 VER-CEBOLLA, 1 VER-LECHUGA",
        ),
        (
            "necesito 1 kg milanesa de pollo 2 kg de asado y 3 bolsas de carbon para el domingo",
            "1 CAR-MILAPOLLO, 2 CAR-ASADO, 3 LIM-CARBON-4",
        ),
        ("qiero 4 cocas d 2 25 no mejor 3 y una fanta", "3 GAS-COCA-225, 1 GAS-FANTA-225"),
        ("2 cocas de 2,25 y 3 de 1,5", "2 GAS-COCA-225, 3 GAS-COCA-150"),
        ("2 cocas de 2,25 y 3 latas", "2 GAS-COCA-225, 3 GAS-COCA-354"),
        ("3 sprite de 1,5", "unknown sprite de 1,5"),
        ("2 sprite de 500 y un pan lactal", "1 PAN-LACTAL, unknown sprite de 500"),
        ("una doc de facturas y media de medialunas", "1 PAN-FACTURAS, 0.5 PAN-MEDIALUNA"),
        (
            "buenas queria hacer un pedido serian 6 empanadas de humita 6 de verdura 2 pizzas de muzza y un helado",
            "6 EMP-HUMITA, 6 EMP-VERDURA, 2 PIZ-MUZZA, 1 CON-HELADO-1",
        ),
        ("anotame dos yerba de medio y azucar 3 kilos", "2 ALM-YERBA-500, 3 ALM-AZUCAR-1"),
        ("5 sanguches d miga no perdon 5 docenas", "5 PAN-MIGA"),
        ("coca 2 y cuarto x 6 y agua sin gas x 12", "6 GAS-COCA-225, 12 AGU-MINERAL-150"),
        ("sumale 200 de jamon y 200 de queso", "0.2 FIA-COCIDO, which queso"),
        (
            "dame 1/4 de salame 1/4 de mortadela y 1/2 de queso de maquina en feta",
            "0.25 FIA-SALAME, 0.25 FIA-MORTADELA, 0.5 QUE-BARRA",
        ),
        (
            "una quilmes lata un pack de brahma y dos de malbec",
            "1 CER-QUILMES-473, 1 CER-BRAHMA-PK, 2 VIN-MALBEC-750",
        ),
        (
            "quisiera tres kilos de manzanas un kilo de bananas y dos de naranjas",
            "3 FRU-MANZANA, 1 FRU-BANANA, 2 FRU-NARANJA",
        ),
        ("ponme 2 aceites de girasol de los grandes y uno de oliva", "2 ALM-ACEITE-150, 1 ALM-OLIVA-500"),
        (
            "te pido lo siguiente 1 leche descremada 1 yogur de frutilla 1 docena de huevos y 1 maple",
            "1 LAC-DESCR-1, 1 LAC-YOGUR-1, 1 HUE-DOCENA, 1 HUE-MAPLE-30",
        ),
        ("una coca una sprite una fanta todas de 2 25", "1 GAS-COCA-225, 1 GAS-SPRITE-225, 1 GAS-FANTA-225"),
        ("dos docenas y media de empanadas mitad carne y mitad jamon y queso", "15 EMP-CARNE, 15 EMP-JYQ"),
        ("6 empanadas de carne y 6 de jamon y queso", "6 EMP-CARNE, 6 EMP-JYQ"),
        ("medio kilo de picada especial y cuarto de crudo", "0.5 CAR-PICADA, 0.25 FIA-CRUDO"),
        ("una docena de huevos y dos litros de leche", "1 HUE-DOCENA, 2 LAC-ENTERA-1"),
        ("un litro y medio de coca zero", "1 GAS-ZERO-150"),
        ("nesecito 2 jabon en polbo y 1 lavandina", "2 LIM-JABON-800, 1 LIM-LAVANDINA-1"),
        ("quiero cinco coca de lata", "5 GAS-COCA-354"),
        ("2 cocas en lata y una sprite", "2 GAS-COCA-354, 1 GAS-SPRITE-225"),
        ("seis latas de quilmes y dos botellas de fernet", "6 CER-QUILMES-473, 2 FER-BRANCA-750"),
        ("dos paquetes de fideos y una bolsa de papas de 20", "1 VER-PAPA-20, which fideos"),
        ("tres atun dos arvejas una mayonesa chica", "3 ALM-ATUN-170, 2 ALM-ARVEJAS-300, 1 ALM-MAYO-475"),
        ("quiero una pizza grande de muzza y otra napolitana", "1 PIZ-MUZZA, 1 PIZ-NAPO"),
        ("deme medio maple de huevos", "NOT_DIVISIBLE huevos"),
        ("una caja de te y un cafe", "1 ALM-TE-50, 1 ALM-CAFE-500"),
        (
            "2kg papas,1kg cebolla,1/2kg zanahoria,3 limones",
            "2 VER-PAPA, 1 VER-CEBOLLA, 0.5 VER-ZANAHORIA, OTHER_UNIT limones",
        ),
        ("*2* cocas de 2,25", "2 GAS-COCA-225"),
        ("2 coca2.25 y 1sprite", "2 GAS-COCA-225, 1 GAS-SPRITE-225"),
        ("media docena de empanadas de carne, la otra media de pollo", "6 EMP-CARNE, 6 EMP-POLLO"),
        ("una docena surtida de empanadas", "which empanadas"),
        ("un pollo de 2 kilos", "2 CAR-POLLO"),
        ("veinticuatro empanadas doce de carne y doce de pollo", "12 EMP-CARNE, 12 EMP-POLLO"),
    ],
)
def test_goods_are_read_however_clumsily_written(matcher: Matcher, text: str, goods: str) -> None:
    reading = read(text, matcher=matcher)
    assert told(reading) == goods
    assert reading.address is None


@pytest.mark.parametrize(
    ("text", "goods", "address", "payment"),
    [
        (
            "dame dos cocas grandes y una docena de empanadas d carne mandamelo a lavalle 1200 3b almagro con mp",
            "2 GAS-COCA-225, 12 EMP-CARNE",
            "Lavalle 1200, 3b, Almagro",
            "MERCADOPAGO",
        ),
        (
            "kilo y medio de vacio dos de chorizo y uno de morcilla para mitre 300 avellaneda pago transferencia",
            "1.5 CAR-VACIO, 2 CAR-CHORIZO, 1 CAR-MORCILLA",
            "Mitre 300, Avellaneda",
            "TRANSFERENCIA",
        ),
        (
            "mandame 3 de muzza y dos de napo a san martin 1840 quilmes en efectivo",
            "3 QUE-MUZZA, 2 PIZ-NAPO",
            "San Martin 1840, Quilmes",
            "EFECTIVO",
        ),
        (
            "mandame el pedido a la calle mitre al 748 piso 2 depto c avellaneda son 2 fernet y 4 cocas de 2.25",
            "2 FER-BRANCA-750, 4 GAS-COCA-225",
            "Calle Mitre al 748, piso 2 depto c, Avellaneda",
            None,
        ),
        (
            "estoy en lomas de zamora hipolito yrigoyen 9200, 2 asados de un kilo",
            "2 CAR-ASADO",
            "Hipolito Yrigoyen 9200, Lomas de Zamora",
            None,
        ),
    ],
)
def test_goods_address_and_payment_come_in_one_breath(
    matcher: Matcher, text: str, goods: str, address: str, payment: str | None
) -> None:
    reading = read(text, matcher=matcher)
    assert told(reading) == goods
    assert reading.address is not None
    assert reading.address.full == address
    assert reading.delivery is Delivery.DELIVERY
    assert (reading.payment and reading.payment.code) == payment


@pytest.mark.parametrize(
    ("text", "goods", "branch"),
    [
        (
            "dos quilmes de litro tres stellas y un fernet paso a buscar por belgrano",
            "2 CER-QUILMES-1, 3 CER-STELLA-1, 1 FER-BRANCA-750",
            "BELGRANO",
        ),
        (
            "te pago con transferencia y lo retiro yo mañana por san justo son dos kilos de asado",
            "2 CAR-ASADO",
            "SANJUSTO",
        ),
    ],
)
def test_goods_and_where_they_are_picked_up(matcher: Matcher, text: str, goods: str, branch: str) -> None:
    reading = read(text, matcher=matcher)
    assert told(reading) == goods
    assert reading.delivery is Delivery.PICKUP
    assert reading.branch is not None
    assert reading.branch.code == branch


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("sacame la fanta y agregale 2 coca de litro y medio", "gone GAS-FANTA-225, 2 GAS-COCA-150"),
        ("no pará eran 2 cocas y no 3", "set 2 GAS-COCA-225"),
        ("cambiame el fernet x 2 malbec", "gone FER-BRANCA-750, 2 VIN-MALBEC-750"),
        ("mejor que sean 5 kilos de asado en vez de 3", "set 5 CAR-ASADO"),
        ("ah y sumame un hielo y otra coca mas", "1 CON-HIELO-2, 1 GAS-COCA-225"),
        ("dame dos mas de esas cocas", "2 GAS-COCA-225"),
        ("sin la lechuga y con mas tomate que sean 2 kilos", "gone VER-LECHUGA, 2 VER-TOMATE"),
        ("mandame lo mismo pero sin el vino", "gone VIN-MALBEC-750"),
    ],
)
def test_several_corrections_in_one(matcher: Matcher, catalogue: Catalogue, text: str, goods: str) -> None:
    held = {
        "FER-BRANCA-750": 1,
        "GAS-FANTA-225": 1,
        "CAR-ASADO": 3,
        "VER-LECHUGA": 1,
        "VIN-MALBEC-750": 1,
        "GAS-COCA-225": 3,
    }
    if text.startswith("cambiame"):
        del held["VIN-MALBEC-750"]
    cart = tuple(
        CartLine(product_id=product.id, quantity=Decimal(held[product.code]))
        for code in held
        if (product := catalogue.product_by_code(code)) is not None
    )
    assert told(read(text, matcher=matcher, cart=cart)) == goods
