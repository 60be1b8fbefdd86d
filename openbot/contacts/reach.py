"""Which operators reach a contact: those of the branch of its open order, or else of its latest (product §5)."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.orm import InstrumentedAttribute

from openbot.database import Session
from openbot.schema import Contact, Order
from openbot.vocabulary import OPEN_STATES

_IS_OPEN = text(f"orders.state IN {tuple(str(state) for state in OPEN_STATES)} DESC")
_BRANCH = (
    select(Order.branch_id)
    .where(Order.contact_id == Contact.id)
    .order_by(_IS_OPEN, Order.id.desc())
    .limit(1)
    .correlate(Contact)
    .scalar_subquery()
)
_FOLLOW = (
    update(Contact)
    .where(Contact.branch_id.is_distinct_from(_BRANCH))
    .values(branch_id=_BRANCH)
    .execution_options(synchronize_session=False)
)


def follow_orders(session: Session, *, contact_ids: Collection[int] | None = None) -> None:
    """Set the branch that decides who reaches these contacts (None: all) from their orders.

    Called wherever an order opens, changes its branch, moves, or changes hands; the contacts are locked.
    """
    if contact_ids is None:
        session.execute(_FOLLOW)
    elif contact_ids:
        session.execute(_FOLLOW.where(Contact.id.in_(contact_ids)))


def is_reached(
    branch_ids: frozenset[int] | None, *, of: InstrumentedAttribute[int | None] = Contact.branch_id
) -> list[ColumnElement[bool]]:
    """Return the condition for somebody of these branches, on contacts or on the branch of an order; none for all."""
    if branch_ids is None:
        return []
    # An expression no index fits: it is asked of rows found by something else, which are fewer than a branch has.
    return [func.coalesce(of, 0).in_([0, *sorted(branch_ids)])]


def may_reach(session: Session, *, contact_id: int, branch_ids: frozenset[int] | None) -> bool:
    """Say whether somebody of these branches (None: all) reaches the contact. Deleted ones nobody reaches."""
    query = select(Contact.id).where(Contact.id == contact_id, Contact.deleted_at.is_(None))
    return session.scalar(query.where(*is_reached(branch_ids))) is not None
