"""Broadcasts: one approved template to many contacts; administrators only."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.catalogue_wishes import MOST_ID, After, Created, Limit, Saved, Typed, Values, note, with_version
from api.errors import DOCUMENTED, ApiError
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator, Person
from openbot import company, exports
from openbot.broadcasts import operations, previewing, queries, segment, wording
from openbot.broadcasts.queries import Fate, Line
from openbot.catalogue.paging import Page, page
from openbot.catalogue.words import fold
from openbot.database import Session
from openbot.schema import Broadcast
from openbot.templates import filling
from openbot.templates import operations as templates
from openbot.templates.filling import TemplateValuesWrong
from openbot.vocabulary import BroadcastState, RecipientState

BroadcastId = Annotated[int, Path(ge=1, le=MOST_ID)]
_HEADER = ("Contacto", "Celular", "Resultado", "Motivo", "Entrega", "Cuándo")
_WORDS = {
    "pending": "Pendiente", "held": "En espera", "queued": "Enviando", "sent": "Enviado", "failed": "Falló",
    "skipped": "Salteado", "delivered": "Entregado", "read": "Leído", "played": "Leído",
}  # fmt: skip
#: Why somebody was left out or waits.
REASONS = {
    "blocked": "Está bloqueado", "opted_out": "Pidió no recibir difusiones", "unreachable": "No tiene celular",
    "never_wrote": "Nunca escribió", "deleted": "Se eliminó", "attended": "Lo atiende una persona",
    "values": "El texto no entra", "cancelled": "La difusión se canceló",
}  # fmt: skip


class Detail(BaseModel):
    """One broadcast with its figures."""

    line: Line
    template_id: int
    values: list[str]
    segment: dict[str, Any]
    states: dict[str, int]
    reasons: dict[str, int]
    delivered: int
    read: int
    answered: int
    time_zone: str


class Wish(BaseModel):
    """What a preview is asked for."""

    template_id: int = Field(ge=1, le=MOST_ID)
    values: list[str] = Field(default_factory=list, max_length=50)
    segment: dict[str, Any] = Field(default_factory=dict)


class Cost(BaseModel):
    """An estimate."""

    amount: Decimal
    currency: str


class Shown(BaseModel):
    """Whom it would reach now."""

    count: int
    skipped: dict[str, int]
    cost: Cost
    sample: list[str]


class StartWish(BaseModel):
    """When to start; without a moment at once. A moment without an offset is the company's time."""

    version: int = Field(ge=0, le=2**32 - 1)
    at: datetime | None = None


class Now(BaseModel):
    """The broadcast's state after a move."""

    id: int
    state: BroadcastState
    version: int


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/broadcasts", tags=["broadcasts"], responses=DOCUMENTED)
    routes.get("", summary="Broadcasts, the newest first")(listed)
    routes.post("", status_code=201, summary="Write a broadcast")(create)
    routes.post("/preview", summary="Whom it would reach, what it would cost, how it would read")(preview)
    routes.get("/{broadcast_id}", summary="One broadcast with its figures")(one)
    routes.patch("/{broadcast_id}", summary="Change one that has not begun; the body carries its version")(
        edit
    )
    routes.post("/{broadcast_id}/start", summary="Start it now or at a moment")(start)
    for name, summary in (
        ("pause", "Stop for a while"), ("resume", "Go on"), ("cancel", "End it for good"),
    ):  # fmt: skip
        routes.post(f"/{{broadcast_id}}/{name}", name=f"{name}_broadcast", summary=summary)(_mover(name))
    routes.get("/{broadcast_id}/recipients", summary="What became of each contact")(recipients)
    routes.get(
        "/{broadcast_id}/export.csv",
        summary="The same as CSV, all of it",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/csv": {}}, "description": "UTF-8 with BOM, separated by `;`"}},
    )(as_csv)
    return routes


def listed(
    *,
    _person: Administrator,
    api: Db,
    q: Typed = "",
    state: Annotated[list[BroadcastState] | None, Query()] = None,
    limit: Limit = 50,
    after: After = "",
) -> Page[Line]:
    """Return a page."""
    with api.database.reading() as session:
        lines = queries.lines(session)
    wanted = [line for line in lines if fold(q) in fold(line.name) and (not state or line.state in state)]
    return page(wanted, key=lambda line: [line.id], descending=True, limit=limit, after=after)


def create(*, values: Values, person: Administrator, api: Db) -> Created:
    """Write one: name, template_id, values (one text for each variable of the template), segment."""
    with api.database.transaction() as session:
        row = operations.create(session, values=values, by=person.id, now=api.now)
        note(session, "broadcast_created", f"broadcast {row.id}", person=person, api=api)
        return Created(id=row.id)


