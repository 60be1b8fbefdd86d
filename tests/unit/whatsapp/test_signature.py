import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.whatsapp.signature import is_valid, sign

SECRET = "s3cr3t-app"
ESCAPED = b'{"a":"\\u00f1"}'
LITERAL = '{"a":"ñ"}'.encode()


def test_the_vectors_of_the_contract_hold():
    assert sign(SECRET, ESCAPED) == "sha256=2b2ab6cd599635cdb21473c1b29691a26eddba12f9d4c34d98a0bf408c200784"
    assert sign(SECRET, LITERAL) == "sha256=13222cd85db58aa4b96cbef7ec7bbaae5c26eff91f9b56a6f64796e4efcfa9b7"


def test_a_true_signature_is_valid():
    assert is_valid(SECRET, ESCAPED, sign(SECRET, ESCAPED))


def test_the_same_json_written_again_is_not_the_same_bytes():
    meta = b'{"url":"https:\\/\\/x","a":"\\u00f1"}'
    again = json.dumps(json.loads(meta)).encode()
    assert is_valid(SECRET, meta, sign(SECRET, meta))
    assert not is_valid(SECRET, again, sign(SECRET, meta))


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "sha256=abc",
        sign(SECRET, ESCAPED).removeprefix("sha256="),
        sign(SECRET, ESCAPED).upper(),
        sign(SECRET, ESCAPED).replace("sha256", "sha1"),
        sign(SECRET, ESCAPED) + " ",
        sign(SECRET, ESCAPED) + "\n",
        "sha256=" + "ñ" * 64,
        "sha256=" + "٣" * 64,
        sign("another secret", ESCAPED),
        sign(SECRET, LITERAL),
    ],
)
def test_any_other_header_is_refused_without_an_error(header):
    assert not is_valid(SECRET, ESCAPED, header)


def test_an_empty_secret_signs_nothing():
    assert not is_valid("", ESCAPED, sign("", ESCAPED))


@given(secret=st.text(), raw=st.binary(), header=st.none() | st.text())
def test_no_input_raises(secret, raw, header):
    assert is_valid(secret, raw, header) in (True, False)


@given(secret=st.text(min_size=1).filter(lambda text: text.isprintable()), raw=st.binary())
def test_what_was_signed_is_valid(secret, raw):
    assert is_valid(secret, raw, sign(secret, raw))
