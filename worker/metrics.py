"""The worker's own figures for Prometheus, on 127.0.0.1 alone: turns and sends by what became of them."""

import logging

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server

log = logging.getLogger(__name__)

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)


class Metrics:
    """Counts; threads may share it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "openbot_turns_done",
            "Turns by outcome: answered, overtaken, put_off, given_up",
            ["outcome"],
            registry=self.registry,
        )
        self._sends = Counter(
            "openbot_sends",
            "Sends by WhatsApp's answer: sent, refused, uncertain",
            ["result"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "openbot_send_seconds",
            "Wait for WhatsApp's answer to a send",
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def turn(self, outcome: str) -> None:
        """Count a turn."""
        self._turns.labels(outcome).inc()

    def send(self, result: str, seconds: float) -> None:
        """Count a send and how long its answer took."""
        self._sends.labels(result).inc()
        self._seconds.observe(seconds)

    def serve(self, port: int) -> None:
        """Answer scrapes from now on; a port that another worker has is no reason not to work."""
        try:
            start_http_server(port, addr="127.0.0.1", registry=self.registry)
        except OSError as error:
            log.warning("no figures at 127.0.0.1:%s: %s", port, error.strerror)
