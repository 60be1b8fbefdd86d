"""What every route of the panel's API has at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from openbot.database import Database
from openbot.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelApi:
    """One web process."""

    database: Database
    settings: Settings
    clock: Callable[[], datetime]

    @property
    def now(self) -> datetime:
        """The time, aware UTC."""
        return self.clock()


def panel_api(request: Request) -> PanelApi:
    """Return this process's."""
    return cast("PanelApi", request.app.state.panel)


Db = Annotated[PanelApi, Depends(panel_api)]
