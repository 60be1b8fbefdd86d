"""A customer's phone, held through the simulator's HTTP: say, tap, read."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from openbot.schema import ContactKey

if TYPE_CHECKING:
    from tests.e2e.company import Company

PATIENCE = 60.0
Json = dict[str, Any]


@dataclass(frozen=True)
class Bubble:
    """One message of the company, as the phone shows it."""

    id: str
    text: str
    options: tuple[str, ...]
    status: str
    tracker: str

    def __str__(self) -> str:
        shown = "".join(f" [{title}]" for title in self.options)
        return self.text + ("\n" + shown if shown else "")


class Phone:
    """One customer. `says`, `taps` and `sends` act and return the bubbles that answered."""

    def __init__(self, company: "Company", customer: Json) -> None:
        self.company, self.customer = company, customer
        self.id: str = customer["id"]
        self.user_id: str = customer["user_id"]
        self.number: str = customer["phone"]
        self.patience = PATIENCE  #: seconds that an answer may take
        self.log: list[str] = []
        self._seen = 0
        self._shown: list[Json] = []

    # --- acting -------------------------------------------------------------------------------------

    def post(self, kind: str, **action: Any) -> Json:
        """Act without waiting for an answer."""
        words = action.get("text") or action.get("title") or action.get("option") or ""
        self.log.append(f"👤 {f'({kind}) ' if kind != 'text' else ''}{words[:300]}")
        posted: Json = self.company.sim("POST", f"customers/{self.id}/messages", {"kind": kind, **action})
        return posted

    def sends(self, kind: str, **action: Any) -> list[Bubble]:
        self.post(kind, **action)
        return self.answer()

    def says(self, text: str) -> list[Bubble]:
        return self.sends("text", text=text)

    def post_tap(self, title: str) -> None:
        """Tap the newest option of that title, whichever message it is on, without waiting."""
        for message in reversed(self._shown):
            if any(option["title"] == title for option in message["options"]):
                self.post("tap", message=message["id"], title=title)
                return
        offered = [option["title"] for message in self._shown for option in message["options"]]
        raise AssertionError(f"nothing called «{title}» to tap: {offered}\n{self}")

    def taps(self, *titles: str) -> list[Bubble]:
        """Tap one after the other; the answer to the last."""
        bubbles: list[Bubble] = []
        for title in titles:
            self.post_tap(title)
            bubbles = self.answer()
        return bubbles

    def taps_through(self, *titles: str) -> None:
        """Tap whatever of these the newest bubble offers, until it offers none."""
        for _ in range(3 * len(titles)):
            offered = [option["title"] for option in self._shown[-1]["options"]]
            wanted = next((title for title in titles if title in offered), None)
            if wanted is None:
                return
            self.taps(wanted)
        raise AssertionError(f"it never ends\n{self}")

    def taps_old(self, message_id: str, title: str) -> list[Bubble]:
        """Tap an option of one certain message."""
        return self.sends("tap", message=message_id, title=title)

    # --- reading ------------------------------------------------------------------------------------

    def answer(self, *, seconds: float | None = None) -> list[Bubble]:
        """Wait until nothing of this customer is on its way; return what came since the last look."""
        self.settle(seconds=seconds)
        return self.look()

    def settle(self, *, seconds: float | None = None) -> None:
        """Wait until the webhooks are taken, every message is settled and every reply is with WhatsApp."""
        seconds = seconds or self.patience
        deadline = time.monotonic() + seconds
        while True:
            idle = self.company.sim("GET", "idle?wait=20")
            if idle["idle"] and self.contact_id and self.company.is_quiet(self.contact_id):
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"no rest after {seconds} s ({idle}):\n{self}")
            time.sleep(0.02)

    def look(self) -> list[Bubble]:
        """What came since the last look, without waiting."""
        chat = self.company.sim("GET", f"customers/{self.id}/chat?side=business&after={self._seen}")
        self._seen = max(self._seen, chat["last_seq"])
        self._shown += chat["messages"]
        bubbles = [_bubble(message) for message in chat["messages"]]
        self.log += [f"🤖 {bubble}" for bubble in bubbles]
        return bubbles

    @property
    def bubbles(self) -> list[Bubble]:
        """All bubbles so far, as they are now."""
        chat = self.company.sim("GET", f"customers/{self.id}/chat?side=business")
        return [_bubble(message) for message in chat["messages"]]

    @property
    def contact_id(self) -> int | None:
        with self.company.database.reading() as session:
            return session.scalar(select(ContactKey.contact_id).where(ContactKey.value == self.user_id))

    @property
    def orders(self) -> list[Json]:
        """This customer's orders by `openbot orders --json`, oldest first."""
        mine = self.contact_id
        only = ["--phone", self.number] if self.customer["phone_visible"] else []
        found = self.company.command("orders", *only)
        return [order for order in reversed(found) if order["contact_id"] == mine]

    @property
    def order(self) -> Json:
        """The only order."""
        orders = self.orders
        assert len(orders) == 1, f"{len(orders)} orders\n{self}"
        return orders[0]

    @property
    def transcript(self) -> list[Json]:
        """`openbot transcript … --json`."""
        lines: list[Json] = self.company.command("transcript", self.user_id)
        return lines

    def __str__(self) -> str:
        return "\n".join(self.log)


def _bubble(message: Json) -> Bubble:
    return Bubble(
        id=message["id"],
        text=message["text"],
        options=tuple(option["title"] for option in message["options"]),
        status=message["status"],
        tracker=message["tracker"] or "",
    )
