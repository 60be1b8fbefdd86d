"""Posts updates to the webhook: signed, repeated until a 200, spoiled as the switches say."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

import httpx

from .webhooks import Update, encode, envelope, signature
from .world import World

log = logging.getLogger(__name__)

#: Meta puts at most so many updates into one POST.
LARGEST_BATCH = 1000
#: A gathering that became due a hair early by the loop's clock is released all the same.
SLACK_SECONDS = 0.001


@dataclass(slots=True)
class Waiting:
    """An update that was not delivered yet; times are the event loop's."""

    update: Update
    since: float
    due: float
    attempt: int = 0


class Delivery:
    """The queue of updates. One train of POSTs per customer at a time, unless a switch says otherwise."""

    def __init__(self, world: World, client: httpx.AsyncClient) -> None:
        self._world = world
        self.client = client
        self._waiting: list[Waiting] = []
        self._busy: set[str] = set()
        self._trains: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()

    @property
    def open_count(self) -> int:
        """How many updates wait or are on their way."""
        return len(self._waiting) + len(self._trains)

    @property
    def waiting_count(self) -> int:
        """How many updates wait for their first or next attempt."""
        return len(self._waiting)

    def submit(self, update: Update) -> None:
        """Queue an update, with its duplicates; nothing is sent while the app is not subscribed."""
        world = self._world
        if not world.subscribed:
            return
        now = asyncio.get_running_loop().time()
        due = now + world.faults.delay_ms / 1000
        self._waiting.append(Waiting(update, now, due))
        duplicate = world.faults.duplicate
        if duplicate is not None and duplicate.next != 0 and world.random.random() < duplicate.rate:
            duplicate.next = None if duplicate.next is None else duplicate.next - 1
            for copy in range(duplicate.copies):
                twin = replace(update, lane=f"{update.lane}#{copy}")
                self._waiting.append(Waiting(twin, now, due))
                world.figures.duplicates_posted += 1
        self._wake.set()

    def nudge(self) -> None:
        """Look at the queue again: a switch changed."""
        self._wake.set()

    def clear(self) -> None:
        """Drop all that waits (the world was reset)."""
        self._waiting.clear()
        self._wake.set()

    async def run(self) -> None:
        """Post what is due, for ever; cancel to stop."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                self._wake.clear()
                for lanes, groups in self._departures(loop.time()):
                    self._busy |= lanes
                    train = asyncio.create_task(self._post_all(lanes, groups, epoch=self._world.epoch))
                    self._trains.add(train)
                    train.add_done_callback(self._arrived)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._pause(loop.time()))
        finally:
            for train in self._trains:
                train.cancel()

    def _pause(self, now: float) -> float | None:
        gather = self._world.faults.batch or self._world.faults.reorder
        window = 0 if gather is None else gather.window_ms / 1000
        times = [waiting.due + wait for waiting in self._waiting for wait in {0, window}]
        times = [time for time in times if time > now]
        return max(SLACK_SECONDS, min(times) - now) if times else None

    def _departures(self, now: float) -> Iterable[tuple[set[str], list[list[Waiting]]]]:
        faults = self._world.faults
        ready = [one for one in self._waiting if one.due <= now and one.update.lane not in self._busy]
        if not ready:
            return
        gather = faults.batch or faults.reorder
        if gather is None:
            yield from self._by_lane(ready)
            return
        oldest = min(one.due for one in ready)
        if len(ready) < gather.size and now - oldest < gather.window_ms / 1000 - SLACK_SECONDS:
            return
        self._take(ready)
        if faults.reorder is not None:
            ready.reverse()
        size = min(gather.size, LARGEST_BATCH) if faults.batch is not None else 1
        groups = [ready[start : start + size] for start in range(0, len(ready), size)]
        yield {one.update.lane for one in ready}, groups

    def _by_lane(self, ready: list[Waiting]) -> Iterable[tuple[set[str], list[list[Waiting]]]]:
        self._take(ready)
        lanes: dict[str, list[Waiting]] = {}
        for one in ready:
            lanes.setdefault(one.update.lane, []).append(one)
        for lane, ones in lanes.items():
            if self._world.faults.rebatch_retries and any(one.attempt for one in ones):
                also = [one for one in self._waiting if one.update.lane == lane and one.attempt]
                together = (ones + also)[:LARGEST_BATCH]
                self._take(together)
                self._waiting += ones[LARGEST_BATCH:]
                yield {lane}, [together]
            else:
                yield {lane}, [[one] for one in ones]

    def _take(self, ready: list[Waiting]) -> None:
        taken = {id(one) for one in ready}
        self._waiting = [one for one in self._waiting if id(one) not in taken]

    def _arrived(self, train: asyncio.Task[None]) -> None:
        self._trains.discard(train)
        if not train.cancelled() and (error := train.exception()) is not None:
            log.error("A webhook could not be made.", exc_info=error)
        self._wake.set()
        self._world.bell.ring()

    async def _post_all(self, lanes: set[str], groups: list[list[Waiting]], *, epoch: int) -> None:
        try:
            for group in groups:
                if self._world.epoch == epoch:
                    await self._post_group(group, epoch=epoch)
        finally:
            self._busy -= lanes

    async def _post_group(self, group: list[Waiting], *, epoch: int) -> None:
        world = self._world
        body = encode(envelope([one.update for one in group], settings=world.settings))
        outcome = await self.post(body)
        if world.epoch != epoch:
            return
        if outcome == "200":
            world.figures.updates_delivered += len(group)
            for one in group:
                self._tick(one.update)
            return
        now = asyncio.get_running_loop().time()
        for one in group:
            behaviour = world.behaviour
            delay = min(behaviour.retry_first_ms * 2**one.attempt, behaviour.retry_max_ms) / 1000
            self._waiting.append(Waiting(one.update, one.since, now + delay, one.attempt + 1))

    def _tick(self, update: Update) -> None:
        found = self._world.message(update.message_id) if update.message_id else None
        if found is not None:
            self._world.advance(*found, "delivered")

    async def post(self, body: bytes, *, signed_as: str | None = None) -> str:
        """POST these bytes once; the outcome is the status code or the name of the connection's error.

        `signed_as` replaces the signature header; empty leaves it out.
        """
        world = self._world
        header = signature(body, app_secret=world.settings.app_secret) if signed_as is None else signed_as
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        if header:
            headers["X-Hub-Signature-256"] = header
        figures = world.figures
        figures.webhook_attempts += 1
        try:
            timeout = world.behaviour.webhook_timeout_ms / 1000
            answer = await self.client.post(world.webhook_url, content=body, headers=headers, timeout=timeout)
            outcome = str(answer.status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            outcome = type(error).__name__
        if outcome == "200":
            figures.webhook_delivered += 1
        else:
            figures.webhook_not_200[outcome] += 1
        if outcome != figures.last_webhook:
            figures.last_webhook = outcome
            world.tell({"kind": "webhook", "outcome": outcome})
        return outcome
