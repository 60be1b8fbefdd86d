"""The read mark and «escribiendo…» while a turn is being answered. Never in the way of the reply."""

import logging
import queue
import threading

from openbot.whatsapp.client import GraphClient

log = logging.getLogger(__name__)

#: More waiting marks than this are worth less than the replies they announce.
MAX_WAITING = 100


class Presence:
    """Sends marks from a thread of its own; a mark that fails or comes too late is dropped and counted."""

    def __init__(self, *, client: GraphClient) -> None:
        self._client = client
        self._waiting: queue.Queue[str | None] = queue.Queue(maxsize=MAX_WAITING)
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
        self._thread.start()

    def announce(self, wamid: str) -> None:
        """Mark this message as read and show «escribiendo…» (contract §5.5)."""
        if not wamid:
            return
        try:
            self._waiting.put_nowait(wamid)
        except queue.Full:
            self.dropped += 1

    def stop(self) -> None:
        """Drop what waits and end the thread."""
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        self._waiting.put(None)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while (wamid := self._waiting.get()) is not None:
            try:
                done = self._client.mark_read(wamid, typing=True)
            except Exception:  # a mark must never end this thread, whatever the client met
                log.exception("read mark failed")
                done = False
            if not done:
                self.dropped += 1
