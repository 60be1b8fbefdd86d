import pytest

from openbot.catalogue.matching import Matcher
from openbot.reading.reader import read


@pytest.mark.parametrize(
    ("text", "street", "notes", "place"),
    [
        ("envío a Rivadavia 1234", "Rivadavia 1234", "", ""),
        ("mandalo a rivadavia 1234", "Rivadavia 1234", "", ""),
        ("envío a Rivadavia 1234 3° B", "Rivadavia 1234", "3° B", ""),
        ("Av. Santa Fe 2450 piso 4 depto B, Palermo", "Av. Santa Fe 2450", "piso 4 depto B", "Palermo"),
        ("enviame a calle 12 nro 345 dos dulces de leche", "Calle 12 nro 345", "", ""),
        (
            "mandalo a av. santa fe 2450 timbre 3, villa crespo",
            "Av. Santa Fe 2450",
            "timbre 3",
            "Villa Crespo",
        ),
        ("envio a 25 de mayo 300 pb a", "25 de Mayo 300", "pb a", ""),
        ("9 de Julio 1500, Bernal", "9 de Julio 1500", "", "Bernal"),
        ("2 sprites, Sarmiento 2040", "Sarmiento 2040", "", ""),
        ("cambia la direccion a Mitre 300", "Mitre 300", "", ""),
        ("es para Bolívar 450 en San Telmo", "Bolívar 450", "", "San Telmo"),
        ("Monroe 3456 (timbre roto, llamar)", "Monroe 3456", "timbre roto, llamar", ""),
        ("envío a Pellegrini 800 entre Alem y Brown", "Pellegrini 800", "entre Alem y Brown", ""),
        ("mandalo a Juan B. Justo 2345, 7mo C", "Juan B. Justo 2345", "7mo C", ""),
    ],
)
def test_an_address_is_read_anywhere(
    matcher: Matcher, text: str, street: str, notes: str, place: str
) -> None:
    address = read(text, matcher=matcher).address
    assert address is not None
    assert (address.street, address.notes, address.place) == (street, notes, place)
    assert (address.zone is not None) == bool(place)


@pytest.mark.parametrize(
    ("text", "street", "notes"),
    [
        ("callao 1200 5 c", "Callao 1200", "5 c"),
        ("jujuy 1250 7° 23", "Jujuy 1250", "7° 23"),
        ("San Martín 50", "San Martín 50", ""),
        ("Rivadavia N° 1234 P.B.", "Rivadavia N° 1234", "P.B"),
        ("ruta 8 km 35 barrio los alamos lote 4", "Ruta 8", "km 35 barrio los alamos lote 4"),
        ("Rivadavia y Callao, esquina", "Rivadavia y Callao, esquina", ""),
        ("Rivadavia 1234 y pago en efectivo", "Rivadavia 1234", ""),
    ],
)
def test_less_proof_is_needed_where_an_address_was_asked_for(
    matcher: Matcher, text: str, street: str, notes: str
) -> None:
    address = read(text, matcher=matcher, asked="address").address
    assert address is not None
    assert (address.street, address.notes) == (street, notes)


@pytest.mark.parametrize(
    "text",
    [
        "2 cocas para las 20",
        "coca 500",
        "200 gramos de jamón",
        "pago con 20000",
        "en lugar de 2 cocas que sean 3",
        "para 10 personas",
        "2 kilos 300 de asado",
        "jamón 300",
        "te espero a las 1030",
        "mi teléfono es 1145678901",
        "quiero 100 empanadas de carne",
        "1500 pesos",
    ],
)
def test_a_number_alone_makes_no_address(matcher: Matcher, text: str) -> None:
    assert read(text, matcher=matcher).address is None


@pytest.mark.parametrize("text", ["mi casa", "la misma de siempre", "sí", "Palermo"])
def test_no_address_is_made_up(matcher: Matcher, text: str) -> None:
    assert read(text, matcher=matcher, asked="address").address is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("estoy en Palermo", "Palermo"),
        ("vivo en quilmes oeste, llegan?", "Quilmes Oeste"),
        ("soy de Morón", "Morón"),
    ],
)
def test_a_barrio_alone_gives_its_zone(matcher: Matcher, text: str, place: str) -> None:
    reading = read(text, matcher=matcher)
    assert (reading.place, reading.address) == (place, None)
    assert reading.zone is not None
    assert place in reading.zone.places


def test_a_beer_is_no_barrio(matcher: Matcher) -> None:
    assert read("un pack de quilmes", matcher=matcher).zone is None
    assert read("en vez de la coca una sprite", matcher=matcher).zone is None
