"""The rows of the table that are asked of the API by one person."""

from collections.abc import Iterable, Iterator, Sequence

from bench.panel import cases as asking
from bench.panel.cases import Case
from bench.panel.company import ADMINISTRATOR, LIMITED
from bench.panel.generate import LONG_CONTACT
from bench.panel.panel import Panel, Visitor
from bench.panel.progress import Bar
from bench.panel.table import Row
from openbot.database import Database

ROUNDS = 20
_PDFS = 60
_EXPORTS = 3
_MEGABYTE = 2**20


def rows(panel: Panel, database: Database) -> Iterator[Row]:
    """Measure them all, one after the other."""
    visitor, limited = panel.sign_in(ADMINISTRATOR), panel.sign_in(LIMITED)
    yield _first_dashboard(visitor)
    filters, sorts = list(asking.filters(database)), list(asking.sorts(database))
    listed = [*filters, *sorts, *asking.pages(visitor, filters)]
    yield _row("API list of 50 orders, any single filter or sort, any page", 50, visitor, listed)
    yield _row("search by any part of a phone or by number", 50, visitor, asking.searches(database))
    yield from _conversations(visitor)
    yield _dashboard(visitor, limited)
    yield _pdfs(visitor, database)
    yield from _exports(panel, visitor)
    of_branches = [Case(f"{case.name} (two branches)", case.path, case.ways) for case in filters[:12]]
    yield _row("the same list, for an operator of two branches", 50, limited, of_branches, is_ours=True)
    yield _row("list of 50 contacts", 50, visitor, asking.contacts(), is_ours=True)
    yield _row("search by names", 50, visitor, asking.names(), is_ours=True)


def _row(what: str, target: float, visitor: Visitor, cases: Iterable[Case], *, is_ours: bool = False) -> Row:
    """Ask in rounds, so that no case is always asked right after itself."""
    asked = list(cases)
    found: dict[str, list[float]] = {case.name: [] for case in asked}
    with Bar(what[:28], ROUNDS * len(asked)) as bar:
        for turn in range(ROUNDS):
            for case in asked:
                found[case.name].append(visitor.get(case.path, **case.way(turn)).whole * 1000)
                bar.step()
    return Row(what=what, target=target, cases=found, is_ours=is_ours)


def _first_dashboard(visitor: Visitor) -> Row:
    first = visitor.get("/api/dashboard").whole * 1000
    return Row(
        what="dashboard, the very first look (counts a month)", target=200, cases={"": [first]}, is_ours=True
    )


def _conversations(visitor: Visitor) -> Iterator[Row]:
    path = f"/api/conversations/{LONG_CONTACT}/messages"
    cold = visitor.get(path, limit=50).whole * 1000
    latest = Case("latest", path, ({"limit": 50},))
    row = _row("a conversation of 10,000 messages opens (last 50)", 50, visitor, [latest])
    row.notes.append(f"the very first time, with nothing of it in memory: {cold:.0f} ms")
    yield row
    older: list[Case] = []
    before = visitor.get(path, limit=200).json["before"]
    for page in range(45):
        if page % 15 == 0:
            older.append(Case(f"page {page + 2}", path, ({"limit": 50, "before": before},)))
        before = visitor.get(path, limit=200, before=before).json["before"]
    yield _row("older messages of it, 50 at a time", 50, visitor, older, is_ours=True)


def _dashboard(visitor: Visitor, limited: Visitor) -> Row:
    case = Case("everybody", "/api/dashboard")
    row = _row("dashboard figures", 200, visitor, [case])
    others = _row("dashboard figures of two branches", 200, limited, [case])
    row.cases = {"all branches": row.cases["everybody"], "two branches": others.cases["everybody"]}
    return row


def _pdfs(visitor: Visitor, database: Database) -> Row:
    with database.reading() as session:
        last = asking.last_number(session)
    apart = max(1, last // _PDFS)
    visitor.get(f"{asking.ORDERS}/1.pdf")  # fonts are read once
    times = [
        visitor.get(f"{asking.ORDERS}/{number}.pdf").whole * 1000 for number in range(apart, last + 1, apart)
    ]
    return Row(what="PDF of one order", target=150, cases={"": times})


def _exports(panel: Panel, visitor: Visitor) -> Sequence[Row]:
    first: list[float] = []
    whole: list[float] = []
    extra: list[float] = []
    size = lines = 0
    for _ in range(_EXPORTS):
        before = panel.memory()
        panel.forget_most()
        answer = visitor.get("/api/contacts/export.csv", period="all")
        first.append(answer.first * 1000)
        whole.append(answer.whole)
        extra.append((panel.most_memory() - before) / _MEGABYTE)
        size, lines = len(answer.body), answer.body.count(b"\n") - 1
    what = "CSV of all contacts"
    found = Row(what=f"{what}: whole", target=5, unit="s", quantile=1, cases={"": whole})
    found.notes.append(f"{lines:,} contacts, {size / _MEGABYTE:.1f} MB")
    return (
        Row(what=f"{what}: first byte", target=100, quantile=1, cases={"": first}),
        found,
        Row(what=f"{what}: extra memory", target=50, unit="MB", quantile=1, cases={"": extra}),
    )
