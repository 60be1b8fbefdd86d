"""Whole orders over all processes: on the phone, in `openbot orders` and in `openbot transcript`."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.company import OPENBOT, ROOT, Company
from tests.e2e.phone import Json, Phone

pytestmark = pytest.mark.e2e


def items(order: Json) -> dict[str, float]:
    return {item["name"]: float(item["quantity"]) for item in order["items"]}


def order_by_taps(phone: Phone) -> None:
    phone.says("hola")
    phone.taps(
        "Hacer un pedido", "Retiro en sucursal", "Belgrano", "Gaseosas y aguas", "Coca-Cola 2,25 L", "2"
    )
    phone.taps("Eso es todo", "Transferencia", "Sin aclaraciones")
    (asked,) = phone.taps(f"Sí, {phone.customer['name'].split()[0]}")
    if not phone.customer["phone_visible"]:
        assert "teléfono" in asked.text, str(phone)
        phone.says("no")


@pytest.mark.both_databases
def test_an_order_by_taps_alone_is_complete(company: Company):
    ana = company.phone()
    order_by_taps(ana)
    summary = ana.bubbles[-1]
    assert "Total: $ 10.400,00" in summary.text
    (done,) = ana.taps("Confirmar")
    assert "confirmado" in done.text
    order = ana.order
    assert (order["state"], order["kind"], order["total"]) == ("COMPLETO", "PEDIDO", "10400.00")
    assert items(order) == {"Coca-Cola 2,25 L": 2}
    assert (order["delivery"], order["branch"], order["payment_method"]) == (
        "RETIRO",
        "Belgrano",
        "Transferencia",
    )
    assert (order["name"], order["phone"]) == ("Ana Paz", ana.number)
    moves = [(line["from_state"], line["to_state"]) for line in order["history"] if line["to_state"]]
    assert moves == [(None, "INCOMPLETO"), ("INCOMPLETO", "COMPLETO")]


@pytest.mark.both_databases
def test_an_order_in_one_sentence_asks_only_what_is_missing(company: Company):
    bruno = company.phone("Bruno Díaz")
    first = bruno.says(
        "2 docenas de empanadas de carne y una coca de 2,25, envío a Rivadavia 4500, Almagro, pago en efectivo"
    )
    assert "24 × Empanada de carne" in first[0].text
    assert "1 × Coca-Cola 2,25 L" in first[0].text
    bruno.says("con 60 mil")
    bruno.says("timbre 3")
    bruno.says("nada más")
    bruno.says("sí")
    (done,) = bruno.says("dale, confirmalo")
    assert "confirmado" in done.text
    order = bruno.order
    assert (order["state"], order["total"], order["delivery_fee"]) == ("COMPLETO", "52600.00", "1800.00")
    assert items(order) == {"Empanada de carne": 24, "Coca-Cola 2,25 L": 1}
    assert (order["delivery"], order["address"]) == ("ENVÍO", "Rivadavia 4500, timbre 3, Almagro")
    assert (order["branch"], order["payment_method"]) == ("Almagro", "Efectivo")
    assert (order["cash_with"], order["comment"], order["name"]) == ("60000.00", "", "Bruno Díaz")


@pytest.mark.both_databases
def test_an_order_with_three_corrections_ends_as_the_customer_said_last(company: Company):
    carla = company.phone("Carla Ríos")
    carla.says("hola! quiero 3 cocas de 2,25 y 1 kg de pan para mandar a Medrano 350, Almagro")
    carla.says("mejor que sean 4 cocas")
    carla.says("eso es todo")
    carla.says("efectivo")
    carla.says("no, mandalo a Belgrano 50, Avellaneda")
    carla.says("justo")
    carla.taps("Sin aclaraciones", "Sí, Carla")
    summary = carla.says("mejor pago con transferencia")[-1]
    assert "Belgrano 50" in summary.text
    assert "Transferencia" in summary.text
    carla.taps("Confirmar")
    order = carla.order
    assert items(order) == {"Coca-Cola 2,25 L": 4, "Pan francés": 1}
    assert (order["state"], order["total"], order["delivery_fee"]) == ("COMPLETO", "26600.00", "1600.00")
    assert (order["address"], order["branch"]) == ("Belgrano 50, Avellaneda", "Avellaneda")
    assert order["payment_method"] == "Transferencia"


@pytest.mark.both_databases
def test_five_customers_at_once_one_without_a_phone_each_get_one_order(company: Company):
    names = ("Delia Sosa", "Elena Gil", "Fabio Ruiz", "Gala Mora", "Hugo Paz")
    phones = [company.phone(name, hidden=number == 3) for number, name in enumerate(names)]

    def order(phone: Phone) -> None:
        order_by_taps(phone)
        phone.taps("Confirmar")

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(order, phones))
    numbers = set()
    for phone in phones:
        placed = phone.order
        assert (placed["state"], items(placed)) == ("COMPLETO", {"Coca-Cola 2,25 L": 2}), str(phone)
        assert placed["name"] == phone.customer["name"]
        assert placed["phone"] == ("" if phone is phones[3] else phone.number)
        numbers.add(placed["number"])
    assert len(numbers) == 5


def test_a_customer_who_hides_the_phone_may_share_it(company: Company):
    irma = company.phone("Irma Vega", hidden=True)
    irma.says("2 cocas de 2,25, retiro en Belgrano, pago con transferencia")
    irma.taps("Sin aclaraciones", "Sí, Irma")
    irma.sends("contact")
    irma.taps("Confirmar")
    assert (irma.order["state"], irma.order["phone"]) == ("COMPLETO", irma.number), str(irma)


def test_the_command_line_shows_what_was_said_and_ordered(company: Company):
    ines = company.phone("Inés Luna")
    ines.says("hola")
    ines.says("quiero 2 cocas de 2,25")

    def run(*arguments: str) -> str:
        environment = company.environment
        done = subprocess.run(  # noqa: S603 - our own arguments
            [str(OPENBOT), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    (order,) = json.loads(run("orders", "--json", "--phone", ines.number))
    assert items(order) == {"Coca-Cola 2,25 L": 2}
    lines = json.loads(run("transcript", f"+{ines.number}", "--json"))
    assert [line["author"] for line in lines] == ["cliente", "bot", "cliente", "bot"]
    assert [line["text"] for line in lines if line["author"] == "cliente"] == [
        "hola",
        "quiero 2 cocas de 2,25",
    ]
    assert all(line["order_id"] == order["number"] for line in lines)
