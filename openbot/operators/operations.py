"""Writes about the people of the panel."""

from datetime import datetime

from sqlalchemy import select

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.operators.form import EMAIL, LONGEST_EMAIL, LONGEST_NAME
from openbot.operators.passwords import hash_password
from openbot.schema import Operator
from openbot.vocabulary import Enabled, Role


class EmailTaken(OpenbotError):
    """Somebody has this e-mail already."""

    code = "email_taken"

    def __init__(self, *, email: str) -> None:
        self.email = email
        self.fields = {"email": self.code}
        super().__init__(f"Somebody has the e-mail {email} already.")


class NotAnEmail(OpenbotError):
    """That is no e-mail address."""

    code = "not_an_email"

    def __init__(self, *, email: str) -> None:
        self.email = email
        super().__init__(f"{email!r} is no e-mail address.")


class NameMissing(OpenbotError):
    """A person of the panel has a name of 1 to 100 characters."""

    code = "name_missing"


def create_administrator(session: Session, *, email: str, name: str, password: str, now: datetime) -> int:
    """Add an enabled administrator; return the id. The e-mail is kept in lower case and is unique.

    Raises EmailTaken, NotAnEmail, NameMissing, PasswordRefused.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    if not EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL:
        raise NotAnEmail(email=email)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NameMissing
    password_hash = hash_password(password)
    if session.scalar(select(Operator.id).where(Operator.email == email)) is not None:
        raise EmailTaken(email=email)
    person = Operator(
        created_at=now,
        name=name,
        email=email,
        password_hash=password_hash,
        role=Role.ADMINISTRATOR,
        enabled=Enabled.YES,
    )
    session.add(person)
    session.flush()
    return person.id
