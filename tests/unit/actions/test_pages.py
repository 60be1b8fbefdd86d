"""Pages of a WhatsApp list."""

import pytest

from actions.lists import has_more, page_of


@pytest.mark.parametrize("count", [0, 1, 9, 10])
def test_what_fits_is_one_page(count):
    assert page_of(range(count), page=0) == list(range(count))
    assert not has_more(count, page=0)


@pytest.mark.parametrize("count", [11, 18, 19, 27, 28, 100])
def test_every_thing_is_on_one_page_and_none_is_too_long(count):
    pages = [page_of(range(count), page=0)]
    while has_more(count, page=len(pages) - 1):
        pages.append(page_of(range(count), page=len(pages)))
    assert [thing for page in pages for thing in page] == list(range(count))
    assert all(len(page) <= 9 for page in pages)


def test_a_page_past_the_end_is_the_first():
    assert page_of(range(12), page=7) == list(range(9))
    assert page_of(range(12), page=-1) == list(range(9))
