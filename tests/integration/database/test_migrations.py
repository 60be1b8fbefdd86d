from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from openbot.migrations import DatabaseAhead, engine_of, migrate, pending
from openbot.schema import Base


def test_the_migrations_make_exactly_the_tables_of_the_schema(bare_url: str):
    migrate(bare_url)
    with engine_of(bare_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_columns_defaults_and_partial_indexes_are_those_of_the_schema(bare_url: str):
    """What compare_metadata does not look at: above all the WHERE of «one open order per contact»."""
    migrate(bare_url)
    with engine_of(bare_url).begin() as connection:
        migrated = _described(connection)
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        assert migrated == _described(connection)


def _described(connection: Connection) -> dict[str, Any]:
    found = inspect(connection)
    sqlite = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    postgresql = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    indexes = connection.execute(text(sqlite if connection.dialect.name == "sqlite" else postgresql)).all()
    return {
        "indexes": {name: ddl for name, ddl in indexes if "alembic" not in name},
        "columns": {
            (table, column["name"]): (str(column["type"]), column["nullable"], column["default"])
            for table in Base.metadata.tables
            for column in found.get_columns(table)
        },
        "keys": {
            (table, key["name"]): (key["constrained_columns"], key["referred_table"], key["options"])
            for table in Base.metadata.tables
            for key in found.get_foreign_keys(table)
        },
    }


def test_a_fresh_database_lacks_every_revision_and_then_none(bare_url: str):
    missing = pending(bare_url)
    assert missing[0] == "0001"
    assert migrate(bare_url) == missing
    assert pending(bare_url) == []
    assert migrate(bare_url) == []


def test_processes_that_start_together_migrate_once(bare_url: str):
    with ThreadPoolExecutor(3) as pool:
        applied = [done for done in pool.map(migrate, [bare_url] * 3) if done]
    assert len(applied) == 1
    assert pending(bare_url) == []


def test_a_database_of_a_newer_version_is_refused(bare_url: str):
    migrate(bare_url)
    with engine_of(bare_url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseAhead, match="9999"):
        pending(bare_url)
    with pytest.raises(DatabaseAhead, match="9999"):
        migrate(bare_url)


def test_a_migration_that_fails_leaves_nothing_behind(bare_url: str, monkeypatch: pytest.MonkeyPatch):
    whole_upgrade = command.upgrade

    def upgrade_and_fail(*args: Any) -> None:
        whole_upgrade(*args)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("openbot.migrations.command.upgrade", upgrade_and_fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        migrate(bare_url)
    with engine_of(bare_url).connect() as connection:
        assert inspect(connection).get_table_names() == []
