import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.whatsapp import reactions
from openbot.whatsapp.reactions import (
    FailForGood,
    PauseContact,
    PauseNumber,
    PlainTextInstead,
    Retry,
    TryOtherSpelling,
    UsePhoneInstead,
    UseTemplate,
    reaction_to,
)
from openbot.whatsapp.refusals import Family


class _NoJitter(random.Random):
    def random(self):
        return 0.0


def react(code=None, *, http_status=400, is_transient=False, tries=1, **known):
    return reaction_to(
        code=code,
        http_status=http_status,
        is_transient=is_transient,
        tries=tries,
        random=_NoJitter(),
        **known,
    )


def seconds(reaction):
    return reaction.after.total_seconds()


#: Every code of contract §6.2, written down a second time on purpose.
CONTRACT = {
    Retry: [1, 2, 131000, 131016, 133004, 131057, 2494100, 134101],
    PauseContact: [131056],
    PauseNumber: [
        *(4, 80007, 130429, 131048, 131064, 133010, 131045, 33, 131037, 131042, 131044, 131031, 368, 130497),
        *(0, 190, 104, 3, 10, 200, 250, 299, 131005),
    ],
    UseTemplate: [131047],
    TryOtherSpelling: [131030],
    UsePhoneInstead: [131062],
    PlainTextInstead: [131051, 131055, 131053, 131008, 131009, 100, 135000, 132068, 132069],
    FailForGood: [
        *(131026, 131021, 130403, 130472, 131049, 131050, 131052, 131063, 131061, 134100, 134102),
        *(132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 137000, 999999),
    ],
}


@pytest.mark.parametrize(
    ("kind", "code"), [(kind, code) for kind, codes in CONTRACT.items() for code in codes]
)
def test_each_code_has_the_reaction_of_the_contract(kind, code):
    assert type(react(code)) is kind


def test_no_code_is_in_two_rows():
    codes = [code for row in reactions.TABLE for code in row.codes]
    assert len(codes) == len(set(codes))


def test_the_code_wins_over_http_status_and_transience():
    assert isinstance(react(131047, http_status=500, is_transient=True), UseTemplate)


def test_the_back_off_is_1_4_16_64_seconds_and_has_an_end():
    waits = [seconds(react(2, tries=tries)) for tries in (1, 2, 3, 4, 5, 6, 500)]
    assert waits == [1, 4, 16, 64, 256, 256, 256]


@given(st.integers(1, 10_000), st.integers())
def test_chance_adds_a_quarter_at_most(tries, seed):
    plain = reactions.back_off(tries, random=_NoJitter()).total_seconds()
    wait = reactions.back_off(tries, random=random.Random(seed)).total_seconds()  # noqa: S311 - no secret
    assert plain <= wait <= plain * 1.25


def test_an_unknown_error_is_given_up_after_four_tries_and_a_vague_one_after_two():
    assert isinstance(react(131000, tries=3), Retry)
    assert react(131000, tries=4) == FailForGood(family=Family.TEMPORARY)
    assert isinstance(react(1, tries=1), Retry)
    assert isinstance(react(1, tries=2), FailForGood)


@pytest.mark.parametrize("http_status", [None, 500, 502, 503, 504])
def test_an_outage_never_loses_a_message(http_status):
    assert isinstance(react(None, http_status=http_status, tries=1000), Retry)


def test_pair_rate_makes_only_that_person_wait():
    assert [seconds(react(131056, tries=tries)) for tries in (1, 2, 3, 4)] == [1, 4, 16, 64]
    assert isinstance(react(131056, tries=50), PauseContact)


def test_a_dead_token_stops_the_number_and_keeps_the_message():
    reaction = react(190, http_status=401)
    assert isinstance(reaction, PauseNumber)
    assert (reaction.alert, reaction.keeps_message) == (True, True)
    assert react(None, http_status=401) == reaction


def test_spam_stops_the_number_and_this_message_has_failed():
    reaction = react(131048)
    assert isinstance(reaction, PauseNumber)
    assert (reaction.alert, reaction.keeps_message) == (True, False)


def test_whatsapp_s_own_estimate_is_the_pause():
    assert seconds(react(80007, regain_after=timedelta(minutes=17))) == 17 * 60
    limit = react(4)
    assert (seconds(limit), limit.whole_app) == (300, True)


def test_too_many_requests_without_a_code_is_throughput():
    assert react(None, http_status=429).family is Family.THROUGHPUT


def test_a_plain_text_has_nothing_simpler_to_fall_back_to():
    assert isinstance(react(100), PlainTextInstead)
    assert react(100, is_plain_text=True) == FailForGood(family=Family.BAD_PARAMETER)


def test_maintenance_is_over_in_a_minute():
    assert seconds(react(131057)) == 60
    assert seconds(react(134101)) == 600


def test_a_code_never_heard_of_is_repeated_only_when_it_says_so():
    assert isinstance(react(999999), FailForGood)
    assert isinstance(react(999999, is_transient=True), Retry)
    assert isinstance(react(999999, http_status=503), Retry)
    assert isinstance(react(999999, http_status=503, tries=4), FailForGood)


def test_silence_waits_a_minute_for_a_status():
    assert seconds(reactions.reaction_to_silence()) >= 60


@given(
    st.none() | st.integers(),
    st.none() | st.integers(100, 599),
    st.booleans(),
    st.integers(0, 99),
    st.booleans(),
)
def test_every_refusal_has_a_reaction_with_an_explanation(
    code, http_status, is_transient, tries, is_plain_text
):
    reaction = react(
        code, http_status=http_status, is_transient=is_transient, tries=tries, is_plain_text=is_plain_text
    )
    assert reaction.family.explanation


@pytest.mark.parametrize("family", Family)
def test_every_family_is_explained_in_a_sentence(family):
    assert family.explanation.endswith(".")
    used = {row.family for row in (*reactions.TABLE, reactions.OTHER)} | {
        reactions.reaction_to_silence().family
    }
    assert family in used
