"""Hand a folder of ES modules to `st.components.v2`, which takes one text.

Each file stays an ordinary module that a browser can also load by itself. The subset: `import { a, b } from "./x.js"`
on lines of their own at the top, `export` before `function`, `async function`, `class` or `const`, and one
`export default function` in the entry.
"""

import re
from functools import cache
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) (\w+)", re.MULTILINE)


@cache
def javascript(entry: Path) -> str:
    """One module out of `entry` and everything it imports, each file in a scope of its own."""
    order: list[Path] = []
    _visit(entry.resolve(), order, on_the_way=())
    names = {path: f"module{number}" for number, path in enumerate(order)}
    return "\n".join(_wrapped(path, names, is_entry=path == order[-1]) for path in order)


@cache
def stylesheet(*files: Path) -> str:
    """The files, one after the other."""
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _visit(path: Path, order: list[Path], *, on_the_way: tuple[Path, ...]) -> None:
    if path in on_the_way:
        raise ImportError(f"{path.name} imports itself over {' → '.join(part.name for part in on_the_way)}")
    if path in order:
        return
    for match in _IMPORT.finditer(path.read_text(encoding="utf-8")):
        _visit((path.parent / match[2]).resolve(), order, on_the_way=(*on_the_way, path))
    order.append(path)


def _wrapped(path: Path, names: dict[Path, str], *, is_entry: bool) -> str:
    source = path.read_text(encoding="utf-8")
    heads = [
        f"const {{{match[1].replace(' as ', ': ')}}} = {names[(path.parent / match[2]).resolve()]};"
        for match in _IMPORT.finditer(source)
    ]
    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub("", source))
    if is_entry:
        return "\n".join([*heads, body])
    exported = ", ".join(match[2] for match in _EXPORT.finditer(source))
    return "\n".join(
        [
            f"const {names[path]} = (() => {{ // {path.name}",
            *heads,
            body,
            f"return {{ {exported} }};",
            "})();",
        ]
    )
