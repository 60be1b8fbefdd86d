"""A company in the middle of its day: people, conversations, and orders in every state. Names are invented."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import httpx

from openbot.schema import Order
from openbot.vocabulary import Delivery, OrderKind, State
from tests.e2e.company import Company
from tests.e2e.phone import Phone
from tests.panel_browser.house import House

PASSWORD = "una-clave-de-prueba"
_FIRST = "una-clave-para-cambiar"
_WEEK = [{"weekday": day, "from": "09:00", "to": "18:00"} for day in range(5)]
#: Name, e-mail, and what else makes them different.
PEOPLE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Marcos Vidal", "marcos@elombu.example", {}),
    ("Olga Ríos", "olga@elombu.example", {"branch_ids": [1, 2], "phone": "11 5555-0134"}),
    ("Tomás Leiva", "tomas@elombu.example", {"branch_ids": [3], "shift": _WEEK}),
    ("Pablo Ruiz", "pablo@elombu.example", {"enabled": "DESHABILITADO"}),
)
#: Closed in the days before: hours ago, name, state, branch, product and quantity, charged, by.
BEFORE: tuple[tuple[float, str, State, int, tuple[int, str], str, int], ...] = (
    (3, "Sofía Herrera", State.INVOICED, 0, (3, "4"), "20800", 0),
    (4, "Martín Acuña", State.INVOICED, 1, (16, "3"), "16800", 1),
    (5, "Valeria Núñez", State.RESOLVED, 0, (6, "1"), "", 1),
    (6, "Diego Cabral", State.INVOICED, 2, (22, "5"), "29500", 2),
    (21, "Rocío Sandoval", State.NO_ANSWER, 1, (8, "2"), "", 0),
    (22, "Ezequiel Torres", State.INVOICED, 3, (17, "6"), "74800", 0),
    (23, "Claudia Benítez", State.CANCELLED, 0, (20, "1"), "", 0),
    (25, "Gustavo Peralta", State.INVOICED, 2, (30, "4"), "26000", 2),
    (27, "Mirta Ledesma", State.INVOICED, 1, (24, "10"), "15000", 1),
    (29, "Julián Ortega", State.RESOLVED, 3, (1, "1"), "", 0),
    (45, "Patricia Godoy", State.INVOICED, 0, (21, "2"), "33800", 1),
    (47, "Leandro Ibáñez", State.INVOICED, 2, (26, "6"), "15600", 2),
    (50, "Estela Farías", State.EXPIRED, 1, (4, "2"), "", 0),
    (52, "Ramiro Quiroga", State.INVOICED, 3, (14, "6"), "25800", 0),
    (70, "Noelia Cáceres", State.NO_ANSWER, 0, (9, "3"), "", 1),
    (73, "Federico Luna", State.INVOICED, 1, (31, "1"), "11800", 1),
    (76, "Silvina Maidana", State.INVOICED, 2, (18, "4"), "27200", 2),
    (95, "Hernán Bustos", State.CANCELLED, 3, (12, "2"), "", 0),
    (98, "Graciela Toledo", State.INVOICED, 0, (23, "8"), "25600", 0),
    (121, "Ariel Montenegro", State.INVOICED, 1, (3, "12"), "62400", 1),
)

Json = dict[str, Any]


class Worker:
    """Somebody of the company at work, through the panel's API."""

    def __init__(self, url: str, *, email: str, password: str) -> None:
        self.http = httpx.Client(base_url=url, headers={"X-Openbot": "panel"}, timeout=30)
        wish = {"email": email, "password": password, "takeover": True}
        self.call("POST", "/api/sign-in", wish)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def move(self, phone: Phone, to: State, **more: Any) -> None:
        number = phone.orders[-1]["number"]
        version = self.call("GET", f"/api/orders/{number}")["version"]
        self.call("POST", f"/api/orders/{number}/move", {"to": to.value, "version": version, **more})

    def leave(self) -> None:
        self.call("POST", "/api/sign-out")
        self.http.close()


def people(company: Company, *, chief: str, password: str) -> list[int]:
    """Add everybody; return their ids."""
    jefa = Worker(company.web_url, email=chief, password=password)
    found = []
    for name, email, more in PEOPLE:
        body = {"name": name, "email": email, "role": "Operador", "password": _FIRST, **more}
        found.append(jefa.call("POST", "/api/users", body)["id"])
    jefa.leave()
    return found


def at_work(company: Company, email: str) -> Worker:
    """The first time, with a password of one's own."""
    worker = Worker(company.web_url, email=email, password=_FIRST)
    worker.call("POST", "/api/password", {"current": _FIRST, "new": PASSWORD})
    return worker


