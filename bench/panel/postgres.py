"""A PostgreSQL server of the benchmark's own: in a folder that may be kept, behind a unix socket."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.postgres_server import _account, _as_user, _programs

_START_SECONDS, _STOP_SECONDS = 60.0, 120.0
#: What a small server of this size would be given; everything else as PostgreSQL comes.
SETTINGS = ("shared_buffers=512MB", "max_wal_size=8GB", "max_connections=200")


class NotStarted(Exception):
    """Its log says why."""


class Server:
    """Runs while the `with` block lasts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"postgresql://openbot@/openbot?host={folder}"

    def __enter__(self) -> "Server":  # noqa: PYI034 - there are no others
        programs, cluster = _programs(), self._folder / "cluster"
        as_user = _as_user()
        if not cluster.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                shutil.chown(self._folder, _account())
            subprocess.run(  # noqa: S603 - our own arguments
                [*as_user, programs / "initdb", "-D", cluster, "-U", "openbot", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8"],
                check=True, capture_output=True, cwd=self._folder,
            )  # fmt: skip
        options = [word for setting in SETTINGS for word in ("-c", setting)]
        with (self._folder / "postgres.log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - as above
                [*as_user, programs / "postgres", "-D", cluster, "-k", self._folder, "-h", "", *options],
                stdout=log, stderr=subprocess.STDOUT, cwd=self._folder,
            )  # fmt: skip
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def version(self) -> str:
        """Say which PostgreSQL this is."""
        with psycopg.connect(self.url) as connection:
            return f"PostgreSQL {connection.info.server_version // 10_000}"

    def _wait(self) -> None:
        administration = self.url.replace("/openbot?", "/postgres?")
        last = time.monotonic() + _START_SECONDS
        while True:
            with suppress(psycopg.OperationalError):
                return _create(administration)
            if self._process.poll() is not None or time.monotonic() > last:
                self._process.kill()
                self._process.wait()
                raise NotStarted((self._folder / "postgres.log").read_text(errors="replace")[-2000:])
            time.sleep(0.1)


def _create(administration: str) -> None:
    with (
        psycopg.connect(administration, autocommit=True) as connection,
        suppress(psycopg.errors.DuplicateDatabase),
    ):
        connection.execute("CREATE DATABASE openbot")
