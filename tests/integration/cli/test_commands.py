import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openbot import cli
from openbot.database import Database
from openbot.operators.passwords import matches
from openbot.schema import Operator

if TYPE_CHECKING:
    from tests.support.world import World


@dataclass
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def openbot(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Result]:
    """The command line in an empty folder, over each database, without the settings of WhatsApp."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBOT_DATABASE_URL", database_url)

    def run(*words: str, typed: str = "") -> Result:
        monkeypatch.setattr("sys.argv", ["openbot", *words])
        monkeypatch.setattr("sys.stdin", __import__("io").StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        shown = capsys.readouterr()
        return Result(ended.value.code or 0, shown.out, shown.err)

    return run


CREATE = ("admin", "create", "--email", "Ana@Ejemplo.com", "--name", "Ana  Paz", "--password-stdin")


def test_an_administrator_is_made_with_a_hashed_password(openbot, database: Database):
    assert openbot(*CREATE, typed="una-clave-larga\n").code == 0
    with database.reading() as session:
        person = session.get_one(Operator, 1)
    assert (person.email, person.name, person.role) == ("ana@ejemplo.com", "Ana Paz", "Administrador")
    assert person.password_hash.startswith("$argon2id$")
    assert matches("una-clave-larga", password_hash=person.password_hash)
    assert not matches("otra-clave-larga", password_hash=person.password_hash)


def test_an_email_is_taken_once(openbot):
    openbot(*CREATE, typed="una-clave-larga\n")
    second = openbot(*CREATE, typed="una-clave-larga\n")
    assert (second.code, second.err) == (1, "Somebody has the e-mail ana@ejemplo.com already.\n")


@pytest.mark.parametrize(
    ("email", "name", "password", "sentence"),
    [
        ("ana@ejemplo.com", "Ana", "corta", "A password has 10 to 200 characters."),
        ("ana@ejemplo.com", "Ana", "", "A password has 10 to 200 characters."),
        ("ana", "Ana", "una-clave-larga", "'ana' is no e-mail address."),
        (
            "ana@ejemplo.com",
            " ",
            "una-clave-larga",
            "A person of the panel has a name of 1 to 100 characters.",
        ),
    ],
)
def test_what_is_no_person_is_refused_in_one_sentence(openbot, email, name, password, sentence):
    refused = openbot(
        "admin", "create", "--email", email, "--name", name, "--password-stdin", typed=f"{password}\n"
    )
    assert (refused.code, refused.err) == (1, f"{sentence}\n")


def test_orders_are_listed_for_people_and_for_programs(openbot, world: "World", seeded: Database):
    del seeded
    world.converse("hola")
    [order] = json.loads(openbot("orders", "--json").out)
    assert (order["number"], order["state"], order["kind"]) == (1, "INCOMPLETO", "PEDIDO")
    assert order["total"] == "0.00"
    assert order["history"][0]["to_state"] == "INCOMPLETO"
    assert openbot("orders").out.startswith("#1  24/11 10:00  PEDIDO INCOMPLETO  $ 0,00")


def test_orders_are_found_by_phone_and_state(openbot, world: "World"):
    world.converse("hola")
    [order] = json.loads(openbot("orders", "--json").out)
    digits = order["phone"]
    assert len(json.loads(openbot("orders", "--json", "--phone", f"+{digits[:3]} {digits[3:]}").out)) == 1
    assert json.loads(openbot("orders", "--json", "--phone", "999999").out) == []
    assert len(json.loads(openbot("orders", "--json", "--state", "incompleto").out)) == 1
    assert json.loads(openbot("orders", "--json", "--state", "EN PROCESO").out) == []
    assert openbot("orders", "--state", "EN_PROCESO").out == "No hay pedidos.\n"


def test_a_state_that_is_none_is_named_with_those_there_are(openbot):
    refused = openbot("orders", "--state", "listo")
    assert refused.code == 2
    assert "'listo' is no state of an order; they are INCOMPLETO, COMPLETO" in refused.err


def test_a_transcript_is_found_by_any_spelling_and_by_number(openbot, world: "World"):
    world.converse("hola, ¿están?")
    phone = json.loads(openbot("orders", "--json").out)[0]["phone"]
    spellings = (phone, f"+{phone[:2]} {phone[2:6]} {phone[6:]}", phone[-10:], "1", "#1")
    transcripts = [json.loads(openbot("transcript", spelling, "--json").out) for spelling in spellings]
    assert all(transcript == transcripts[0] for transcript in transcripts)
    assert (transcripts[0][0]["author"], transcripts[0][0]["text"]) == ("cliente", "hola, ¿están?")
    assert "cliente: hola, ¿están?" in openbot("transcript", phone).out


def test_a_transcript_of_nobody_is_one_sentence(openbot):
    nobody = openbot("transcript", "+54 9 11 5555-0000", "--json")
    assert (nobody.code, nobody.out, nobody.err) == (1, "", "Nobody has written from +54 9 11 5555-0000.\n")


def test_seed_writes_the_company_once(openbot):
    business = str(Path(__file__).resolve().parents[3] / "data" / "business.yml")
    assert "4 branches" in openbot("seed", business).out
    again = openbot("seed", business)
    assert (again.code, again.out) == (1, "")
    assert "already has the company «Distribuidora El Ombú»" in again.err
    assert openbot("seed", business, "--if-empty").code == 0
    assert "4 branches" in openbot("seed", business, "--force").out


def test_migrate_says_when_there_is_nothing_to_do(openbot):
    assert openbot("migrate").out == "The database is up to date.\n"


def test_a_database_without_tables_asks_for_migrate(openbot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENBOT_DATABASE_URL", "sqlite:///other.db")
    unready = openbot("orders")
    assert (unready.code, unready.err) == (1, "The database is not ready: run `openbot migrate` first.\n")
    assert openbot("migrate").out.startswith("Applied 0001")
    assert openbot("orders").out == "No hay pedidos.\n"


def test_a_database_that_is_away_is_one_sentence_without_the_password(
    openbot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENBOT_DATABASE_URL", "postgresql://openbot:hunter2@127.0.0.1:1/openbot")
    away = openbot("orders")
    assert away.code == 1
    assert away.err.startswith("The database postgresql://openbot:***@127.0.0.1:1/openbot cannot be used:")
    assert "hunter2" not in away.err
    assert away.err.count("\n") == 1


def test_a_wrong_setting_is_named_with_what_it_should_be(openbot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENBOT_PORT", "many")
    wrong = openbot("orders")
    assert wrong.code == 2
    assert "OPENBOT_PORT" in wrong.err
    assert "Port of the web process" in wrong.err


def test_up_refuses_to_start_without_the_settings_of_whatsapp(openbot):
    refused = openbot("up")
    assert refused.code == 2
    for name in ("PHONE_NUMBER_ID", "ACCESS_TOKEN", "APP_SECRET", "VERIFY_TOKEN"):
        assert f"OPENBOT_WHATSAPP_{name}: is missing" in refused.err


def test_help_is_there_for_every_command(openbot):
    for words in ((), ("admin",), ("orders",), ("transcript",), ("doctor",), ("seed",), ("up",), ("train",)):
        assert "Usage" in openbot(*words, "--help").out
