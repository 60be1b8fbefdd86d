"""Passwords: hashed with argon2id, compared in the same time whether or not the person exists."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from openbot.errors import OpenbotError

SHORTEST = 10
LONGEST = 200  #: characters; hashing a megabyte would be a way to keep the server busy
#: No letter or digit that is easily taken for another.
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

_HASHER = PasswordHasher()


class PasswordRefused(OpenbotError):
    """The password is too short or too long."""

    code = "password_refused"

    def __init__(self) -> None:
        super().__init__(f"A password has {SHORTEST} to {LONGEST} characters.")


def hash_password(password: str) -> str:
    """Return what may be stored. Raises PasswordRefused."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordRefused
    return _HASHER.hash(password)


def matches(password: str, *, password_hash: str | None) -> bool:
    """Tell whether the password is right; without a hash (nobody has that e-mail) it takes as long and is False."""
    try:
        _HASHER.verify(password_hash or _nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def random_password() -> str:
    """Return a password for one use, easy to type."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


@cache
def _nobody() -> str:
    return _HASHER.hash(random_password())
