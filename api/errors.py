"""What the API answers when something cannot be done: one shape, a stable code; the panel owns the sentences.

`{"error": {"code": "order_changed", "detail": {…}, "fields": {"amount": "not_an_amount"}}}`
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException

from openbot.errors import OpenbotError

log = logging.getLogger(__name__)

#: Status of the business's errors by code; beside these `*_not_found` is 404 and everything else 422.
STATUS: Mapping[str, int] = {
    "not_signed_in": 401,
    "session_ended": 401,
    "credentials_refused": 401,
    "outside_shift": 403,
    "contact_gone": 404,
    "order_changed": 409,
    "order_closed": 409,
    "move_not_allowed": 409,
    "another_open_order": 409,
    "not_yours": 409,
    "bot_answers": 409,
    "window_closed": 409,
    "contact_blocked": 409,
    "template_not_approved": 409,
    "changed_meanwhile": 409,
    "broadcast_move_not_allowed": 409,
    "category_in_use": 409,
    "preview_changed": 409,
    "company_exists": 409,
    "no_company": 409,
    "email_taken": 409,
    "last_administrator": 409,
    "too_many_tries": 429,
    "file_scan_away": 503,
    "store_away": 503,
    "database_busy": 503,
}
#: Codes of what FastAPI's own checks refuse, by pydantic's type or its beginning; as `openbot.fields` names them.
_FIELD_CODES = (
    ("missing", "missing"),
    ("string_too_long", "too_long"),
    ("string_too_short", "missing"),
    ("string_", "not_a_text"),
    ("int_", "not_a_number"),
    ("float_", "not_a_number"),
    ("decimal_", "not_a_number"),
    ("finite_number", "not_a_number"),
    ("bool_", "not_a_choice"),
    ("literal_error", "not_a_choice"),
    ("enum", "not_a_choice"),
    ("date", "not_a_day"),
    ("time", "not_a_time"),
    ("greater_than", "too_little"),
    ("less_than", "too_much"),
    ("too_long", "too_many"),
    ("too_short", "missing"),
    ("list_type", "not_a_list"),
    ("extra_forbidden", "unknown_field"),
    ("json_", "not_json"),
)
#: What pydantic adds to a field's name when the field may be of several types.
_TYPES = {"str", "int", "float"}
_HTTP_CODES = {400: "not_json", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class ErrorDetail(BaseModel):
    """What went wrong."""

    code: str = Field(description="Stable name of the error", examples=["order_changed"])
    detail: dict[str, Any] = Field(default_factory=dict, description="What the code alone does not say")
    fields: dict[str, str] = Field(default_factory=dict, description="Code of what is wrong with each field")


class ErrorBody(BaseModel):
    """Every answer that is not a success."""

    error: ErrorDetail


#: For `APIRouter(responses=DOCUMENTED)`: what any route may answer.
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorBody, "description": "The body cannot be read"},
    401: {"model": ErrorBody, "description": "Not signed in, or the session has ended"},
    403: {"model": ErrorBody, "description": "Signed in, but not allowed to"},
    404: {"model": ErrorBody, "description": "Not there, or out of this person's reach"},
    405: {"model": ErrorBody, "description": "Not with this method"},
    409: {"model": ErrorBody, "description": "Somebody else was faster, or the present state forbids it"},
    413: {"model": ErrorBody, "description": "Too large"},
    422: {"model": ErrorBody, "description": "Something in the request is wrong; see `fields`"},
    429: {"model": ErrorBody, "description": "Too many tries; `detail.seconds` says how long to wait"},
    503: {
        "model": ErrorBody,
        "description": "The database, or what keeps or scans files, is busy or away; try again",
    },
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
    headers = {"Cache-Control": "no-store"}
    if detail and "seconds" in detail:
        headers["Retry-After"] = str(detail["seconds"])
    return JSONResponse({"error": body}, status_code=status, headers=headers)


def status_of(error: OpenbotError) -> int:
    """Return the status of an error of the business."""
    return STATUS.get(error.code, 404 if error.code.endswith("_not_found") else 422)


def install(app: FastAPI) -> None:
    """Let every error of this app leave in the one shape. An OpenbotError may carry `fields` and `detail`."""
    app.add_exception_handler(ApiError, _refused)
    app.add_exception_handler(OpenbotError, _business)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    for away in (OperationalError, InterfaceError, NoConnection):
        app.add_exception_handler(away, _away)
    for unstorable in (DataError, UnicodeEncodeError, OverflowError):
        app.add_exception_handler(unstorable, _unstorable)
    app.add_exception_handler(Exception, _unexpected)


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)  # noqa: S101 - Starlette's type is wider than what it calls with
    return answer(error.status, error.code, fields=error.fields, detail=error.detail)


async def _business(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OpenbotError)  # noqa: S101 - as above
    fields, detail = getattr(error, "fields", None), getattr(error, "detail", None)
    return answer(
        status_of(error),
        error.code,
        fields=fields if isinstance(fields, Mapping) else None,
        detail=detail if isinstance(detail, Mapping) else None,
    )


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    # Reversed: of several mistakes of one field the first one stays.
    return answer(
        422, "invalid", fields={_name(each["loc"]): _code(each["type"]) for each in reversed(error.errors())}
    )


async def _plain(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    return answer(error.status_code, _HTTP_CODES.get(error.status_code, "refused"))


async def _away(_request: Request, error: Exception) -> JSONResponse:
    log.error("the database is away: %s", type(error).__name__)
    return answer(503, "database_away")


async def _unstorable(_request: Request, error: Exception) -> JSONResponse:
    """Answer to a NUL, half an emoji or a number of thirty digits: no database takes these."""
    log.info("a value that no database takes: %s", type(error).__name__)
    return answer(422, "invalid")


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    reference = secrets.token_hex(3).upper()
    route = getattr(request.scope.get("route"), "path", "?")
    log.error("%s %s failed, code %s", request.method, route, reference, exc_info=error)
    return answer(500, "internal", detail={"reference": reference})


def _name(way: Sequence[str | int]) -> str:
    inner = way[1:] if way and way[0] in {"body", "query", "path", "header", "cookie"} else way
    if len(inner) > 1 and inner[-1] in _TYPES:
        inner = inner[:-1]
    return ".".join(str(part) for part in inner) or "body"


def _code(kind: str) -> str:
    return next((code for beginning, code in _FIELD_CODES if kind.startswith(beginning)), "invalid")
