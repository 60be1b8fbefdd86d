import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openbot import demo
from openbot import run_file as run_file_module
from openbot.catalogue import queries
from openbot.database import Database
from openbot.operators.queries import enabled_administrators
from openbot.run_file import AlreadyRunning, RunFile
from openbot.schema import CompanySetting, Contact
from openbot.settings import Settings

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder and an environment that is put back afterwards."""
    monkeypatch.chdir(tmp_path)
    environment = {"PATH": "", "OPENBOT_BUSINESS_FILE": str(ROOT / "data" / "business.yml"), "TZ": "UTC"}
    monkeypatch.setattr("os.environ", environment)
    return tmp_path / "var"


def prepare(folder: Path) -> str:
    return demo.prepare(now=NOW, folder=folder)


def database_of(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'openbot.db'}")


def add_customer(folder: Path) -> None:
    database = database_of(folder)
    with database.transaction() as session:
        session.add(Contact(created_at=NOW))
    database.close()


def test_the_first_start_makes_a_company_and_an_administrator_and_the_second_keeps_them(folder: Path):
    password = prepare(folder)
    assert f"admin@demo.example, password {password} (shown only now)" in demo.banner(password=password)
    add_customer(folder)
    assert prepare(folder) == ""
    database = database_of(folder)
    with database.reading() as session:
        assert queries.load(session, now=NOW).company.name == "Distribuidora El Ombú"
        assert enabled_administrators(session) == 1
        assert session.get_one(Contact, 1).created_at == NOW
    database.close()


def test_its_secrets_are_made_once_and_only_the_owner_may_read_them(folder: Path):
    prepare(folder)
    before = (folder / "demo.env").read_text()
    prepare(folder)
    assert (folder / "demo.env").read_text() == before
    assert stat.S_IMODE((folder / "demo.env").stat().st_mode) == 0o600
    prepare(folder / "other")
    assert (folder / "other" / "demo.env").read_text() != before


def test_real_settings_are_never_used(folder: Path):
    Path(".env").write_text("OPENBOT_WHATSAPP_GRAPH_URL=https://graph.facebook.com\n")
    os.environ["OPENBOT_WHATSAPP_ACCESS_TOKEN"] = "the-real-token-of-the-company"
    prepare(folder)
    settings = Settings.load()
    assert settings.whatsapp_graph_url == "http://127.0.0.1:9000"
    assert settings.whatsapp_access_token.get_secret_value() != "the-real-token-of-the-company"


def test_customers_that_are_not_the_demos_stay_untouched(folder: Path):
    prepare(folder)
    add_customer(folder)
    database = database_of(folder)
    with database.transaction() as session:
        session.delete(session.get_one(CompanySetting, demo.MARK))
    database.close()
    with pytest.raises(demo.DatabaseInUse, match="nothing was changed"):
        prepare(folder)
    with pytest.raises(demo.DatabaseInUse):
        demo.forget(folder=folder)
    assert (folder / "openbot.db").exists()


def test_the_demos_database_does_not_meet_metas_api(folder: Path):
    prepare(folder)
    with pytest.raises(demo.DemoDatabase, match="make clean-demo"):
        demo.refuse_real_customers(Settings.load(whatsapp_graph_url="https://graph.facebook.com"))
    demo.refuse_real_customers(Settings.load())  # any other server is a test


def test_forgetting_leaves_nothing(folder: Path):
    prepare(folder)
    picture = Settings.load().files_dir / "ab" / "picture"
    picture.parent.mkdir(parents=True)
    picture.touch()
    real = folder / "files"
    real.mkdir()
    demo.forget(folder=folder)
    assert [path.name for path in folder.iterdir() if path.is_file()] == []
    assert not picture.parent.exists()
    assert real.exists()  # those of real customers are kept elsewhere
    demo.forget(folder=folder)  # twice is once
    assert prepare(folder) != ""


def test_a_running_demo_is_not_forgotten(folder: Path):
    prepare(folder)
    run_file = RunFile(folder / "run" / "openbot.json")
    run_file.write({})
    noted = json.loads((folder / "run" / "openbot.json").read_text())
    noted["openbot"] = {"pid": os.getppid(), "born": run_file_module._born(os.getppid())}
    (folder / "run" / "openbot.json").write_text(json.dumps(noted))
    with pytest.raises(AlreadyRunning):
        demo.forget(folder=folder)
    assert (folder / "openbot.db").exists()
