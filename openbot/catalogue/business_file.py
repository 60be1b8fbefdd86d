"""Reads `data/business.yml` (already parsed by YAML) into a catalogue, or says which line of it is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from openbot.catalogue.goods import (
    Branch,
    Catalogue,
    Category,
    Company,
    Holiday,
    PaymentMethod,
    Product,
    Unit,
    Zone,
)
from openbot.catalogue.opening_hours import WEEKDAYS, Stretch, WeekHours, overlapping
from openbot.errors import OpenbotError

ROW_TITLE = 24  #: characters of a list row's title (contract §5)
BUTTON_TITLE = 20
_T = TypeVar("_T")


class BusinessFileWrong(OpenbotError):
    """The company's file has a mistake."""

    code = "business_file_wrong"

    def __init__(self, *, path: str, what: str) -> None:
        """`path` is the way to the mistake: «branches[1].zones[0].fee»."""
        self.path = path
        self.what = what
        super().__init__(f"{path}: {what}")


@dataclass(frozen=True, slots=True)
class _Place:
    """A value of the file and the way to it."""

    value: Any
    path: str

    def wrong(self, what: str) -> BusinessFileWrong:
        return BusinessFileWrong(path=self.path or "(file)", what=what)

    def get(self, key: str) -> "_Place":
        if not isinstance(self.value, dict):
            raise self.wrong("must be a mapping")
        return _Place(self.value.get(key), f"{self.path}.{key}".lstrip("."))

    def each(self) -> "list[_Place]":
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.wrong("must be a list")
        return [_Place(value, f"{self.path}[{index}]") for index, value in enumerate(self.value)]

    def text(self, default: str | None = None, *, longest: int = 1000) -> str:
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong("must be a text (put it between quotes)")
        if len(self.value) > longest:
            raise self.wrong(f"must have at most {longest} characters")
        return self.value.strip()

    def texts(self) -> tuple[str, ...]:
        return tuple(each.text() for each in self.each())

    def number(self) -> Decimal:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | str):
            raise self.wrong("must be a number")
        try:
            number = Decimal(str(self.value))
        except InvalidOperation:
            raise self.wrong("must be a number") from None
        if not number.is_finite():
            raise self.wrong("must be a number")
        return number

    def money(self) -> Decimal:
        amount = self.number()
        if amount < 0 or amount != amount.quantize(Decimal("0.01")):
            raise self.wrong("must be an amount of pesos, with two decimals at most")
        return amount

    def flag(self, *, default: bool) -> bool:
        if self.value is None:
            return default
        if not isinstance(self.value, bool):
            raise self.wrong("must be true or false")
        return self.value


def parse_business(parsed: object) -> Catalogue:
    """Turn the parsed file into a catalogue; ids are numbered from 1 in the order of the file.

    Raises `BusinessFileWrong` with the way to the first mistake.
    """
    root = _Place(parsed, "")
    branches, zones = _branches(root.get("branches"))
    categories, products = _categories(root.get("categories"))
    methods = tuple(
        _payment_method(place, i) for i, place in enumerate(root.get("payment_methods").each(), 1)
    )
    _refuse_twins(root.get("payment_methods"), [each.code for each in methods])
    return Catalogue(
        company=_company(root.get("company")),
        categories=categories,
        products=products,
        branches=branches,
        zones=zones,
        payment_methods=methods,
        holidays=tuple(_holiday(place) for place in root.get("holidays").each()),
    )


def _company(place: _Place) -> Company:
    zone = place.get("time_zone")
    try:
        ZoneInfo(zone.text())
    except (ZoneInfoNotFoundError, ValueError):
        raise zone.wrong("must be the IANA name of a time zone") from None
    return Company(
        name=place.get("name").text(), time_zone=zone.text(), afterwords=place.get("afterwords").texts()
    )


def _branches(place: _Place) -> tuple[tuple[Branch, ...], tuple[Zone, ...]]:
    branches: list[Branch] = []
    zones: list[Zone] = []
    for index, each in enumerate(_at_least_one(place), 1):
        branches.append(_branch(each, index))
        zones += [_zone(zone, len(zones) + n, index) for n, zone in enumerate(each.get("zones").each(), 1)]
    _refuse_twins(place, [each.code for each in branches])
    return tuple(branches), tuple(zones)


