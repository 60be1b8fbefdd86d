"""A list's place in the address, and what a refresh changes: pure functions of the grid."""

from typing import Any

from tests.panel_browser.conftest import Call

QUERY, MERGE = "grid/js/query.js", "grid/js/merge.js"
CONFIG: dict[str, Any] = {
    "tabs": [
        {"key": "attend", "params": {"tab": "attend"}, "sort": "-waiting"},
        {"key": "all", "params": {}},
    ],
    "search": {"param": "q"},
    "sort": "-number",
    "openParam": "pedido",
    "columns": [
        {"key": "number", "sort": "number", "filter": "search", "param": "", "choices": []},
        {"key": "state", "sort": "", "filter": "choice", "param": "", "choices": []},
        {"key": "created_at", "sort": "created_at", "filter": "dates", "param": "created", "choices": []},
    ],
}
QUERIED = {
    "tab": "all",
    "sort": "-created_at",
    "filters": {"state": ["COMPLETO", "EN PROCESO"], "created_from": ["2026-11-01"], "q": ["pérez & cía"]},
}


def merged_with(call: Call, shown: list[int], fresh: list[int], *, more: str = "") -> dict[str, Any]:
    merged: dict[str, Any] = call(MERGE, "merge", shown, fresh, bool(more))
    return merged


def test_an_address_brings_everything_back(call: Call) -> None:
    address = call(QUERY, "toAddress", QUERIED, CONFIG, [123, 45], "")
    assert call(QUERY, "fromAddress", address, CONFIG) == {
        "query": QUERIED,
        "open": [123, 45],
        "isEmpty": False,
    }


def test_what_others_keep_in_the_address_stays(call: Call) -> None:
    address = call(QUERY, "toAddress", QUERIED, CONFIG, [], "?embed=true&state=VENCIDO")
    assert "embed=true" in address
    assert "VENCIDO" not in address


def test_the_first_tab_without_filters_has_a_bare_address(call: Call) -> None:
    query = {"tab": "attend", "sort": "", "filters": {}}
    assert call(QUERY, "toAddress", query, CONFIG, [], "") == ""


def test_nonsense_in_the_address_is_no_query(call: Call) -> None:
    read = call(QUERY, "fromAddress", "?vista=nada&orden=-clave&pedido=1.x.-3.2&state=", CONFIG)
    assert read["query"] == {"tab": "attend", "sort": "", "filters": {}}
    assert read["open"] == [1, 2]


def test_the_api_is_asked_for_the_tabs_own_order_unless_another_was_chosen(call: Call) -> None:
    own = {"tab": "attend", "sort": "", "filters": {"state": ["COMPLETO"]}}
    assert call(QUERY, "sortOf", own, CONFIG) == "-waiting"
    assert call(QUERY, "sortOf", {**own, "sort": "number"}, CONFIG) == "number"
    assert call(QUERY, "sortOf", {**own, "tab": "all"}, CONFIG) == "-number"


def test_two_queries_are_the_same_in_any_order_of_their_filters(call: Call) -> None:
    turned = {**QUERIED, "filters": dict(reversed(QUERIED["filters"].items()))}  # type: ignore[attr-defined]
    turned["filters"]["state"] = ["EN PROCESO", "COMPLETO"]
    assert call(QUERY, "sameQuery", QUERIED, turned)
    assert not call(QUERY, "sameQuery", QUERIED, {**QUERIED, "tab": "attend"})


def test_new_rows_come_on_top_and_push_the_last_off_a_full_page(call: Call) -> None:
    merged = merged_with(call, [5, 4, 3], [6, 5, 4], more="follow")
    assert merged == {"order": [6, 5, 4], "added": [6], "gone": [], "pushed": [3], "isSame": False}


def test_a_row_that_no_longer_matches_stays_in_its_place(call: Call) -> None:
    merged = merged_with(call, [5, 4, 3], [6, 5, 3], more="follow")
    assert merged["order"] == [6, 5, 4, 3]
    assert merged["gone"] == [4]


def test_the_first_and_the_last_row_may_go_as_well(call: Call) -> None:
    assert merged_with(call, [5, 4, 3], [4])["order"] == [5, 4, 3]
    assert merged_with(call, [5, 4], [])["order"] == [5, 4]


def test_nothing_new_is_nothing_new(call: Call) -> None:
    assert merged_with(call, [5, 4], [5, 4], more="follow")["isSame"]


def test_what_two_people_changed_is_told_apart(call: Call) -> None:
    answer = (
        call("orders/js/rebase.js", "same", "1.50", "1.5"),
        call("orders/js/rebase.js", "same", None, ""),
        call("orders/js/rebase.js", "same", "10", "1"),
    )
    assert answer == (True, True, False)
