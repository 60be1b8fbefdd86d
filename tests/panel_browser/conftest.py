"""The panel's JavaScript in Debian's Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BUENOS_AIRES = {"locale": "es-AR", "timezone_id": "America/Argentina/Buenos_Aires"}

Call = Callable[..., Any]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Without a browser the tests are skipped; in CI that is a failure."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI", "").lower() in {"true", "1"}:
            pytest.fail("no Chromium on the PATH (Debian: apt-get install chromium)")
        pytest.skip("no Chromium on the PATH (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def files() -> Iterator[str]:
    """The components' files over HTTP: each module is an ordinary one, which a browser loads by itself."""
    folder = str(ROOT / "panel" / "components")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def blank(browser: Browser, files: str) -> Iterator[Page]:
    """A page without anything, in Argentina, on a computer with another clock zone."""
    context = browser.new_context(locale="en-US", timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(f"{files}/grid/css/base.css")
    yield page
    context.close()


@pytest.fixture
def call(blank: Page, files: str) -> Call:
    """`call("grid/js/format.js", "money", "12.5")` runs an exported function."""

    def run(module: str, function: str, *args: Any) -> Any:
        return blank.evaluate(
            "async ([url, name, args]) => (await import(url))[name](...args)",
            [f"{files}/{module}", function, list(args)],
        )

    return run