def _branch(place: _Place, index: int) -> Branch:
    return Branch(
        id=index,
        code=place.get("code").text(longest=40),
        name=place.get("name").text(longest=ROW_TITLE),
        address=place.get("address").text(longest=200),
        place=place.get("place").text(longest=100),
        phone=place.get("phone").text("", longest=40),
        latitude=_degrees(place.get("latitude"), 90),
        longitude=_degrees(place.get("longitude"), 180),
        hours=_hours(place.get("hours")),
        aliases=place.get("aliases").texts(),
        position=index,
    )


def _degrees(place: _Place, most: int) -> float:
    degrees = place.number()
    if abs(degrees) > most:
        raise place.wrong(f"must be degrees between -{most} and {most}")
    return float(degrees)


def _zone(place: _Place, index: int, branch_id: int) -> Zone:
    places = place.get("places")
    if not places.texts():
        raise places.wrong("needs at least one barrio or localidad")
    return Zone(
        id=index,
        branch_id=branch_id,
        name=place.get("name").text(longest=60),
        places=places.texts(),
        fee=place.get("fee").money(),
        minimum=place.get("minimum").money(),
    )


def _categories(place: _Place) -> tuple[tuple[Category, ...], tuple[Product, ...]]:
    categories: list[Category] = []
    products: list[Product] = []
    numbers = count(1)
    for index, each in enumerate(_at_least_one(place), 1):
        code, name = each.get("code").text(longest=40), each.get("name").text(longest=ROW_TITLE)
        categories.append(Category(id=index, code=code, name=name, position=index))
        products += [_product(product, next(numbers), index) for product in each.get("products").each()]
    _refuse_twins(place, [each.code for each in categories])
    _refuse_twins(place, [each.code for each in products])
    return tuple(categories), tuple(products)


def _product(place: _Place, index: int, category_id: int) -> Product:
    price = place.get("price")
    if price.money() == 0:
        raise price.wrong("must be more than 0")
    return Product(
        id=index,
        code=place.get("code").text(longest=40),
        name=place.get("name").text(longest=80),
        category_id=category_id,
        unit=_read(place.get("unit"), Unit, "must be one of " + ", ".join(Unit)),
        price=price.money(),
        available=place.get("available").flag(default=True),
        aliases=place.get("aliases").texts(),
        size=place.get("size").text("", longest=72),
        position=index,
    )


def _payment_method(place: _Place, index: int) -> PaymentMethod:
    return PaymentMethod(
        id=index,
        code=place.get("code").text(longest=40),
        name=place.get("name").text(longest=BUTTON_TITLE),
        text=place.get("text").text(""),
        is_cash=place.get("is_cash").flag(default=False),
        aliases=place.get("aliases").texts(),
        position=index,
    )


def _holiday(place: _Place) -> Holiday:
    day = place.get("day")
    if not isinstance(day.value, date):
        raise day.wrong("must be a day like 2026-12-25")
    return Holiday(day=day.value, name=place.get("name").text(longest=100))


def _hours(place: _Place) -> WeekHours:
    """`{lunes a viernes: ["8:00-13:00", "16:00-20:00"], sábado: [...]}`; days not named are closed."""
    if not isinstance(place.value, dict):
        raise place.wrong("must be a mapping of weekdays to hours")
    week: list[tuple[Stretch, ...]] = [()] * len(WEEKDAYS)
    for key in place.value:
        stretches = tuple(_stretch(each) for each in place.get(key).each())
        if overlapping(stretches):
            raise place.get(key).wrong("the hours overlap")
        first, _, last = str(key).partition(" a ")
        days = [
            _read(_Place(name, place.path), WEEKDAYS.index, f"{name!r} is no weekday")
            for name in (first, last or first)
        ]
        if days[0] > days[1]:
            raise place.wrong(f"{key!r} runs backwards")
        for day in range(days[0], days[1] + 1):
            week[day] = stretches
    return WeekHours(tuple(week))


def _stretch(place: _Place) -> Stretch:
    def read(span: str) -> Stretch:
        opens, closes = span.split("-")
        return Stretch(_clock(opens), _clock(closes))

    return _read(place, read, 'must look like "8:00-13:30"')


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def _read(place: _Place, reader: Callable[[str], _T], what: str) -> _T:
    try:
        return reader(place.text())
    except ValueError:
        raise place.wrong(what) from None


def _at_least_one(place: _Place) -> list[_Place]:
    places = place.each()
    if not places:
        raise place.wrong("needs at least one entry")
    return places


def _refuse_twins(place: _Place, codes: list[str]) -> None:
    twice = next((code for index, code in enumerate(codes) if code in codes[:index]), None)
    if twice is not None:
        raise place.wrong(f"the code {twice!r} is used twice")
