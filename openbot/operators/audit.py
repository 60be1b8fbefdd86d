"""The log of the panel: who did what, when and from where. Only ever appended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from openbot.database import Session
from openbot.schema import AuditEntry


def note(
    session: Session,
    *,
    operator_id: int | None,
    action: str,
    now: datetime,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    address: str = "",
) -> None:
    """Append one line. `detail` holds no secret, phone number or message; `subject` is like "order 123"."""
    session.add(
        AuditEntry(
            at=now,
            operator_id=operator_id,
            action=action[:40],
            subject=subject[:40],
            detail=dict(detail) if detail else None,
            address=address[:60],
        )
    )
