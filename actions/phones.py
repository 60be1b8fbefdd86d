"""A phone number that is typed is kept beside the name: as a key of the contact it would be anybody's. Pure."""

_BESIDE = " · Tel. "
_LONGEST_NAME = 70


def with_phone(name: str, phone: str | None) -> str:
    """«Ana Paz · Tel. 11 5555-4444»."""
    return f"{without_phone(name)[:_LONGEST_NAME]}{_BESIDE}{phone[:20]}" if name and phone else name


def without_phone(name: str) -> str:
    """The name alone."""
    return name.split(_BESIDE, maxsplit=1)[0]
