"""A worker's beginning and end: its name, and what a dead one left in hand."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from openbot.conversations import leases
from openbot.conversations.worker_names import Name, NameLost, NoNameFree
from openbot.database import Database, DatabaseBusy

log = logging.getLogger(__name__)

AGAIN_SECONDS = 2.0


@dataclass(kw_only=True, eq=False)
class Life:
    """Of this process, on this database."""

    database: Database
    stop: threading.Event
    clock: Callable[[], datetime]
    failed: bool = False  #: it ends because it cannot go on
    _name: Name | None = None

    @property
    def name(self) -> str:
        """What its claims are made under."""
        return str(self._name)

    def begin(self) -> bool:
        """Take a name and give back what the dead had in hand. Waits for the database; False: told to stop."""
        while not self.stop.is_set():
            try:
                self._name = self._name or Name(self.database)
                given = leases.give_back_of_the_dead(self.database, name=self._name, now=self.clock())
            except NoNameFree as error:
                self._give_up(str(error))
            except (SQLAlchemyError, DatabaseBusy) as error:
                log.warning("the database cannot be used, waiting for it: %s", type(error).__name__)
                self.stop.wait(AGAIN_SECONDS)
            else:
                if given != leases.GivenBack():
                    log.info("given back of dead workers: %s", given)
                return True
        return False

    def go_on(self) -> None:
        """Make sure that the name is still ours; else the worker stops, to be started under another one."""
        try:
            if self._name is not None:
                self._name.keep()
        except NameLost as error:
            self._give_up(str(error))

    def end(self) -> None:
        """Let the name go."""
        if self._name is not None:
            self._name.let_go()

    def _give_up(self, why: str) -> None:
        log.error("%s", why)
        self.failed = True
        self.stop.set()
