"""What was read in one message, as frozen data."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from openbot.catalogue.goods import Branch, Category, PaymentMethod, Product, Zone
from openbot.catalogue.quantities import Refusal, Said
from openbot.reading.addresses import Address
from openbot.reading.items import AmbiguousItem, ItemRead, RefusedItem, UnknownItem
from openbot.vocabulary import Delivery

Asked = Literal[
    "delivery",
    "branch",
    "address",
    "items",
    "clarification",
    "quantity",
    "payment",
    "cash_with",
    "comment",
    "name",
    "confirmed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read; empty fields were not said."""

    items: tuple[ItemRead, ...] = ()  #: goods understood, in the order of the sentence
    ambiguous: tuple[AmbiguousItem, ...] = ()
    unknown: tuple[UnknownItem, ...] = ()
    refused: tuple[RefusedItem, ...] = ()
    mentioned: tuple[Product, ...] = ()  #: goods asked about, not ordered
    category: Category | None = None  #: a shelf named without a quantity («dame gaseosas»): show it
    chosen: Product | None = None  #: the answer to a clarification; `said` may hold the quantity
    chosen_all: bool = (
        False  #: «2 de cada uno», «las dos»: the clarification is answered by all these `items`
    )
    position: int | None = (
        None  #: «2», «la segunda», alone: the row of a list or the button meant, from 1; -1 the last
    )
    said: Said | None = None  #: a quantity without a thing
    quantity: Decimal | Refusal | None = (
        None  #: answer to «¿cuánto?», in the unit of the one product asked about
    )
    delivery: Delivery | None = None
    address: Address | None = None
    address_detail: str = ""  #: floor, flat or bell said without a street: «3ro B», «piso 2», «timbre 4»
    zone: Zone | None = None  #: of the address, or of a barrio named without a street
    place: str = ""  #: that barrio
    branch: Branch | None = None
    payment: PaymentMethod | None = None
    payment_unknown: str = ""  #: a way to pay that the shop does not have, in the customer's word: «tarjeta»
    cash_with: Decimal | None = None  #: pesos
    cash_exact: bool = False  #: «pago justo»
    comment: str | None = None  #: "": the customer wants none
    name: str = ""
    phone: str = ""  #: a telephone number, as typed; never in the comment
    when: str = ""  #: the day or hour it is wanted for: «para el domingo», «tipo 8»; in the comment where that is asked
    yes: bool | None = None  #: what the sentence begins with: «sí…», «no…», «👍»
    only_emoji: bool = False  #: pictures and no words: neither thanks nor anything else

    @property
    def says_goods(self) -> bool:
        """Whether anything is said about goods to order."""
        return bool(self.items or self.ambiguous or self.unknown or self.refused)

    @property
    def empty(self) -> bool:
        """Whether nothing was understood."""
        return self == Reading(only_emoji=self.only_emoji)
