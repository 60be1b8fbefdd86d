"""`python -m bench.panel`: generates a company of any size and measures the panel with it, over real HTTP."""

import argparse
import json
import os
import platform
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.panel import asked, browser, crowd, panel
from bench.panel.generate import FULL, TENTH, Size, fill
from bench.panel.panel import Panel
from bench.panel.postgres import SETTINGS, Server
from bench.panel.table import Row, table
from openbot.database import Database
from openbot.migrations import pending

_PRESSURE = Path("/proc/pressure/cpu")
RESULTS = Path(__file__).resolve().parent.parent / "results"
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
DATABASES = tuple(_NAMES)
_READING = """Times are a client's, from the request to the last byte; `worst` is the slowest single request. A row that
asks for many things is met when all requests together meet the target and the median of each of them does, too."""
PARTS = ("api", "crowd", "browser")


def main() -> None:
    """Measure what was chosen; the tables go into bench/results/."""
    chosen = _chosen()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers are stopped and folders removed
    size = FULL if chosen.full else Size(orders=chosen.orders)
    for database in chosen.database or DATABASES:
        folder = chosen.folder / f"{database}-{size.orders}"
        try:
            with _filled(database, size, folder) as (url, version):
                start = _waited()
                found = _measure(url, folder, chosen.part or PARTS)
                crowded = _crowded(start, _waited())
            around = f"{_circumstances(size, version)} {crowded}"
            _report(found, size=size, database=database, around=around, parts=chosen.part or PARTS)
        finally:
            if not chosen.keep:
                shutil.rmtree(folder, ignore_errors=True)


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.panel", description=__doc__)
    parser.add_argument("--orders", type=int, default=TENTH.orders, help=f"default {TENTH.orders}: a tenth")
    parser.add_argument(
        "--full", action="store_true", help=f"{FULL.orders:,} orders, {FULL.messages:,} messages"
    )
    parser.add_argument(
        "--database", choices=DATABASES, action="append", help="default both; may be repeated"
    )
    parser.add_argument("--part", choices=PARTS, action="append", help="default all; may be repeated")
    parser.add_argument("--keep", action="store_true", help="keep the data for the next run")
    where = Path(tempfile.gettempdir()) / "openbot-bench"
    parser.add_argument("--folder", type=Path, default=where, help="where the data goes while it is needed")
    return parser.parse_args()


@contextmanager
def _filled(database: str, size: Size, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the address of a filled database, kept or new, and which database it is."""
    mark = folder / "filled.json"
    if not mark.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with ExitStack() as running:
        if database == "postgresql":
            server = running.enter_context(Server(folder / "postgresql"))
            url, version = server.url, f"{server.version} ({', '.join(SETTINGS)})"
        else:
            url, version = f"sqlite:///{folder / 'openbot.db'}", f"SQLite {sqlite3.sqlite_version}"
        if not mark.exists():
            fill(url, size)
            mark.write_text(json.dumps({"at": datetime.now(UTC).isoformat()}))
        if pending(url):
            raise SystemExit(f"The kept data in {folder} is of an older version: remove it.")
        yield url, version


def _measure(url: str, folder: Path, parts: Sequence[str]) -> list[Row]:
    database = Database(url)
    found: list[Row] = []
    try:
        for part in parts:
            with panel.running(
                url, folder
            ) as web:  # each in a process of its own: nobody is warm from before
                found += _part(part, web, database)
    finally:
        database.close()
    return found


def _part(part: str, web: Panel, database: Database) -> list[Row]:
    match part:
        case "api":
            return list(asked.rows(web, database))
        case "crowd":
            return crowd.rows(web)
        case _:
            return browser.rows(web)


def _report(found: Sequence[Row], *, size: Size, database: str, around: str, parts: Sequence[str]) -> None:
    name = {FULL.orders: "full", TENTH.orders: "tenth"}.get(size.orders, str(size.orders))
    rest = "" if len(parts) == len(PARTS) else "-" + "-".join(parts)
    paragraphs = (
        f"# The panel with {size.orders:,} orders on {_NAMES[database]}, {datetime.now(UTC):%-d %B %Y}",
        f"`{' '.join(['python -m bench.panel', *sys.argv[1:]])}`",
        around,
        _READING,
        table([row for row in found if not row.is_ours]),
        "## Beyond the figures that were asked for",
        table([row for row in found if row.is_ours]),
    )
    text = "\n\n".join(paragraphs) + "\n"
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"panel-{name}-{database}{rest}.md"
    path.write_text(text)
    print(f"\n{text}\nWritten to {path}")  # noqa: T201 - a command line


def _circumstances(size: Size, version: str) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"
    return (
        f"{size.orders:,} orders, {size.contacts:,} contacts, {size.messages:,} messages; {version}; "
        f"Python {platform.python_version()}; {machine}. Server, client and browser share the machine."
    )


def _waited() -> tuple[float, float] | None:
    """Return the seconds in which some process waited for a processor, and when this was read; Linux only."""
    if not _PRESSURE.exists():
        return None
    return int(_PRESSURE.read_text().split("total=")[1].split()[0]) / 1e6, time.monotonic()


def _crowded(start: tuple[float, float] | None, end: tuple[float, float] | None) -> str:
    if start is None or end is None:
        return ""
    share = (end[0] - start[0]) / (end[1] - start[1])
    return f"In {share:.0%} of the time some process of it waited for a processor: a quiet machine is faster."


if __name__ == "__main__":
    main()
