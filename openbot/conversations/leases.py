"""What a dead worker had in hand is given back at once; without this its leases end after a minute."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, select, text, union, update

from openbot.conversations.worker_names import Name
from openbot.database import Database, Session
from openbot.schema import Contact, Outbound, StoredFile, Turn
from openbot.vocabulary import TurnState

# Built once: building a statement costs more than running it. States are written out, for only then do both
# databases see that their partial indexes fit.
_TURNS, _OUTBOX = cast("Table", Turn.__table__), cast("Table", Outbound.__table__)
_FILES = cast("Table", StoredFile.__table__)
_WORKER: BindParameter[Any] = bindparam("worker")
_CLAIMED = text("turns.state IN ('due', 'claimed') AND turns.state = 'claimed'")
_RELEASED = text("outbox.state IN ('queued', 'released', 'uncertain') AND outbox.state = 'released'")
_IN_HAND = text("files.state IN ('pending', 'uploaded', 'gone') AND files.claimed_by <> ''")
_CLAIMERS = union(
    select(_TURNS.c.claimed_by).where(_CLAIMED),
    select(_OUTBOX.c.claimed_by).where(_RELEASED),
    select(_FILES.c.claimed_by).where(_IN_HAND),
)
_LOCK = (
    select(Contact.id)
    .where(
        Contact.id.in_(
            union(
                select(_TURNS.c.contact_id).where(_CLAIMED, _TURNS.c.claimed_by == _WORKER),
                select(_OUTBOX.c.contact_id).where(_RELEASED, _OUTBOX.c.claimed_by == _WORKER),
            )
        )
    )
    .order_by(Contact.id)
    .with_for_update()
)
_TURNS_BACK = (
    update(_TURNS)
    .where(_CLAIMED, _TURNS.c.claimed_by == _WORKER)
    .values(state=TurnState.DUE, next_try_at=bindparam("now"))
)
_SENDS_BACK = (
    update(_OUTBOX).where(_RELEASED, _OUTBOX.c.claimed_by == _WORKER).values(not_before=bindparam("now"))
)
_FILES_BACK = (
    update(_FILES)
    .where(_IN_HAND, _FILES.c.claimed_by == _WORKER)
    .values(not_before=bindparam("now"), claimed_by="")
)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was in the hands of dead workers."""

    turns: int = 0
    sends: int = 0  #: uncertain now: sent again only when no status comes within the grace
    files: int = 0

    def __add__(self, other: "GivenBack") -> "GivenBack":
        return GivenBack(self.turns + other.turns, self.sends + other.sends, self.files + other.files)


def give_back_of_the_dead(database: Database, *, name: Name, now: datetime) -> GivenBack:
    """Give back what the former holder of this name, and every other worker that does not live, had in hand."""
    with database.reading() as session:
        claimers = list(session.scalars(_CLAIMERS))
    given = GivenBack()
    for worker in claimers:
        with name.of_a_dead_one(worker) as is_dead:
            if is_dead:
                with database.transaction() as session:
                    given += give_back(session, worker=worker, now=now)
    return given


def give_back(session: Session, *, worker: str, now: datetime) -> GivenBack:
    """Give back what this worker, which is dead, had in hand.

    Its turns and files are due. Its sends may have gone out: their leases end, and the next sender that looks
    reconciles them.
    """
    connection = session.connection()
    connection.execute(_LOCK, {"worker": worker})
    bound = {"worker": worker, "now": now}
    return GivenBack(
        turns=connection.execute(_TURNS_BACK, bound).rowcount,
        sends=connection.execute(_SENDS_BACK, bound).rowcount,
        files=connection.execute(_FILES_BACK, bound).rowcount,
    )