def preview(*, wish: Wish, _person: Administrator, api: Db) -> Shown:
    """Count and fill. 422 `template_values_wrong` when the values do not fit."""
    chosen = segment.read(wish.segment)
    with api.database.reading() as session:
        template = templates.one(session, template_id=wish.template_id)
        problems = filling.check(template, wording.values_for(template, wish.values, name="M" * 60))
        if problems:
            raise TemplateValuesWrong(fields=problems)
        found = previewing.preview(
            session,
            template=template,
            values=wish.values,
            segment=chosen,
            page=company.read(session),
        )
    cost = Cost(amount=found.amount, currency=found.currency)
    return Shown(count=found.count, skipped=dict(found.skipped), cost=cost, sample=found.sample)


def one(*, broadcast_id: BroadcastId, _person: Administrator, api: Db) -> Detail:
    """Return one."""
    with api.database.reading() as session:
        found = queries.detail(session, broadcast_id=broadcast_id)
        zone = company.read(session).time_zone
    return Detail(
        **{name: getattr(found, name) for name in Detail.model_fields if name != "time_zone"}, time_zone=zone
    )


def edit(*, broadcast_id: BroadcastId, values: Values, person: Administrator, api: Db) -> Saved:
    """Change some fields. 409 once it has begun, or when somebody else saved it meanwhile."""
    version, wishes = with_version(values)
    with api.database.transaction() as session:
        changed = operations.edit(session, broadcast_id=broadcast_id, version=version, values=wishes)
        if changed:
            note(
                session, "broadcast_changed", f"broadcast {broadcast_id}", person=person, api=api,
                fields=sorted(changed),
            )  # fmt: skip
    return Saved(id=broadcast_id, changed=changed)


def start(*, broadcast_id: BroadcastId, wish: StartWish, person: Administrator, api: Db) -> Now:
    """Start or schedule. 422 `template_not_approved`, 409 when it has begun."""
    with api.database.transaction() as session:
        at = wish.at
        if at is not None and at.tzinfo is None:
            at = at.replace(tzinfo=company.read(session).zone)
        row = operations.start(session, broadcast_id=broadcast_id, version=wish.version, at=at, now=api.now)
        return _moved(
            session, row, "scheduled" if row.state is BroadcastState.SCHEDULED else "started", person, api
        )


def _mover(name: str) -> Callable[..., Now]:
    done = {"pause": "paused", "resume": "resumed", "cancel": "cancelled"}[name]

    def move(*, broadcast_id: BroadcastId, person: Administrator, api: Db) -> Now:
        with api.database.transaction() as session:
            if name == "cancel":
                row = operations.cancel(session, broadcast_id=broadcast_id, now=api.now)
            else:
                row = getattr(operations, name)(session, broadcast_id=broadcast_id)
            return _moved(session, row, done, person, api)

    return move


def recipients(
    *,
    broadcast_id: BroadcastId,
    _person: Administrator,
    api: Db,
    state: Annotated[list[RecipientState] | None, Query()] = None,
    limit: Limit = 100,
    after: Annotated[str, Query(max_length=20)] = "",
) -> Page[Fate]:
    """Return a page, in the order in which they get it; `state` is one at most."""
    if after and not (after.isascii() and after.isdecimal()):
        raise ApiError(422, "bad_cursor")
    only = state[0].value if state else ""
    with api.database.reading() as session:
        queries.exists(session, broadcast_id=broadcast_id)
        rows = queries.fates(
            session, broadcast_id=broadcast_id, state=only, after=int(after or 0), limit=limit + 1
        )
        total = queries.count(session, broadcast_id=broadcast_id, state=only)
    more = len(rows) > limit
    return Page(rows=rows[:limit], next=str(rows[limit - 1].id) if more else None, total=total)


def as_csv(*, broadcast_id: BroadcastId, person: Administrator, api: Db) -> StreamingResponse:
    """Write every recipient."""
    with api.database.transaction() as session:
        queries.exists(session, broadcast_id=broadcast_id)
        zone = company.read(session).zone
        note(session, "broadcast_exported", f"broadcast {broadcast_id}", person=person, api=api)
    chunks = exports.csv_chunks(_HEADER, _cells(api, broadcast_id), zone=zone)
    name = exports.file_name(f"difusion-{broadcast_id}", now=api.now, zone=zone, ending="csv")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(chunks, media_type=exports.CSV_TYPE, headers=headers)


def _cells(api: PanelApi, broadcast_id: int) -> Iterator[list[exports.Cell]]:
    with api.database.reading(passing=True) as session:
        for fate in queries.every(session, broadcast_id=broadcast_id):
            why = fate.detail or REASONS.get(fate.reason, "")
            yield [
                fate.name, fate.phone, _WORDS[fate.state], why, _WORDS.get(fate.delivery, ""), fate.at,
            ]  # fmt: skip


def _moved(session: Session, row: Broadcast, done: str, person: Person, api: PanelApi) -> Now:
    note(session, f"broadcast_{done}", f"broadcast {row.id}", person=person, api=api)
    return Now(id=row.id, state=row.state, version=row.version)
