"""Is a customer forgotten? Pure: since when they wait and the hours of attention in, whom to alert out (product §2)."""

from datetime import datetime, timedelta
from typing import Literal

from openbot.catalogue.attention import Attention

#: Nobody, the operator who attends them, or everybody of the branch.
Alert = Literal["", "operator", "branch"]
#: Everybody is alerted after so many times what the operator has.
ESCALATES = 2


def alert_of(
    waiting_since: datetime | None,
    *,
    branch_id: int | None,
    attention: Attention,
    after: timedelta,
    now: datetime,
) -> Alert:
    """Say whom to alert; only time within the hours of attention counts."""
    if waiting_since is None or now - waiting_since < after:
        return ""
    passed = attention.passed(branch_id=branch_id, since=waiting_since, until=now)
    if passed < after:
        return ""
    return "branch" if passed >= after * ESCALATES else "operator"
