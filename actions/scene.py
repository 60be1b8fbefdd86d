"""Everything an action has before it: who, what, which order, which goods, what was remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from rasa_sdk.interfaces import Tracker

from actions.memory import Memory
from actions.message import Message
from actions.process import Process
from openbot.actor import CUSTOMER
from openbot.catalogue.goods import Catalogue
from openbot.catalogue.matching import Matcher
from openbot.contacts import operations as contacts
from openbot.contacts.queries import Person, person
from openbot.database import Session
from openbot.orders import operations, queries
from openbot.orders.items import ItemChange
from openbot.orders.queries import FullOrder
from openbot.vocabulary import OrderKind, State

FORM = "order_form"
_PASSING_ON = (FORM, "action_extract_slots", "action_not_understood", "action_out_of_scope", "action_greet")
Button = dict[str, str]


@dataclass(slots=True, kw_only=True)
class Scene:
    """One call of one action, inside its transaction."""

    session: Session
    message: Message
    memory: Memory
    person: Person
    order: FullOrder | None  #: the open one
    catalogue: Catalogue
    matcher: Matcher
    expires_after: timedelta
    text_outside_hours: str  #: the company's own, for who asks for a person while nobody is there
    asked: str | None  #: the step whose question is open
    in_form: bool
    is_resumed: bool  #: the form comes back after another action answered the message
    slots: dict[str, Any]
    events: Sequence[dict[str, Any]] = ()  #: of the dialogue, oldest first; read through last_answer
    ends: bool = False  #: an answer that leads nowhere: without an order in hand the form asks nothing
    leaves: bool = (
        False  #: an answer that is no matter of the form: it asks nothing, and the order stays as it is
    )
    said: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def set_up(cls, session: Session, *, shop: Process, tracker: Tracker, message: Message) -> Self:
        """Read everything an action may need."""
        contact_id = int(tracker.sender_id)
        goods = shop.goods(session, now=message.now)
        in_form = _was_in_form(tracker)
        return cls(
            session=session,
            message=message,
            memory=Memory.read(tracker.slots),
            person=person(session, contact_id=contact_id),
            order=queries.open_order(session, contact_id=contact_id),
            catalogue=goods.catalogue,
            matcher=goods.matcher,
            expires_after=goods.expires_after,
            text_outside_hours=goods.settings.text_outside_hours,
            asked=tracker.slots.get("requested_slot") if in_form else None,
            in_form=in_form,
            is_resumed=_is_resumed(tracker),
            slots=tracker.slots,
            events=tracker.events,
        )

    @property
    def now(self) -> datetime:
        """The time of the turn."""
        return self.message.now

    def say(
        self,
        response: str,
        *,
        buttons: Sequence[Button] = (),
        custom: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        """Say a response of the domain; `values` fill its {variables}, `custom` holds a list or a request."""
        self.said.append(
            {
                "response": response,
                "buttons": list(buttons),
                **({"custom": dict(custom)} if custom else {}),
                **{name: _shown(value) for name, value in values.items()},
            }
        )

    def change(self, *, fields: Mapping[str, Any] | None = None, items: Sequence[ItemChange] = ()) -> None:
        """Change the open order as the customer wishes."""
        order = self.need_order()
        operations.change(
            self.session,
            order_id=order.id,
            actor=CUSTOMER,
            now=self.now,
            fields=fields,
            items=items,
            inbound_id=self.inbound_id,
        )
        self.order = queries.full_order(self.session, order_id=order.id)

    def move(self, to: State, *, expires: bool = False, reason: str = "") -> None:
        """Move the open order as the customer wishes; `expires` sets its expiry anew."""
        order = self.need_order()
        operations.move(
            self.session,
            order_id=order.id,
            to=to,
            actor=CUSTOMER,
            now=self.now,
            reason=reason,
            inbound_id=self.inbound_id,
            expires_after=self.expires_after if expires else None,
        )
        self.reload()

    def need_order(self) -> FullOrder:
        """Return the open order; open one when an earlier message of this turn closed it."""
        if self.order is None:
            operations.open_for(
                self.session,
                contact_id=self.person.id,
                now=self.now,
                expires_after=self.expires_after,
                inbound_id=self.inbound_id,
            )
            self.reload()
        if self.order is None:
            raise operations.OrderNotFound
        return self.order

    def order_to_fill(self) -> FullOrder:
        """Return the open order; a request for a person that holds nothing makes room for one."""
        if is_bare_request(self.order):
            self.move(State.CANCELLED, reason="siguió con un pedido")
        return self.need_order()

    def reload(self) -> None:
        """Read the open order again; the rest of the turn knows which one it is now."""
        before = self.order.id if self.order else None
        self.order = queries.open_order(self.session, contact_id=self.person.id)
        after = self.order.id if self.order else None
        if after != before:
            self.memory.turn_order = [self.message.turn_id, after]

    def lock_contact(self) -> Any:
        """Return the contact's row, for its name and the wait for a person."""
        return contacts.lock(self.session, contact_id=self.person.id)

    @property
    def inbound_id(self) -> int | None:
        """The message that causes what happens."""
        return self.message.id or None


def is_bare_request(order: FullOrder | None) -> bool:
    """Say whether the open order is only a request for a person, with nothing to buy in it."""
    return order is not None and order.kind is OrderKind.HELP and not order.items


def _shown(value: Any) -> Any:
    # Rasa's template engine takes "0[" in a text for its own and would show the raw template.
    return value.replace("[", "(").replace("]", ")") if isinstance(value, str) else value


def _was_in_form(tracker: Tracker) -> bool:
    """Say whether the form was active before this message, which may have begun it."""
    if (tracker.active_loop or {}).get("name") != FORM:
        return False
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        if event.get("event") == "active_loop" and event.get("name") == FORM:
            return False
    return True


def _is_resumed(tracker: Tracker) -> bool:
    """Say whether another action has answered the message; one that found goods in it only passes it on."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action_execution_rejected":
            return True
        if event.get("event") == "action" and event.get("name") not in _PASSING_ON:
            return True
    return False
