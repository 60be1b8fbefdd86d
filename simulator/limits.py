"""Reads a JSON object strictly: key, type and limit, else the Graph's error. Pure."""

from collections.abc import Sequence
from typing import Any

from .chat import Json
from .graph_errors import GraphError


class Fields:
    """One JSON object of a request and where it stands, such as `interactive['action']`."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise GraphError(100, f"Param {path} must be a JSON object.")
        self._value: Json = value
        self._path = path
        self._known: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key is there; the key is known from now on."""
        self._known.add(key)
        return self._value.get(key) is not None

    def text(self, key: str, *, longest: int | None = None, required: bool = True, code: int = 131009) -> str:
        """Return a text of 1 to `longest` code points; "" when it is not required and absent."""
        value = self._get(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise GraphError(100, f"Param {self.name(key)} must be a string.")
        if not value.strip():
            raise GraphError(code, f"Param {self.name(key)} must not be empty.")
        if longest is not None and len(value) > longest:
            raise GraphError(
                code,
                f"Param {self.name(key)} must be at most {longest} characters long; it has {len(value)}.",
            )
        return value

    def choice(self, key: str, choices: Sequence[str], *, required: bool = True) -> str:
        """Return one of the words; "" when it is not required and absent."""
        value = self.text(key, required=required)
        if value and value not in choices:
            raise GraphError(100, f"Param {self.name(key)} must be one of {{{', '.join(choices)}}}.")
        return value

    def flag(self, key: str) -> None:
        """Check a boolean that may be absent."""
        if self.has(key) and not isinstance(self._value[key], bool):
            raise GraphError(100, f"Param {self.name(key)} must be a boolean.")

    def number(self, key: str, *, low: float, high: float) -> float:
        """Return a number or numeric string within these bounds."""
        value = self._get(key, required=True)
        try:
            figure = (
                float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
            )
        except ValueError:
            figure = None
        if figure is None or not low <= figure <= high:
            raise GraphError(131009, f"Param {self.name(key)} must be a number between {low:g} and {high:g}.")
        return figure

    def inner(self, key: str) -> "Fields":
        """Return the required object under this key."""
        return Fields(self._get(key, required=True), self.name(key))

    def items(self, key: str, *, low: int, high: int, required: bool = True) -> list[Any]:
        """Return a list of `low` to `high` elements; [] when it is not required and absent."""
        value = self._get(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list):
            raise GraphError(100, f"Param {self.name(key)} must be an array.")
        if not low <= len(value) <= high:
            raise GraphError(
                131009, f"{self.name(key)} must have {low} to {high} elements; it has {len(value)}."
            )
        return value

    def objects(self, key: str, *, low: int, high: int, required: bool = True) -> list["Fields"]:
        """Return a list of `low` to `high` objects."""
        values = self.items(key, low=low, high=high, required=required)
        return [Fields(value, f"{self.name(key)}[{at}]") for at, value in enumerate(values)]

    def ignore(self, *keys: str) -> None:
        """Know these keys without looking at them."""
        self._known.update(keys)

    def no_more(self) -> None:
        """Refuse a key that nobody asked for."""
        for key in self._value:
            if key not in self._known:
                raise GraphError(100, f'Unexpected key "{key}" on param "{self._path}".')

    def name(self, key: str) -> str:
        return f"{self._path}['{key}']" if self._path else key

    def raw(self, key: str) -> Any:
        """Return the value as it came, or None."""
        return self._value.get(key)

    def _get(self, key: str, *, required: bool) -> Any:
        self._known.add(key)
        value = self._value.get(key)
        if value is None and required:
            raise GraphError(131008, f"The parameter {self.name(key)} is required.")
        return value


def unique(values: Sequence[str], *, what: str) -> None:
    """Refuse repeated ids or titles."""
    if len(set(values)) != len(values):
        raise GraphError(131009, f"{what} must be unique.")
