"""Reads about contacts, as frozen data."""

from dataclasses import dataclass

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Contact


class ContactNotFound(OpenbotError):
    """There is no such contact."""

    code = "contact_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who writes."""

    id: int
    name: str  #: as the customer told us; may be empty
    profile_name: str  #: as WhatsApp shows it; an offer, never taken as known
    phone: str  #: digits; may be empty
    is_waiting: bool  #: for a person

    @property
    def first_name(self) -> str:
        """How to greet somebody who told us a name; empty for the others."""
        return self.name.split()[0] if self.name.strip() else ""


def person(session: Session, *, contact_id: int) -> Person:
    """Return one contact. Raises ContactNotFound."""
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise ContactNotFound
    return Person(
        id=contact.id,
        name=contact.name,
        profile_name=contact.profile_name,
        phone=contact.wa_id or "",
        is_waiting=contact.waiting_since is not None,
    )
