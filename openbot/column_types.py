"""What a column holds, the same on SQLite and PostgreSQL: times in UTC, exact decimals, words, ids."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Enum, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime; a naive one is refused. Read back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time refused: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Scaled(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, kept as a whole number (SQLite has no exact decimals)."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        whole = scaled.to_integral_value()
        if whole != scaled:
            raise ValueError(f"{value} has more than {self.places} decimal places")
        return int(whole)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


def words(enum: type[Any], length: int = 16) -> Enum:
    """Keep an enumeration as its words, not as a type of the database."""
    return Enum(
        enum, native_enum=False, length=length, values_callable=lambda kind: [word.value for word in kind]
    )


Money = Scaled(2)
Quantity = Scaled(3)


def sorted_text(length: int) -> String:
    """Text compared byte by byte, so that a prefix is a range of an index, whatever the server's locale."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


Id = BigInteger().with_variant(Integer, "sqlite")
