"""Writes the company's goods. Every write raises the catalogue's version, so that processes read it again."""

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, select

from openbot import company
from openbot.catalogue import queries
from openbot.catalogue.business_file import BusinessFileWrong, parse_business
from openbot.catalogue.goods import Branch, Catalogue
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Branch as BranchRow
from openbot.schema import BranchHours, CompanySetting
from openbot.schema import Category as CategoryRow
from openbot.schema import Holiday as HolidayRow
from openbot.schema import PaymentMethod as PaymentMethodRow
from openbot.schema import Product as ProductRow
from openbot.schema import Zone as ZoneRow


class CompanyExists(OpenbotError):
    """The database already has a company; nothing was changed."""

    code = "company_exists"

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(f"The database already has the company «{name}»; nothing was changed.")


def read_business(path: Path) -> Catalogue:
    """Read the company's file. Raises BusinessFileWrong with the way to the mistake."""
    try:
        return parse_business(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise BusinessFileWrong(path=str(path), what=f"cannot be read ({error})") from error
    except yaml.YAMLError as error:
        raise BusinessFileWrong(path=str(path), what=f"is no YAML: {' '.join(str(error).split())}") from error


def seed(session: Session, *, business: Catalogue, force: bool = False) -> None:
    """Write a company into an empty database. Raises CompanyExists where there is one.

    With `force` the company of the database becomes that of the file: what has the same code keeps its id,
    what the file does not name is no longer offered (but stays, for the orders that have it).
    """
    if queries.has_company(session) and not force:
        raise CompanyExists(name=session.get_one(CompanySetting, company.COMPANY_NAME).value)
    branch_ids = _write_branches(session, business)
    _write_zones(session, business, branch_ids)
    _write_goods(session, business)
    _write_payment_methods(session, business)
    session.execute(delete(HolidayRow))
    session.add_all(HolidayRow(day=each.day, name=each.name) for each in business.holidays)
    put_setting(session, key=company.COMPANY_NAME, value=business.company.name)
    put_setting(session, key=company.TIME_ZONE, value=business.company.time_zone)
    put_setting(session, key=company.COURTESIES, value=list(business.company.afterwords))


def put_setting(session: Session, *, key: str, value: Any) -> None:
    """Write one setting of the company (a JSON value) and raise the catalogue's version."""
    company.raise_catalogue_version(session)
    session.merge(CompanySetting(key=key, value=value))
    session.flush()


def _write_branches(session: Session, business: Catalogue) -> dict[int, int]:
    """Return the ids of the database by those of the file."""
    old = {row.code: row for row in session.scalars(select(BranchRow))}
    session.execute(delete(BranchHours))
    ids = {}
    for branch in business.branches:
        row = old.pop(branch.code, None) or BranchRow(code=branch.code)
        _copy(branch, row, "name", "address", "place", "phone", "latitude", "longitude", "position")
        row.aliases, row.active = list(branch.aliases), True
        session.add(row)
        session.flush()
        session.add_all(_hours(branch, row.id))
        ids[branch.id] = row.id
    for row in old.values():
        row.active = False
    return ids


def _hours(branch: Branch, branch_id: int) -> list[BranchHours]:
    return [
        BranchHours(branch_id=branch_id, weekday=weekday, opens=stretch.opens, closes=stretch.closes)
        for weekday, stretches in enumerate(branch.hours.days)
        for stretch in stretches
    ]


def _write_zones(session: Session, business: Catalogue, branch_ids: dict[int, int]) -> None:
    old = {(row.branch_id, row.name): row for row in session.scalars(select(ZoneRow))}
    for zone in business.zones:
        branch_id = branch_ids[zone.branch_id]
        row = old.pop((branch_id, zone.name), None) or ZoneRow(branch_id=branch_id, name=zone.name)
        _copy(zone, row, "fee", "minimum")
        row.places, row.active = list(zone.places), True
        session.add(row)
        session.flush()
    for row in old.values():
        row.active = False


def _write_goods(session: Session, business: Catalogue) -> None:
    shelves = {row.code: row for row in session.scalars(select(CategoryRow))}
    category_ids = {}
    for category in business.categories:
        shelf = shelves.get(category.code) or CategoryRow(code=category.code)
        _copy(category, shelf, "name", "position")
        session.add(shelf)
        session.flush()
        category_ids[category.id] = shelf.id
    old = {row.code: row for row in session.scalars(select(ProductRow))}
    for product in business.products:
        row = old.pop(product.code, None) or ProductRow(code=product.code)
        _copy(product, row, "name", "size", "price", "position", "available")
        row.category_id, row.unit = category_ids[product.category_id], product.unit.value
        row.aliases, row.active, row.back_on = list(product.aliases), True, None
        session.add(row)
        session.flush()
    for row in old.values():
        row.active = False


def _write_payment_methods(session: Session, business: Catalogue) -> None:
    old = {row.code: row for row in session.scalars(select(PaymentMethodRow))}
    for method in business.payment_methods:
        row = old.pop(method.code, None) or PaymentMethodRow(code=method.code)
        _copy(method, row, "name", "text", "is_cash", "position")
        row.aliases, row.active = list(method.aliases), True
        session.add(row)
        session.flush()
    for row in old.values():
        row.active = False


def _copy(goods: Any, row: Any, *names: str) -> None:
    for name in names:
        setattr(row, name, getattr(goods, name))
