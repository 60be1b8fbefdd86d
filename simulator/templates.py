"""Approved templates, and whether a send fits one (contract §5.4). Pure but for the list it is given."""

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from .chat import Json
from .graph_errors import GraphError
from .limits import Fields

_HOLE = re.compile(r"\{\{(\w+)\}\}")
_UNFIT = re.compile(r"[\n\t]| {4}")


class Template(BaseModel):
    """An approved template; `body` holds {{1}} or {{name}}, `buttons` the labels of quick replies."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9_]{1,512}$")
    language: str = "es_AR"
    category: Literal["utility", "marketing", "authentication"] = "utility"
    body: str = Field(max_length=1024)
    buttons: list[str] = Field(default_factory=list, max_length=10)
    status: Literal["APPROVED", "PAUSED", "DISABLED"] = "APPROVED"


#: There from the start; `PUT /sim/templates` replaces them.
DEFAULT_TEMPLATES = (
    Template(name="hello_world", language="en_US", body="Hello World"),
    Template(
        name="retomar_conversacion",
        body="Hola {{1}}, tenemos novedades de tu pedido. ¿Seguimos?",
        buttons=["Sí, sigamos"],
    ),
)


def fill(template: Fields, *, known: Sequence[Template]) -> tuple[Template, Json]:
    """Return the template meant and what the customer sees: body, buttons with their payloads."""
    name = template.text("name", longest=512)
    language = template.inner("language")
    code = language.text("code")
    language.ignore("policy")
    language.no_more()
    found = next((one for one in known if (one.name, one.language) == (name, code)), None)
    if found is None:
        raise GraphError(132001, f"template name ({name}) does not exist in {code}")
    if found.status != "APPROVED":
        raise GraphError(132015 if found.status == "PAUSED" else 132016)
    values: dict[str, str] = {}
    payloads: dict[int, str] = {}
    for component in template.objects("components", low=0, high=20, required=False):
        match component.choice("type", ["header", "body", "button"]):
            case "body":
                values = _values(component)
            case "button":
                index = int(component.number("index", low=0, high=9))
                component.choice("sub_type", ["quick_reply", "url"])
                parameter = component.objects("parameters", low=1, high=1)[0]
                payloads[index] = parameter.text("payload", longest=256, required=False)
            case _:
                component.ignore("parameters")
        component.no_more()
    template.no_more()
    buttons = [{"id": payloads.get(at) or label, "title": label} for at, label in enumerate(found.buttons)]
    return found, {"name": name, "language": code, "body": _filled(found.body, values), "buttons": buttons}


def _values(component: Fields) -> dict[str, str]:
    values: dict[str, str] = {}
    for at, parameter in enumerate(component.objects("parameters", low=0, high=100), start=1):
        parameter.choice("type", ["text"])
        key = parameter.text("parameter_name", required=False) or str(at)
        values[key] = parameter.text("text", longest=1024)
        parameter.no_more()
        if _UNFIT.search(values[key]):
            raise GraphError(
                132012, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces."
            )
    return values


def _filled(body: str, values: dict[str, str]) -> str:
    holes = set(_HOLE.findall(body))
    if holes != set(values):
        raise GraphError(
            132000, f"body: number of localizable_params ({len(values)}) does not match {len(holes)}."
        )
    text = _HOLE.sub(lambda hole: values[hole[1]], body)
    if len(text) > 1024:  # noqa: PLR2004 - Meta's limit
        raise GraphError(132000, "The filled body is longer than 1024 characters.")
    return text
