"""People of the panel, each with a browser of their own that is signed in."""

import warnings
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette's own, about its client
    from fastapi.testclient import TestClient

from api.recognise import limits
from api.signed_in import COOKIE
from openbot.actor import Actor
from openbot.operators import sessions
from openbot.schema import Operator, OperatorBranch
from openbot.vocabulary import Enabled, Role
from tests.support.world import World


class Browser(TestClient):
    """Somebody's browser; `person_id` is who is signed in, 0 for nobody."""

    person_id: int = 0


class Panel:
    """Makes people and signs them in, without the cost of a password."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._numbers = count(1)

    def administrator(self, **more: Any) -> Browser:
        return self.signed_in(self.person(role=Role.ADMINISTRATOR, **more))

    def operator(self, *, branches: Sequence[int] = (), **more: Any) -> Browser:
        return self.signed_in(self.person(branches=branches, **{"role": Role.OPERATOR, **more}))

    def anonymous(self) -> Browser:
        client = Browser(self.world.app, raise_server_exceptions=False, follow_redirects=False)
        client.headers["X-Openbot"] = "panel"
        return client

    def person(self, *, role: Role, branches: Sequence[int] = (), name: str = "", **more: Any) -> int:
        number = next(self._numbers)
        with self.world.database.transaction() as session:
            given = {"email": f"p{number}@example.com", "password_hash": "-", "enabled": Enabled.YES, **more}
            row = Operator(
                created_at=self.world.clock(), name=name or f"{role.value} {number}", role=role, **given
            )
            session.add(row)
            session.flush()
            session.add_all(OperatorBranch(operator_id=row.id, branch_id=branch) for branch in branches)
            return row.id

    def actor(self, browser: Browser) -> Actor:
        """Whoever sits before it, as histories name them."""
        (person,) = self.world.rows(Operator, Operator.id == browser.person_id)
        return Actor.operator(operator_id=person.id, name=person.name, role=person.role)

    def signed_in(self, person_id: int, *, lasts: timedelta | None = None) -> Browser:
        """Open a session as signing in does: the person's earlier one ends."""
        limit = limits(self.world.settings)
        with self.world.database.transaction() as session:
            token = sessions.open_for(
                session,
                operator_id=person_id,
                device="Chrome en Linux",
                address="testclient",
                now=self.world.clock(),
                limits=sessions.Limits(idle=limit.idle, longest=lasts or limit.longest),
            )
        client = self.anonymous()
        client.cookies.set(COOKIE, token)
        client.person_id = person_id
        return client
