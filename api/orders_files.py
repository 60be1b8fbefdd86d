"""The list of orders as a file for a spreadsheet."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.orders_query import Sorted, reach_of
from api.panel_api import Db, PanelApi
from api.signed_in import Person, SignedIn
from api.zone import zone_of
from openbot import exports
from openbot.operators import audit
from openbot.orders import exports as order_exports
from openbot.orders import sorts
from openbot.orders.criteria import Criteria

_AS_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "UTF-8 with BOM, separated by `;`"}
}
_AS_XLSX: dict[int | str, dict[str, Any]] = {
    200: {"content": {exports.XLSX_TYPE: {}}, "description": "A workbook"}
}


def add_lists(routes: APIRouter) -> None:
    """Add the list as files."""
    routes.get("/export.csv", **_file("CSV", _AS_CSV))(as_csv)
    routes.get("/export.xlsx", **_file("XLSX", _AS_XLSX))(as_xlsx)


def _file(kind: str, responses: dict[int | str, dict[str, Any]]) -> Any:
    return {
        "summary": f"What is filtered, as {kind}",
        "response_class": StreamingResponse,
        "responses": responses,
    }


def as_csv(*, asked: Annotated[Sorted, Query()], person: SignedIn, api: Db) -> StreamingResponse:
    """Stream exactly the orders the list shows, as far as who asks reaches them."""
    export = _Export(asked, person, api, ending="csv")
    chunks = exports.csv_chunks(order_exports.TITLES, export.lines(), zone=export.criteria.zone)
    return _download(chunks, name=export.name, kind=exports.CSV_TYPE)


def as_xlsx(*, asked: Annotated[Sorted, Query()], person: SignedIn, api: Db) -> StreamingResponse:
    """Return the same as a workbook: written to a temporary file first, for its directory stands at the end."""
    export = _Export(asked, person, api, ending="xlsx")
    file = exports.xlsx_file(order_exports.TITLES, export.lines(), zone=export.criteria.zone)
    return _download(exports.pieces(file), name=export.name, kind=exports.XLSX_TYPE)


class _Export:
    """One export: what it asks for, noted in the log of the panel."""

    def __init__(self, asked: Sorted, person: Person, api: PanelApi, *, ending: str) -> None:
        self._asked, self._person, self._api = asked, person, api
        self.now = api.now
        with api.database.transaction() as session:
            sorts.sort_of(session, asked.order)  # refused now, not in the middle of the file
            self.criteria: Criteria = asked.criteria(person=person, zone=zone_of(session, api.settings))
            audit.note(
                session,
                operator_id=person.id,
                action="orders_exported",
                detail={"format": ending, "filters": sorted(asked.model_fields_set)},
                address=person.address,
                now=self.now,
            )
        self.name = exports.file_name("pedidos", now=self.now, zone=self.criteria.zone, ending=ending)

    def lines(self) -> Iterator[order_exports.Line]:
        return order_exports.lines(
            self._api.database.reading,
            criteria=self.criteria,
            reach=reach_of(self._person),
            sort=self._asked.order,
            now=self.now,
        )


def _download(pieces: Iterator[bytes], *, name: str, kind: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type=kind, headers=headers)
