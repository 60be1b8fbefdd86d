"""Training: only when something changed, whole or not at all, and one readable line for a broken file."""

import os
import shutil
import tarfile

import pytest
from conftest import TOY

from bot import train


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    shutil.copytree(TOY, root)
    return root


def run(project, *more):
    return train.main(["--root", str(project), *more])


@pytest.fixture
def trained(project, monkeypatch):
    """Training replaced by a file, to count and to fail."""
    calls = []

    def make(root, out):
        calls.append(root)
        (out / "model.tar.gz").write_bytes(b"model")
        return str(out / "model.tar.gz")

    monkeypatch.setattr(train, "_train", make)
    monkeypatch.setattr(train, "_prepare", lambda _: None)
    return calls


def test_nothing_is_trained_twice(project, trained, capsys):
    assert run(project) == 0
    assert run(project) == 0
    assert len(trained) == 1
    assert "nothing changed" in capsys.readouterr().out
    assert run(project, "--force") == 0
    assert len(trained) == 2


@pytest.mark.parametrize("changed", ["config.yml", "domain.yml", "data/stories.yml"])
def test_each_changed_file_is_a_reason(project, trained, changed):
    run(project)
    with (project / changed).open("a") as file:
        file.write("\n# a remark\n")
    run(project)
    assert len(trained) == 2


def test_a_new_and_a_renamed_file_are_reasons(project, trained):
    run(project)
    (project / "data" / "more").mkdir()
    (project / "data" / "more" / "rules.yml").write_text('version: "3.1"\n')
    run(project)
    (project / "data" / "more" / "rules.yml").rename(project / "data" / "more" / "other.yml")
    run(project)
    assert len(trained) == 3


def test_our_components_and_their_releases_are_reasons():
    parts = {path.name for path in train.parts(TOY)}
    assert {"uv.lock", "config.yml", "domain.yml", "stories.yml", "linear_classifier.py"} <= parts


def test_going_back_to_an_old_state_serves_the_old_model_again(project, trained):
    run(project)
    first = next((project / "models").glob("*.tar.gz"))
    os.utime(first, (1, 1))
    before = (project / "data" / "stories.yml").read_bytes()
    (project / "data" / "stories.yml").write_bytes(before + b"\n# x\n")
    run(project)
    (project / "data" / "stories.yml").write_bytes(before)
    run(project)
    assert len(trained) == 2
    newest = max((project / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    assert newest == first


def test_the_last_three_models_are_kept(project, trained):
    for number in range(5):
        (project / "data" / "x.yml").write_text(f"# {number}\n")
        run(project)
    models = sorted(path.name for path in (project / "models").iterdir())
    assert len(models) == train.KEPT
    assert all(name.startswith(train.PREFIX) for name in models)


def test_a_training_that_fails_leaves_the_old_model_and_no_litter(project, trained, monkeypatch, capsys):
    run(project)
    before = sorted((project / "models").iterdir())

    def fail(root, out):
        (out / "half").write_bytes(b"half")
        raise train.CannotTrain("domain.yml: no")

    monkeypatch.setattr(train, "_train", fail)
    (project / "domain.yml").write_text((project / "domain.yml").read_text() + "\n# x\n")
    assert run(project) == 1
    assert sorted((project / "models").iterdir()) == before
    assert capsys.readouterr().err == "domain.yml: no\n"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("data/rules.yml", "rules:\n  - rule: a\n   steps: []\n", "data/rules.yml:3: "),
        ("data/stories.yml", 'stories:\n  - story: "a\n', "data/stories.yml:3: "),
        ("domain.yml", "a: 1\nb: [1, 2\nc: 3\n", "domain.yml:3: "),
        ("config.yml", "a: 1\n\tb: 2\n", "config.yml:2: "),
        ("domain.yml", "intents:\n  - a\nintents:\n  - b\n", "domain.yml:3: "),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_what_to_do(project, trained, capsys, name, text, says):
    (project / name).write_text(text)
    assert run(project) == 1
    said = capsys.readouterr().err
    assert said.startswith(says)
    assert said.count("\n") == 1
    assert "look at the indentation" in said
    assert trained == []


def test_a_file_that_is_no_text_and_a_missing_one(project, trained, capsys):
    (project / "data" / "nlu.yml").write_bytes(b"nlu: \xff\xfe\xe1")
    assert run(project) == 1
    assert capsys.readouterr().err == "data/nlu.yml: no UTF-8 text; save it as UTF-8\n"
    (project / "domain.yml").unlink()
    assert run(project) == 1
    assert capsys.readouterr().err.startswith("domain.yml: not found in ")


def test_a_full_disk_is_one_sentence(project, trained, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(train.Path, "replace", full)
    assert run(project) == 1
    said = capsys.readouterr().err
    assert "No space left on device; make room" in said
    assert said.count("\n") == 1


def test_what_rasa_refuses_is_one_line_too(project):
    import subprocess
    import sys

    rules = (project / "data" / "rules.yml").read_text()
    (project / "data" / "rules.yml").write_text(
        rules + "\n  - rule: against the first\n    steps: [{intent: greet}, {action: utter_hours}]\n"
    )
    command = [sys.executable, train.__file__, "--root", str(project)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own script
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    said = done.stderr.strip().splitlines()[-1]
    assert "Rasa refuses them: Contradicting rules or stories found" in said
    assert "against the first" in said


def test_the_model_is_a_model(model):
    with tarfile.open(model) as packed:
        assert "metadata.json" in {name.removeprefix("./") for name in packed.getnames()}
