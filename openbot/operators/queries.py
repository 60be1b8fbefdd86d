"""Reads about the people of the panel."""

from sqlalchemy import func, select

from openbot.database import Session
from openbot.schema import Operator
from openbot.vocabulary import Enabled, Role


def enabled_administrators(session: Session) -> int:
    """Return how many administrators may sign in."""
    found = select(func.count()).where(Operator.role == Role.ADMINISTRATOR, Operator.enabled == Enabled.YES)
    return session.scalar(found) or 0
