"""The customer is told of a new state of the order, once per change, where the company wrote a text (product §2)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from openbot import state_messages
from openbot.catalogue.goods import format_money
from openbot.conversations import counts, queueing
from openbot.conversations.outbox import window_is_open
from openbot.conversations.queueing import Message
from openbot.database import Session
from openbot.schema import Branch, CompanySetting, Contact, MessageTemplate, Order
from openbot.state_messages import VARIABLES, StateMessage
from openbot.templates import filling
from openbot.templates.filling import TemplateNotApproved, TemplateValuesWrong
from openbot.vocabulary import Author
from openbot.whatsapp.outbound import Bubble

#: What is counted instead of being said.
NO_WINDOW = "state messages outside the window without a template"
NO_TEMPLATE = "state messages whose template cannot be sent"

# Built once: building a statement costs more than running it.
_MESSAGES = select(CompanySetting.value).where(CompanySetting.key == "state_messages")


def tell(session: Session, *, contact: Contact, order: Order, now: datetime) -> None:
    """Queue what this state says, if anything. The contact is locked by the caller."""
    message = state_messages.of_json(session.scalar(_MESSAGES)).get(order.state)
    if message is None or contact.blocked_at is not None or contact.deleted_at is not None:
        return
    values = _values(session, contact=contact, order=order)
    if window_is_open(contact, now=now):
        bubble: Bubble | None = Bubble(text=state_messages.fill(message.text, values))
    else:
        bubble = _template(session, message=message, values=values)
    if bubble is None:
        return
    said = Message(
        author=Author.SYSTEM, bubble=bubble, key=f"state:{order.id}:{order.version}", order_id=order.id
    )
    queueing.queue_message(session, contact=contact, message=said, now=now)


def _values(session: Session, *, contact: Contact, order: Order) -> dict[str, str]:
    branch = session.get(Branch, order.branch_id) if order.branch_id is not None else None
    found = (
        order.name or contact.name or contact.profile_name or "cliente",
        str(order.id),
        format_money(order.total if order.amount is None else order.amount),
        branch.name if branch else "la sucursal",
    )
    return dict(zip(VARIABLES, found, strict=True))


def _template(session: Session, *, message: StateMessage, values: Mapping[str, str]) -> Bubble | None:
    """Fill the template that was chosen: by name where its variables are ours, else in our order."""
    if message.template_id is None:
        counts.add(session, name=NO_WINDOW)
        return None
    template = session.get(MessageTemplate, message.template_id)
    if template is None:
        counts.add(session, name=NO_TEMPLATE)
        return None
    names = template.variables
    is_ours = all(name in values for name in names)
    filled = (
        {name: values[name] for name in names} if is_ours else dict(zip(names, values.values(), strict=False))
    )
    try:
        return filling.bubble_of(template, filled)
    except (TemplateNotApproved, TemplateValuesWrong):
        counts.add(session, name=NO_TEMPLATE)
        return None
