"""The one base of all errors this package raises on purpose."""


class OpenbotError(Exception):
    """Something asked of Openbot cannot be done."""

    #: Stable name for machines: API answers and logs carry it, doors translate it.
    code = "openbot_error"

    def __init__(self, message: str | None = None) -> None:
        """Without a message the class docstring is the message."""
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])
