"""Events that are counted and otherwise ignored: nothing is dropped silently."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from openbot.database import Session
from openbot.schema import Count


def add(session: Session, *, name: str, by: int = 1) -> None:
    """Raise a count; the name is cut at 120 characters."""
    # One statement: two processes that count something for the first time at once must not fail each other.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(Count).values(name=name[:120], value=by)
    session.execute(
        first.on_conflict_do_update(index_elements=["name"], set_={"value": Count.value + by}),
        execution_options={"synchronize_session": False},
    )


def all_counts(session: Session) -> dict[str, int]:
    """Return every count."""
    return {row.name: row.value for row in session.scalars(select(Count).order_by(Count.name))}
