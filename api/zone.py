"""The company's time zone: by its clock days begin, and times are written in files."""

from zoneinfo import ZoneInfo

from openbot import company
from openbot.database import Session
from openbot.settings import Settings


def zone_of(session: Session, settings: Settings) -> ZoneInfo:
    """Return what the administrator set; before there is a company, the installation's."""
    return company.zone_of(session, default=settings.time_zone)
