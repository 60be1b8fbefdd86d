"""Brings a database to the tables of this version: `migrate`, and `pending` for who only wants to know."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from openbot.errors import OpenbotError

HERE = Path(__file__).parent
#: Any number, the same in every process: who migrates PostgreSQL holds this advisory lock.
ADVISORY_LOCK = 7_214_908_863


class DatabaseAhead(OpenbotError):
    """The database was migrated by a newer version of Openbot."""

    code = "database_ahead"

    def __init__(self, *, revision: str) -> None:
        self.revision = revision
        super().__init__(
            f"The database is at {revision}, which this version of Openbot does not know: update Openbot."
        )


def migrate(url: str) -> list[str]:
    """Bring the database at `url` (as OPENBOT_DATABASE_URL) up to date; return the revisions that were applied.

    All or nothing, and safe when several processes start at once: one migrates, the others wait for it. There is
    no way down: who must go back restores a backup. Raises DatabaseAhead, and SQLAlchemy's OperationalError when
    the database cannot be reached.
    """
    engine = engine_of(url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        waiting = _pending(connection)
        if waiting:
            command.upgrade(configuration(connection=connection), "head")
        return waiting


def pending(url: str) -> list[str]:
    """Return the revisions the database at `url` still lacks, oldest first; changes nothing. Raises as `migrate`."""
    database = make_url(url).database or ""
    if url.startswith("sqlite") and not Path(database).exists():
        return _missing_after(None)
    with engine_of(url).connect() as connection:
        return _pending(connection)


def configuration(**attributes: Any) -> Config:
    """Return Alembic's configuration for these scripts; `connection=` is what the scripts run on."""
    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _pending(connection: Connection) -> list[str]:
    return _missing_after(MigrationContext.configure(connection).get_current_revision())


def _missing_after(current: str | None) -> list[str]:
    scripts = ScriptDirectory.from_config(configuration())
    known = [script.revision for script in scripts.walk_revisions()][::-1]
    if current is None:
        return known
    if current not in known:
        raise DatabaseAhead(revision=current)
    return known[known.index(current) + 1 :]


def engine_of(url: str) -> Engine:
    """Return an engine whose transactions cover changes of tables too, on both databases."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Python's own transactions end before DDL; ours cover it. Foreign keys stay off: a batch
        # migration replaces whole tables.
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=60000")
        connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
