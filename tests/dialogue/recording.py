"""Stands between the assistant and the action server and keeps every call with its answer."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx


@contextmanager
def recording(actions_url: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Give the address to call instead, and the list that fills with {"call", "status", "answer"}."""
    kept: list[dict[str, Any]] = []
    client = httpx.Client(timeout=30)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answered = client.post(
                f"{actions_url}{self.path}", content=body, headers={"Content-Type": "application/json"}
            )
            kept.append({"call": json.loads(body), "status": answered.status_code, "answer": answered.json()})
            self.send_response(answered.status_code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answered.content)))
            self.end_headers()
            self.wfile.write(answered.content)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        client.close()
