"""Who gets what from each route. The table is complete: a route that is not in it fails."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.websockets import WebSocketDisconnect

from tests.support.files import PNG
from tests.support.panel import Browser
from tests.support.stage import NOT_YET_IN, PASSWORD, Stage

ALL = "200 200 200"
ADMINISTRATORS = "403:administrators_only 403:administrators_only"
#: route: what an operator, an operator of another branch and an administrator get for a call that is right.
#: Who is not signed in, signed out, or has to choose a password first gets what OUTSIDE says, whatever the route.
TABLE = {
    # one's own
    "GET /api/openapi.json": ALL,
    "GET /api/me": ALL,
    "PATCH /api/me/preferences": ALL,
    "POST /api/me/notices-seen": "204 204 204",
    "POST /api/sign-in": ALL,
    "POST /api/sign-out": "204 204 204",
    "POST /api/password": "204 204 204",
    "WEBSOCKET /api/events": "open open open",
    "GET /api/dashboard": ALL,
    # what the operator keeps is nobody else's
    "GET /api/saved-views": ALL,
    "POST /api/saved-views": "201 201 201",
    "PATCH /api/saved-views/{view_id}": "200 404:view_not_found 404:view_not_found",
    "DELETE /api/saved-views/{view_id}": "200 404:view_not_found 404:view_not_found",
    "GET /api/drafts": ALL,
    "GET /api/drafts/{key}": "200 404:draft_not_found 404:draft_not_found",
    "PUT /api/drafts/{key}": ALL,
    "DELETE /api/drafts/{key}": ALL,
    # orders: Ana's, of the operator's branch
    "GET /api/orders": ALL,
    "GET /api/orders/counts": ALL,
    "GET /api/orders/news": ALL,
    "GET /api/orders/form": ALL,
    "GET /api/orders/export.csv": ALL,
    "GET /api/orders/export.xlsx": ALL,
    "GET /api/orders/{order_id}": "200 404:order_not_found 200",
    "PATCH /api/orders/{order_id}": "200 404:order_not_found 200",
    "POST /api/orders/{order_id}/move": "200 404:order_not_found 200",
    "GET /api/orders/{order_id}.pdf": "200 404:order_not_found 200",
    "GET /api/orders/{order_id}/summary": "200 404:order_not_found 200",
    "POST /api/orders/bulk": ALL,
    # contacts and conversations: Ana's, whose order is of the operator's branch
    "GET /api/contacts": ALL,
    "GET /api/contacts/export-days": ALL,
    "GET /api/contacts/export.csv": ALL,
    "GET /api/contacts/{contact_id}": "200 404:contact_not_found 200",
    "PATCH /api/contacts/{contact_id}": "200 404:contact_not_found 200",
    "DELETE /api/contacts/{contact_id}": f"{ADMINISTRATORS} 200",
    "GET /api/contacts/{contact_id}/data.json": f"{ADMINISTRATORS} 200",
    "POST /api/contacts/{contact_id}/block": "200 404:contact_not_found 200",
    "POST /api/contacts/{contact_id}/unblock": "200 404:contact_not_found 200",
    "GET /api/conversations": ALL,
    "GET /api/conversations/{contact_id}": "200 404:contact_not_found 200",
    "GET /api/conversations/{contact_id}/messages": "200 404:contact_not_found 200",
    "POST /api/conversations/{contact_id}/messages": "409:bot_answers 404:contact_not_found 409:bot_answers",
    "POST /api/conversations/{contact_id}/messages/{outbound_id}/retry":
        "404:message_not_found 404:contact_not_found 404:message_not_found",
    "POST /api/conversations/{contact_id}/template": "409:bot_answers 404:contact_not_found 409:bot_answers",
    "POST /api/conversations/{contact_id}/notes": "201 404:contact_not_found 201",
    "POST /api/conversations/{contact_id}/take": "200 404:contact_not_found 200",
    "POST /api/conversations/{contact_id}/give-back": "409:bot_answers 404:contact_not_found 409:bot_answers",
    "POST /api/conversations/{contact_id}/assign": "409:bot_answers 404:contact_not_found 409:bot_answers",
    "GET /api/conversations/{contact_id}/people": "200 404:contact_not_found 200",
    "POST /api/conversations/{contact_id}/opt-out": "200 404:contact_not_found 200",
    "POST /api/conversations/{contact_id}/presence": "204 404:contact_not_found 204",
    "DELETE /api/conversations/{contact_id}/presence": "204 404:contact_not_found 204",
    "POST /api/conversations/{contact_id}/read": "204 404:contact_not_found 204",
    "POST /api/conversations/{contact_id}/files": "201 404:contact_not_found 201",
    "GET /api/files/{file_id}": "200 404:file_not_found 200",
    "GET /api/canned-replies": ALL,
    "POST /api/canned-replies": f"{ADMINISTRATORS} 201",
    "PATCH /api/canned-replies/{reply_id}": f"{ADMINISTRATORS} 200",
    "DELETE /api/canned-replies/{reply_id}": f"{ADMINISTRATORS} 204",
    # people
    "GET /api/users": f"{ADMINISTRATORS} 200",
    "GET /api/users/form": f"{ADMINISTRATORS} 200",
    "POST /api/users": f"{ADMINISTRATORS} 201",
    "GET /api/users/{user_id}": f"{ADMINISTRATORS} 200",
    "PATCH /api/users/{user_id}": f"{ADMINISTRATORS} 200",
    "DELETE /api/users/{user_id}": f"{ADMINISTRATORS} 204",
    "POST /api/users/{user_id}/password": f"{ADMINISTRATORS} 200",
    "GET /api/audit": f"{ADMINISTRATORS} 200",
    # the company
    "GET /api/company": ALL,
    "GET /api/company/settings": f"{ADMINISTRATORS} 200",
    "PATCH /api/company/settings": f"{ADMINISTRATORS} 200",
    "GET /api/costs": f"{ADMINISTRATORS} 200",
    "GET /api/costs/export.csv": f"{ADMINISTRATORS} 200",
    "GET /api/traffic": f"{ADMINISTRATORS} 200",
    "GET /api/traffic/list": f"{ADMINISTRATORS} 200",
    "POST /api/traffic/replay": f"{ADMINISTRATORS} 200",
    "GET /api/traffic/bad-items/{item_id}": f"{ADMINISTRATORS} 200",
    # templates and broadcasts
    "GET /api/templates": ALL,
    "POST /api/templates/refresh": f"{ADMINISTRATORS} 422:waba_missing",
    "GET /api/broadcasts": f"{ADMINISTRATORS} 200",
    "POST /api/broadcasts": f"{ADMINISTRATORS} 201",
    "POST /api/broadcasts/preview": f"{ADMINISTRATORS} 200",
    "GET /api/broadcasts/{broadcast_id}": f"{ADMINISTRATORS} 200",
    "PATCH /api/broadcasts/{broadcast_id}": f"{ADMINISTRATORS} 200",
    "POST /api/broadcasts/{broadcast_id}/start": f"{ADMINISTRATORS} 200",
    "POST /api/broadcasts/{broadcast_id}/pause": f"{ADMINISTRATORS} 409:broadcast_move_not_allowed",
    "POST /api/broadcasts/{broadcast_id}/resume": f"{ADMINISTRATORS} 409:broadcast_move_not_allowed",
    "POST /api/broadcasts/{broadcast_id}/cancel": f"{ADMINISTRATORS} 200",
    "GET /api/broadcasts/{broadcast_id}/recipients": f"{ADMINISTRATORS} 200",
    "GET /api/broadcasts/{broadcast_id}/export.csv": f"{ADMINISTRATORS} 200",
    # the catalogue
    "GET /api/catalogue": ALL,
    "GET /api/catalogue/products": ALL,
    "POST /api/catalogue/products": f"{ADMINISTRATORS} 201",
    "GET /api/catalogue/products/{product_id}": ALL,
    "PATCH /api/catalogue/products/{product_id}": f"{ADMINISTRATORS} 200",
    "POST /api/catalogue/products/{product_id}/sold-out": ALL,
    "DELETE /api/catalogue/products/{product_id}/sold-out": ALL,
    "GET /api/catalogue/products.csv": f"{ADMINISTRATORS} 200",
    "POST /api/catalogue/products/import/preview": f"{ADMINISTRATORS} 200",
    "POST /api/catalogue/products/import": f"{ADMINISTRATORS} 409:preview_changed",
    "GET /api/catalogue/branches": ALL,
    "POST /api/catalogue/branches": f"{ADMINISTRATORS} 201",
    "GET /api/catalogue/branches/{branch_id}": ALL,
    "PATCH /api/catalogue/branches/{branch_id}": f"{ADMINISTRATORS} 200",
    "GET /api/catalogue/zones": ALL,
    "POST /api/catalogue/zones": f"{ADMINISTRATORS} 201",
    "GET /api/catalogue/zones/{zone_id}": ALL,
    "PATCH /api/catalogue/zones/{zone_id}": f"{ADMINISTRATORS} 200",
    "GET /api/catalogue/categories": ALL,
    "POST /api/catalogue/categories": f"{ADMINISTRATORS} 201",
    "GET /api/catalogue/categories/{category_id}": ALL,
    "PATCH /api/catalogue/categories/{category_id}": f"{ADMINISTRATORS} 200",
    "DELETE /api/catalogue/categories/{category_id}": f"{ADMINISTRATORS} 204",
    "GET /api/catalogue/payment-methods": ALL,
    "POST /api/catalogue/payment-methods": f"{ADMINISTRATORS} 201",
    "GET /api/catalogue/payment-methods/{method_id}": ALL,
    "PATCH /api/catalogue/payment-methods/{method_id}": f"{ADMINISTRATORS} 200",
    "GET /api/catalogue/holidays": ALL,
    "POST /api/catalogue/holidays": f"{ADMINISTRATORS} 201",
    "GET /api/catalogue/holidays/{holiday_id}": ALL,
    "DELETE /api/catalogue/holidays/{holiday_id}": f"{ADMINISTRATORS} 204",
}  # fmt: skip
INSIDE = ("operator", "elsewhere", "administrator")
OUTSIDE = {
    "anonymous": "401:not_signed_in",
    "disabled": "401:session_ended",
    "expired": "401:session_ended",
    "must change": "403:password_change_required",
}
#: Lines of OUTSIDE that are otherwise for some routes.
OTHERWISE = {
    "POST /api/sign-in": {"anonymous": "200", "disabled": "200", "expired": "200", "must change": "200"},
    "POST /api/sign-out": {"must change": "204"},
    "POST /api/password": {"must change": "204"},
    "WEBSOCKET /api/events": dict.fromkeys(OUTSIDE, "closed:4401"),
}
#: What else the process answers; its tests are elsewhere (test_pages.py, test_gate.py, ../webhook).
NOT_THE_PANELS_API = {
    "GET /health", "GET /metrics", "GET /whatsapp/webhook", "POST /whatsapp/webhook", "GET /login", "POST /login",
    "POST /login/confirm", "POST /logout", "GET /password", "POST /password", "GET /favicon.svg", "GET /favicon.ico",
}  # fmt: skip
CSV = "Código;Nombre;Categoría;Unidad;Precio\nA-1;Azafrán en hebras;Almacén;unidad;100\n"


def right_calls(ids: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a call has to carry beside its path, by route."""
    person = {
        "name": "Nuria",
        "email": "nuria@example.com",
        "role": "Operador",
        "password": "otra-clave-larga",
    }
    place = {"address": "Mitre 1", "place": "Quilmes", "latitude": -34.7, "longitude": -58.2}
    bodies: dict[str, Any] = {
        "PATCH /api/me/preferences": {"sound": True},
        "POST /api/me/notices-seen": {"key": "plan 2026-11 used_up"},
        "POST /api/traffic/replay": {"ids": ["send-1"]},
        "POST /api/sign-in": {"email": NOT_YET_IN, "password": PASSWORD},
        "POST /api/password": {"current": PASSWORD, "new": "una-clave-mejor-que-esa"},
        "PATCH /api/orders/{order_id}": {"comment": "sin sal", "version": ids["version"]},
        "POST /api/orders/{order_id}/move": {"to": "EN PROCESO", "version": ids["version"]},
        "POST /api/saved-views": {"screen": "pedidos", "name": "Lo de hoy", "query": {}},
        "PATCH /api/saved-views/{view_id}": {"name": "Lo de ayer"},
        "PUT /api/drafts/{key}": {"body": {"comment": "sin s"}},
        "POST /api/orders/bulk": {"ids": [ids["order_id"]], "to": "CANCELADO", "reason": "prueba"},
        "PATCH /api/contacts/{contact_id}": {"name": "Ana María", "version": ids["contact_version"]},
        "POST /api/conversations/{contact_id}/messages": {"key": "borrador-1", "text": "Hola"},
        "POST /api/conversations/{contact_id}/template": {"key": "plantilla-1", "template_id": 1},
        "POST /api/conversations/{contact_id}/notes": {"key": "nota-0001", "text": "Llamar antes"},
        "POST /api/conversations/{contact_id}/take": {},
        "POST /api/conversations/{contact_id}/assign": {"operator_id": 1},
        "POST /api/conversations/{contact_id}/opt-out": {"opted_out": True},
        "POST /api/conversations/{contact_id}/presence": {"typing": True},
        "POST /api/broadcasts": {"name": "Promo", "template_id": ids["template_id"], "values": ["{{nombre}}"]},
        "POST /api/broadcasts/preview": {"template_id": ids["template_id"], "values": ["vos"]},
        "PATCH /api/broadcasts/{broadcast_id}": {"name": "Otra", "version": 1},
        "POST /api/broadcasts/{broadcast_id}/start": {"version": 1},
        "POST /api/canned-replies": {"shortcut": "hola", "text": "Hola {{nombre}}"},
        "PATCH /api/canned-replies/{reply_id}": {"text": "Gracias.", "version": 1},
        "POST /api/users": person,
        "PATCH /api/users/{user_id}": {"name": "Olga Paz", "version": 1},
        "PATCH /api/company/settings": {"company_name": "El Ombú", "version": 0},
        "POST /api/catalogue/products": {"name": "Yerba suave", "category_id": 1, "unit": "unidad", "price": "9"},
        "PATCH /api/catalogue/products/{product_id}": {"price": "4321,50", "version": 1},
        "POST /api/catalogue/branches": {"name": "Quilmes", **place},
        "PATCH /api/catalogue/branches/{branch_id}": {"phone": "11 4000-1000", "version": 1},
        "POST /api/catalogue/zones": {
            "branch_id": ids["branch_id"], "name": "Lejos", "places": ["Ushuaia"], "fee": "1", "minimum": "2",
        },
        "PATCH /api/catalogue/zones/{zone_id}": {"fee": "1900", "version": 1},
        "POST /api/catalogue/categories": {"name": "Limpieza"},
        "PATCH /api/catalogue/categories/{category_id}": {"name": "Otra cosa", "version": 1},
        "POST /api/catalogue/payment-methods": {"name": "Cheque"},
        "PATCH /api/catalogue/payment-methods/{method_id}": {"text": "Gracias.", "version": 1},
        "POST /api/catalogue/holidays": {"day": "2027-02-03", "name": "Inventario"},
    }  # fmt: skip
    calls = {route: {"json": body} for route, body in bodies.items()}
    calls["GET /api/saved-views"] = {"params": {"screen": "pedidos"}}
    calls["POST /api/conversations/{contact_id}/files"] = {"files": {"file": ("mate.png", PNG, "image/png")}}
    calls["POST /api/catalogue/products/import/preview"] = {"content": CSV}
    calls["POST /api/catalogue/products/import"] = {"content": CSV, "params": {"digest": "0"}}
    return calls


