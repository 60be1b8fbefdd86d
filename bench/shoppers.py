"""Customers who order through the simulator's phones."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from bench.customer import Customer, Say
from tests.e2e.company import Company


@dataclass
class Talk:
    """What the customers who order met; times in seconds."""

    answers: list[float] = field(default_factory=list)
    orders: int = 0
    lost: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def talk(running: Company, *, customers: int, orders: int, first: int, think: float) -> Talk:
    """Let so many customers order at the same time, each order another person's.

    `think`: seconds that a person takes for the next message, on average.
    """
    found = Talk()
    threads = [
        threading.Thread(target=_orders, args=(running, found, first + number * orders, orders, think))
        for number in range(customers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _orders(running: Company, found: Talk, first: int, orders: int, think: float) -> None:
    pause = Random(first)  # noqa: S311 - the same pauses each time
    with httpx.Client(base_url=running.simulator_url, timeout=130) as http:
        for number in range(first, first + orders):
            wish = {"name": f"Compra {number}", "phone": f"54911{60_000_000 + number}"}
            person = http.post("/sim/customers", json=wish).json()
            _order(http, found, person["id"], pause=lambda: time.sleep(think * pause.uniform(0.5, 1.5)))


def _order(http: httpx.Client, found: Talk, person: str, *, pause: Callable[[], None]) -> None:
    customer = Customer(wa_id=person)
    say: Say | None = customer.first()
    seen = 0
    shown: dict[str, Any] = {}
    for _ in range(40):
        if say is None:
            break
        pause()
        body = {"kind": "text", "text": say.text}
        if say.payload:
            body = {"kind": "tap", "message": shown["id"], "title": say.text}
        began = time.monotonic()
        http.post(f"/sim/customers/{person}/messages", json=body).raise_for_status()
        asked: dict[str, str | int] = {"after": seen, "side": "business", "wait": 60}
        answer = http.get(f"/sim/customers/{person}/chat", params=asked).json()
        if not answer["messages"]:
            with found.lock:
                found.lost += 1
            return
        with found.lock:
            found.answers.append(time.monotonic() - began)
        seen, shown = answer["last_seq"], answer["messages"][-1]
        say = customer.next(_as_sent(shown))
    with found.lock:
        found.orders += customer.orders_done


def _as_sent(shown: dict[str, Any]) -> dict[str, Any]:
    """Put a message of the simulator's phone into the shape in which it was sent."""
    options = [{"reply": {"id": "x", "title": each["title"]}} for each in shown["options"]]
    body = {"body": {"text": shown["text"]}, "action": {"buttons": options}}
    return {"interactive": body} if options else {"text": {"body": shown["text"]}}
