"""What one action server holds between calls: the database, the settings, and the goods of the present catalogue."""

from dataclasses import dataclass
from functools import lru_cache

from openbot.catalogue import queries
from openbot.catalogue.goods import Catalogue
from openbot.catalogue.matching import Matcher
from openbot.database import Database, Session
from openbot.settings import Settings


@dataclass(frozen=True, slots=True)
class Goods:
    """The catalogue and its index of names, of one version."""

    version: object
    catalogue: Catalogue
    matcher: Matcher


class Process:
    """Made once; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self._goods: Goods | None = None

    def goods(self, session: Session) -> Goods:
        """Return the goods as they are now; read anew only when somebody edited them."""
        version = queries.version(session)
        if self._goods is None or self._goods.version != version:
            catalogue = queries.load(session)
            self._goods = Goods(version, catalogue, Matcher(catalogue))
        return self._goods


@lru_cache(maxsize=1)
def process() -> Process:
    """Return this server's process, made at the first call from the environment."""
    return Process(Settings.load())
