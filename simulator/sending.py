"""What happens to a send that is well formed: limits, window, switches, then the chat and its receipts."""

import re
from dataclasses import dataclass

from .chat import Customer, Json
from .faults import Code, takes
from .graph import Read, Send
from .graph_errors import LATER, GraphError
from .receipts import Receipts
from .world import TYPING_SECONDS, World

_WITH_NINE = re.compile(r"549\d{10}")
_WITHOUT_NINE = re.compile(r"54\d{10}")


@dataclass(frozen=True, slots=True)
class Sending:
    """The business's way to the customers."""

    world: World
    receipts: Receipts

    def send(self, send: Send) -> Json:
        """Take a message and return the Graph's answer, or raise GraphError."""
        world = self.world
        customer = self._customer(send)
        if not world.within_number_rate():
            raise GraphError(130429)
        if customer is not None and not world.within_pair_rate(customer):
            raise GraphError(131056)
        fails_with = self._failure(customer, send)
        if customer is None:
            customer = _nobody(send)
        if send.type == "reaction" and isinstance(send.content, dict):
            self._react(customer, send.content)
        message = world.add_message(
            customer,
            side="business",
            kind=send.type,
            content=send.content,
            context={"id": send.context_id} if send.context_id else None,
            tracker=send.tracker,
            addressed_by="to" if send.phone else "recipient",
            category=send.category,
        )
        self._count(send)
        self.receipts.follow(customer, message, fails_with=fails_with)
        return _answer(send, customer, message.id)

    def read(self, read: Read) -> Json:
        """Mark a customer's message and all before it as read; with typing, show it for 25 s."""
        world = self.world
        found = world.message(read.message_id)
        if found is None or found[1].side != "customer":
            raise GraphError(131009, "Message id is not one that a customer sent to this number.")
        customer, last = found
        for message in customer.chat:
            if message.side == "customer" and message.seq <= last.seq:
                world.advance(customer, message, "read")
        world.figures.reads += 1
        if read.typing:
            world.figures.typings += 1
            customer.typing_until = world.clock.now() + TYPING_SECONDS
            world.show_customer(customer)
        return {"success": True}

    def _customer(self, send: Send) -> Customer | None:
        world = self.world
        if send.phone is None:
            return world.find(user_id=send.user_id)
        if send.phone == world.settings.display_phone.lstrip("+"):
            raise GraphError(131021)
        if world.behaviour.test_number:
            if _WITH_NINE.fullmatch(send.phone):
                raise GraphError(131030)
            if _WITHOUT_NINE.fullmatch(send.phone):
                return world.find(phone="549" + send.phone[2:])
        return world.find(phone=send.phone)

    def _failure(self, customer: Customer | None, send: Send) -> int | None:
        """Return the code with which the message fails later; raise the one that refuses it now."""
        code = self._switched(customer)
        if code is not None:
            if (code.when or ("later" if code.code in LATER else "answer")) == "answer":
                raise GraphError(code.code)
            return code.code
        if customer is None or customer.blocked:
            return 131026
        if send.type != "template" and not self.world.window_is_open(customer):
            self.world.figures.window_violations += 1
            return 131047
        return None

    def _switched(self, customer: Customer | None) -> Code | None:
        for code in self.world.faults.codes:
            for_this = code.customer is None or (customer is not None and code.customer == customer.id)
            if for_this and takes(code, on="messages"):
                return code
        return None

    def _react(self, customer: Customer, content: Json) -> None:
        found = self.world.message(str(content["message_id"]))
        if found is None or found[0] is not customer:
            raise GraphError(131009, "The message to react to was not found.")
        found[1].reactions["business"] = str(content["emoji"])
        self.world.show_message(*found)

    def _count(self, send: Send) -> None:
        figures = self.world.figures
        figures.accepted += 1
        figures.accepted_by_type[send.type] += 1
        if send.tracker:
            figures.trackers[send.tracker] += 1


def _answer(send: Send, customer: Customer, wamid: str) -> Json:
    known = {"user_id": customer.user_id} if send.phone is None else {"wa_id": customer.phone}
    who = {"input": send.named, **known}
    return {"messaging_product": "whatsapp", "contacts": [who], "messages": [{"id": wamid}]}


def _nobody(send: Send) -> Customer:
    """Return whom a send to an unknown phone or user id is shown to: someone who is in no list."""
    return Customer(
        id="nobody",
        name="",
        phone=send.phone or "",
        phone_visible=send.phone is not None,
        user_id=send.user_id or "",
    )
