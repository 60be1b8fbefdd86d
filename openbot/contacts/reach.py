"""Which operators reach a contact: those of the branch of its open order, or else of its latest (product §5)."""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, func, select, text, update
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


# Built once: building a statement costs more than running it.
_FOLLOW_ONE = _FOLLOW.where(Contact.id == bindparam("of_contact"))
_ANEW = (
    update(cast("Table", Contact.__table__))
    .where(
        Contact.__table__.c.id.in_(bindparam("contact_ids", expanding=True)),
        Contact.__table__.c.branch_id.is_not(None),
    )
    .values(branch_id=None)
)


def begin_anew(session: Session, *, contact_ids: Iterable[int]) -> None:
    """Orders of these contacts open just now: until they have a branch, everybody reaches them."""
    session.connection().execute(_ANEW, {"contact_ids": list(contact_ids)})


def follow_order(session: Session, *, contact_id: int) -> None:
    """Set the branch that decides who reaches a contact: its orders opened, moved or got another branch.

    The contact is locked.
    """
    session.execute(_FOLLOW_ONE, {"of_contact": contact_id})


def follow_orders(session: Session) -> None:
    """Do the same for all contacts, whose orders came from elsewhere."""
    session.execute(_FOLLOW)


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
