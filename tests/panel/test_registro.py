"""The audit log in words: nothing that is noted is shown as a code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from openbot.conversations import viewing
from panel.screens import configuracion_log

ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("America/Argentina/Buenos_Aires")


def noted() -> Iterator[str]:
    """What any call of a `note` names, as the code stands."""
    for path in (*ROOT.glob("api/*.py"), *ROOT.glob("openbot/*/*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("note"):
                continue
            for value in (*call.args, *(keyword.value for keyword in call.keywords)):
                if isinstance(value, ast.Constant) and re.fullmatch(r"[a-z]+(_[a-z]+)+", str(value.value)):
                    yield str(value.value)


def test_everything_that_is_noted_has_words():
    actions = set(noted())
    assert {"signed_in", "user_created", "product_created", "order_exported"} <= actions
    actions.add(viewing.VIEWED)
    assert actions - configuracion_log.ACTIONS.keys() == set()


def test_a_line_names_what_changed_and_hides_what_is_private():
    row = {
        "at": "2026-11-23T00:30:00+00:00", "operator": "Jimena Roca", "action": "user_changed", "subject": "user 4",
        "address": "127.0.0.1",
        "detail": {"name": [], "shift": [[{"weekday": 1}], [{"weekday": 2}]], "role": ["Operador", "Administrador"]},
    }  # fmt: skip
    line = configuracion_log.line(row, ZONE)
    assert (line["Qué"], line["Sobre"]) == ("Cambió un usuario", "Usuario 4")
    assert line["Detalle"].replace("\\", "") == "nombre · plan de trabajo · tipo: Operador → Administrador"


def test_filters_and_periods_are_said_in_spanish():
    assert configuracion_log.details({"format": "csv", "filters": ["state", "tab"]}) == (
        "formato: csv · filtros: estado, vista"
    )
    assert configuracion_log.details({"period": "month"}) == "período: último mes"
