"""One number, one customer, a bot and two operators: her phone never hears two voices at once."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from openbot.schema import Outbound
from openbot.vocabulary import Author
from tests.e2e.company import ROOT, Company, until
from tests.e2e.desk import PATIENCE_MS, SOON_MS, Desk
from tests.e2e.people import Door, operator, place_order
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e

PICTURE = ROOT / "simulator" / "samples" / "comprobante.jpg"
MARK = "openbot:"
DAY = 25 * 3600
STORMS: dict[str, dict[str, Any]] = {
    "calm": {},
    "doubled, late and out of order": {
        "duplicate": {"rate": 1, "copies": 2},
        "delay_ms": 120,
        "reorder": {"size": 3, "window_ms": 150},
    },
}


class Inbox:
    """An operator in front of Comunicaciones."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page = desk, desk.page

    def open(self, contact_id: int) -> None:
        self.page.goto(f"/comunicaciones?contacto={contact_id}")
        expect(self.page.locator(".head h2")).to_be_visible(timeout=PATIENCE_MS)

    def row(self, contact_id: int) -> Locator:
        return self.page.locator(f".conversation[data-contact='{contact_id}']")

    def bubble(self, text: str) -> Locator:
        return self.page.locator(".message .bubble", has_text=text)

    def sees(self, text: str) -> None:
        expect(self.bubble(text).first).to_be_visible(timeout=SOON_MS)

    def takes(self) -> None:
        self.page.locator(".head").get_by_role("button", name="Tomar", exact=True).click()
        expect(self.page.locator(".head")).to_contain_text("EN PROCESO", timeout=SOON_MS)

    def writes(self, text: str) -> None:
        field = self.page.locator(".message-field")
        field.fill(text)
        field.press("Enter")
        expect(self.page.locator(".message.pending")).to_have_count(0, timeout=SOON_MS)
        expect(self.bubble(text)).to_have_count(1)

    def sends_picture(self) -> None:
        self.page.locator("input[type=file]").set_input_files(PICTURE)
        expect(self.page.locator(".send-button")).to_be_enabled(timeout=SOON_MS)
        self.page.locator(".send-button").click()
        expect(self.page.locator(".message.out img")).to_have_count(1, timeout=PATIENCE_MS)

    def closes(self, state: str) -> None:
        self.page.get_by_role("button", name="Más acciones").click()
        self.page.get_by_role("menuitem", name=f"Cerrar: {state}").click()
        self.desk.press(f"Pasar a {state}")
        expect(self.page.locator(".head")).not_to_contain_text("EN PROCESO", timeout=SOON_MS)


def heard(company: Company, phone: Phone) -> list[tuple[Author, str]]:
    """Who said what of that which is on the phone, in its order."""
    chat = company.sim("GET", f"customers/{phone.id}/chat?side=business")["messages"]
    with company.database.reading() as session:
        authors = dict(session.execute(select(Outbound.id, Outbound.author)).all())
    return [
        (Author(authors[int(message["tracker"].removeprefix(MARK))]), message["text"]) for message in chat
    ]


def voices(company: Company, phone: Phone, *, since: int) -> set[Author]:
    return {author for author, _ in heard(company, phone)[since:]}


@pytest.mark.parametrize("storm", STORMS)
def test_the_bot_the_operator_and_the_bot_again(
    company: Company, chief: Desk, desk: Door, storm: str
) -> None:
    number = list(STORMS).index(storm)
    olga = Inbox(operator(chief, desk, name="Olga Voz", email=f"olga-voz-{number}@example.com"))
    pedro = Inbox(operator(chief, desk, name="Pedro Voz", email=f"pedro-voz-{number}@example.com"))
    ana = place_order(company)
    contact_id = ana.contact_id
    assert contact_id is not None
    company.set_faults(**STORMS[storm])

    olga.open(contact_id)
    olga.takes()
    taken = len(heard(company, ana))
    pedro.open(contact_id)
    expect(pedro.page.locator(".refusal")).to_contain_text("La atiende Olga Voz")
    expect(olga.page.locator(".head .here")).to_contain_text("Pedro Voz", timeout=SOON_MS)
    talk(company, ana, olga)
    pedro.sees("sale a las 18")
    assert voices(company, ana, since=taken) == {Author.OPERATOR}
    olga.closes("FACTURADO")
    assert ana.orders[0]["state"] == "FACTURADO"
    order_again(ana)
    assert_one_voice_at_a_time(company, ana)


