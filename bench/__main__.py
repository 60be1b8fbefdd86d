"""`python -m bench`: throughput and answer times of Openbot, and of stock Rasa in the same run, as a ratio."""

import argparse
import asyncio
import signal
import sys
from contextlib import AbstractContextManager
from pathlib import Path

from bench import load, systems
from bench.load import Figures, quantile
from bench.sink import Sink
from bench.systems import Processes
from bench.webhooks import Door

#: Questions that any assistant answers with one message, for the cost of a long conversation.
QUESTIONS = ("hola", "a qué hora abren?", "ayuda")
GROWTH_AT = (20, 200, 2000)
FIRST_NUMBER = 1000


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--customers", type=int, default=20, help="at the same time (default 20)")
    parser.add_argument("--orders", type=int, default=3, help="of each customer (default 3)")
    parser.add_argument("--database", help="PostgreSQL URL; default a new SQLite file")
    parser.add_argument("--no-stock", action="store_true", help="without the baseline")
    parser.add_argument("--no-growth", action="store_true", help="without the long conversation")
    parser.add_argument(
        "--growth", type=int, default=2000, help="messages of the long conversation (default 2000)"
    )
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the systems are stopped then, too
    at = tuple(number for number in GROWTH_AT if number <= chosen.growth) if not chosen.no_growth else ()
    ours = asyncio.run(_measure("openbot", chosen, at=at))
    if chosen.no_stock:
        return
    # Stock slows down with every message of a conversation: 200 are enough to see it.
    stock = asyncio.run(
        _measure("stock", chosen, at=tuple(number for number in at if number <= GROWTH_AT[1]))
    )
    print(f"\nratio to stock Rasa in this run: {ours.per_second / stock.per_second:.1f} x")  # noqa: T201


async def _measure(system: str, chosen: argparse.Namespace, *, at: tuple[int, ...]) -> Figures:
    sink = Sink()
    (sink_port,) = systems.free_ports(1)
    await sink.start(sink_port)
    running: AbstractContextManager[tuple[Processes, int]]
    if system == "openbot":
        path, running = (
            "/whatsapp/webhook",
            systems.openbot(database_url=chosen.database, sink_port=sink_port),
        )
    else:
        path = "/webhooks/stock_whatsapp/webhook"
        running = systems.stock_rasa(sink_port=sink_port, cache=Path("var/bench"))
    with running as (processes, port):
        door = Door(port=port, path=path, secret=systems.SECRET, number_id=systems.NUMBER_ID)
        await load.run(door=door, sink=sink, customers=2, orders=1, first_number=FIRST_NUMBER)  # warm
        door.acknowledged.clear()
        before = processes.cpu()
        figures = await load.run(
            door=door,
            sink=sink,
            customers=chosen.customers,
            orders=chosen.orders,
            first_number=FIRST_NUMBER + 100,
        )
        after = processes.cpu()
        _print(system, figures, door, {name: after[name] - before[name] for name in after})
        if at:
            grown = await load.growth(door=door, sink=sink, wa_id="5491199999999", at=at, texts=QUESTIONS)
            first = grown[at[0]]
            cells = ", ".join(
                f"{n}: {time * 1000:.1f} ms ({time / first:.2f} x)" for n, time in grown.items()
            )
            print(f"  answer to message n of one conversation   {cells}")  # noqa: T201
    await sink.stop()
    return figures


def _print(system: str, figures: Figures, door: Door, cpu: dict[str, float]) -> None:
    answers = figures.answers
    total = max(len(answers), 1)
    shares = ", ".join(f"{name} {seconds / total * 1000:.1f}" for name, seconds in cpu.items())
    rows = {
        "customer messages per second": f"{figures.per_second:.1f}",
        "answer p50 / p99": f"{quantile(answers, 0.5) * 1000:.0f} / {quantile(answers, 0.99) * 1000:.0f} ms",
        "webhook acknowledged p99": f"{quantile(door.acknowledged, 0.99) * 1000:.0f} ms",
        "messages, taps, orders confirmed": f"{figures.messages}, {figures.taps / max(figures.messages, 1):.0%}, "
        f"{figures.orders}",
        "unanswered, off the script": f"{figures.unanswered}, {figures.lost}",
        "processor ms per message": shares,
    }
    print(f"\n{system}")  # noqa: T201
    for name, value in rows.items():
        print(f"  {name:<42}{value}")  # noqa: T201


if __name__ == "__main__":
    main()
