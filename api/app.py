"""The web process: one ASGI app, one port."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute, Match

import api
from api import errors, whatsapp_webhook
from api.gate import Gate
from api.health import Health
from api.intake import Intake
from api.live import Live
from api.metrics import Metrics
from api.pages import routes as pages
from api.panel_api import PanelApi
from api.screens import Screens
from api.signed_in import same_origin
from openbot.conversations.reception import Reception
from openbot.database import Database
from openbot.files.chosen import store_of
from openbot.settings import Settings

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None,
    *,
    database: Database | None = None,
    clock: Callable[[], datetime] = _now,
) -> FastAPI:
    """Build the app; without arguments from the environment. Raises SettingsWrong."""
    settings = settings or Settings.load()
    database = database or Database(settings.database_url)
    panel = PanelApi(database=database, settings=settings, store=store_of(settings), clock=clock)
    life = AsyncExitStack()
    life.callback(database.close)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with life:
            for start in starts:
                await life.enter_async_context(start())
            yield

    starts: list[Callable[[], Any]] = []
    app = FastAPI(
        title="Openbot", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json"
    )
    app.state.panel = panel
    errors.install(app)
    health = Health(database, clock=clock)
    life.callback(health.close)
    metrics = Metrics(database=database, settings=settings, clock=clock)
    app.state.metrics = metrics
    app.router.routes.extend((health.route, metrics.route))
    if settings.web_role != "panel":
        intake = Intake(database=database, reception=Reception(settings=settings), clock=clock)
        life.callback(intake.close)
        app.router.routes.extend(
            whatsapp_webhook.routes(intake=intake, settings=settings, count=metrics.webhook)
        )
    if settings.web_role != "webhook":
        starts.append(_open_panel(app, panel))
    return app


def _open_panel(app: FastAPI, panel: PanelApi) -> Callable[[], Any]:
    """Add the gate, the API and the screens; return what has to live as long as the app."""
    live = Live(panel)
    app.state.metrics.sockets = live.number_open
    app.add_middleware(Gate, panel=panel, live=live)
    app.router.routes.extend(_routes())
    app.include_router(pages.router())
    for beginning in ("/api", "/whatsapp"):
        path = f"{beginning}/{{rest:path}}"
        app.add_api_route(path, _no_such_route, methods=_METHODS, include_in_schema=False)
    screens = Screens(panel.settings)
    app.mount("/", screens)

    @asynccontextmanager
    async def life() -> AsyncIterator[None]:
        async with screens.life():
            yield
            await live.close()

    return life


@cache
def _routes() -> list[BaseRoute]:
    """What the files of this folder answer; built once a process, for it takes a second."""
    whole = APIRouter()
    for found in iter_modules(api.__path__):
        module = import_module(f"api.{found.name}")
        if hasattr(module, "router"):
            whole.include_router(module.router(), dependencies=[Depends(same_origin)])
    return whole.routes


async def _no_such_route(request: Request) -> JSONResponse:
    """What the API does not know is not the screens' to answer."""
    matches = [route.matches(request.scope)[0] for route in request.app.routes]
    known = any(match is Match.PARTIAL for match in matches)
    return errors.answer(405, "method_not_allowed") if known else errors.answer(404, "not_found")
