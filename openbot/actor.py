"""Who did something: every change of an order names one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from openbot.vocabulary import Role


class ActorKind(StrEnum):
    """The four who can change an order."""

    CUSTOMER = "cliente"
    BOT = "bot"
    OPERATOR = "operador"
    SYSTEM = "sistema"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One who acts. Operators carry their id, name and role; the others are unique."""

    kind: ActorKind
    operator_id: int | None = None
    name: str = ""
    role: Role | None = None

    @classmethod
    def operator(cls, *, operator_id: int, name: str, role: Role) -> Self:
        """Name the person of the panel who acts."""
        return cls(kind=ActorKind.OPERATOR, operator_id=operator_id, name=name, role=role)


CUSTOMER = Actor(kind=ActorKind.CUSTOMER)
BOT = Actor(kind=ActorKind.BOT)
SYSTEM = Actor(kind=ActorKind.SYSTEM)
