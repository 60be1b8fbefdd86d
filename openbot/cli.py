"""The command line `openbot`: one clear sentence on an error, never a trace."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from openbot.errors import OpenbotError

app = typer.Typer(
    help="Takes a company's orders over WhatsApp. Each command has --help.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
admin = typer.Typer(help="People of the panel.", no_args_is_help=True)
app.add_typer(admin, name="admin")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")]
#: A wrong or missing setting; the rest of what can go wrong is 1.
SETTINGS_WRONG = 2


def main() -> None:
    """Run from the command line: what went wrong is one sentence and an exit code."""
    try:
        app()
    except OpenbotError as error:
        _fail(str(error), code=SETTINGS_WRONG if error.code == "settings_wrong" else 1)
    except OSError as error:
        _fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")


@admin.command("create")
def create_administrator(
    email: Annotated[str, typer.Option(help="Their e-mail, with which they sign in.")],
    name: Annotated[str, typer.Option(help="Their name, as the panel shows it.")],
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Add an administrator of the panel; asks for the password twice."""
    from openbot.operators import operations, passwords

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        prompt = f"Password ({passwords.SHORTEST} characters or more)"
        password = typer.prompt(prompt, hide_input=True, confirmation_prompt="Again")
    with _database() as database, database.transaction() as session:
        operations.create_administrator(
            session, email=email, name=name, password=password, now=datetime.now(UTC)
        )
    typer.echo(f"{name} may sign in as {email.strip().lower()}.")


@app.command()
def orders(
    *,
    as_json: AsJson = False,
    phone: Annotated[str, typer.Option(help="Any part of the phone's digits.")] = "",
    state: Annotated[str, typer.Option(help="INCOMPLETO, COMPLETO, EN PROCESO …")] = "",
) -> None:
    """List the orders, newest first."""
    from openbot import cli_output
    from openbot.orders import queries
    from openbot.vocabulary import State

    words = [word.value for word in State]
    wanted = state.strip().upper().replace("_", " ")
    if wanted and wanted not in words:
        _fail(f"--state: {state!r} is no state of an order; they are {', '.join(words)}.", code=2)
    digits = "".join(character for character in phone if character.isdigit())
    if phone and not digits:
        _fail(f"--phone: {phone!r} has no digits.", code=2)
    with _database() as database, database.reading() as session:
        found = queries.find(session, phone=digits, state=State(wanted) if wanted else None)
        histories = (
            {order.id: queries.history(session, order_id=order.id) for order in found} if as_json else {}
        )
        zone = cli_output.zone_of(session)
    if as_json:
        _print_json([cli_output.order_json(order, histories[order.id]) for order in found])
    else:
        typer.echo(cli_output.order_table(found, zone=zone))


