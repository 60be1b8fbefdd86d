"""What goes wrong between WhatsApp and us: nothing is lost, doubled or answered out of order."""

import signal
import time
from datetime import UTC, datetime

import pytest

from openbot.schema import Outbound
from openbot.vocabulary import OutboxState
from tests.e2e.company import Company, until
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e

SHORT_ORDER = "2 cocas de 2,25, retiro en Belgrano, pago con transferencia, a nombre de Ana Paz"
#: Whatever is still asked then.
REST = ("Confirmar", "Sin aclaraciones", "Sí, Ana", "Eso es todo")


def assert_one_order(company: Company, phone: Phone) -> None:
    order = phone.order
    assert order["state"] == "COMPLETO", str(phone)
    assert [(item["name"], item["quantity"]) for item in order["items"]] == [("Coca-Cola 2,25 L", "2.000")]
    trackers = [bubble.tracker for bubble in phone.bubbles]
    assert len(trackers) == len(set(trackers)), f"a bubble came twice\n{phone}"
    completions = [line for line in order["history"] if line["to_state"] == "COMPLETO"]
    assert len(completions) == 1


@pytest.mark.parametrize(
    "faults",
    [
        {"duplicate": {"rate": 1, "copies": 3}},
        {"reorder": {"size": 3, "window_ms": 150}},
        {"batch": {"size": 4, "window_ms": 150}},
        {"delay_ms": 120},
        {"error_5xx": {"status": 503, "next": 2}},
        {"drop_answer": {"next": 2}},
        {"html_502": {"accepted": True, "next": 1}},
        {"html_200": {"next": 1}},
        {"slow": {"ms": 400, "next": 3}},
    ],
    ids=lambda faults: " ".join(f"{name}" for name in faults),
)
def test_an_order_is_placed_once_under(company: Company, faults):
    ana = company.phone()
    company.set_faults(**faults)
    ana.says(SHORT_ORDER)
    ana.taps_through(*REST)
    company.sim("DELETE", "faults")
    ana.settle()
    assert_one_order(company, ana)


def test_a_burst_out_of_order_keeps_the_order_in_which_it_was_written(company: Company):
    ana = company.phone()
    company.set_faults(reorder={"size": 3, "window_ms": 200})
    started = int(time.time())
    for second, text in enumerate(("hola", "quiero 2 cocas de 2,25", "para retirar en Belgrano")):
        ana.post("text", text=text, timestamp=started + second)
    ana.answer()
    came = [line["text"] for line in ana.transcript if line["author"] == "cliente"]
    assert sorted(came) == sorted(("hola", "quiero 2 cocas de 2,25", "para retirar en Belgrano"))
    assert ana.order["branch"] == "Belgrano"
    assert [item["quantity"] for item in ana.order["items"]] == ["2.000"]


def outgoing(company: Company, phone: Phone) -> list[Outbound]:
    with company.database.reading() as session:
        found = session.query(Outbound).where(Outbound.contact_id == phone.contact_id).order_by(Outbound.id)
        return list(found)


def test_a_customer_over_the_pair_rate_waits_and_gets_everything_in_order(company: Company):
    ana = company.phone()
    ana.says("hola")
    company.set_faults(codes=[{"code": 131056, "next": 1, "customer": ana.id}])
    ana.says("¿qué horarios tienen?")
    ana.says("¿y qué formas de pago?")
    rows = outgoing(company, ana)
    assert [row.state for row in rows] == [OutboxState.ACCEPTED] * 3
    for row, bubble in zip(rows, ana.bubbles, strict=True):
        assert row.text.startswith(bubble.text), str(ana)
    assert company.statistics()["sends"]["refused"].get("131056") == 1


def test_a_reply_after_the_window_has_failed_with_its_reason_and_the_next_one_goes_out(company: Company):
    ana = company.phone()
    ana.says("hola")
    company.set_faults(codes=[{"code": 131047, "next": 1, "customer": ana.id}])
    ana.says("¿qué horarios tienen?")
    ana.settle()
    failed = outgoing(company, ana)[-1]
    assert (failed.delivery or failed.state, failed.error_code) == ("failed", 131047)
    (answer,) = ana.says("¿y qué formas de pago?")
    assert "efectivo" in answer.text.lower()


def test_a_token_that_expired_loses_nothing(company: Company):
    ana = company.phone()
    ana.says("hola")
    company.set_faults(codes=[{"code": 190, "next": 1}])
    ana.post("text", text="¿qué formas de pago aceptan?")
    until(
        lambda: (
            len(outgoing(company, ana)) == 2
            and outgoing(company, ana)[-1].tries + outgoing(company, ana)[-1].attempt
        )
    )
    until(lambda: outgoing(company, ana)[-1].state is OutboxState.QUEUED)
    assert outgoing(company, ana)[-1].reason
    assert len(ana.bubbles) == 1
    # Somebody sets a new token and starts the worker again; sending was to rest for five minutes.
    before = company.kill("worker", how=signal.SIGTERM)
    with company.database.transaction() as session:
        session.get_one(Outbound, outgoing(company, ana)[-1].id).not_before = datetime.now(UTC)
    company.wait_for("worker", other_than=before)
    (answer,) = ana.answer()
    assert "Mercado Pago" in answer.text
