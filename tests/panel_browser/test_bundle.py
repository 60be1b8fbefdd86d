"""Many readable files are handed over as one module."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from panel.components import assets

COMPONENTS = Path(assets.__file__).parent
ENTRIES = sorted(COMPONENTS.glob("*/js/main.js"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.parent.parent.name)
def test_a_browser_reads_every_component_as_one_module(blank: Page, entry: Path) -> None:
    source = assets.javascript(entry)
    kind = blank.evaluate(
        """async (source) => {
             const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
             return typeof (await import(url)).default;
           }""",
        source,
    )
    assert kind == "function"


@pytest.mark.parametrize(
    "path", sorted(COMPONENTS.glob("*/js/*.js")), ids=lambda path: f"{path.parts[-3]}/{path.name}"
)
def test_a_module_names_only_what_the_other_one_has(blank: Page, files: str, path: Path) -> None:
    url = f"{files}/{path.relative_to(COMPONENTS)}"
    assert blank.evaluate("async (url) => typeof (await import(url))", url) == "object"


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = 1;\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport const b = 1;\n')
    with pytest.raises(ImportError, match="imports itself"):
        assets.javascript(tmp_path / "a.js")


def test_no_file_is_long() -> None:
    long = {
        path.name: count
        for path in COMPONENTS.glob("*/*/*.*s")
        if (count := len(path.read_text().splitlines())) > 300
    }
    assert long == {}


def test_texts_never_become_markup() -> None:
    for path in COMPONENTS.glob("*/js/*.js"):
        assert "innerHTML" not in path.read_text(), path.name
