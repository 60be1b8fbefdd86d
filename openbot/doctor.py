"""Looks at everything an installation needs and says of each part whether it works, and what to do."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from openbot.catalogue import queries as catalogue
from openbot.conversations import worker_names
from openbot.conversations.queries import waiting_for_the_bot
from openbot.database import Database
from openbot.errors import OpenbotError
from openbot.files.chosen import store_of
from openbot.files.scanning import Scanner, Verdict
from openbot.files.temporary import temporary
from openbot.migrations import pending
from openbot.offline import offline_settings
from openbot.operators.queries import enabled_administrators
from openbot.processes import ASSISTANT_HEALTH
from openbot.settings import Settings, SettingsWrong

SECONDS = 5.0
PATIENCE = timedelta(minutes=2)  #: nobody waits so long for the bot while a worker does its work
TOKEN_REFUSED = 190  #: Graph's code for a wrong or expired token (contract §6.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found about one part."""

    name: str
    ok: bool
    seen: str
    to_do: str = ""  #: empty when nothing is


def examine() -> Iterator[Finding]:
    """Give the findings one by one, as they are made; nothing is changed. Secrets are never shown."""
    try:
        settings = Settings.load()
    except SettingsWrong as wrong:
        for name, what in wrong.problems:
            yield _wrong("settings", f"{name} {what}", f"set {name} in the environment or in .env")
        with suppress(SettingsWrong):
            yield from _database(offline_settings().database_url)
        return
    yield _ok("settings", f"complete; WhatsApp number {settings.whatsapp_phone_number_id}")
    yield from _database(settings.database_url)
    web = f"http://{'127.0.0.1' if settings.host == '0.0.0.0' else settings.host}:{settings.port}"  # noqa: S104
    start = "start it: make run (or openbot up)"
    yield _process("web", f"{web}/health", start)
    yield _process(
        "assistant (Rasa)",
        settings.rasa_url + ASSISTANT_HEALTH,
        f"{start}; OPENBOT_RASA_URL says where it is",
    )
    yield _process(
        "actions", f"{settings.actions_url}/health", f"{start}; OPENBOT_ACTIONS_URL says where it is"
    )
    yield from _workers(settings.database_url, start)
    yield _files(settings)
    yield _scanner(settings)
    yield from _whatsapp(settings)


