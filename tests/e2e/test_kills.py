"""kill -9 in the middle of a conversation: no message lost, doubled or answered out of order (architecture §6)."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from openbot.schema import Inbound, Outbound, Turn
from openbot.vocabulary import InboxState, OutboxState, TurnState
from tests.e2e.company import Company, until
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e

#: Less than a lease: the next worker gives back at once what a dead one had in hand. Back-offs are included.
QUICK = 50.0
#: A send that was cut off is sent again after the grace.
LONG = 150.0


@contextmanager
def held_in_the_middle(company: Company) -> Iterator[None]:
    """The action server stands still, so that turns stay in hand."""
    pid = company.kill("actions", how=signal.SIGSTOP)
    try:
        yield
    finally:
        if company.pid("actions") == pid:
            company.kill("actions", how=signal.SIGCONT)


def wait_until_claimed(company: Company, phone: Phone) -> None:
    def claimed() -> bool:
        with company.database.reading() as session:
            turns = select(Turn.id).where(
                Turn.contact_id == phone.contact_id, Turn.state == TurnState.CLAIMED
            )
            return session.scalar(turns) is not None

    until(claimed)


def assert_nothing_lost(company: Company, phone: Phone, *, said: list[str]) -> None:
    """Each message came in once, in order, and was answered; each reply reached the phone once, in order."""
    lines = phone.transcript
    assert [line["text"] for line in lines if line["author"] == "cliente"] == said, str(phone)
    with company.database.reading() as session:
        mine = Inbound.contact_id == phone.contact_id
        came = list(session.scalars(select(Inbound).where(mine).order_by(Inbound.id)))
        sent = list(
            session.scalars(
                select(Outbound).where(Outbound.contact_id == phone.contact_id).order_by(Outbound.id)
            )
        )
    assert {row.state for row in came} == {InboxState.ANSWERED}
    assert {row.state for row in sent} == {OutboxState.ACCEPTED}
    turns = [row.turn_id for row in came]
    assert turns == sorted(turns), "turns out of order"
    assert {row.turn_id for row in sent} == set(turns), "a turn without its answer"
    shown = phone.bubbles
    assert [row.wamid for row in sent] == [bubble.id for bubble in shown], str(phone)
    assert len({bubble.tracker for bubble in shown}) == len(shown), "a bubble came twice"


@pytest.mark.parametrize("name", ["web", "worker", "actions", "rasa"])
def test_a_process_killed_in_the_middle_of_a_turn_costs_nothing(company: Company, name: str):
    ana = company.phone()
    said = ["quiero 2 cocas de 2,25", "agregale 1 kg de pan", "y una fanta"]
    ana.says(said[0])
    with held_in_the_middle(company):
        ana.post("text", text=said[1])
        wait_until_claimed(company, ana)
        before = company.kill(name)
        ana.post("text", text=said[2])
    company.wait_for(name, other_than=before)
    ana.answer(seconds=QUICK)
    assert_nothing_lost(company, ana, said=said)
    items = {item["name"]: float(item["quantity"]) for item in ana.order["items"]}
    assert items == {"Coca-Cola 2,25 L": 2, "Pan francés": 1, "Fanta naranja 2,25 L": 1}, str(ana)


def test_a_worker_that_stands_still_is_ended_and_the_next_one_goes_on_at_once(company: Company):
    ana = company.phone()
    said = ["quiero 2 cocas de 2,25", "agregale 1 kg de pan"]
    ana.says(said[0])
    with held_in_the_middle(company):
        ana.post("text", text=said[1])
        wait_until_claimed(company, ana)
        before = company.kill("worker", how=signal.SIGSTOP)
    company.wait_for("worker", other_than=before)
    ana.answer(seconds=20)
    assert_nothing_lost(company, ana, said=said)


def test_a_worker_told_to_stop_finishes_what_is_in_hand(company: Company):
    ana = company.phone()
    said = ["quiero 2 cocas de 2,25", "agregale 1 kg de pan"]
    ana.says(said[0])
    with held_in_the_middle(company):
        ana.post("text", text=said[1])
        wait_until_claimed(company, ana)
        before = company.kill("worker", how=signal.SIGTERM)
        until(lambda: "finishing what is in hand" in company.log("worker"))
    company.wait_for("worker", other_than=before)
    ana.answer(seconds=20)  # nothing was left behind
    assert_nothing_lost(company, ana, said=said)
    assert [item["quantity"] for item in ana.order["items"]] == ["2.000", "1.000"]


def test_a_send_in_hand_is_finished_before_the_worker_stops(company: Company):
    ana = company.phone()
    company.set_faults(slow={"ms": 1500, "next": 1})
    ana.post("text", text="hola")

    def released() -> bool:
        with company.database.reading() as session:
            return session.scalar(select(Outbound.state).where(Outbound.contact_id == ana.contact_id)) in {
                OutboxState.RELEASED,
                OutboxState.ACCEPTED,
            }

    until(released)
    before = company.kill("worker", how=signal.SIGTERM)
    company.wait_for("worker", other_than=before)
    ana.answer(seconds=20)
    assert_nothing_lost(company, ana, said=["hola"])


def test_customers_notice_nothing_while_one_process_after_the_other_is_killed(company: Company):
    phones = [company.phone(f"{name} Paz") for name in ("Ana", "Beto", "Cora")]

    def order(phone: Phone) -> None:
        phone.patience = LONG
        phone.says("hola")
        phone.taps(
            "Hacer un pedido", "Retiro en sucursal", "Belgrano", "Gaseosas y aguas", "Coca-Cola 2,25 L", "2"
        )
        phone.taps("Eso es todo", "Transferencia", "Sin aclaraciones")
        phone.taps(f"Sí, {phone.customer['name'].split()[0]}", "Confirmar")

    with ThreadPoolExecutor(len(phones)) as pool:
        orders = [pool.submit(order, phone) for phone in phones]
        for name in ("web", "actions", "worker"):
            before = company.kill(name)
            company.wait_for(name, other_than=before)
        for each in orders:
            each.result()
    for phone in phones:
        assert phone.order["state"] == "COMPLETO", str(phone)
        assert phone.order["total"] == "10400.00", str(phone)
        assert_nothing_lost(
            company, phone, said=[line[2:].removeprefix("(tap) ") for line in phone.log if line[0] == "👤"]
        )