def talk(company: Company, ana: Phone, olga: Inbox) -> None:
    """A person answers, with a picture each way; the bot hears nothing of it."""
    assert ana.says("¿me lo podés mandar a la tarde?") == []
    assert ana.says("cancelá el pedido") == []
    ana.post("image", caption="este es mi portón")
    olga.sees("¿me lo podés mandar a la tarde?")
    olga.sees("este es mi portón")
    expect(olga.page.locator(".message.in img")).to_have_count(1, timeout=PATIENCE_MS)
    olga.writes("¡Hola Ana! Sí, sale a las 18 🙂")
    olga.sends_picture()
    until(lambda: any("sale a las 18" in text for _, text in heard(company, ana)))
    until(lambda: "image" in [message["type"] for message in chat(company, ana)])


def order_again(ana: Phone) -> None:
    """The bot is back, and asks whether this is about the order that was closed."""
    ana.look()
    (question,) = ana.says("quiero hacer otro pedido")
    ana.taps(question.options[1])
    ana.says("3 fantas de 2,25, retiro en Belgrano, pago con transferencia")
    ana.taps_through("Confirmar", "Sí, Ana", "Sin aclaraciones", "Eso es todo")
    assert [order["state"] for order in ana.orders] == ["FACTURADO", "COMPLETO"], str(ana)


def assert_one_voice_at_a_time(company: Company, ana: Phone) -> None:
    spoken = [author for author, _ in heard(company, ana)]
    first, last = spoken.index(Author.OPERATOR), len(spoken) - 1 - spoken[::-1].index(Author.OPERATOR)
    assert set(spoken[first : last + 1]) == {Author.OPERATOR}, str(ana)
    trackers = [message["tracker"] for message in chat(company, ana)]
    assert len(trackers) == len(set(trackers)), "something was said twice"


def chat(company: Company, phone: Phone) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = company.sim("GET", f"customers/{phone.id}/chat?side=business")["messages"]
    return found


def test_a_day_later_only_a_template_goes_out_and_her_answer_opens_the_window(
    company: Company, chief: Desk, desk: Door
) -> None:
    olga = Inbox(operator(chief, desk, name="Olga Ayer", email="olga-ayer@example.com"))
    company.sim("PUT", "clock", {"offset_seconds": -DAY})  # what she writes now was written a day ago
    ana = company.phone("Ana Ayer")
    ana.post("text", text="quiero hablar con una persona")
    until(lambda: ana.contact_id is not None)
    company.sim("PUT", "clock", {"offset_seconds": 0})
    contact_id = ana.contact_id
    assert contact_id is not None
    status, templates = chief.call("POST", "/api/templates/refresh")
    assert status == 200, templates

    olga.open(contact_id)
    olga.takes()
    expect(olga.page.locator(".refusal")).to_contain_text("24 h")
    expect(olga.page.locator(".message-field")).to_be_hidden()
    olga.page.get_by_role("button", name="Elegir una plantilla").click()
    choose_template(olga, "retomar_conversacion", "Ana")
    until(lambda: "template" in [message["type"] for message in chat(company, ana)])
    ana.post("text", text="dale, sigamos")
    olga.sees("dale, sigamos")
    olga.writes("¡Buenísimo! ¿Qué te mando?")
    until(lambda: any("Qué te mando" in text for _, text in heard(company, ana)))
    assert company.statistics()["sends"]["window_violations"] == 0


def choose_template(olga: Inbox, name: str, value: str) -> None:
    dialog = olga.desk.dialog
    dialog.get_by_label(re.compile("^Plantilla")).select_option(label=f"{name} (es_AR)")
    dialog.get_by_role("textbox").first.fill(value)
    expect(dialog.locator(".template-preview")).to_contain_text(f"Hola {value}")
    dialog.get_by_role("button", name=re.compile("Enviar")).click()
    expect(olga.desk.dialog).to_have_count(0, timeout=SOON_MS)
