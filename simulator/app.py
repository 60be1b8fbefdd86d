"""The simulator as one web application: Graph, customers, switches, live page."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from . import control_routes, customer_routes, graph_routes, live
from .actions import ActionNotPossible
from .clock import Clock
from .delivery import Delivery
from .graph_errors import GraphError
from .receipts import Receipts
from .sending import Sending
from .settings import Settings
from .spoiling import SpoiledAnswerError
from .wiring import Simulator, parts_of
from .world import NoSuchCustomer, NoSuchMessage, PhoneTaken, World

PAGE = Path(__file__).parent / "page"
#: What a wrong call of /sim answers.
SIM_ERRORS: dict[type[Exception], int] = {
    NoSuchCustomer: 404,
    NoSuchMessage: 404,
    PhoneTaken: 409,
    ActionNotPossible: 409,
}


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    webhook_transport: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """Build the application; its lifespan posts the webhooks. Clock and transport are replaced by tests."""
    world = World(settings, clock=clock)
    client = httpx.AsyncClient(transport=webhook_transport, trust_env=False)
    delivery = Delivery(world, client)
    receipts = Receipts(world, delivery)
    parts = Simulator(world, delivery, receipts, Sending(world, receipts))
    customer_routes.add_demo(world, count=settings.demo_customers)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        poster = asyncio.create_task(delivery.run())
        try:
            yield
        finally:
            world.bell.stop()
            receipts.stop()
            poster.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await poster
            await client.aclose()

    app = FastAPI(title="WhatsApp simulator", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.parts = parts
    _add_error_answers(app)
    for folder in ("css", "js", "img"):  # before the Graph, whose paths have two parts too
        app.mount(f"/{folder}", StaticFiles(directory=PAGE / folder))
    for router in (
        control_routes.router,
        customer_routes.router,
        live.router,
        graph_routes.files,
        graph_routes.router,
    ):
        app.include_router(router)
    app.mount("/", StaticFiles(directory=PAGE, html=True))
    return app


def _add_error_answers(app: FastAPI) -> None:
    @app.exception_handler(GraphError)
    async def graph_error(request: Request, error: GraphError) -> Response:
        return graph_routes.refused(parts_of(request), error)

    @app.exception_handler(SpoiledAnswerError)
    async def spoiled(_: Request, error: SpoiledAnswerError) -> Response:
        return error.response

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> Response:
        return JSONResponse({"error": "refused", "detail": error.detail}, status_code=error.status_code)

    async def sim_error(_: Request, error: Exception) -> Response:
        detail = str(error) or error.__doc__
        return JSONResponse(
            {"error": type(error).__name__, "detail": detail}, status_code=SIM_ERRORS[type(error)]
        )

    for kind in SIM_ERRORS:
        app.add_exception_handler(kind, sim_error)
