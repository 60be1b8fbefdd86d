"""The simulator as one web application: Graph, customers, switches, live page."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from . import control_routes, customer_routes, graph_routes, live
from .actions import ActionNotPossible
from .graph_errors import GraphError
from .spoiling import SpoiledAnswerError
from .wiring import Simulator, parts_of, running
from .world import NoSuchCustomer, NoSuchMessage, PhoneTaken

PAGE = Path(__file__).parent / "page"
#: What a wrong call of /sim answers.
SIM_ERRORS: dict[type[Exception], int] = {
    NoSuchCustomer: 404,
    NoSuchMessage: 404,
    PhoneTaken: 409,
    ActionNotPossible: 409,
}


def create_app(parts: Simulator) -> FastAPI:
    """Build the application over these parts; its lifespan runs them."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(app.state.parts):
            yield

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
