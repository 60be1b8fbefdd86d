import json
import logging
import socket
import threading
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.whatsapp import graph_answers
from openbot.whatsapp.client import (
    GraphClient,
    Refused,
    Sent,
    Uncertain,
)
from tests.unit.whatsapp.answering import BODY, TAKEN, TOKEN, answering, client, error, failing


def test_a_send_goes_to_the_number_with_the_token():
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json=TAKEN)

    assert client(answer).send(BODY) == Sent(
        wamid="wamid.OUT80", wa_id="5491136943434", message_status="accepted"
    )
    (request,) = seen
    assert str(request.url) == "https://graph.facebook.com/v26.0/106540352242922/messages"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert json.loads(request.content) == BODY


def test_a_send_to_a_user_id_tells_no_phone():
    answer = {"contacts": [{"input": "AR.1", "user_id": "AR.1"}], "messages": [{"id": "wamid.A"}]}
    assert answering(json=answer).send(BODY) == Sent(wamid="wamid.A", wa_id=None)


def test_a_refusal_carries_code_details_and_status():
    refused = answering(**error(131047, error_data={"details": "24 hours"}, is_transient=False)).send(BODY)
    assert refused == Refused(code=131047, http_status=400, message="(#131047) No", details="24 hours")


def test_details_may_be_a_plain_string_and_a_subcode_may_come():
    refused = answering(**error(190, status=401, error_data="expired", error_subcode=463)).send(BODY)
    assert isinstance(refused, Refused)
    assert (refused.details, refused.subcode) == ("expired", 463)


def test_a_transient_error_says_so():
    refused = answering(**error(131000, status=500, is_transient=True)).send(BODY)
    assert isinstance(refused, Refused)
    assert refused.is_transient


def test_the_header_tells_when_the_limit_ends():
    usage = {"102290129340398": [{"call_count": 100, "estimated_time_to_regain_access": 17}]}
    refused = answering(**error(80007), headers={"X-Business-Use-Case-Usage": json.dumps(usage)}).send(BODY)
    assert isinstance(refused, Refused)
    assert refused.regain_after == timedelta(minutes=17)


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_without_a_connection_nothing_went_out(fault):
    assert failing(fault).send(BODY) == Refused(
        code=None, http_status=None, message=fault.__name__, is_transient=True
    )


@pytest.mark.parametrize(
    "fault", [httpx.ReadTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError]
)
def test_a_fault_after_the_body_leaves_it_uncertain(fault):
    assert failing(fault).send(BODY) == Uncertain(reason=fault.__name__)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, b"<html>Sorry</html>"),
        (200, b""),
        (200, b'{"messages":[]}'),
        (200, b'{"messages":[{"id":'),
        (200, b"[]"),
        (502, b"<html>502 Bad Gateway</html>"),
        (504, b""),
    ],
)
def test_an_answer_that_is_none_leaves_it_uncertain(status, content):
    assert isinstance(answering(status, content=content).send(BODY), Uncertain)


@pytest.mark.parametrize(
    ("status", "is_transient"), [(500, True), (503, True), (403, False), (413, False), (302, False)]
)
def test_a_refusal_without_json_is_known_by_its_status(status, is_transient):
    refused = answering(status, content=b"<html></html>").send(BODY)
    assert refused == Refused(
        code=None, http_status=status, message=f"HTTP {status}", is_transient=is_transient
    )


def test_an_error_of_graph_itself_in_a_502_is_a_refusal():
    assert isinstance(answering(**error(2, status=502)).send(BODY), Refused)


@given(
    st.integers(200, 599),
    st.binary(max_size=60)
    | st.builds(
        lambda value: json.dumps(value).encode(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["error", "messages", "contacts", "id", "code", "error_data", "wa_id"]),
                    inner,
                    max_size=4,
                )
            ),
        ),
    ),
)
def test_no_answer_at_all_raises(status, content):
    result = graph_answers.read_send(http_status=status, content=content, headers={})
    assert isinstance(result, Sent | Refused | Uncertain)


def test_a_server_that_hangs_up_after_the_body_leaves_it_uncertain():
    server = socket.create_server(("127.0.0.1", 0))

    def hang_up():
        connection, _ = server.accept()
        connection.recv(65536)
        connection.close()

    thread = threading.Thread(target=hang_up)
    thread.start()
    port = server.getsockname()[1]
    with GraphClient(
        base_url=f"http://127.0.0.1:{port}",
        version="v26.0",
        phone_number_id="1",
        access_token=TOKEN,
        timeout=2,
    ) as graph:
        assert isinstance(graph.send(BODY), Uncertain)
    thread.join()
    server.close()


def test_neither_token_nor_phone_nor_text_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    answering(json=TAKEN).send(BODY)
    answering(**error(131047)).send(BODY)
    assert not any(secret in caplog.text for secret in (TOKEN, "3694", "Qué tal"))


# --- read marks and looks at the account ---------------------------------------------------------------


def test_typing_is_asked_for_with_the_read_mark():
    seen = []

    def answer(request):
        seen.append(json.loads(request.content))
        return httpx.Response(200, json={"success": True})

    graph = client(answer)
    assert graph.mark_read("wamid.A", typing=True)
    assert graph.mark_read("wamid.B", typing=False)
    assert seen == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "wamid.A",
            "typing_indicator": {"type": "text"},
        },
        {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.B"},
    ]


def test_a_read_mark_that_fails_only_says_so():
    assert not failing(httpx.ReadTimeout).mark_read("wamid.A", typing=True)
    assert not answering(**error(131009)).mark_read("wamid.A", typing=True)


def test_the_number_and_its_subscription_can_be_looked_at():
    info = {"display_phone_number": "+54 11 5263-2000", "id": "106540352242922"}
    assert answering(json=info).number_info() == info
    apps = {"data": [{"whatsapp_business_api_data": {"name": "Openbot"}}]}
    assert answering(json=apps).subscribed_apps("102290129340398") == ("Openbot",)
    assert answering(json={"data": []}).subscribed_apps("102290129340398") == ()
    refused = answering(**error(190, status=401)).number_info()
    assert isinstance(refused, Refused)
    assert refused.code == 190
    assert isinstance(failing(httpx.ConnectError).number_info(), Refused)
