"""What WhatsApp's lists have no room for: they show ten rows (contract §5.3), and only products go on to a next page.

Whoever writes the name of what is left out is understood all the same.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from openbot.catalogue import listing
from openbot.database import Session
from openbot.schema import Product

ROWS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Names that the assistant's lists do not show, in order."""

    #: With «Repetir mi pedido» above them there is a row less for categories: the tenth is among these.
    categories: list[str]
    branches: list[str]
    zones: list[str]
    payment_methods: list[str]


def left_out(session: Session, *, today: date) -> LeftOut:
    """Say what the lists leave out on this day of the company's."""
    stocked = set(
        session.scalars(
            select(Product.category_id)
            .where(
                Product.active, Product.available, or_(Product.back_on.is_(None), Product.back_on <= today)
            )
            .distinct()
        )
    )
    branches = [line for line in listing.branches(session) if line.active]
    open_ids = {line.id for line in branches}
    return LeftOut(
        categories=[line.name for line in listing.categories(session) if line.id in stocked][ROWS - 1 :],
        branches=[line.name for line in branches][ROWS:],
        zones=[line.name for line in listing.zones(session) if line.active and line.branch_id in open_ids][
            ROWS:
        ],
        payment_methods=[line.name for line in listing.payment_methods(session) if line.active][ROWS:],
    )
