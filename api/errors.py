"""What the API answers when something cannot be done: one shape, a stable code; the panel owns the sentences."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from openbot.errors import OpenbotError

#: Which answer an error of the business is, by its code; what is not here is a 422.
STATUS = {
    "not_signed_in": 401,
    "session_ended": 401,
    "order_not_found": 404,
    "contact_not_found": 404,
    "contact_gone": 404,
    "order_changed": 409,
    "order_closed": 409,
    "move_not_allowed": 409,
    "changed_meanwhile": 409,
    "email_taken": 409,
    "last_administrator": 409,
    "database_busy": 503,
}
UNPROCESSABLE = 422


class ErrorDetail(BaseModel):
    """What went wrong."""

    code: str
    detail: dict[str, Any] = {}
    fields: dict[str, str] = {}


class ErrorBody(BaseModel):
    """Every answer that is not a success."""

    error: ErrorDetail


#: For `responses=` of a router.
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody} for status in (400, 401, 403, 404, 409, 413, 422, 429, 503)
}


class ApiError(Exception):
    """Raised by a route; becomes its answer."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        fields: Mapping[str, str] | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code = status, code
        self.fields, self.detail = dict(fields or {}), dict(detail or {})


def answer(
    status: int,
    code: str,
    *,
    fields: Mapping[str, str] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """Return the one shape."""
    body = {"code": code, "detail": dict(detail or {}), "fields": dict(fields or {})}
    return JSONResponse({"error": body}, status_code=status)


def install(app: FastAPI) -> None:
    """Let every error of this app leave in the one shape."""

    @app.exception_handler(ApiError)
    async def api_error(_request: Request, error: ApiError) -> JSONResponse:
        return answer(error.status, error.code, fields=error.fields, detail=error.detail)

    @app.exception_handler(OpenbotError)
    async def business_error(_request: Request, error: OpenbotError) -> JSONResponse:
        fields = getattr(error, "fields", None)
        return answer(
            STATUS.get(error.code, UNPROCESSABLE),
            error.code,
            fields=fields if isinstance(fields, Mapping) else None,
        )

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        fields = {".".join(str(part) for part in each["loc"][1:]): each["type"] for each in error.errors()}
        return answer(UNPROCESSABLE, "invalid", fields=fields)

    @app.exception_handler(HTTPException)
    async def plain(_request: Request, error: HTTPException) -> JSONResponse:
        codes = {404: "not_found", 405: "method_not_allowed"}
        return answer(error.status_code, codes.get(error.status_code, "refused"))
