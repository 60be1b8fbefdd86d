"""Passwords are looked at two at a time: each takes 64 MB and a core for a moment, whoever knocks."""

import threading

from openbot.operators import passwords

_TURNS = threading.BoundedSemaphore(2)


def is_right(password: str, *, password_hash: str | None) -> bool:
    """Compare; takes as long without a hash. Waits for its turn."""
    with _TURNS:
        return passwords.matches(password, password_hash=password_hash)


def hashed(password: str) -> str:
    """Return what may be stored. Raises PasswordRefused. Waits for its turn."""
    with _TURNS:
        return passwords.hash_password(password)
