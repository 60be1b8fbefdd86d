"""Writes about people of the panel: the last administrator stays, who loses a right loses the session at once.

What becomes of the orders of somebody who leaves: `conversations.departures`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, func, select, update

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.fields import ChangedMeanwhile, FieldsWrong
from openbot.operators import sessions
from openbot.operators.operations import EmailTaken
from openbot.operators.sessions import Because
from openbot.schema import Branch, Draft, Operator, OperatorBranch, SavedView
from openbot.vocabulary import Enabled, Role

#: No password has this hash: who is deleted signs in nowhere.
NO_PASSWORD = "-"  # noqa: S105 - the contrary of one


class OperatorNotFound(OpenbotError):
    """There is no such person."""

    code = "operator_not_found"


class LastAdministrator(OpenbotError):
    """The last enabled administrator cannot be removed, disabled or made an operator."""

    code = "last_administrator"


class PasswordWrong(OpenbotError):
    """The present password is another one."""

    code = "password_wrong"
    fields: ClassVar = {"current": "password_wrong"}


class PasswordUnchanged(OpenbotError):
    """The new password is the present one."""

    code = "password_unchanged"
    fields: ClassVar = {"new": "password_unchanged"}


def create(
    session: Session, *, values: Mapping[str, Any], password_hash: str, by: int, now: datetime
) -> Operator:
    """Add a person; `values` as `persons_form.read` gives them. The password is to be changed at the first sign-in.

    Raises EmailTaken, FieldsWrong for a branch that is not there.
    """
    _refuse_taken(session, values["email"], but=None)
    person = Operator(
        created_at=now,
        password_hash=password_hash,
        must_change_password=True,
        edited_at=now,
        edited_by_id=by,
        **{name: value for name, value in values.items() if name != "branch_ids"},
    )
    session.add(person)
    session.flush()
    _set_branches(session, person_id=person.id, branch_ids=values.get("branch_ids", ()))
    return person


def change(
    session: Session, *, person_id: int, values: Mapping[str, Any], version: int, by: int, now: datetime
) -> dict[str, list[Any]]:
    """Change some fields; return {name: [before, now]}. Who is disabled or gets another type is signed out.

    Raises OperatorNotFound, ChangedMeanwhile, EmailTaken, LastAdministrator, FieldsWrong.
    """
    administrators = _lock_administrators(session)
    person = get(session, person_id=person_id)
    there = _values(session, person)
    changed = {name: [there[name], value] for name, value in values.items() if there[name] != value}
    if person.version != version:
        raise _changed_meanwhile(session, person, changed)
    if not changed:
        return {}
    if "email" in changed:
        _refuse_taken(session, values["email"], but=person_id)
    demoted = values.get("role", person.role) is not Role.ADMINISTRATOR
    if demoted or values.get("enabled", person.enabled) is not Enabled.YES:
        _keep_one(administrators, person_id)
    if "branch_ids" in changed:
        _set_branches(session, person_id=person_id, branch_ids=values["branch_ids"])
    for name in changed.keys() - {"branch_ids"}:
        setattr(person, name, values[name])
    _saved(person, by=by, now=now)
    session.flush()
    if because := _signed_out_by(changed):
        sessions.end(session, operator_id=person_id, because=because, now=now)
    return changed


def remove(session: Session, *, person_id: int, by: int, now: datetime) -> Operator:
    """Delete a person: signed out, without e-mail, phone and drafts; the name stays in the histories.

    Raises OperatorNotFound, LastAdministrator.
    """
    administrators = _lock_administrators(session)
    person = get(session, person_id=person_id)
    _keep_one(administrators, person_id)
    sessions.end(session, operator_id=person_id, because=Because.DELETED, now=now)
    person.email, person.phone, person.password_hash = None, "", NO_PASSWORD
    person.enabled, person.deleted_at = Enabled.NO, now
    person.shift = person.preferences = None
    _saved(person, by=by, now=now)
    for table in (OperatorBranch, SavedView, Draft):
        session.execute(delete(table).where(table.operator_id == person_id))
    session.flush()
    return person


def set_password(session: Session, *, person_id: int, password_hash: str, by: int, now: datetime) -> Operator:
    """Give a person a password that they have to change; they are signed out. Raises OperatorNotFound."""
    person = get(session, person_id=person_id)
    person.password_hash, person.must_change_password = password_hash, True
    _saved(person, by=by, now=now)
    session.flush()
    sessions.end(session, operator_id=person_id, because=Because.PASSWORD, now=now)
    return person


def set_own_password(session: Session, *, operator_id: int, password_hash: str) -> None:
    """Store a password that its owner chose."""
    session.execute(
        update(Operator)
        .where(Operator.id == operator_id)
        .values(password_hash=password_hash, must_change_password=False, version=Operator.version + 1)
    )


def get(session: Session, *, person_id: int) -> Operator:
    """Load a person for writing. Raises OperatorNotFound for one that was deleted, too."""
    # Not FOR UPDATE: orders that name this person are written meanwhile, with the contact locked before.
    person = session.get(Operator, person_id, with_for_update={"key_share": True}, populate_existing=True)
    if person is None or person.deleted_at is not None:
        raise OperatorNotFound
    return person


def _lock_administrators(session: Session) -> set[int]:
    """Return the enabled ones, locked: two who remove each other at once would leave nobody."""
    enabled = Operator.role == Role.ADMINISTRATOR, Operator.enabled == Enabled.YES
    query = select(Operator.id).where(*enabled, Operator.deleted_at.is_(None)).order_by(Operator.id)
    return set(session.scalars(query.with_for_update(key_share=True)))


def _keep_one(administrators: set[int], person_id: int) -> None:
    if administrators == {person_id}:
        raise LastAdministrator


def _refuse_taken(session: Session, email: str, *, but: int | None) -> None:
    found = session.scalar(select(Operator.id).where(Operator.email == email))
    if found is not None and found != but:
        raise EmailTaken(email=email)


def _set_branches(session: Session, *, person_id: int, branch_ids: Sequence[int]) -> None:
    known = session.scalar(select(func.count()).where(Branch.id.in_(branch_ids))) if branch_ids else 0
    if known != len(branch_ids):
        raise FieldsWrong({"branch_ids": "branch_not_found"})
    session.execute(delete(OperatorBranch).where(OperatorBranch.operator_id == person_id))
    session.add_all(OperatorBranch(operator_id=person_id, branch_id=each) for each in branch_ids)
    session.flush()


def _values(session: Session, person: Operator) -> dict[str, Any]:
    """What a form may change, as it is now."""
    branches = select(OperatorBranch.branch_id).where(OperatorBranch.operator_id == person.id)
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "role": person.role,
        "enabled": person.enabled,
        "shift": person.shift,
        "branch_ids": sorted(session.scalars(branches)),
    }


def _changed_meanwhile(session: Session, person: Operator, changed: dict[str, Any]) -> ChangedMeanwhile:
    by = session.get(Operator, person.edited_by_id) if person.edited_by_id else None
    return ChangedMeanwhile(
        version=person.version,
        changed={name: [wished, there] for name, (there, wished) in changed.items()},
        by=by.name if by else "",
        at=person.edited_at.isoformat() if person.edited_at else "",
    )


def _signed_out_by(changed: Mapping[str, Any]) -> Because | None:
    if "enabled" in changed and changed["enabled"][1] is Enabled.NO:
        return Because.DISABLED
    return Because.ROLE if "role" in changed else None


def _saved(person: Operator, *, by: int, now: datetime) -> None:
    person.version += 1
    person.edited_at, person.edited_by_id = now, by
