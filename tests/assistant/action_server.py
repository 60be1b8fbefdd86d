"""A tiny action server for the toy assistant: answers like rasa-sdk, and fails in every way on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]


def _slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


class ActionServer:
    """Serves the toy's actions on 127.0.0.1. `calls` are the requests seen; `faults` are taken first."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        #: For each action name: what to do instead of answering, once per entry.
        self.faults: dict[str, list[Any]] = {}
        self.connections = 0
        server = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one write

            def setup(self) -> None:
                server.connections += 1
                super().setup()

            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                call = json.loads(self.rfile.read(size))
                server.calls.append(call)
                waiting = server.faults.get(call["next_action"])
                fault = waiting.pop(0) if waiting else None
                if fault == "drop":
                    self.connection.close()
                    self.close_connection = True
                    return
                status, body = fault(call) if callable(fault) else fault or server.answer(call)
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/webhook"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, call: dict[str, Any]) -> Answer:
        action: Callable[[dict[str, Any]], tuple[list[Any], list[Any]]] = ACTIONS[call["next_action"]]
        events, responses = action(call)
        return 200, {"events": events, "responses": responses}


def _validate(call: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """As rasa-sdk's FormValidationAction: slots set since the form's own mark, each judged."""
    candidates: dict[str, Any] = {}
    for event in reversed(call["tracker"]["events"]):
        if event["event"] == "action":
            break
        if event["event"] == "slot" and event["name"] in ("product", "quantity", "branch"):
            candidates.setdefault(event["name"], event["value"])
    wrong = candidates.get("quantity") in ("cero", "mil millones")
    if wrong:
        candidates["quantity"] = None
    says = [{"text": "Esa cantidad no la entiendo."}] if wrong else []
    return [_slot(name, value) for name, value in candidates.items()], says


def _save(call: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    slots = call["tracker"]["slots"]
    line = f"{slots['quantity']} {slots['product']} en {slots['branch']}"
    number = (slots["orders"] or 0) + 1
    cleared = [_slot(name, None) for name in ("product", "quantity", "branch")]
    return [*cleared, _slot("orders", number)], [{"text": f"Pedido {number}: {line}."}]


def _cancel(_: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    cleared = [_slot(name, None) for name in ("product", "quantity", "branch")]
    return [*cleared, _slot("tone", None)], [{"text": "Listo, lo dejé sin efecto."}]


def _echo(call: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    latest = call["tracker"]["latest_message"]
    values = {entity["entity"]: entity["value"] for entity in latest["entities"]}
    return [], [{"text": f"{latest['intent']['name']} {json.dumps(values, sort_keys=True)}"}]


ACTIONS = {
    "validate_order_form": _validate,
    "action_save_order": _save,
    "action_cancel_order": _cancel,
    "action_echo": _echo,
}