def routes(app: FastAPI) -> set[str]:
    """Every route of the process but those that catch what no other one takes, as the table writes them."""
    found = set()
    for route in iter_route_contexts(app.routes):
        if not route.path or "{rest:path}" in route.path:
            continue
        methods = route.methods - {"HEAD"} if route.methods else {"WEBSOCKET"}
        found |= {f"{method} {route.path}" for method in methods}
    return found


def answer(browser: Browser, route: str, *, ids: dict[str, Any], **call: Any) -> str:
    """The status, with the code of a refusal: "404:contact_not_found"."""
    method, path = route.split(" ")
    if method == "WEBSOCKET":
        try:
            with browser.websocket_connect(path):
                return "open"
        except WebSocketDisconnect as refused:
            return f"closed:{refused.code}"
    got = browser.request(method, path.format(**ids), **call)
    if got.status_code < 400:
        return str(got.status_code)
    error = got.json()["error"]
    return f"{got.status_code}:{error['code']}" + (
        f" {json.dumps(error['fields'])}" if error["fields"] else ""
    )


def test_every_route_is_in_the_table(stage: Stage):
    there = routes(stage.world.app) - NOT_THE_PANELS_API
    missing, gone = sorted(there - TABLE.keys()), sorted(TABLE.keys() - there)
    lines = "\n".join(
        f'    "{route}": "<operator> <operator of another branch> <administrator>",' for route in missing
    )
    assert not missing, (
        f"say in TABLE of {Path(__file__).name} who gets what, and the body in right_calls:\n{lines}"
    )
    assert not gone, f"TABLE has routes that are no more: {gone}"


