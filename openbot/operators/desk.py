"""What an operator keeps for themselves is written by one call at a time, though they have two tabs open."""

from sqlalchemy import select

from openbot.database import Session
from openbot.schema import Operator


def lock(session: Session, *, operator_id: int) -> None:
    """Lock an operator's drafts and views until the transaction ends; histories that name them go on meanwhile."""
    session.execute(select(Operator.id).where(Operator.id == operator_id).with_for_update(key_share=True))
