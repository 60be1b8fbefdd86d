"""The load itself: N customers, whole orders, each message after the answer to the one before."""

import asyncio
import statistics
import time
from dataclasses import dataclass, field

from bench.customer import Customer, Say
from bench.sink import Sink
from bench.webhooks import Door

ANSWER_SECONDS = 60.0
LONGEST_ORDER = 40


@dataclass
class Figures:
    """What a run measured; times in seconds."""

    answers: list[float] = field(default_factory=list)
    messages: int = 0
    taps: int = 0
    orders: int = 0
    unanswered: int = 0
    lost: int = 0
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        """Customer messages answered per second."""
        return len(self.answers) / self.elapsed if self.elapsed else 0.0


def quantile(times: list[float], share: float) -> float:
    """Return the value below which this share of the times is; 0 without any."""
    if not times:
        return 0.0
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def run(*, door: Door, sink: Sink, customers: int, orders: int, first_number: int) -> Figures:
    """Let so many customers place so many orders each, all at the same time."""
    figures = Figures()
    started = time.perf_counter()
    people = [Customer(wa_id=f"54911{first_number + index:08d}") for index in range(customers * orders)]
    # A confirmed order stays open until an operator closes it, so each order is another customer's.
    queues = [people[start::customers] for start in range(customers)]
    await asyncio.gather(*(_orders(queue, door=door, sink=sink, figures=figures) for queue in queues))
    figures.elapsed = time.perf_counter() - started
    figures.orders = sum(person.orders_done for person in people)
    figures.taps = sum(person.taps for person in people)
    figures.lost = sum(person.lost for person in people)
    return figures


async def _orders(people: list[Customer], *, door: Door, sink: Sink, figures: Figures) -> None:
    """Let these people order one after the other."""
    for person in people:
        say: Say | None = person.first()
        for _ in range(LONGEST_ORDER):
            if say is None:
                break
            message = await exchange(person.wa_id, say, door=door, sink=sink, figures=figures)
            if message is None:
                break
            say = person.next(message)


async def exchange(
    wa_id: str, say: Say, *, door: Door, sink: Sink, figures: Figures
) -> dict[str, object] | None:
    """Send one message and wait for its answer; of two bubbles the last that came is returned."""
    arrived = sink.arrived[wa_id]
    figures.messages += 1
    started = time.perf_counter()
    await door.say(wa_id=wa_id, say=say)
    try:
        message = await asyncio.wait_for(arrived.get(), ANSWER_SECONDS)
    except TimeoutError:
        figures.unanswered += 1
        return None
    figures.answers.append(time.perf_counter() - started)
    while not arrived.empty():
        message = arrived.get_nowait()
    return message


async def growth(
    *, door: Door, sink: Sink, wa_id: str, at: tuple[int, ...], texts: tuple[str, ...], width: int = 20
) -> dict[int, float]:
    """Return the median answer time around the n-th message of one conversation, for each n of `at`."""
    figures = Figures()
    for number in range(max(at) + width // 2):
        await exchange(wa_id, Say(text=texts[number % len(texts)]), door=door, sink=sink, figures=figures)
    return {n: statistics.median(figures.answers[max(0, n - width // 2) : n + width // 2]) for n in at}
