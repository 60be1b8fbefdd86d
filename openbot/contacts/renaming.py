"""An operator corrects a contact's name."""

from openbot.contacts import operations as contacts
from openbot.contacts.listing import version_of
from openbot.database import Session
from openbot.errors import OpenbotError

LONGEST = 100


class ContactChanged(OpenbotError):
    """The name is another one by now."""

    code = "contact_changed"

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__()


class NameTooLong(OpenbotError):
    """A contact's name has up to 100 characters."""

    code = "too_long"


def rename(session: Session, *, contact_id: int, name: str, seen_version: int) -> bool:
    """Set the name (empty: as WhatsApp shows it). False: it is that already.

    Raises ContactGone, NameTooLong, and ContactChanged when `seen_version` is not of the name that is there.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    if contact.deleted_at is not None:
        raise contacts.ContactGone
    shown = contact.name or contact.profile_name
    if version_of(shown) != seen_version:
        raise ContactChanged(name=shown)
    # Nothing of a name may hide or break what stands beside it.
    clean = " ".join(
        "".join(character for character in name if character.isprintable() or character.isspace()).split()
    )
    if len(clean) > LONGEST:
        raise NameTooLong
    if clean == shown:
        return False
    contacts.learn_name(session, contact=contact, name=clean)
    return True
