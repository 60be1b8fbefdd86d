"""The web process as it runs: uvicorn on a port, in a thread of the test."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


@contextmanager
def served(app: Any, **more: Any) -> Iterator[str]:
    """Serve an app without its lifespan (the test owns database and clock); gives "127.0.0.1:port"."""
    how = {
        "host": "127.0.0.1",
        "port": 0,
        "log_level": "error",
        "lifespan": "off",
        "timeout_graceful_shutdown": 1,
    }
    config = uvicorn.Config(app, **{**how, **more})
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
