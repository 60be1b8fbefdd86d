"""Small writes of several threads in one commit: who comes first writes for all who wait."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from openbot.errors import OpenbotError

T = TypeVar("T")
Transaction = Callable[[], AbstractContextManager[Session]]


class NotWritten(OpenbotError):
    """The thread that wrote for others was stopped before the commit."""

    code = "not_written"


@dataclass(slots=True)
class _Write:
    work: Callable[[Session], Any]
    turn: threading.Event = field(default_factory=threading.Event)  #: it is done, or its thread writes next
    is_done: bool = False
    result: Any = None
    error: Exception | None = field(default_factory=NotWritten)


class Group:
    """Writes that wait for each other's commit. Safe to share between threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: list[_Write] = []
        self._is_writing = False

    def run(self, work: Callable[[Session], T], transaction: Transaction) -> T:
        """Run `work` in some `transaction()` and return its result once that is committed. Raises what it raises."""
        mine = _Write(work)
        with self._guard:
            self._waiting.append(mine)
            leads, self._is_writing = not self._is_writing, True
        if not leads:
            mine.turn.wait()
        if not mine.is_done:
            self._lead(transaction)
        if mine.error is not None:
            raise mine.error
        result: T = mine.result
        return result

    def _lead(self, transaction: Transaction) -> None:
        group: list[_Write] = []
        try:
            with transaction() as session:
                group = self._take()
                for write in group:
                    write.result = write.work(session)
            for write in group:
                write.error = None
        except Exception as error:  # noqa: BLE001 - raised by `run`, in the thread of the write that caused it
            if not group:  # the transaction did not even begin: nobody can write
                group = self._take()
                for write in group:
                    write.error = error
            elif len(group) == 1:
                group[0].error = error
            else:
                for write in group:
                    _alone(write, transaction)
        finally:
            for write in group:
                write.is_done = True
                write.turn.set()
            self._pass_on()

    def _take(self) -> list[_Write]:
        with self._guard:
            group, self._waiting = self._waiting, []
            return group

    def _pass_on(self) -> None:
        with self._guard:
            self._is_writing = bool(self._waiting)
            if self._waiting:
                self._waiting[0].turn.set()


def _alone(write: _Write, transaction: Transaction) -> None:
    try:
        with transaction() as session:
            write.result = write.work(session)
        write.error = None
    except Exception as error:  # noqa: BLE001 - raised by `run` in its own thread
        write.error = error
