"""The web process: one ASGI app, one port."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api import errors, me, sign_in, whatsapp_webhook
from api.gate import Gate
from api.intake import Intake
from api.panel_api import PanelApi
from api.signed_in import same_origin
from openbot.conversations.reception import Reception
from openbot.database import Database
from openbot.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


def _routers() -> list[APIRouter]:
    """One router per file."""
    return [sign_in.router(), me.router()]


def create_app(
    settings: Settings | None = None,
    *,
    database: Database | None = None,
    clock: Callable[[], datetime] = _now,
) -> FastAPI:
    """Build the app; without arguments from the environment. Raises SettingsWrong."""
    settings = settings or Settings.load()
    database = database or Database(settings.database_url)
    intake = Intake(database=database, reception=Reception(settings=settings), clock=clock)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        yield
        intake.close()
        database.close()

    app = FastAPI(
        title="Openbot", lifespan=life, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json"
    )
    panel = PanelApi(database=database, settings=settings, clock=clock)
    app.state.panel = panel
    app.add_middleware(Gate, panel=panel)
    errors.install(app)
    app.router.routes.extend(whatsapp_webhook.routes(intake=intake, settings=settings))
    app.get("/health", summary="Is this process up and its database reachable?")(_health(database))
    for router in _routers():
        app.include_router(router, dependencies=[Depends(same_origin)])
    return app


def _health(database: Database) -> Callable[[], Any]:
    def health() -> Any:
        try:
            with database.reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            return JSONResponse({"database": type(error).__name__}, status_code=503)
        return {"database": "ok"}

    return health
