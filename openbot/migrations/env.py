"""Alembic runs this file; `openbot.migrations.migrate` is how it is called."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.sql.elements import False_, True_

from openbot.column_types import Scaled, UtcTime
from openbot.schema import Base


def render_item(kind: str, item: Any, _autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our own types as what the database holds, so that an old migration never imports new code."""
    if kind == "server_default" and isinstance(item.arg, False_ | True_):
        # Alembic would write 0 and 1, which PostgreSQL refuses.
        return "sa.false()" if isinstance(item.arg, False_) else "sa.true()"
    if kind != "type":
        return False
    if isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Scaled):
        return "sa.BigInteger()"
    if type(item).__name__ == "Enum":
        return f"sa.String(length={item.length})"
    if type(item).__name__ == "JSON":
        return "sa.JSON()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter most columns in place
    render_item=render_item,
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
