"""Whom a broadcast would reach now, what it would cost, how it would read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import func

from openbot import costs
from openbot.broadcasts import segment as segments
from openbot.broadcasts import wording
from openbot.broadcasts.segment import Segment
from openbot.company import CompanyPage
from openbot.database import Session
from openbot.schema import Contact, MessageTemplate
from openbot.templates import filling

SAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Whom a broadcast would reach, and what it would cost."""

    count: int
    skipped: Mapping[str, int]
    amount: Decimal
    currency: str
    sample: list[str] = field(default_factory=list)  #: as the first ones would read it


def preview(
    session: Session,
    *,
    template: MessageTemplate,
    values: Sequence[str],
    segment: Segment,
    page: CompanyPage,
) -> Preview:
    """Count whom it would reach now, and fill it for the first three."""
    reason = segments.left_out(category=template.category)
    meant = segments.matching(segment, zone=page.zone)
    counted = meant.with_only_columns(reason.label("why"), func.count()).group_by("why")
    counts: dict[str, int] = dict(session.execute(counted).all())
    count = counts.pop("", 0)
    contact = Contact.__table__.c
    name = func.coalesce(func.nullif(contact.name, ""), contact.profile_name)
    first = meant.where(reason == "").order_by(contact.id).limit(SAMPLES).with_only_columns(name)
    return Preview(
        count=count,
        skipped=counts,
        amount=costs.price_of(page, template.category) * count,
        currency=page.prices.currency,
        sample=[
            filling.fill(template, wording.values_for(template, values, name=each))
            for each in session.scalars(first)
        ],
    )
