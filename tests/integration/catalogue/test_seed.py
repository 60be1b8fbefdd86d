from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from openbot import company
from openbot.catalogue import operations, queries
from openbot.catalogue.business_file import BusinessFileWrong
from openbot.catalogue.goods import Catalogue
from openbot.database import Database

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def test_what_is_seeded_is_what_is_loaded(seeded: Database, business: Catalogue):
    with seeded.reading() as session:
        assert queries.load(session, now=NOW) == business


def test_the_demo_company_is_a_believable_distributor(business: Catalogue):
    assert len(business.branches) == 4
    assert len(business.categories) >= 8
    assert len(business.products) >= 60
    assert any(method.is_cash for method in business.payment_methods)


def test_a_second_seed_is_refused_and_changes_nothing(seeded: Database, business: Catalogue):
    other = replace(business, company=replace(business.company, name="Otra"))
    with (
        pytest.raises(operations.CompanyExists, match="Distribuidora El Ombú"),
        seeded.transaction() as session,
    ):
        operations.seed(session, business=other)
    with seeded.reading() as session:
        assert queries.load(session, now=NOW).company.name == "Distribuidora El Ombú"


def test_a_forced_seed_keeps_ids_and_takes_off_what_the_file_no_longer_names(
    seeded: Database, business: Catalogue
):
    first, second, *rest = business.products
    dearer = replace(first, price=first.price + Decimal("10.50"))
    fewer = replace(
        business.with_products((dearer, *rest)),
        branches=business.branches[:3],
        zones=tuple(zone for zone in business.zones if zone.branch_id != business.branches[3].id),
        payment_methods=business.payment_methods[1:],
        holidays=business.holidays[:1],
    )
    with seeded.transaction() as session:
        operations.seed(session, business=fewer, force=True)
    with seeded.reading() as session:
        loaded = queries.load(session, now=NOW)
    assert loaded.product(first.id) == dearer
    assert loaded.product(second.id) == replace(second, available=False)
    assert loaded.branches == fewer.branches
    assert loaded.zones == fewer.zones
    assert loaded.payment_methods == fewer.payment_methods
    assert loaded.holidays == fewer.holidays


def test_an_empty_database_has_no_company(database: Database):
    with database.reading() as session:
        assert not queries.has_company(session)
        assert queries.version(session) == 0
        with pytest.raises(company.NoCompany, match="openbot seed"):
            queries.load(session, now=NOW)


def test_every_write_raises_the_version(seeded: Database):
    with seeded.transaction() as session:
        before = queries.version(session)
        operations.put_setting(session, key=company.COMPANY_NAME, value="El Ombú Norte")
        assert queries.version(session) == before + 1


def test_a_process_sees_a_change_within_a_second_and_reads_nothing_before(
    seeded: Database, monkeypatch: pytest.MonkeyPatch
):
    now = [100.0]
    cache = queries.CatalogueCache(seeded, clock=lambda: now[0])
    first = cache.current(now=NOW)
    with seeded.transaction() as session:
        operations.put_setting(session, key=company.COMPANY_NAME, value="El Ombú Norte")
    now[0] += 0.9
    assert cache.current(now=NOW) is first
    now[0] += 0.2
    assert cache.current(now=NOW).company.name == "El Ombú Norte"
    again = cache.current(now=NOW)
    now[0] += 5
    assert cache.current(now=NOW) is again  # the version is the same: not read again


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("company: [", "is no YAML"),
        ("company: {name: X}", "branches: needs at least one"),
        ("- a list", "mapping"),
    ],
)
def test_a_wrong_file_is_named_with_its_mistake(tmp_path: Path, content: str, what: str):
    path = tmp_path / "business.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BusinessFileWrong, match=what):
        operations.read_business(path)


def test_a_missing_file_is_one_clear_sentence(tmp_path: Path):
    with pytest.raises(BusinessFileWrong, match="cannot be read"):
        operations.read_business(tmp_path / "none.yml")
