"""`python -m simulator`: serve until SIGTERM or Ctrl-C."""

import asyncio
import contextlib
import os
import signal
import sys
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from . import settings
from .app import create_app
from .customer_routes import add_demo
from .spoiling import HANG_UP
from .wiring import Simulator, assemble


class Protocol(HttpToolsProtocol):
    """HTTP whose connections a route may cut."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: {"call": self.transport.abort}}


class Server(uvicorn.Server):
    """Ends every long poll and open page at the first signal, instead of waiting for them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        parts: Simulator = self.config.loaded_app.app.state.parts
        parts.world.bell.stop()
        super().handle_exit(sig, frame)


def serve(chosen: settings.Settings) -> Server:
    """Return a server that is ready to run."""
    parts = assemble(chosen)
    add_demo(parts.world, count=chosen.demo_customers)
    config = uvicorn.Config(
        create_app(parts),
        host=chosen.host,
        port=chosen.port,
        http=Protocol,
        ws="websockets-sansio",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
    )
    return Server(config)


def main() -> None:
    """Run from the command line."""
    chosen = settings.read(sys.argv[1:], os.environ)
    sys.stderr.write(f"Simulator: {chosen.public_url} (webhook: {chosen.webhook_url})\n")
    # uvicorn raises the signal once more after it stopped: that is a good end, not a failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner() as runner:
        runner.run(serve(chosen).serve())


if __name__ == "__main__":
    main()
