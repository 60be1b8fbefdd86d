"""Sentences as Argentine customers write them, read whole: every fact, nothing else. The table is a YAML file."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from openbot.catalogue.goods import Catalogue, Product
from openbot.catalogue.matching import Matcher
from openbot.reading.items import CartLine, ReadItem
from openbot.reading.reader import read
from openbot.reading.understood import Reading

TABLE = Path(__file__).with_name("fresh_sentences.yml")
#: What a fact is called in the table, and how it is written there.
FACTS = {
    "mentioned": lambda products: f"asks about {' '.join(each.code for each in products)}",
    "category": lambda category: f"shelf {category.code}",
    "chosen": lambda product: f"chooses {product.code}",
    "chosen_all": lambda _: "chooses these",
    "position": lambda place: f"row {place}",
    "said": lambda said: f"said {said.amount.normalize():f}{f' {said.unit}' if said.unit else ''}",
    "quantity": lambda quantity: f"so much: {quantity}",
    "delivery": lambda way: way.value,
    "address": lambda address: f"to {address.full}",
    "address_detail": lambda detail: f"door {detail}",
    "zone": lambda zone: f"zone {zone.name}",
    "branch": lambda branch: f"branch {branch.code}",
    "payment": lambda method: f"pays {method.code}",
    "payment_unknown": lambda word: f"cannot pay {word}",
    "cash_with": lambda amount: f"with $ {amount.normalize():f}",
    "cash_exact": lambda _: "exact",
    "comment": lambda comment: f"comment «{comment}»",
    "name": lambda name: f"name {name}",
    "phone": lambda phone: f"phone {phone}",
    "when": lambda when: f"when «{when}»",
    "yes": lambda yes: "yes" if yes else "no",
    "only_emoji": lambda _: "emoji",
}


def in_words(item: ReadItem) -> str:
    """«2 GAS-COCA-225», «set 3 CAR-ASADO», «which coca of 6», «OTHER_UNIT limones»."""
    kind = type(item).__name__
    match kind:
        case "ItemRead":
            parts = ["" if item.change == "add" else item.change.value, item.quantity, item.product.code]
            return " ".join(str(part) for part in parts if part not in {"", None})
        case "AmbiguousItem":
            return f"which {item.phrase} of {len(item.candidates)}"
        case "UnknownItem":
            return f"unknown {item.phrase}"
        case _:
            return f"{item.refusal.name} {item.phrase}"


def told(reading: Reading) -> str:
    """Everything that was read, in one line."""
    goods = [
        in_words(item) for item in (*reading.items, *reading.ambiguous, *reading.unknown, *reading.refused)
    ]
    nothing = Reading()
    facts = [
        write(getattr(reading, name))
        for name, write in FACTS.items()
        if getattr(reading, name) != getattr(nothing, name)
    ]
    return "; ".join([*goods, *facts])


def products(catalogue: Catalogue, prefixes: str) -> tuple[Product, ...]:
    """Those whose code begins so."""
    return tuple(
        each for prefix in prefixes.split() for each in catalogue.products if each.code.startswith(prefix)
    )


def lines(catalogue: Catalogue, cart: dict[str, Any]) -> tuple[CartLine, ...]:
    ids = {each.code: each.id for each in catalogue.products}
    return tuple(CartLine(product_id=ids[code], quantity=Decimal(str(much))) for code, much in cart.items())


def cases() -> list[dict[str, Any]]:
    return [case for group in yaml.safe_load(TABLE.read_text(encoding="utf-8")).values() for case in group]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["say"])
def test_a_fresh_sentence_is_read_whole(matcher: Matcher, catalogue: Catalogue, case: dict[str, Any]) -> None:
    reading = read(
        case["say"],
        matcher=matcher,
        intent=case.get("intent", "order"),
        asked=case.get("asked"),
        cart=lines(catalogue, case.get("cart", {})),
        candidates=products(catalogue, case.get("candidates", "")),
        shown=products(catalogue, case.get("shown", "")),
    )
    assert told(reading) == case["told"]


def test_there_are_many_fresh_sentences() -> None:
    said = [case["say"] for case in cases()]
    assert len(set(said)) >= 150
