"""`/metrics`: figures for Prometheus. Numbers and states only; never a name, a phone or a word of a message.

Read from this machine, or from anywhere with the token of OPENBOT_METRICS_TOKEN.
"""

import hmac
from collections.abc import Callable, Iterator
from datetime import datetime

from fastapi.concurrency import run_in_threadpool
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.zone import zone_of
from openbot import plan
from openbot.conversations import vitals
from openbot.conversations.vitals import Vitals
from openbot.database import Database, Session
from openbot.settings import Settings

PATH = "/metrics"
_THIS_MACHINE = frozenset({"127.0.0.1", "::1"})
#: A request that a proxy passed on comes from elsewhere, whatever address is left of it.
_PASSED_ON = ("x-forwarded-for", "forwarded", "x-real-ip")


class Metrics:
    """The figures of the web process, and those of the database."""

    def __init__(self, *, database: Database, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._database, self._settings, self._clock = database, settings, clock
        self._token = settings.metrics_token.get_secret_value().encode()
        self.sockets: Callable[[], int] = lambda: 0
        self.registry = CollectorRegistry()
        self._webhooks = Counter(
            "openbot_webhooks",
            "Webhooks of WhatsApp, by what became of them",
            ["result"],
            registry=self.registry,
        )
        for result in ("stored", "not_stored", "refused", "unreadable"):
            self._webhooks.labels(result)
        self.registry.register(_FromDatabase(self._read))

    @property
    def route(self) -> Route:
        """The route to it."""
        return Route(PATH, self._answer, methods=["GET"])

    def webhook(self, result: str) -> None:
        """Count a webhook."""
        self._webhooks.labels(result).inc()

    async def _answer(self, request: Request) -> Response:
        if not self._may_read(request):
            return PlainTextResponse("forbidden", status_code=403)
        written = await run_in_threadpool(generate_latest, self.registry)
        return Response(written, media_type=CONTENT_TYPE_LATEST)

    def _may_read(self, request: Request) -> bool:
        if self._token:
            given = request.headers.get("authorization", "").encode()
            return hmac.compare_digest(given, b"Bearer " + self._token)
        is_passed_on = any(name in request.headers for name in _PASSED_ON)
        return not is_passed_on and request.client is not None and request.client.host in _THIS_MACHINE

    def _read(self) -> Iterator[Metric]:
        yield _gauge("websockets", "Open pages of the panel on this process", self.sockets())
        try:
            with self._database.reading() as session:
                found = vitals.vitals(session, now=self._clock())
                events = vitals.events(session)
                month = self._plan(session)
        except SQLAlchemyError:
            yield _gauge("database_up", "Whether the database answers", 0)
            return
        yield _gauge("database_up", "Whether the database answers", 1)
        yield from _states(found)
        family = GaugeMetricFamily("openbot_events", "What was counted since the beginning", labels=["event"])
        for name, number in sorted(events.items()):
            family.add_metric([name], number)
        yield family
        yield _gauge("plan_used", "Messages processed this month", month.used)
        if month.allowance is not None:
            yield _gauge("plan_allowance", "Messages that the plan has a month", month.allowance)
            yield _gauge("plan_remaining", "Messages left this month", month.remaining or 0)

    def _plan(self, session: Session) -> plan.Plan:
        return plan.status(session, now=self._clock(), zone=zone_of(session, self._settings))


class _FromDatabase(Collector):
    """Asks the database when it is asked."""

    def __init__(self, read: Callable[[], Iterator[Metric]]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        return self._read()

    def describe(self) -> Iterator[Metric]:
        """Nothing ahead of time: at the start the database may be away."""
        return iter(())


def _states(found: Vitals) -> Iterator[Metric]:
    for name, words, by_state, all_states in (
        ("inbox", "Messages that wait for the bot", found.inbox, ("due", "held")),
        ("turns", "Turns that are open or were given up", found.turns, ("due", "claimed", "failed")),
        ("outbox", "To be sent, or failed", found.outbox, ("queued", "released", "uncertain", "failed")),
        ("broadcasts", "Broadcasts", found.broadcasts, ()),
    ):
        family = GaugeMetricFamily(f"openbot_{name}", words, labels=["state"])
        for state in (*all_states, *sorted(by_state.keys() - set(all_states))):
            family.add_metric([state], by_state.get(state, 0))
        yield family
    yield _gauge("files_pending", "Files of customers to be fetched", found.files)
    yield _gauge("contacts_unread", "Contacts with something unread", found.unread)
    yield _gauge(
        "oldest_unanswered_seconds", "Age of the oldest message for the bot", found.oldest_due_seconds
    )
    yield _gauge("oldest_unsent_seconds", "Age of the oldest message to be sent", found.oldest_unsent_seconds)
    yield _gauge(
        "sending_rests", "Whether messages are put off with a reason", int(bool(found.rests_because))
    )


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"openbot_{name}", words, value=value)
