"""`python -m bench.broadcast`: a broadcast while customers order, through the simulator and real processes.

Twice the same conversations, without and with a broadcast. WhatsApp's limits are watched from the simulator's side: it
counts what it refused; a limit that was exceeded is a refusal there.
"""

import argparse
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, insert, select

from bench.load import quantile
from bench.shoppers import Talk, talk
from openbot.broadcasts import operations, queries
from openbot.schema import Contact, ContactKey, Operator, Outbound
from openbot.templates import operations as templates
from openbot.vocabulary import BroadcastState
from tests.e2e.company import Company, until

TEMPLATE = "retomar_conversacion"
#: One in so many wrote BAJA before; as many write it while the broadcast runs.
OPTED_OUT, OPTS_OUT = 50, 100
LONGEST = 3600.0


@dataclass(kw_only=True)
class Outcome:
    """What a run with a broadcast gave."""

    quiet: Talk
    busy: Talk
    states: dict[str, int]
    reasons: dict[str, int]
    seconds: float
    templates_sent: int  #: as the simulator counts them
    twice: int  #: contacts who got it more than once
    opted_out_got_it: int  #: who had written BAJA before theirs was queued, and got it all the same
    statistics: dict[str, Any]
    fastest: int  #: most messages that the simulator took in one second

    @property
    def slower(self) -> float:
        """The p95 of answers with the broadcast, as a share of that without."""
        return quantile(self.busy.answers, 0.95) / (quantile(self.quiet.answers, 0.95) or 1)


@contextmanager
def company(folder: Path, *, database_url: str, **settings: str) -> Iterator[Company]:
    """Run one whole installation beside the simulator."""
    running = Company(folder, database_url=database_url)
    running.environment |= {
        "OPENBOT_WHATSAPP_DAILY_CONVERSATIONS": "100000",
        **{f"OPENBOT_{name.upper()}": value for name, value in settings.items()},
    }
    running.start()
    try:
        yield running
    finally:
        running.stop()


def measure(running: Company, *, contacts: int, customers: int, orders: int, think: float) -> Outcome:
    """Talk without a broadcast, then with one to so many contacts."""
    people = _contacts(running, contacts)
    talk(running, customers=min(customers, 2), orders=1, first=10, think=0)  # warm
    quiet = talk(running, customers=customers, orders=orders, first=1000, think=think)
    broadcast_id = _start(running)
    began = time.monotonic()
    stop = threading.Event()
    opting = threading.Thread(target=_opt_out, args=(running, people[::OPTS_OUT], stop))
    opting.start()
    busy = Talk()
    while not _is_done(running, broadcast_id) and time.monotonic() - began < LONGEST:
        first = 100_000 + len(busy.answers) * 100
        found = talk(running, customers=customers, orders=orders, first=first, think=think)
        if not _is_done(running, broadcast_id) or not busy.answers:
            busy.answers += found.answers  # what went on beside the broadcast, whole rounds
            busy.orders += found.orders
            busy.lost += found.lost
    seconds = time.monotonic() - began
    stop.set()
    opting.join()
    return _outcome(running, broadcast_id, quiet=quiet, busy=busy, seconds=seconds)


def _contacts(running: Company, count: int) -> list[dict[str, Any]]:
    """Make people with phones in the simulator who wrote two days ago, one in fifty opted out."""
    people = [
        running.sim(
            "POST", "customers", {"name": f"Difusión {number}", "phone": f"54911{70_000_000 + number}"}
        )
        for number in range(count)
    ]
    now = datetime.now(UTC)
    with running.database.transaction() as session:
        first = (session.scalar(select(func.max(Contact.id))) or 0) + 1
        rows = [
            {
                "id": first + place,
                "created_at": now - timedelta(days=9),
                "user_id": person["user_id"],
                "wa_id": person["phone"],
                "profile_name": person["name"],
                "last_inbound_at": now - timedelta(days=2),
                "opted_out_at": now if place % OPTED_OUT == OPTED_OUT - 1 else None,
            }
            for place, person in enumerate(people)
        ]
        session.execute(insert(Contact), rows)
        keys = [
            {"value": row[name], "contact_id": row["id"]} for row in rows for name in ("user_id", "wa_id")
        ]
        session.execute(insert(ContactKey), keys)
    return people


def _start(running: Company) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:  # the worker fetches the templates
        with running.database.reading() as session:
            found = [each for each in templates.listed(session) if each.name == TEMPLATE]
        if found:
            break
        time.sleep(0.2)
    now = datetime.now(UTC)
    with running.database.transaction() as session:
        by = session.scalars(select(Operator.id)).first() or 0
        segment = {"last_inbound_before": (now - timedelta(days=1)).date().isoformat()}
        wish = {"name": "Banco", "template_id": found[0].id, "values": ["{{nombre}}"], "segment": segment}
        broadcast_id = operations.create(session, values=wish, by=by, now=now).id
        operations.start(session, broadcast_id=broadcast_id, version=1, at=None, now=now)
    # Who writes before the recipients are frozen is not in the segment.
    until(lambda: _line(running, broadcast_id).started_at)
    return broadcast_id


