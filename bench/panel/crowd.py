"""A hundred operators who look at what there is to do, each every three seconds, at one process."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence

from bench.panel.company import OPERATORS, operator_email
from bench.panel.panel import Panel, Refused
from bench.panel.progress import Bar
from bench.panel.table import Row

_EVERY, _SECONDS = 3.0, 45.0
_LIST = "/api/orders?tab=attend&sort=waiting_since&limit=50"
#: What the open page asks for after a change: its rows, what is new, and every other time the figure of the tab.
_WHOLE = (_LIST, "/api/orders/news", "/api/orders/counts")


def rows(panel: Panel) -> list[Row]:
    """Sign everybody in and let them look."""
    cookies = []
    with Bar(f"{OPERATORS} operators sign in", OPERATORS) as bar:
        for number in range(OPERATORS):
            cookies.append(panel.sign_in(operator_email(number)).cookie)
            bar.step()
    what = f"{OPERATORS} operators refreshing every 3 s"
    return [
        *_measure(panel, cookies, [(_LIST,)], what=what),
        *_measure(
            panel,
            cookies,
            [_WHOLE[:2], _WHOLE],
            what=f"{what}, with the news and the tab's figure",
            is_ours=True,
        ),
    ]


def _measure(
    panel: Panel, cookies: Sequence[str], turns: Sequence[Sequence[str]], *, what: str, is_ours: bool = False
) -> list[Row]:
    before, started = panel.cpu(), time.perf_counter()
    times = asyncio.run(_crowd(panel, cookies, turns))
    share = (panel.cpu() - before) / (time.perf_counter() - started) * 100
    return [
        Row(what=what, target=40, cases=times, is_ours=is_ours),
        Row(
            what=f"{what}: of one core", target=30, unit="%", quantile=1, cases={"": [share]}, is_ours=is_ours
        ),
    ]


async def _crowd(
    panel: Panel, cookies: Sequence[str], turns: Sequence[Sequence[str]]
) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = {}
    end = time.perf_counter() + _SECONDS

    async def operator(place: int) -> None:
        await asyncio.sleep(_EVERY * place / len(cookies))
        reader, writer = await asyncio.open_connection("127.0.0.1", panel.port)
        turn = place
        while (now := time.perf_counter()) < end:
            for path in turns[turn % len(turns)]:
                started = time.perf_counter()
                await _get(reader, writer, path, cookie=cookies[place])
                found.setdefault(path.split("?")[0], []).append((time.perf_counter() - started) * 1000)
            turn += 1
            await asyncio.sleep(max(0, now + _EVERY - time.perf_counter()))
        writer.close()

    await asyncio.gather(*(operator(place) for place in range(len(cookies))))
    return found


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, *, cookie: str) -> None:
    """Ask with as little work as possible: the client shares the processor with who is measured. Raises Refused."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    if not head.startswith("HTTP/1.1 200"):
        raise Refused(f"{path}: {head.splitlines()[0]}")
    length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
    await reader.readexactly(int(length[1]) if length else 0)
