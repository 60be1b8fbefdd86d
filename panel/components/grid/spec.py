"""What a grid is made of, as data: columns, tabs, actions and the fields of their forms."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["number", "text", "date", "day", "phone", "money", "state", "choice", "duration"]
Filter = Literal["", "search", "choice", "one", "dates", "amounts"]
FieldKind = Literal[
    "text", "longtext", "email", "phone", "password", "money", "choice", "choices", "check", "shift"
]
Place = Literal["row", "detail", "toolbar", "bulk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a filter or field, and the word for it."""

    value: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `key` is the row's key in the API's answer."""

    key: str
    title: str
    kind: Kind = "text"
    width: int = 90  #: least width in px
    grow: float = 0  #: its part of the room that is left; 0 keeps the width
    sort: str = ""  #: the API's name for sorting by it; empty: not sortable
    filter: Filter = ""
    param: str = ""  #: of the filter, in the API; default `key`. Ranges: `<param>_from`, `<param>_to`
    choices: tuple[Choice, ...] = ()  #: of a choice filter, and the words of a `choice` or `state` cell
    priority: int = 1  #: 1 always shown; the highest number hides first where there is no room
    card: str = ""  #: place on a phone's card: a0 a1 a2 / b1 b2 / c1 c2; empty: only in the detail
    digits_only: bool = False  #: a search that takes «11 3694-3434» as 1136943434
    hint: str = ""  #: placeholder of a search
    blank: str = ""  #: shown where there is no value


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A view of the same list: its parameters are always sent."""

    key: str
    title: str
    params: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""  #: order of this tab when the operator chose none
    count_url: str = ""  #: answers {"<count_key>": 12}; shown beside the title
    count_key: str = "total"
    empty: str = ""  #: what to do when this tab has nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of an action's form. `key` is the key in the body and, prefilled, in the row."""

    key: str
    title: str
    kind: FieldKind = "text"
    choices: tuple[Choice, ...] = ()
    required: bool = False
    hint: str = ""  #: grey text below
    length: int = 0  #: most characters; 0: no limit
    initial: Any = None  #: value of a new form


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button. With `href` a link, with `call` a call of the API, with neither an event for the script.

    `{key}` in `href`, `call`, `confirm`, `form_title` and `done` stands for the row's value.
    """

    key: str
    title: str
    place: Place = "row"
    icon: str = ""
    href: str = ""
    download: bool = False  #: `href` is a file: no new page. In the toolbar it gets the list's filters
    with_filters: bool = False
    call: str = ""  #: "DELETE /api/contacts/{id}"
    body: Mapping[str, Any] = field(default_factory=dict)
    confirm: str = ""  #: asked before the call
    confirm_button: str = ""
    fields: tuple[Field, ...] = ()  #: asked before the call, sent in its body, with the row's `version`
    form_title: str = ""
    prefill: bool = True  #: fields start with the row's values
    when: str = ""  #: key that must be true in the row; "!key": that must not
    danger: bool = False
    done: str = ""  #: sentence after the call


def plain(parts: Sequence[Any]) -> list[dict[str, Any]]:
    """Dataclasses as JSON."""
    return [asdict(part) for part in parts]
