"""The company's goods as frozen data: products, branches, zones, payment methods, and how they are written."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from openbot.catalogue.opening_hours import WeekHours


class Unit(StrEnum):
    """How a product is counted or weighed; the value is what the database holds."""

    PIECE = "unidad"
    KILO = "kg"
    LITRE = "litro"
    DOZEN = "docena"
    PACK = "pack"
    BAG = "bolsa"
    BOX = "caja"
    CRATE = "cajón"
    TRAY = "maple"

    @property
    def step(self) -> Decimal:
        """Smallest part that is sold: 0.01 kg, a quarter of a litre, half a dozen, one of the rest."""
        return _STEPS.get(self, Decimal(1))

    @property
    def divisible(self) -> bool:
        """Whether halves make sense."""
        return self.step < 1

    @property
    def weighed(self) -> bool:
        """Sold by weight or volume: nothing said means «how much?», not one."""
        return self in {Unit.KILO, Unit.LITRE}

    @property
    def plural(self) -> str:
        """Spanish plural: «docenas», «cajones», «kg»."""
        return _PLURALS.get(self, f"{self.value}s")


_STEPS = {Unit.KILO: Decimal("0.01"), Unit.LITRE: Decimal("0.25"), Unit.DOZEN: Decimal("0.5")}
_PLURALS = {Unit.KILO: "kg", Unit.PIECE: "unidades", Unit.CRATE: "cajones"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Whose goods these are."""

    name: str
    time_zone: str  #: IANA name
    afterwords: tuple[str, ...] = ()  #: courtesies that open no new order after a close (product §2)

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A shelf: one section of the product list."""

    id: int
    code: str
    name: str  #: at most 24 characters (title of a list row)
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something that can be ordered."""

    id: int
    code: str  #: WhatsApp's product_retailer_id
    name: str  #: with the size, as customers see it: «Coca-Cola 2,25 L»
    category_id: int
    unit: Unit
    price: Decimal  #: pesos for one unit (one kg, one dozen …)
    available: bool = True  #: may be ordered today
    aliases: tuple[str, ...] = ()  #: other names, without the size: «coca», «coquita»
    size: str = ""  #: description: «Botella 2,25 L»
    position: int = 0
    back_on: date | None = None  #: sold out until that day, while it is not available for no other reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A place that sells, delivers and hands over."""

    id: int
    code: str
    name: str
    address: str
    place: str  #: barrio or localidad
    phone: str
    latitude: float
    longitude: float
    hours: WeekHours
    aliases: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Where a branch delivers, for how much and from which amount of goods on."""

    id: int
    branch_id: int
    name: str
    places: tuple[str, ...]  #: barrios and localidades, as people write them
    fee: Decimal  #: pesos
    minimum: Decimal  #: pesos of goods, delivery apart


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethod:
    """A way to pay."""

    id: int
    code: str
    name: str  #: at most 20 characters (title of a button)
    text: str = ""  #: sent with the confirmation: alias, CBU, holder
    is_cash: bool = False  #: asks «¿Con cuánto pagás?»
    aliases: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day on which every branch is closed."""

    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All of it. What the pure rules read; products in the order in which they are shown."""

    company: Company
    categories: tuple[Category, ...] = ()
    products: tuple[Product, ...] = ()
    branches: tuple[Branch, ...] = ()
    zones: tuple[Zone, ...] = ()
    payment_methods: tuple[PaymentMethod, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    _products: dict[int, Product] = field(init=False, repr=False, compare=False, default_factory=dict)
    _codes: dict[str, Product] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index the products: there may be thousands, of the rest a handful."""
        self._products.update((each.id, each) for each in self.products)
        self._codes.update((each.code, each) for each in self.products)

    @property
    def changes_on(self) -> date | None:
        """The day on which something sold out comes back, and this catalogue is no longer true."""
        return min((each.back_on for each in self.products if each.back_on), default=None)

    def product(self, product_id: int) -> Product | None:
        """Find a product by id, available or not."""
        return self._products.get(product_id)

    def product_by_code(self, code: str) -> Product | None:
        """Find a product by its code (the retailer id of a WhatsApp cart)."""
        return self._codes.get(code)

    def category(self, category_id: int) -> Category | None:
        """Find a category by id."""
        return next((each for each in self.categories if each.id == category_id), None)

    def branch(self, branch_id: int) -> Branch | None:
        """Find a branch by id."""
        return next((each for each in self.branches if each.id == branch_id), None)

    def zone(self, zone_id: int) -> Zone | None:
        """Find a zone by id."""
        return next((each for each in self.zones if each.id == zone_id), None)

    def payment_method(self, method_id: int) -> PaymentMethod | None:
        """Find a payment method by id."""
        return next((each for each in self.payment_methods if each.id == method_id), None)

    def products_in(self, category_id: int) -> tuple[Product, ...]:
        """Give the available products of a category, in order."""
        return tuple(each for each in self.products if each.category_id == category_id and each.available)

    def zones_of(self, branch_id: int) -> tuple[Zone, ...]:
        """Give the zones one branch delivers to."""
        return tuple(each for each in self.zones if each.branch_id == branch_id)

    def closed_days(self) -> frozenset[date]:
        """Give the holidays as days, as `opening_hours` wants them."""
        return frozenset(each.day for each in self.holidays)

    def with_products(self, products: tuple[Product, ...]) -> Self:
        """Give the same company with other products."""
        return type(self)(
            company=self.company,
            categories=self.categories,
            products=products,
            branches=self.branches,
            zones=self.zones,
            payment_methods=self.payment_methods,
            holidays=self.holidays,
        )


def format_money(amount: Decimal) -> str:
    """Write pesos the Argentine way: «$ 12.450,00», «-$ 500,00»."""
    figure = f"{abs(amount):,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{'-' if amount < 0 else ''}$ {figure}"


def format_number(amount: Decimal) -> str:
    """Write a number without needless zeros: «1.200», «1,5», «0,25»."""
    figure = f"{amount:,f}".translate(str.maketrans(",.", ".,"))
    return figure.rstrip("0").rstrip(",") if "," in figure else figure


def format_quantity(amount: Decimal, unit: Unit) -> str:
    """Say a quantity: «3», «1,5 kg», «200 g», «media docena», «2 docenas y media», «1 pack»."""
    match unit:
        case Unit.PIECE:
            return format_number(amount)
        case Unit.KILO if 0 < amount < 1:
            return f"{format_number(amount * 1000)} g"
        case Unit.DOZEN if amount == Decimal("0.5"):
            return "media docena"
        case Unit.DOZEN if amount % 1 == Decimal("0.5"):
            return f"{format_quantity(amount // 1, unit)} y media"
        case _:
            return f"{format_number(amount)} {unit.value if amount <= 1 else unit.plural}"
