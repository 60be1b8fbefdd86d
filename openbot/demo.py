"""The demo: a company of its own against the simulator, with secrets made on the spot."""

import os
import secrets
import shutil
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import make_url

from openbot import migrations
from openbot.catalogue import operations as catalogue
from openbot.catalogue import queries
from openbot.conversations import canned_replies
from openbot.database import Database, Session
from openbot.errors import OpenbotError
from openbot.operators import operations as operators
from openbot.operators.passwords import random_password
from openbot.operators.queries import enabled_administrators
from openbot.program import Program
from openbot.run_file import RunFile
from openbot.schema import CompanySetting, Contact
from openbot.settings import Settings

#: In company_settings: this database belongs to the demo.
MARK = "demo"
ADMINISTRATOR = "admin@demo.example"
META = "https://graph.facebook.com"
#: Pictures and documents of the demo's customers, apart from real ones.
_FILES = "demo-files"
_SECRETS = ("WHATSAPP_ACCESS_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN")


class DatabaseInUse(OpenbotError):
    """The demo found a database with somebody else's customers."""

    code = "database_in_use"

    def __init__(self, *, url: str) -> None:
        super().__init__(
            f"{make_url(url).render_as_string()} holds customers that are not the demo's; nothing was changed. "
            "The demo needs a database of its own: set OPENBOT_DATABASE_URL for it."
        )


class DemoDatabase(OpenbotError):
    """The demo's database must not meet real customers."""

    code = "demo_database"

    def __init__(self, *, url: str) -> None:
        super().__init__(
            f"{make_url(url).render_as_string()} holds the demo's orders, and the settings name Meta's real API. "
            "Remove them with `make clean-demo`, or set OPENBOT_DATABASE_URL."
        )


def prepare(*, now: datetime, folder: Path = Path("var")) -> str:
    """Make everything that the demo's first start needs: secrets, tables, company, administrator.

    Returns the administrator's password when it was made now, else an empty text.

    From here on the environment has the demo's settings, whatever `.env` says. Raises DatabaseInUse.
    """
    os.environ |= _environment(folder)
    settings = Settings.load()
    migrations.migrate(settings.database_url)
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            _company(session, settings=settings)
            return _administrator(session, now=now)
    finally:
        database.close()


def simulator() -> Program:
    """Return the process that stands in for Meta; after `prepare`."""
    settings = Settings.load()
    port = _port()
    return Program(
        name="simulator",
        command=(sys.executable, "-m", "simulator"),
        port=port,
        setting="SIMULATOR_PORT",
        health="/sim/clock",
        environment={
            "SIMULATOR_PORT": str(port),
            "SIMULATOR_WEBHOOK_URL": f"http://127.0.0.1:{settings.port}/whatsapp/webhook",
            "SIMULATOR_ACCESS_TOKEN": settings.whatsapp_access_token.get_secret_value(),
            "SIMULATOR_APP_SECRET": settings.whatsapp_app_secret.get_secret_value(),
            "SIMULATOR_VERIFY_TOKEN": settings.whatsapp_verify_token.get_secret_value(),
            "SIMULATOR_PHONE_NUMBER_ID": settings.whatsapp_phone_number_id,
            "SIMULATOR_WABA_ID": settings.whatsapp_waba_id,
            "SIMULATOR_DEMO_CUSTOMERS": os.environ.get("SIMULATOR_DEMO_CUSTOMERS", "3"),
        },
        stop_last=True,
    )


def forget(*, folder: Path = Path("var")) -> None:
    """Remove the demo's database, files and secrets.

    Raises AlreadyRunning, and DatabaseInUse where the database is not the demo's.
    """
    RunFile(folder / "run" / "openbot.json").end_leftovers()
    path = folder / "openbot.db"
    url = f"sqlite:///{path}"
    if path.exists() and not migrations.pending(url):
        database = Database(url)
        try:
            with database.reading() as session:
                if _has_strangers(session):
                    raise DatabaseInUse(url=url)
        finally:
            database.close()
    for left in (*folder.glob("openbot.db*"), folder / "demo.env"):  # with the database what lies beside it
        left.unlink(missing_ok=True)
    shutil.rmtree(folder / _FILES, ignore_errors=True)


def banner(*, password: str) -> str:
    """Say what to try, once everything is up; `password` as `prepare` returned it, after it."""
    panel = f"http://127.0.0.1:{Settings.load().port}"
    first = (
        f"      as its administrator: {ADMINISTRATOR}, password {password} (shown only now)\n"
        if password
        else ""
    )
    return (
        "\n"
        f"  Everything is up. Write to the bot on the phone page:  http://127.0.0.1:{_port()}\n"
        f"  Attend the orders in the panel:  {panel}\n"
        f"{first}"
        "  In another terminal:\n"
        "      make talk                               a conversation in the terminal\n"
        "      .venv/bin/openbot orders                the orders (--json for programs)\n"
        "      .venv/bin/openbot transcript PHONE      everything said with one customer\n"
        "      make train                              after a change in data/, domain.yml or config.yml\n"
        "  Ctrl-C stops everything; make clean-demo forgets it.\n"
    )


def refuse_real_customers(settings: Settings) -> None:
    """Raise DemoDatabase when Meta's API would write into the demo's database."""
    if settings.whatsapp_graph_url != META or migrations.pending(settings.database_url):
        return
    database = Database(settings.database_url)
    try:
        with database.reading() as session:
            if _is_demo(session):
                raise DemoDatabase(url=settings.database_url)
    finally:
        database.close()


def _company(session: Session, *, settings: Settings) -> None:
    if _has_strangers(session):
        raise DatabaseInUse(url=settings.database_url)
    if not queries.has_company(session):
        catalogue.seed(session, business=catalogue.read_business(settings.business_file))
        canned_replies.seed(session, file=settings.business_file)
    if not _is_demo(session):
        catalogue.put_setting(session, key=MARK, value=True)


def _administrator(session: Session, *, now: datetime) -> str:
    """Return the password of the administrator that was made; empty when there is one."""
    if enabled_administrators(session):
        return ""
    password = random_password()
    operators.create_administrator(
        session, email=ADMINISTRATOR, name="Administrador de prueba", password=password, now=now
    )
    return password


def _has_strangers(session: Session) -> bool:
    return not _is_demo(session) and session.scalar(select(Contact.id).limit(1)) is not None


def _is_demo(session: Session) -> bool:
    return session.get(CompanySetting, MARK) is not None


def _environment(folder: Path) -> dict[str, str]:
    """Return the demo's variables, the same at every start; also written where a shell can read them."""
    path = folder / "demo.env"
    known = dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}
    values = {f"OPENBOT_{name}": secrets.token_hex(16) for name in _SECRETS} | {
        "OPENBOT_WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
        "OPENBOT_WHATSAPP_WABA_ID": "102290129340398",
    }
    values |= {name: value for name, value in known.items() if name in values}
    values["OPENBOT_WHATSAPP_GRAPH_URL"] = f"http://127.0.0.1:{_port()}"
    url = f"sqlite:///{folder / 'openbot.db'}"
    values["OPENBOT_DATABASE_URL"] = os.environ.get("OPENBOT_DATABASE_URL", url)
    values["OPENBOT_FILES_DIR"] = os.environ.get("OPENBOT_FILES_DIR", str(folder / _FILES))
    folder.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    return values


def _port() -> int:
    return int(os.environ.get("SIMULATOR_PORT", "") or 9000)