def _opt_out(running: Company, people: list[dict[str, Any]], stop: threading.Event) -> None:
    """While it runs some write BAJA, the last ones first, whose turn has not come."""
    with httpx.Client(base_url=running.simulator_url, timeout=30) as http:
        for person in reversed(people):
            if stop.wait(0.5):
                return
            http.post(f"/sim/customers/{person['id']}/messages", json={"kind": "text", "text": "BAJA"})


def _line(running: Company, broadcast_id: int) -> queries.Line:
    with running.database.reading() as session:
        [line] = queries.lines(session, only=broadcast_id)
    return line


def _is_done(running: Company, broadcast_id: int) -> bool:
    line = _line(running, broadcast_id)
    if line.state is BroadcastState.PAUSED:
        raise RuntimeError(f"the broadcast was paused: {line.note}")
    return line.state is BroadcastState.DONE


def _outcome(running: Company, broadcast_id: int, *, quiet: Talk, busy: Talk, seconds: float) -> Outcome:
    running.sim("GET", "idle?wait=60")
    statistics = running.statistics()
    with running.database.reading() as session:
        found = queries.detail(session, broadcast_id=broadcast_id)
        mine = (Outbound.broadcast_id == broadcast_id, Outbound.attempt > 0)
        per_contact = select(func.count()).where(*mine).group_by(Outbound.contact_id)
        twice = sum(number > 1 for number in session.scalars(per_contact))
        against = (
            select(func.count())
            .select_from(Outbound)
            .join(Contact, Contact.id == Outbound.contact_id)
            .where(*mine, Contact.opted_out_at < Outbound.released_at)
        )
        opted_out_got_it = session.scalar(against) or 0
        released = session.scalars(select(Outbound.released_at).where(Outbound.released_at.is_not(None)))
        fastest = max(Counter(at.replace(microsecond=0) for at in released if at).values(), default=0)
    return Outcome(
        quiet=quiet,
        busy=busy,
        states=dict(found.states),
        reasons=dict(found.reasons),
        seconds=seconds,
        templates_sent=statistics["sends"]["by_type"].get("template", 0),
        twice=twice,
        opted_out_got_it=opted_out_got_it,
        statistics=statistics,
        fastest=fastest,
    )


def report(found: Outcome) -> str:
    """Write the figures as Markdown."""
    sends = found.statistics["sends"]
    rows = {
        "answers without / with the broadcast": f"{len(found.quiet.answers)} / {len(found.busy.answers)}",
        "answer p50 without / with": _both(found, 0.5),
        "answer p95 without / with": f"{_both(found, 0.95)} ({found.slower:.2f} x)",
        "orders confirmed without / with": f"{found.quiet.orders} / {found.busy.orders}",
        "unanswered without / with": f"{found.quiet.lost} / {found.busy.lost}",
        "broadcast took": f"{found.seconds:.0f} s",
        "recipients": ", ".join(f"{name} {number}" for name, number in sorted(found.states.items())),
        "left out for": ", ".join(f"{name} {number}" for name, number in sorted(found.reasons.items())),
        "templates that the simulator took": str(found.templates_sent),
        "got it twice": str(found.twice),
        "got it after BAJA": str(found.opted_out_got_it),
        "refused by the simulator": str(sends["refused"] or "none"),
        "window violations, duplicates": f"{sends['window_violations']}, {len(found.statistics['duplicates'])}",
        "most messages in one second": str(found.fastest),
    }  # fmt: skip
    return "\n".join(f"| {name} | {value} |" for name, value in rows.items())


def _both(found: Outcome, share: float) -> str:
    quiet, busy = (quantile(each.answers, share) * 1000 for each in (found.quiet, found.busy))
    return f"{quiet:.0f} / {busy:.0f} ms"


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.broadcast", description=__doc__)
    parser.add_argument("--contacts", type=int, default=5000)
    parser.add_argument("--customers", type=int, default=50, help="who order at the same time")
    parser.add_argument("--orders", type=int, default=2, help="of each customer in a round")
    parser.add_argument("--think", type=float, default=3, help="seconds a customer takes for a message")
    parser.add_argument("--per-second", default="10", help="OPENBOT_BROADCAST_MESSAGES_PER_SECOND")
    parser.add_argument("--database", help="PostgreSQL URL; default a new SQLite file")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="openbot-bench-") as name:
        url = chosen.database or f"sqlite:///{name}/bench.db"
        with company(
            Path(name), database_url=url, broadcast_messages_per_second=chosen.per_second
        ) as running:
            found = measure(
                running,
                contacts=chosen.contacts,
                customers=chosen.customers,
                orders=chosen.orders,
                think=chosen.think,
            )
    print(report(found))  # noqa: T201


if __name__ == "__main__":
    main()