def past(company: Company, ids: list[int]) -> None:
    """What was attended in the days before."""
    house = House(company.folder, database_url=company.database_url)
    for hours, name, state, branch, goods, charged, by in sorted(BEFORE, reverse=True):
        order = house.order(
            name, state=state, branch=branch, products=[goods], minutes_ago=hours * 60, by=ids[by],
            kind=OrderKind.HELP if state is State.RESOLVED else OrderKind.ORDER,
            delivery=Delivery.DELIVERY if hours % 2 else Delivery.PICKUP, payment_method_id=1 + int(hours) % 3,
        )  # fmt: skip
        if charged:
            house.change(order, by=ids[by], amount=Decimal(charged))
    house.output.close()
    house.database.close()


def lucia(company: Company) -> Phone:
    """Waits to be attended, with a delivery."""
    phone = company.phone("Lucía Fernández")
    phone.says("hola buenas")
    phone.says(
        "2 docenas de empanadas de carne y 2 cocas de 2,25, envío a Rivadavia 4500, Almagro, pago en efectivo"
    )
    for words in ("con 60 mil", "timbre 3", "nada más", "tocá fuerte que el timbre anda mal", "sí"):
        phone.says(words)
    phone.taps_through("Confirmar", "Sí, Lucía", "Sin aclaraciones", "Eso es todo")
    return phone


def by_transfer(company: Company, *, name: str, goods: str, branch: str) -> Phone:
    """Placed with few words; sends the receipt."""
    phone = company.phone(name)
    phone.says(f"{goods}, retiro en {branch}, pago con transferencia")
    phone.taps_through("Confirmar", f"Sí, {name.split(maxsplit=1)[0]}", "Sin aclaraciones", "Eso es todo")
    return phone


def with_receipt(company: Company) -> Phone:
    phone = by_transfer(
        company, name="Nora Blanco", goods="3 kg de pan y 2 sprite de 2,25", branch="Avellaneda"
    )
    phone.sends("image", caption="ahí va el comprobante")
    return phone


def begins(company: Company) -> Phone:
    """Is still being asked by the bot."""
    phone = company.phone("Fabio Ruiz")
    phone.says("hola, quiero 2 fernet branca")
    return phone


def asks_for_a_person(company: Company, *, name: str, words: str) -> Phone:
    phone = company.phone(name)
    phone.says(words)
    phone.says("quiero hablar con una persona")
    return phone


def gives_up(company: Company) -> Phone:
    phone = by_transfer(company, name="Gala Mora", goods="2 vinos malbec", branch="Belgrano")
    phone.says("cancelá el pedido")
    phone.taps("Sí, cancelarlo")
    return phone


#: Whose conversation it is, and how it went.
TALKS: dict[str, Callable[[Company], Phone]] = {
    "gala": gives_up,
    "delia": partial(by_transfer, name="Delia Sosa", goods="6 cocas de 2,25 y 2 kg de azúcar", branch="Belgrano"),
    "hugo": partial(by_transfer, name="Hugo Paz", goods="4 cervezas quilmes de litro", branch="San Justo"),
    "elena": partial(asks_for_a_person, name="Elena Gil", words="me llegó una factura que no es mía"),
    "bruno": partial(by_transfer, name="Bruno Díaz", goods="1 pack de brahma y 3 pan francés", branch="Almagro"),
    "carla": partial(by_transfer, name="Carla Ríos", goods="2 fanta de 2,25 y 1 kg de yerba", branch="Belgrano"),
    "irma": partial(asks_for_a_person, name="Irma Vega", words="¿hacen descuento a comedores?"),
    "nora": with_receipt,
    "lucia": lucia,
    "fabio": begins,
}  # fmt: skip


def age(company: Company, phone: Phone, *, minutes: int) -> None:
    """Let somebody have waited for longer than the test runs."""
    number = phone.orders[-1]["number"]  # read before: SQLite has one writer
    with company.database.transaction() as session:
        order = session.get_one(Order, number)
        order.created_at -= timedelta(minutes=minutes)
        assert order.waiting_since is not None
        order.waiting_since -= timedelta(minutes=minutes)


def set_up(company: Company, *, chief: str, password: str) -> dict[str, Phone]:
    """Everything; returns the customers by the names in TALKS."""
    ids = people(company, chief=chief, password=password)
    past(company, ids)
    with ThreadPoolExecutor(3) as pool:
        phones = dict(zip(TALKS, pool.map(lambda talk: talk(company), TALKS.values()), strict=True))
    marcos = at_work(company, "marcos@elombu.example")
    for name in ("delia", "hugo", "elena", "carla"):
        marcos.move(phones[name], State.IN_PROGRESS)
    marcos.move(phones["delia"], State.INVOICED, amount="34200")
    marcos.move(phones["hugo"], State.NO_ANSWER)
    marcos.move(phones["elena"], State.RESOLVED)
    marcos.leave()
    for words in ("¿me lo podés preparar para las 18?", "paso con mi hermana"):
        phones["carla"].says(words)
    for name, minutes in (("bruno", 47), ("irma", 22), ("nora", 12), ("carla", 2)):
        age(company, phones[name], minutes=minutes)
    return phones
