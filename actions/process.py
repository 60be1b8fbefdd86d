"""What one action server holds between calls: the database, the settings, and the goods of the present catalogue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from openbot import company
from openbot.catalogue import queries
from openbot.catalogue.goods import Catalogue
from openbot.catalogue.matching import Matcher
from openbot.database import Database, Session
from openbot.settings import Settings


@dataclass(frozen=True, slots=True)
class Goods:
    """The catalogue and its index of names, of one version, and what the company set for orders."""

    version: object
    catalogue: Catalogue
    matcher: Matcher
    settings: company.CompanyPage
    expires_after: timedelta  #: until an order becomes VENCIDO


class Process:
    """Made once; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self._goods: Goods | None = None

    def goods(self, session: Session, *, now: datetime) -> Goods:
        """Return the goods as they are now; read anew only when somebody edited them or something came back."""
        version, known = queries.version(session), self._goods
        if known is None or known.version != version or not queries.is_current(known.catalogue, now=now):
            catalogue, settings = queries.load(session, now=now), company.read(session)
            expires_after = settings.expiry(default_hours=self.settings.order_expiry_hours)
            known = Goods(version, catalogue, Matcher(catalogue), settings, expires_after)
            self._goods = known
        return known


@lru_cache(maxsize=1)
def process() -> Process:
    """Return this server's process, made at the first call from the environment."""
    return Process(Settings.load())
