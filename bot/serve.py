"""Starts the assistant's process: bot/.venv/bin/python bot/serve.py [--port 5005] [--model models] [--actions URL].

Rasa's own `rasa run` works too (same files, same channel); this script starts faster, answers faster, binds to
127.0.0.1 and refuses to start where Rasa would only warn.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LARGEST_REQUEST = 8 * 1024 * 1024
BACKLOG = 1024
#: Meta's webhook and a turn both end long before; Rasa's own default for an action call is 300 s.
RESPONSE_SECONDS = 120

logger = logging.getLogger("bot.serve")


class CannotStart(Exception):
    """One sentence that says what is wrong and what to do."""


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bot/serve.py", description="Start the assistant's process.")
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (default %(default)s)")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", default=str(ROOT / "models"), help="a model, or a folder: its newest")
    parser.add_argument("--actions", help="URL of the action server; wins over endpoints.yml")
    parser.add_argument("--endpoints", default=str(ROOT / "endpoints.yml"))
    parser.add_argument("--credentials", default=str(ROOT / "credentials.yml"))
    parser.add_argument("--log-level", default="INFO", choices=["INFO", "WARNING", "ERROR"])
    parser.add_argument(
        "--plain", action="store_true", help="without the speed-ups of bot/runtime.py (to compare)"
    )
    return parser.parse_args(given)


def main() -> int:
    options = arguments()
    set_environment()
    try:
        app = build(options)
    except CannotStart as error:
        sys.stderr.write(f"bot/serve.py: {error}\n")
        return 1
    app.run(host=options.host, port=options.port, backlog=BACKLOG, access_log=False, workers=1, debug=False)
    return 0


def set_environment() -> None:
    """Before the first import of Rasa."""
    sys.path[:] = [str(ROOT), *(entry for entry in sys.path if Path(entry or ".").resolve() != ROOT / "bot")]
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SANIC_WORKERS"] = "1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    # One turn uses one core; threads of the linear algebra would only wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def build(options: argparse.Namespace) -> Any:
    """The Sanic app with the loaded assistant; raise CannotStart."""
    from bot import runtime

    for path, what in ((options.endpoints, "--endpoints"), (options.credentials, "--credentials")):
        if not Path(path).is_file():
            raise CannotStart(f"{what}: there is no file {path}")
    options.model = newest_model(options.model)

    if not options.plain:
        runtime.prepare_imports(str(options.model))
    set_logging(options.log_level)
    agent = asyncio.run(load(options))
    if not options.plain:
        runtime.install(agent)
    return make_app(agent, options.credentials)


def newest_model(model: str) -> Path:
    """The file to load; raise CannotStart."""
    path = Path(model)
    models = (
        sorted(path.glob("*.tar.gz"), key=lambda found: found.stat().st_mtime) if path.is_dir() else [path]
    )
    if not models or not models[-1].is_file():
        raise CannotStart(f"--model: there is no model in {model}; train one with: make train")
    return models[-1]


async def load(options: argparse.Namespace) -> Any:
    from rasa.core.agent import load_agent
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig

    from bot.whatsapp_channel import take_over_dialogues

    endpoints = AvailableEndpoints.read_endpoints(options.endpoints)
    if options.actions:
        settings = dict(endpoints.action.kwargs) if endpoints.action else {"enable_selective_domain": True}
        endpoints.action = EndpointConfig(url=options.actions, **settings)
    agent = await load_agent(model_path=str(options.model), endpoints=endpoints)
    if not agent.is_ready():
        raise CannotStart(
            f"the model in {options.model} cannot be loaded (see above); train one with: make train"
        )
    try:
        take_over_dialogues(agent)
    except TypeError as error:
        raise CannotStart(str(error)) from error
    return agent


def make_app(agent: Any, credentials: str) -> Any:
    """Rasa's own app without its HTTP API, so that the channel is all there is."""
    from rasa.core.run import configure_app, create_http_input_channels

    channels = create_http_input_channels(None, credentials)
    app = configure_app(channels, cors=None, enable_api=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
    app.config.RESPONSE_TIMEOUT = RESPONSE_SECONDS
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.ctx.agent = agent
    return app


def set_logging(level: str) -> None:
    """Names of steps and failures only; Rasa writes message texts at DEBUG, so that is not on offer."""
    from rasa.utils.log_utils import configure_structlog

    logging.basicConfig(
        level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stdout
    )
    configure_structlog(logging.getLevelName(level))
    for noisy in ("apscheduler", "asyncio", "sanic.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
