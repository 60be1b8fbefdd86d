import base64
import hashlib
import io

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.whatsapp.client import (
    File,
    MediaAddress,
    NotDownloaded,
    Refused,
    Uploaded,
    WhyNot,
)
from openbot.whatsapp.media import is_file, may_see_token
from tests.unit.whatsapp.answering import TOKEN, answering, client, error, failing


def test_a_media_id_is_resolved_for_this_number():
    seen = []

    def answer(request):
        seen.append(str(request.url))
        content = {
            "url": "https://lookaside.fbsbx.com/x",
            "mime_type": "image/jpeg",
            "sha256": "ab",
            "file_size": "7",
        }
        return httpx.Response(200, json=content)

    assert client(answer).media_url("../7") == MediaAddress(
        url="https://lookaside.fbsbx.com/x", mime_type="image/jpeg", sha256="ab", size=7
    )
    assert seen == ["https://graph.facebook.com/v26.0/..%2F7?phone_number_id=106540352242922"]


CONTENT = b"a picture"
HEX = hashlib.sha256(CONTENT).hexdigest()
BASE64 = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
PICTURE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"


@pytest.mark.parametrize("announced", [HEX, HEX.upper(), BASE64, ""])
def test_a_file_is_downloaded_with_the_token(announced):
    def answer(request):
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        return httpx.Response(200, content=CONTENT, headers={"content-type": "image/jpeg"})

    into = io.BytesIO(b"what an earlier try left, which is longer")
    assert client(answer).download(PICTURE, into=into, sha256=announced) == File(
        size=len(CONTENT), mime_type="image/jpeg", sha256=HEX
    )
    assert into.getvalue() == CONTENT


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a.jpg",
        "http://lookaside.fbsbx.com/a.jpg",
        "https://lookaside.fbsbx.com.example.com/a.jpg",
        "https://evilfbsbx.com/a.jpg",
        "https://user@lookaside.fbsbx.com/",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://[::1",
        "https://x\\.fbsbx.com/",
        "",
    ],
)
def test_the_token_goes_to_no_other_host(url):
    def answer(request):
        raise AssertionError(str(request.url))

    assert client(answer).download(url, into=io.BytesIO()) == NotDownloaded(reason=WhyNot.FOREIGN_HOST)


def test_the_configured_base_may_serve_files_itself():
    graph = client(lambda _: httpx.Response(200, content=CONTENT), base_url="http://127.0.0.1:9000")
    assert isinstance(graph.download("http://127.0.0.1:9000/media/1", into=io.BytesIO()), File)
    assert graph.download("http://127.0.0.1:9001/media/1", into=io.BytesIO()) == NotDownloaded(
        reason=WhyNot.FOREIGN_HOST
    )


@given(st.text())
def test_no_address_raises(url):
    assert may_see_token(url, base_url="https://graph.facebook.com") in (True, False)


def test_a_redirect_is_followed_to_meta_only():
    def answer(request):
        if request.url.path == "/a":
            return httpx.Response(302, headers={"location": "/b"})
        if request.url.path == "/b":
            return httpx.Response(302, headers={"location": "https://example.com/c"})
        raise AssertionError(str(request.url))

    assert client(answer).download("https://lookaside.fbsbx.com/a", into=io.BytesIO()) == NotDownloaded(
        reason=WhyNot.FOREIGN_HOST
    )


def test_a_redirect_without_end_ends():
    graph = client(lambda _: httpx.Response(302, headers={"location": PICTURE}))
    assert graph.download(PICTURE, into=io.BytesIO()) == NotDownloaded(reason=WhyNot.UNREACHABLE)


def test_a_file_too_big_another_file_and_an_old_address_are_told_apart():
    assert answering(content=CONTENT).download(PICTURE, into=io.BytesIO(), at_most=3) == NotDownloaded(
        reason=WhyNot.TOO_BIG
    )
    other = hashlib.sha256(b"another").hexdigest()
    assert answering(content=CONTENT).download(PICTURE, into=io.BytesIO(), sha256=other) == NotDownloaded(
        reason=WhyNot.CORRUPT
    )
    expired = answering(404, content=b"<html>").download(PICTURE, into=io.BytesIO())
    assert expired == NotDownloaded(reason=WhyNot.EXPIRED, http_status=404)
    assert failing(httpx.ReadTimeout).download(PICTURE, into=io.BytesIO()) == NotDownloaded(
        reason=WhyNot.UNREACHABLE
    )


def test_a_wrong_digest_in_either_spelling_is_noticed():
    other = hashlib.sha256(b"other").hexdigest()
    assert not is_file(other, announced=HEX)
    assert not is_file(other, announced=BASE64)
    assert is_file(HEX, announced="not a digest")


def test_a_file_is_uploaded_with_its_type_and_name():
    seen = []

    def answer(request):
        seen.append((str(request.url), request.headers["authorization"], request.read()))
        return httpx.Response(200, json={"id": "1003383421387256"})

    file = io.BytesIO(CONTENT)
    file.read()
    uploaded = client(answer).upload(file, mime_type="image/jpeg", filename="mate ñ.jpg")
    assert uploaded == Uploaded(media_id="1003383421387256")
    [(url, token, body)] = seen
    assert url == "https://graph.facebook.com/v26.0/106540352242922/media"
    assert token == f"Bearer {TOKEN}"
    assert CONTENT in body
    for part in (
        b'name="messaging_product"',
        b'name="type"',
        b"Content-Type: image/jpeg",
        "mate ñ.jpg".encode(),
    ):
        assert part in body


def test_an_upload_that_is_refused_or_lost_says_why():
    def upload(graph):
        return graph.upload(io.BytesIO(CONTENT), mime_type="image/jpeg", filename="a.jpg")

    refused = upload(answering(**error(131053)))
    assert isinstance(refused, Refused)
    assert (refused.code, refused.is_transient) == (131053, False)
    for graph in (
        failing(httpx.ReadTimeout),
        failing(httpx.ConnectError),
        answering(200, content=b"<html>"),
        answering(502, content=b"<html>"),
        answering(200, json={"success": True}),
    ):
        lost = upload(graph)
        assert isinstance(lost, Refused)
        assert lost.code is None
        assert lost.is_transient
