"""A PostgreSQL server of the tests' own: in a temporary folder, behind a unix socket, gone with them."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

START_SECONDS = 30.0
#: Nothing here outlives the test run, so nothing has to reach the disk.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "max_connections=200",
    "shared_buffers=64MB",
)
_ALONE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""
_SEQUENCES = """
    SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


class NoPostgres(Exception):
    """Says what is missing on this machine."""


class PostgresServer:
    """Started when made; `url(name)` addresses one of its databases.

    PostgreSQL refuses to run as root, so as root the account `postgres` (or `nobody`) runs it.
    """

    def __init__(self) -> None:
        programs = _programs()
        self._as_user = _as_user()
        self.folder = Path(tempfile.mkdtemp(prefix="openbot-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, _account())
        shown = subprocess.run(  # noqa: S603 - as below
            [programs / "postgres", "--version"], check=True, capture_output=True, text=True
        )
        self._version = int(re.search(r"\d+", shown.stdout)[0])
        cluster = self.folder / "cluster"
        subprocess.run(  # noqa: S603 - our own arguments
            [*self._as_user, programs / "initdb", "-D", cluster, "-U", "openbot", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            check=True, capture_output=True, cwd=self.folder,
        )  # fmt: skip
        options = [word for setting in FAST for word in ("-c", setting)]
        with (self.folder / "log").open("wb") as log:
            self._server = subprocess.Popen(  # noqa: S603 - our own arguments
                [*self._as_user, programs / "postgres", "-D", cluster, "-k", self.folder, "-h", "", *options],
                stdout=log, stderr=subprocess.STDOUT, cwd=self.folder,
            )  # fmt: skip
        self._databases = 0
        self._free: list[str] = []
        self._wait()

    def url(self, name: str) -> str:
        """Return the OPENBOT_DATABASE_URL of a database of this server."""
        return f"postgresql://openbot@/{name}?host={self.folder}"

    def create(self, *, template: str = "template0") -> str:
        """Make a database as a copy of `template`; return its name."""
        self._databases += 1
        name = f"test_{self._databases}"
        # Copying files is several times faster than logging every page; before 15 there was nothing else.
        strategy = " STRATEGY file_copy" if self._version >= 15 else ""
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}{strategy}")
        return name

    def lend(self, *, template: str) -> str:
        """Return an empty database as `template` made it, for one test; `take_back` it afterwards."""
        return self._free.pop() if self._free else self.create(template=template)

    def take_back(self, name: str) -> None:
        """Empty a database for the next test: some fifteen times faster than a new copy of the template."""
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            while connection.execute(_ALONE).fetchall():  # until the last one has let go of its locks
                time.sleep(0.01)
            connection.execute(
                "SET session_replication_role = replica"
            )  # foreign keys wait until all is gone
            tables = [table for (table,) in connection.execute(_TABLES)]
            some = " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"  # noqa: S608 - quoted by the server
                for table in tables
            )
            used = [table for (table,) in connection.execute(some.encode())]
            for table in used:
                connection.execute(f"DELETE FROM {table}".encode())  # noqa: S608 - as above
            for (sequence,) in connection.execute(_SEQUENCES).fetchall():
                connection.execute(f"ALTER SEQUENCE {sequence} RESTART".encode())
            if used:
                connection.execute(f"VACUUM {', '.join(used)}".encode())
        self._free.append(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        """Execute one statement of administration."""
        import psycopg  # absent from the assistant's environment

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._server.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            self._server.wait(timeout=10)
        self._server.kill()
        self._server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        import psycopg

        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.run("SELECT 1")
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    self.stop()
                    raise NoPostgres(f"the PostgreSQL server did not start:\n{log}") from None
                time.sleep(0.05)


def _programs() -> Path:
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder.resolve()
    raise NoPostgres("initdb and postgres are not installed (Debian: apt-get install postgresql)")


def _as_user() -> list[str]:
    setpriv = shutil.which("setpriv")
    # The server ends with the tests, also when they are killed.
    with_us = [setpriv, "--pdeathsig", "INT"] if setpriv else []
    if os.geteuid() != 0:
        return with_us
    if setpriv:
        return [*with_us, f"--reuid={_account()}", f"--regid={_group()}", "--clear-groups"]
    if runuser := shutil.which("runuser"):
        return [runuser, "-u", _account(), "--"]
    raise NoPostgres("PostgreSQL does not run as root, and neither setpriv nor runuser is installed")


def _account() -> str:
    import pwd

    names = {user.pw_name for user in pwd.getpwall()}
    account = next((name for name in ("postgres", "nobody") if name in names), None)
    if account is None:
        raise NoPostgres("PostgreSQL does not run as root, and there is no account postgres or nobody")
    return account


def _group() -> str:
    import grp
    import pwd

    return grp.getgrgid(pwd.getpwnam(_account()).pw_gid).gr_name