def _database(url: str) -> Iterator[Finding]:
    shown = make_url(url).render_as_string()
    try:
        missing = pending(url)
    except (SQLAlchemyError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        yield _wrong("database", f"{shown}: {reason}", "check OPENBOT_DATABASE_URL and that the server runs")
        return
    except OpenbotError as error:
        yield _wrong(
            "database", str(error), "install the version that this database belongs to, or a later one"
        )
        return
    yield _ok("database", f"{shown} answers")
    if missing:
        yield _wrong("migrations", f"lacks {', '.join(missing)}", "run: openbot migrate")
        return
    yield _ok("migrations", "up to date")
    database = Database(url)
    try:
        yield from _contents(database)
    finally:
        database.close()


def _contents(database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        administrators = enabled_administrators(session)
        company = catalogue.load(session, now=datetime.now(UTC)) if catalogue.has_company(session) else None
    if company is None:
        yield _wrong("catalogue", "there is no company", "run: openbot seed")
    else:
        goods = f"{len(company.branches)} branches, {len(company.products)} products"
        yield _ok("catalogue", f"{company.company.name}: {goods}")
    if administrators:
        yield _ok("administrators", str(administrators))
    else:
        yield _wrong("administrators", "none", "run: openbot admin create --email … --name …")


def _process(name: str, url: str, to_do: str) -> Finding:
    try:
        answer = httpx.get(url, timeout=SECONDS)
    except httpx.HTTPError as error:
        return _wrong(name, f"{url} does not answer ({type(error).__name__})", to_do)
    if answer.is_success:
        return _ok(name, f"{url} answers")
    return _wrong(name, f"{url} answers {answer.status_code}", f"look into var/log, then {to_do}")


def _workers(url: str, to_do: str) -> Iterator[Finding]:
    """Whether a worker lives, and whether anybody waits all the same; nothing where the database is not ready."""
    try:
        if pending(url):
            return
        names, waiting = _at_work(url)
    except (SQLAlchemyError, OSError, OpenbotError):  # the database's own finding says why
        return
    if not names:
        yield _wrong("worker", "none runs: nobody is answered", to_do)
        return
    running = ", ".join(names)
    if waiting:
        minutes = PATIENCE.total_seconds() / 60
        seen = f"{running} runs, but customers who have waited longer than {minutes:g} minutes: {waiting}"
        yield _wrong("worker", seen, "look into var/log/worker.log, rasa.log and actions.log")
    else:
        yield _ok("worker", f"{running} runs, nobody waits")


def _at_work(url: str) -> tuple[list[str], int]:
    database = Database(url)
    try:
        with database.reading() as session:
            waiting = waiting_for_the_bot(session, now=datetime.now(UTC), longer_than=PATIENCE)
        return worker_names.in_use(database), waiting
    finally:
        database.close()


def _files(settings: Settings) -> Finding:
    """Write, read and remove a few bytes where pictures and documents go."""
    in_bucket = settings.files_s3_bucket
    place = f"bucket {in_bucket}" if in_bucket else f"folder {settings.files_dir}"
    try:
        store_of(settings).check()
    except OpenbotError as error:
        to_do = (
            "check OPENBOT_FILES_S3_*"
            if in_bucket
            else "check OPENBOT_FILES_DIR: this user has to write there"
        )
        return _wrong("files", f"{place}: {error.__cause__ or error}", to_do)
    return _ok("files", f"{place} can be written and read")


def _scanner(settings: Settings) -> Finding:
    """Have a harmless file scanned; without a scanner nothing is wrong."""
    if not settings.scan_command:
        return _ok("virus scanner", "none (OPENBOT_SCAN_COMMAND)")
    scanner = Scanner(command=settings.scan_command, seconds=settings.scan_seconds)
    with temporary() as file:
        file.write(b"openbot")
        file.flush()
        verdict = scanner.scan(Path(file.name))
    if verdict is Verdict.CLEAN:
        return _ok("virus scanner", "answers")
    seen = "cannot scan" if verdict is Verdict.AWAY else "calls a harmless file infected"
    return _wrong("virus scanner", seen, "check OPENBOT_SCAN_COMMAND; no file is taken until it answers")


def _whatsapp(settings: Settings) -> Iterator[Finding]:
    base = f"{settings.whatsapp_graph_url}/{settings.whatsapp_api_version}"
    bearer = {"Authorization": f"Bearer {settings.whatsapp_access_token.get_secret_value()}"}

    def ask(path: str) -> dict[str, Any]:
        answer = httpx.get(f"{base}/{path}", headers=bearer, timeout=SECONDS)
        document = answer.json()
        return document if isinstance(document, dict) else {"error": {"message": "the answer is no object"}}

    fields = "display_phone_number,verified_name,quality_rating,code_verification_status"
    number = f"{settings.whatsapp_phone_number_id}?fields={fields}"
    yield from _asked("WhatsApp number", lambda: ask(number), _number)
    if not settings.whatsapp_waba_id:
        yield _wrong(
            "webhook subscription", "not checked", "set OPENBOT_WHATSAPP_WABA_ID to have it checked here"
        )
        return
    account = f"{settings.whatsapp_waba_id}/subscribed_apps"
    yield from _asked("webhook subscription", lambda: ask(account), _subscription)


def _asked(
    name: str, ask: Callable[[], dict[str, Any]], judge: Callable[[str, dict[str, Any]], Finding]
) -> Iterator[Finding]:
    try:
        answer = ask()
    except (httpx.HTTPError, ValueError) as error:
        to_do = "check the connection to the internet and OPENBOT_WHATSAPP_GRAPH_URL"
        yield _wrong(name, f"Graph does not answer as it should ({type(error).__name__})", to_do)
        return
    yield judge(name, answer) if "error" not in answer else _refused(name, answer["error"])


def _refused(name: str, error: Any) -> Finding:
    code, message = (error.get("code"), error.get("message")) if isinstance(error, dict) else (None, "")
    if code == TOKEN_REFUSED:
        to_do = (
            "OPENBOT_WHATSAPP_ACCESS_TOKEN is wrong or expired: make a system-user token that never expires"
        )
    else:
        to_do = (
            "check OPENBOT_WHATSAPP_PHONE_NUMBER_ID and OPENBOT_WHATSAPP_WABA_ID, and that the token's system user "
            "has both assets with whatsapp_business_messaging and whatsapp_business_management"
        )
    return _wrong(name, f"refused with {code}: {message}", to_do)


def _number(name: str, answer: dict[str, Any]) -> Finding:
    phone, company = answer.get("display_phone_number", "?"), answer.get("verified_name", "?")
    return _ok(name, f"{phone} «{company}», quality {answer.get('quality_rating', 'unknown')}")


def _subscription(name: str, answer: dict[str, Any]) -> Finding:
    if answer.get("data"):
        return _ok(name, f"{len(answer['data'])} app subscribed to the account")
    to_do = "subscribe the app: POST /{WABA id}/subscribed_apps with the token; without it no message arrives"
    return _wrong(name, "no app is subscribed to the account", to_do)


def _ok(name: str, seen: str) -> Finding:
    return Finding(name=name, ok=True, seen=seen)


def _wrong(name: str, seen: str, to_do: str) -> Finding:
    return Finding(name=name, ok=False, seen=seen, to_do=to_do)
