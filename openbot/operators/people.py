"""Writes about people of the panel, each with its rules: the last administrator stays, one's session ends at once."""

from typing import ClassVar

from sqlalchemy import update

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Operator


class PasswordWrong(OpenbotError):
    """The present password is another one."""

    code = "password_wrong"
    fields: ClassVar = {"current": "password_wrong"}


class PasswordUnchanged(OpenbotError):
    """The new password is the present one."""

    code = "password_unchanged"
    fields: ClassVar = {"new": "password_unchanged"}


def set_own_password(session: Session, *, operator_id: int, password_hash: str) -> None:
    """Store a password that its owner chose."""
    session.execute(
        update(Operator)
        .where(Operator.id == operator_id)
        .values(password_hash=password_hash, must_change_password=False, version=Operator.version + 1)
    )
