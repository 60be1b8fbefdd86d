"""What WhatsApp charges for what was delivered (contract §6.5): an estimate."""

from decimal import Decimal

from openbot.company import CompanyPage
from openbot.prices import CATEGORIES

SERVICE = "service"


def price_of(page: CompanyPage, category: str) -> Decimal:
    """Price of one delivered message, in `page.prices.currency`; `category` is WhatsApp's word in any spelling."""
    price: Decimal = getattr(page.prices, priced_as(category))
    return price


def priced_as(category: str) -> str:
    """Return the row of the price table: «AUTHENTICATION-INTERNATIONAL» is authentication; what is new is service."""
    plain = category.casefold()
    return next((each for each in CATEGORIES if plain.startswith(each)), SERVICE)
