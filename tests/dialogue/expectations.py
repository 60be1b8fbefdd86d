"""What a step of a conversation expects: words of the bot, options to tap, the order as it is in SQL."""

from decimal import Decimal
from typing import Any

from openbot.catalogue.goods import format_money
from openbot.orders import queries as orders
from tests.support.whatsapp import Bubble, Customer, Json
from tests.support.world import World


class Failed(AssertionError):
    """A step did not go as written; the message holds the conversation so far."""


class Expectations:
    """The checks of a player, each named after its key: `bot:` is `_see_bot`."""

    world: World
    who: Customer
    fresh: list[Bubble]
    number: int

    def _orders(self) -> list[Any]:
        raise NotImplementedError

    def _fail(self, why: str) -> Failed:
        raise NotImplementedError

    def _see_bot(self, wanted: str | list[str]) -> None:
        said = "\n".join(bubble.text for bubble in self.fresh)
        for fragment in [wanted] if isinstance(wanted, str) else wanted:
            if _plain(fragment) not in _plain(said):
                self._fail(f"the bot should have said «{fragment}», it said «{said}»")

    def _see_not(self, unwanted: str | list[str]) -> None:
        said = "\n".join(bubble.text for bubble in self.fresh)
        for fragment in [unwanted] if isinstance(unwanted, str) else unwanted:
            if _plain(fragment) in _plain(said):
                self._fail(f"the bot should not have said «{fragment}»")

    def _see_silent(self, _yes: object) -> None:
        if self.fresh:
            self._fail("the bot should have been silent")

    def _see_options(self, wanted: list[str]) -> None:
        titles = [title for bubble in self.fresh for title, _ in options(bubble)]
        for title in (each.replace("{number}", str(self.number)) for each in wanted):
            if title not in titles:
                self._fail(f"«{title}» should have been offered, there was {titles}")

    def _see_order(self, wanted: Json) -> None:
        with self.world.database.reading() as session:
            found = orders.full_orders(
                session, order_ids=[order.id for order in self._orders() if order.id == self.number]
            )
        order = found[0]
        seen = {
            "state": order.state.value,
            "kind": order.kind.value,
            "items": {item.name: _number(item.quantity) for item in order.items},
            "total": format_money(order.total),
            "address": order.address,
            "branch": order.branch,
            "delivery": order.delivery.value if order.delivery else None,
            "payment": order.payment_method,
            "cash_with": format_money(order.cash_with) if order.cash_with is not None else None,
            "comment": order.comment,
            "name": order.name,
            "needs_person": order.needs_person,
            "proof": order.payment_proof,
            "files": order.files,
            "changed": order.changed_by_customer,
            "version": order.version,
        }
        for name, value in wanted.items():
            if seen[name] != value:
                self._fail(f"order.{name} should be {value!r}, it is {seen[name]!r}")

    def _see_orders(self, wanted: list[str]) -> None:
        """States of all orders of the customer, oldest first."""
        states = [order.state.value for order in self._orders()]
        if states != wanted:
            self._fail(f"the orders should be {wanted}, they are {states}")

    def _see_waiting(self, wanted: object) -> None:
        is_waiting = self.world.contact(self.who).waiting_since is not None
        if is_waiting is not wanted:
            self._fail(f"waiting for a person: {is_waiting}")


def options(bubble: Bubble) -> list[tuple[str, str]]:
    """Titles and payloads that can be tapped."""
    action = bubble.body.get("interactive", {}).get("action", {})
    buttons = [(each["reply"]["title"], each["reply"]["id"]) for each in action.get("buttons", ())]
    rows = [(row["title"], row["id"]) for section in action.get("sections", ()) for row in section["rows"]]
    return buttons + rows


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").replace("\u00a0", " ").split()).lower()


def _number(quantity: Decimal) -> int | float:
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)