@app.command()
def transcript(
    phone: Annotated[str, typer.Argument(help="Phone in any spelling, WhatsApp user id, or #contact.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show everything said with one contact, oldest first."""
    from openbot import cli_output
    from openbot.conversations import queries

    with _database() as database, database.reading() as session:
        contact_id = queries.find_contact(session, key=phone)
        if contact_id is None and phone.strip().isdigit():
            contact_id = queries.find_contact(session, key=f"#{phone.strip()}")
        if contact_id is None:
            _fail(f"Nobody has written from {phone}.")
        lines = queries.transcript(session, contact_id=contact_id)
        zone = cli_output.zone_of(session)
    if as_json:
        _print_json([cli_output.line_json(line) for line in lines])
    else:
        typer.echo(cli_output.chat(lines, zone=zone))


@app.command()
def doctor(*, as_json: AsJson = False) -> None:
    """Check the settings and everything this installation needs; say what to do."""
    from openbot import cli_output
    from openbot.doctor import examine

    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            typer.echo(cli_output.finding_line(finding, colour=sys.stdout.isatty()))
    if as_json:
        _print_json([cli_output.finding_json(finding) for finding in findings])
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


@app.command()
def seed(
    file: Annotated[Path | None, typer.Argument(help="The company's file (OPENBOT_BUSINESS_FILE).")] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace what the database has.")] = False,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing where there is a company.")
    ] = False,
) -> None:
    """Write the company (branches, products, prices) into the database."""
    from openbot.catalogue import operations, queries
    from openbot.conversations import canned_replies

    path = file or _settings().business_file
    business = operations.read_business(path)
    with _database() as database, database.transaction() as session:
        if if_empty and queries.has_company(session):
            return
        operations.seed(session, business=business, force=force)
        canned_replies.seed(session, file=path)
    typer.echo(
        f"{business.company.name}: {len(business.branches)} branches, {len(business.products)} products, "
        f"{len(business.payment_methods)} payment methods."
    )


@app.command()
def migrate() -> None:
    """Bring the database to this version's tables."""
    from openbot import migrations

    settings = _settings()
    with _sentences(settings.database_url):
        applied = migrations.migrate(settings.database_url)
    typer.echo(f"Applied {', '.join(applied)}." if applied else "The database is up to date.")


@app.command()
def train(
    *,
    force: Annotated[bool, typer.Option("--force", help="Although nothing changed.")] = False,
    folder: Annotated[Path, typer.Option(help="Where `openbot up` keeps its process numbers.")] = Path("var"),
) -> None:
    """Train the assistant when its files changed; a running one goes on with the new model."""
    from openbot import model

    if model.train(force=force, folder=folder):
        typer.echo("The running assistant takes the new model; it answers again in a few seconds.")


@app.command()
def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="With the simulator and a demo company.")] = False,
    folder: Annotated[Path, typer.Option(help="Where logs and process numbers are kept.")] = Path("var"),
) -> None:
    """Start all processes and watch them until Ctrl-C."""
    from openbot import demo as demonstration
    from openbot import processes
    from openbot.settings import Settings

    if demo:
        with _sentences(os.environ.get("OPENBOT_DATABASE_URL", "sqlite:///demo")):
            password = demonstration.prepare(now=datetime.now(UTC), folder=folder)
        code = processes.run(
            Settings.load(),
            simulator=demonstration.simulator(),
            folder=folder,
            banner=demonstration.banner(password=password),
        )
    else:
        settings = Settings.load()
        with _sentences(settings.database_url):
            demonstration.refuse_real_customers(settings)
        code = processes.run(settings, folder=folder)
    raise typer.Exit(code)


@app.command("forget-demo")
def forget_demo(
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its files.")] = Path("var"),
) -> None:
    """Remove the demo's orders, customers and secrets."""
    from openbot import demo

    demo.forget(folder=folder)
    typer.echo("The demo is forgotten; `make demo` starts a new one.")


@app.command()
def talk(
    name: Annotated[str, typer.Option(help="Who you are.")] = "Vos",
    phone: Annotated[str, typer.Option(help="Your phone; empty: a new one each time.")] = "",
) -> None:
    """Talk to the bot in this terminal, over the running demo."""
    from openbot import talk as conversation

    conversation.run(name=name, phone=phone, read=input, say=typer.echo)


def _settings() -> Any:
    from openbot.offline import offline_settings

    return offline_settings()


@contextmanager
def _database() -> Iterator[Any]:
    """Open the database of the settings, with all its tables, or fail with one sentence."""
    from openbot import migrations
    from openbot.database import Database

    url = _settings().database_url
    with _sentences(url):
        if migrations.pending(url):
            _fail("The database is not ready: run `openbot migrate` first.")
        database = Database(url)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def _sentences(url: str) -> Iterator[None]:
    """Turn what the database's driver raises into one sentence, without the password of the URL."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import OperationalError

    try:
        yield
    except OperationalError as error:
        reason = " ".join(str(error.orig).split())
        _fail(f"The database {make_url(url).render_as_string()} cannot be used: {reason}")


def _print_json(document: Any) -> None:
    encode: Callable[[Any], str] = str
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=encode))


def _fail(sentence: str, *, code: int = 1) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(code)
