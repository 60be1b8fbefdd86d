"""Events that are counted and otherwise ignored: nothing is dropped silently."""

from sqlalchemy import select, update

from openbot.database import Session
from openbot.schema import Count


def add(session: Session, *, name: str, by: int = 1) -> None:
    """Raise a count; the name is cut at 120 characters."""
    name = name[:120]
    raised = session.execute(
        update(Count).where(Count.name == name).values(value=Count.value + by).returning(Count.name)
    )
    if raised.first() is None:
        session.add(Count(name=name, value=by))
        session.flush()


def all_counts(session: Session) -> dict[str, int]:
    """Return every count."""
    return {row.name: row.value for row in session.scalars(select(Count).order_by(Count.name))}
