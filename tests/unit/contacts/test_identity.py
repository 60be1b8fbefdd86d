import pytest

from openbot.contacts.identity import Identity, clean


@pytest.mark.parametrize("user_id", ["AR.1", "AR.13491208655302741918", "BR.ENT.ab9", "US." + "x" * 128])
def test_a_user_id_stays_as_it_is(user_id: str) -> None:
    assert clean(Identity(user_id=user_id, parent_user_id=user_id)).keys == (user_id,)
    assert clean(Identity(parent_user_id=user_id)).parent_user_id == user_id


@pytest.mark.parametrize(
    "user_id", ["", "ar.1", "AR1", "AR.", "AR.1\n", "ARG.1", "AR.ñ", "5491123456789", "US." + "x" * 129]
)
def test_what_is_no_user_id_names_nobody(user_id: str) -> None:
    found = clean(Identity(user_id=user_id, parent_user_id=user_id))
    assert (found.keys, found.parent_user_id) == ((), None)


@pytest.mark.parametrize(
    "wa_id", ["", "1234", "+5491123456789", "54911 2345", "1" * 21, "١٢٣٤٥٦", "12345\n", "AR.1"]
)
def test_what_is_no_phone_names_nobody(wa_id: str) -> None:
    assert clean(Identity(wa_id=wa_id)).keys == ()


def test_the_user_id_is_the_first_key() -> None:
    assert clean(Identity(wa_id="5491123456789", user_id="AR.1")).keys == ("AR.1", "5491123456789")


@pytest.mark.parametrize(
    ("given", "kept"), [(None, None), ("  ", None), (" Ana ", "Ana"), ("x" * 300, "x" * 200)]
)
def test_a_name_is_trimmed_and_cut(given: str | None, kept: str | None) -> None:
    assert clean(Identity(profile_name=given)).profile_name == kept
    assert clean(Identity(username=given)).username == (kept[:100] if kept else None)
