"""Held-out sentences about goods: how many are read exactly right? `python tests/unit/reading/heldout_items.py`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from openbot.catalogue.business_file import parse_business  # noqa: E402 — run by path
from openbot.catalogue.matching import Matcher  # noqa: E402
from openbot.reading.items import CartLine, Change  # noqa: E402
from openbot.reading.reader import read  # noqa: E402

CASES = Path(__file__).with_name("heldout_items.yml")


@dataclass(frozen=True)
class Verdict:
    say: str
    expected: dict[str, Any]
    got: dict[str, Any]

    @property
    def right(self) -> bool:
        return self.expected == self.got


def verdicts() -> Iterator[Verdict]:
    catalogue = parse_business(yaml.safe_load((ROOT / "data" / "business.yml").read_text(encoding="utf-8")))
    matcher = Matcher(catalogue)
    for case in yaml.safe_load(CASES.read_text(encoding="utf-8")):
        cart = tuple(
            CartLine(product_id=catalogue.product_by_code(code).id, quantity=Decimal(str(quantity)))
            for code, quantity in case.get("cart", {}).items()
        )
        yield Verdict(case["say"], _expected(case), _got(read(case["say"], matcher=matcher, cart=cart)))


def _expected(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "items": _exact(case.get("items", {})),
        "set": _exact(case.get("set", {})),
        "minus": _exact(case.get("minus", {})),
        "gone": sorted(case.get("gone", [])),
        "ambiguous": case.get("ambiguous", 0),
        "unknown": case.get("unknown", 0),
        "refused": case.get("refused", []),
    }


def _exact(quantities: dict[str, Any]) -> dict[str, Decimal | None]:
    return {code: None if value is None else Decimal(str(value)) for code, value in quantities.items()}


def _got(reading: Any) -> dict[str, Any]:
    def of(change: Change) -> dict[str, Decimal | None]:
        found: dict[str, Decimal | None] = {}
        for each in reading.items:
            if each.change is change:
                before = found.get(each.product.code)
                found[each.product.code] = each.quantity if before is None else before + each.quantity
        return found

    return {
        "items": of(Change.ADD),
        "set": of(Change.SET),
        "minus": of(Change.LESS),
        "gone": sorted(of(Change.GONE)),
        "ambiguous": len(reading.ambiguous),
        "unknown": len(reading.unknown),
        "refused": [each.refusal.name for each in reading.refused],
    }


def _told(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value}


if __name__ == "__main__":
    everything = list(verdicts())
    for wrong in (each for each in everything if not each.right):
        print(f"✗ {wrong.say!r}\n    expected {_told(wrong.expected)}\n    read     {_told(wrong.got)}")  # noqa: T201
    right = sum(each.right for each in everything)
    print(f"Items with quantities exactly right: {right}/{len(everything)} = {right / len(everything):.1%}")  # noqa: T201
