"""The demo company, read once."""

from pathlib import Path

import pytest
import yaml

from openbot.catalogue.business_file import parse_business
from openbot.catalogue.goods import Catalogue
from openbot.catalogue.matching import Matcher

BUSINESS = Path(__file__).resolve().parents[2] / "data" / "business.yml"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return parse_business(yaml.safe_load(BUSINESS.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def matcher(catalogue: Catalogue) -> Matcher:
    return Matcher(catalogue)
