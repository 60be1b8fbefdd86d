"""What can go stale is tested: names that two files share, generated files, sizes, the assistant's island."""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from openbot import env_example

ROOT = Path(__file__).resolve().parent.parent
OURS = ("openbot", "actions", "api", "panel", "worker", "simulator", "bench", "bot", "scripts", "tests")
LONGEST = 300
LONGEST_TEST = 400  # a file of tests is read one test at a time
#: Longer, and why.
LONGER = {
    "openbot/schema.py": (880, "all tables, on one page"),
}
#: Rasa's own actions, which no file of ours defines.
RASAS_OWN = ("action_listen", "action_restart", "action_session_start", "action_default_", "action_back",
             "action_deactivate_loop", "action_two_stage_fallback", "action_unlikely_intent")  # fmt: skip


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for here, inner, names in os.walk(ROOT / folder):
            inner[:] = sorted(set(inner) - {".venv", "versions", "__pycache__"})
            yield from (Path(here) / name for name in sorted(names) if name.endswith(".py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_too_long_to_read():
    lengths = {named(path): len(path.read_text().splitlines()) for path in sources(*OURS)}
    too_long = {
        name: lines
        for name, lines in lengths.items()
        if lines > LONGER.get(name, (LONGEST_TEST if name.startswith("tests/") else LONGEST,))[0]
    }
    assert too_long == {}


def test_the_example_of_settings_is_the_settings():
    assert (ROOT / ".env.example").read_text() == env_example.text(), "run: make generated"


def test_every_setting_says_what_it_is():
    fields = env_example.Settings.model_fields
    assert [name for name, field in fields.items() if not field.description] == []


def test_the_assistant_imports_nothing_of_ours():
    """Contract 4; bot/ is no package, so import-linter cannot see it."""
    forbidden = {"openbot", "actions", "api", "worker", "simulator", "panel", "sqlalchemy", "pydantic"}
    reaching = [(named(path), name) for path in sources("bot") for name in imports(path) if name in forbidden]
    assert reaching == []


def test_nobody_imports_the_assistant():
    outside = sources("openbot", "actions", "api", "worker", "simulator")
    assert [named(path) for path in outside if {"bot", "rasa"} & set(imports(path))] == []


def imports(path: Path) -> Iterator[str]:
    """The top packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_every_module_of_the_business_has_its_storey():
    """lint-imports says so too; this names the module before it runs."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    storeys = next(contract for contract in contracts if "containers" in contract)["layers"]
    placed = {name.strip() for storey in storeys for name in storey.split("|")}
    modules = {path.stem for path in (ROOT / "openbot").glob("*.py")} - {"__init__", "__main__"}
    packages = {path.parent.name for path in (ROOT / "openbot").glob("*/__init__.py")}
    assert modules | packages == placed


def test_every_folder_of_tests_is_run_by_the_makefile():
    """A folder that nobody runs goes stale."""
    makefile = (ROOT / "Makefile").read_text()
    folders = {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").rglob("*/test_*.py")}
    assert {folder for folder in folders if f"tests/{folder}" not in makefile} == set()


# --- the designers' files -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def domain() -> dict[str, object]:
    return yaml.safe_load((ROOT / "domain.yml").read_text())


@pytest.fixture(scope="module")
def told() -> str:
    """Everything that may name a text or an action: rules, stories, configuration, our code."""
    files = [ROOT / "config.yml", *(ROOT / "data").rglob("*.yml"), *sources("actions", "bot")]
    return "\n".join(path.read_text() for path in files)


@pytest.fixture(scope="module")
def actions_of_ours() -> set[str]:
    """What the classes in actions/ call themselves."""
    return {
        node.body[-1].value.value
        for path in sources("actions")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and node.name == "name"
        and isinstance(node.body[-1], ast.Return)
        and isinstance(node.body[-1].value, ast.Constant)
    }


def test_every_text_that_is_used_exists(domain: dict, told: str):
    used = set(re.findall(r"\butter_[a-z0-9_]*[a-z0-9]\b", told))
    assert used - set(domain["responses"]) == set()


def test_every_text_that_exists_is_used(domain: dict, told: str):
    asked = {f"utter_ask_{form}_{slot}" for form in domain["forms"] for slot in slots_of(domain, form)}
    asked |= {f"utter_ask_{slot}" for form in domain["forms"] for slot in slots_of(domain, form)}
    words = set(re.findall(r"\butter_\w+", told)) | asked
    # f"utter_status_{word}" uses every text of that form, f"{response}_closed" the one beside each that is used.
    built = [re.sub(r"\{[^}]*\}", r"\\w+", name) for name in re.findall(r'f"(utter_\w*\{[^"]*)"', told)]
    words |= {f"{word}{ending}" for ending in re.findall(r'f"\{\w+\}(_\w+)"', told) for word in words}
    unused = set(domain["responses"]) - words
    assert {name for name in unused if not any(re.fullmatch(way, name) for way in built)} == set()


def slots_of(domain: dict, form: str) -> list[str]:
    return list(domain["forms"][form]["required_slots"])


def test_every_action_of_the_domain_has_its_class_and_back(domain: dict, actions_of_ours: set[str]):
    declared = {next(iter(action)) if isinstance(action, dict) else action for action in domain["actions"]}
    assert {name for name in declared if not name.startswith("utter_")} == actions_of_ours


def test_every_action_of_a_rule_or_story_is_declared(domain: dict):
    files = [*(ROOT / "data" / "rules").glob("*.yml"), *(ROOT / "data" / "stories").glob("*.yml")]
    used = {name for path in files for name in re.findall(r"\baction: *([a-z_0-9]+)", path.read_text())}
    known = {
        *(name for name in domain["actions"] if isinstance(name, str)),
        *domain["responses"],
        *domain["forms"],
    }
    assert {name for name in used if name not in known and not name.startswith(RASAS_OWN)} == set()


def test_every_intent_of_the_sentences_is_declared(domain: dict):
    declared = {next(iter(intent)) if isinstance(intent, dict) else intent for intent in domain["intents"]}
    texts = [path.read_text() for path in (ROOT / "data").rglob("*.yml")]
    used = {name for text in texts for name in re.findall(r"^ *- *intent: *([a-z_0-9]+)", text, re.MULTILINE)}
    assert used - declared == set()


def test_nothing_committed_names_a_machine_or_a_registry():
    """A path of somebody's home or another package index in a lock file would break everybody else's clone."""
    for lock in (ROOT / "uv.lock", ROOT / "bot" / "uv.lock"):
        indexes = set(re.findall(r'registry = "([^"]+)"', lock.read_text()))
        assert indexes == {"https://pypi.org/simple"}, lock


def test_the_contracts_are_named_in_the_architecture():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    written = (ROOT / "docs/architecture.md").read_text()
    assert [contract["name"] for contract in contracts if f"- {contract['name']}\n" not in written] == []


def test_every_link_of_the_documents_leads_somewhere():
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    dead = [
        (named(document), target)
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert dead == []
