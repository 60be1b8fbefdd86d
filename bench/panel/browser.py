"""What an operator waits for, in a real browser: from the click or the last key to the rows on the screen."""

import shutil
from collections.abc import Iterator, Sequence
from random import Random

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.panel.company import BROWSER
from bench.panel.panel import Panel
from bench.panel.progress import Bar
from bench.panel.table import Row

_ROUNDS = 15
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
_WAIT_MS = 15_000
_SEED = 11
#: Looks at every frame whether what is waited for is on the screen; the grid lives in a shadow root.
_WATCH = """
(() => {
  const hosts = () => [...document.querySelectorAll("*")].flatMap((one) =>
    one.shadowRoot ? [...one.shadowRoot.querySelectorAll(".grid-host")] : one.matches(".grid-host") ? [one] : []);
  const ids = (host) => [...host.querySelectorAll(".body .row[data-id]")].map((row) => row.dataset.id).join();
  const shown = (key) =>
    hosts().filter((host) => host.classList.contains(`list-${key}`)).map(ids).find((rows) => rows) ?? "";
  const bench = { started: 0, shown };
  for (const kind of ["pointerdown", "keydown"]) {
    window.addEventListener(kind, (event) => { bench.started = event.timeStamp; }, true);
  }
  bench.wait = (key, before) => {
    bench.done = new Promise((resolve, reject) => {
      const last = performance.now() + WAIT_MS;
      const look = () => {
        const rows = shown(key);
        if (rows && rows !== before) requestAnimationFrame(() => resolve(performance.now()));
        else if (performance.now() > last) reject(new Error(`no other rows of ${key}`));
        else requestAnimationFrame(look);
      };
      look();
    });
  };
  window.bench = bench;
})();
""".replace("WAIT_MS", str(_WAIT_MS))


class NoBrowser(Exception):
    """There is no Chromium on the PATH (Debian: apt-get install chromium)."""


def rows(web: Panel) -> list[Row]:
    """Open the panel and do each thing several times. Raises NoBrowser."""
    program = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        raise NoBrowser
    visitor = web.sign_in(BROWSER)
    phones = [row["phone"] for row in visitor.get("/api/orders", limit=100, sort="created_at").json["rows"]]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_OPTIONS))
        try:
            context = browser.new_context(
                viewport={"width": 1280, "height": 720},
                locale="es-AR",
                timezone_id="America/Argentina/Buenos_Aires",
            )
            name, value = visitor.cookie.split("=", 1)
            context.add_cookies([{"name": name, "value": value, "url": web.url}])
            found = list(_rows(web, context, [phone for phone in phones if phone]))
            found[0].notes.append(f"Chromium {browser.version}, 1280 x 720")
        finally:
            browser.close()
    return found


def _rows(web: Panel, context: BrowserContext, phones: Sequence[str]) -> Iterator[Row]:
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.set_default_timeout(_WAIT_MS)
    loaded = [_load(page, f"{web.url}/pedidos?vista=all") for _ in range(_ROUNDS // 3)]
    visited: dict[str, list[float]] = {"Contactos": [], "Pedidos": []}
    with Bar("browser: navigation", _ROUNDS) as bar:
        for _ in range(_ROUNDS):
            for title, times in visited.items():
                times.append(_visit(page, title))
            bar.step()
    yield _row("first row after navigation", 500, visited)
    _load(page, f"{web.url}/pedidos?vista=all")
    yield _row("next page", 150, {"": [_turn(page) for _ in range(_ROUNDS)]})
    yield _row("search (debounce included)", 400, _search(page, phones))
    yield _row("first row after loading the page anew", 500, {"": loaded}, is_ours=True)


def _row(what: str, target: float, cases: dict[str, list[float]], *, is_ours: bool = False) -> Row:
    return Row(what=f"browser: {what}", target=target, quantile=0.5, cases=cases, is_ours=is_ours)


def _load(page: Page, address: str) -> float:
    page.goto(address, wait_until="commit")
    page.evaluate("bench.wait('pedidos', '')")
    return _done(page)


def _visit(page: Page, title: str) -> float:
    link = page.get_by_role("link", name=title, exact=True)
    link.wait_for()
    page.evaluate("key => bench.wait(key, '')", title.lower())
    link.click()
    taken = _done(page) - _started(page)
    page.wait_for_timeout(300)  # whatever still happens on that screen
    return taken


def _turn(page: Page) -> float:
    _wait_for_others(page, "pedidos")
    page.get_by_role("button", name="Siguiente").click()
    return _done(page) - _started(page)


def _search(page: Page, phones: Sequence[str]) -> dict[str, list[float]]:
    random = Random(_SEED)  # noqa: S311 - the same each time
    found: dict[str, list[float]] = {"phone": [], "number": []}
    box = page.locator(".search-input")
    for phone in random.sample(list(phones), _ROUNDS):
        for name, typed in (("phone", phone[-8:]), ("number", str(random.randint(1_000, 5_000)))):
            box.fill("")
            page.wait_for_timeout(600)
            _wait_for_others(page, "pedidos")
            box.press_sequentially(typed, delay=60)
            found[name].append(_done(page) - _started(page))
    return found


def _wait_for_others(page: Page, key: str) -> None:
    page.evaluate("key => bench.wait(key, bench.shown(key))", key)


def _done(page: Page) -> float:
    return float(page.evaluate("bench.done"))


def _started(page: Page) -> float:
    return float(page.evaluate("bench.started"))
