"""What was measured, as a table of Markdown."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_SHOWN = 15  #: slow cases that are named


@dataclass(kw_only=True)
class Row:
    """One line. Times in milliseconds, or another unit that is named."""

    what: str
    target: float
    unit: str = "ms"
    quantile: float = 0.95  #: of which the target speaks; 0.5 for a median, 1 for all
    cases: Mapping[str, Sequence[float]] = field(default_factory=dict)  #: measurements by what was asked for
    is_ours: bool = False  #: beyond the figures that were asked for
    notes: list[str] = field(default_factory=list)

    @property
    def everything(self) -> list[float]:
        return [value for values in self.cases.values() for value in values]

    @property
    def medians(self) -> list[tuple[float, str]]:
        """Per case, the slowest first."""
        return sorted(((quantile(values, 0.5), name) for name, values in self.cases.items()), reverse=True)

    @property
    def is_met(self) -> bool:
        """All together meet the target, and no case hides among the others: half of its requests do, too."""
        values = self.everything
        return bool(values) and quantile(values, self.quantile) < self.target and not self.slow

    @property
    def slow(self) -> list[str]:
        """Name the cases whose median misses the target, slowest first."""
        return [f"{name} {self._figure(value)}" for value, name in self.medians if value >= self.target]

    def line(self) -> str:
        """Return the line of the table."""
        name = {0.5: "median", 0.95: "p95", 1: "each"}[self.quantile]
        start = f"| {self.what} | {name} < {self._figure(self.target)}"
        values = self.everything
        if not values:
            return f"{start} | – | – | – | **not measured** |"
        p50, p95, worst = (self._figure(quantile(values, share)) for share in (0.5, 0.95, 1))
        return f"{start} | {p50} | {p95} | {worst} | {'met' if self.is_met else '**MISSED**'} |"

    def remarks(self) -> list[str]:
        """Return what has to be said below the table."""
        found = [f"{self.what}: {note}" for note in self.notes]
        if len(self.cases) > 1:
            (median, name), number = self.medians[0], len(self.everything)
            found.append(f"{self.what}: {len(self.cases)} cases, {number:,} requests; slowest by its median: "
                         f"{name} {self._figure(median)}")  # fmt: skip
        if len(self.cases) > 1 and self.slow:
            more = f" and {len(self.slow) - _SHOWN} more" if len(self.slow) > _SHOWN else ""
            found.append(f"{self.what}: medians above the target: {'; '.join(self.slow[:_SHOWN])}{more}")
        return found

    def _figure(self, value: float) -> str:
        digits = 0 if value >= 100 else 1  # noqa: PLR2004 - enough of them
        text = f"{value:.{digits}f}".removesuffix(".0")
        return f"{text}{'' if self.unit == '%' else ' '}{self.unit}"


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(rows: Sequence[Row]) -> str:
    """Return the table, and below it what has to be said about its rows."""
    lines = ["| what | target | p50 | p95 | worst | verdict |", "|---|---|---|---|---|---|"]
    lines += [row.line() for row in rows]
    remarks = [f"- {remark}" for row in rows for remark in row.remarks()]
    return "\n".join([*lines, *(["", *remarks] if remarks else [])])
