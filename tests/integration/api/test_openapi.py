"""What the API's document says is what the API does, whatever it is called with."""

from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from tests.support.panel import Browser
from tests.support.stage import Stage

#: Of each route and person.
EXAMPLES = 6
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def cases(operation: Any, ids: dict[str, Any]) -> st.SearchStrategy[Case]:
    """Calls that fit the document and calls that do not, half of them of something that is there."""
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    unfitting = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    def aimed(*, case: Case, is_there: bool) -> Case:
        if is_there:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = ids.get(name, case.path_parameters[name])
        return case

    return st.builds(aimed, case=st.one_of(fitting, unfitting), is_there=st.booleans())


def send(browser: Browser, case: Case) -> Any:
    sent = case.as_transport_kwargs(base_url="http://testserver")
    sent["headers"] = {**(sent.get("headers") or {}), "X-Openbot": "panel"}
    sent.pop("cookies", None)  # the session's stays
    if sent.get("files"):  # written as a form by who speaks the language of these arguments
        form = requests.Request(
            "POST", "http://testserver", files=sent.pop("files"), data=sent.pop("data", None)
        )
        written = form.prepare()
        sent["headers"]["Content-Type"] = written.headers["Content-Type"]
        sent["content"] = written.body
    if isinstance(sent.get("data"), bytes | str):
        sent["content"] = sent.pop("data")
    return browser.request(**sent)


def failure_of(operation: Any, browser: Browser, *, ids: dict[str, Any], seen: set[int]) -> str:
    """Call one route in many ways; what was wrong, else ""."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation, ids))
    def call(case: Case) -> None:
        got = send(browser, case)
        seen.add(got.status_code)
        case.validate_response(got, checks=CHECKS)

    try:
        call()
    except (FailureGroup, AssertionError) as failure:
        return f"{operation.label}: {failure}"
    return ""


@pytest.mark.parametrize("who", ["administrator", "operator"])
def test_every_answer_is_documented(stage: Stage, who: str):
    schema = schemathesis.openapi.from_dict(stage.world.app.openapi())
    seen: dict[str, set[int]] = {}
    wrong = []
    for each in schema.get_all_operations():
        operation = each.ok()
        stage.set_back()
        statuses = seen.setdefault(operation.label, set())
        wrong.append(failure_of(operation, stage.browsers[who], ids=stage.ids, seen=statuses))
    assert not any(wrong), "\n\n".join(filter(None, wrong))
    # Else the calls would prove nothing: every list that needs no parameter was really read.
    lists = {label for label in seen if label.startswith("GET ") and "{" not in label}
    refused = {label for label in lists if not seen[label] & {200, 403}}
    assert refused <= {"GET /api/saved-views"}
