"""What every route of the panel's API has at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from openbot.database import Database
from openbot.files.store import Store
from openbot.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelApi:
    """One web process; kept in `app.state.panel`."""

    database: Database
    settings: Settings
    store: Store
    clock: Callable[[], datetime]

    @property
    def now(self) -> datetime:
        """The time, aware UTC."""
        return self.clock()


def panel_api(connection: HTTPConnection) -> PanelApi:
    """Return this process's."""
    return cast("PanelApi", connection.app.state.panel)


Db = Annotated[PanelApi, Depends(panel_api)]