@pytest.mark.parametrize("route", TABLE)
def test_everybody_gets_what_is_theirs(stage: Stage, route: str):
    call = right_calls(stage.ids).get(route, {})
    expected = OUTSIDE | OTHERWISE.get(route, {}) | dict(zip(INSIDE, TABLE[route].split(), strict=True))
    got = {}
    for who, browser in stage.browsers.items():
        stage.set_back()
        got[who] = answer(browser, route, ids=stage.ids, **call)
    wrong = {who: f"{got[who]}, not {expected[who]}" for who in expected if got[who] != expected[who]}
    assert not wrong, route


@pytest.mark.parametrize("route", [route for route in TABLE if not route.startswith("GET ")])
def test_nothing_is_written_from_another_site(stage: Stage, route: str):
    call, ids = right_calls(stage.ids).get(route, {}), stage.ids
    stage.set_back()
    browser = stage.browsers["administrator"]
    refusal = "closed:1008" if route.startswith("WEBSOCKET") else "403:foreign_origin"
    kept = browser.headers.pop("X-Openbot")
    try:
        assert answer(browser, route, ids=ids, **call) == refusal  # as a form of another site would
        browser.headers.update({"X-Openbot": kept, "Origin": "https://evil.example"})
        assert (
            answer(browser, route, ids=ids, **call) == refusal
        )  # the header does not outweigh what the browser says
    finally:
        browser.headers["X-Openbot"] = kept
        browser.headers.pop("Origin", None)
