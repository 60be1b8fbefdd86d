import json

from hypothesis import given
from hypothesis import strategies as st

from openbot.whatsapp import limits, outbound
from openbot.whatsapp.outbound import Bubble, Reply, merge
from tests.unit.whatsapp.saying import written

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab .\n👩‍👧\u0301🇦🇷", max_size=300),
    st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=40), st.integers(1, 400)),
)
TITLES = st.one_of(st.text(max_size=30), st.sampled_from(["Sí", "No", "Centro", " "]), st.text(max_size=120))
ROWS = st.fixed_dictionaries(
    {"title": TITLES, "id": st.one_of(st.text(max_size=8), st.text(min_size=190, max_size=300))},
    optional={"description": st.text(max_size=100)},
)
BUTTONS = st.fixed_dictionaries(
    {"title": TITLES}, optional={"payload": st.one_of(st.text(max_size=5), TEXTS)}
)
LISTS = st.fixed_dictionaries(
    {
        "sections": st.lists(
            st.fixed_dictionaries({"title": TITLES, "rows": st.lists(ROWS, max_size=8)}), max_size=4
        )
    },
    optional={"button": TITLES},
)
REPLIES = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS,
        "buttons": st.lists(BUTTONS, max_size=6),
        "image": st.sampled_from(["https://example.com/a.jpg", "", 3]),
        "custom": st.fixed_dictionaries(
            {},
            optional={
                "list": LISTS,
                "location_request": st.booleans(),
                "contact_request": st.booleans(),
                "document": st.fixed_dictionaries({}, optional={"id": st.text(max_size=3), "link": TEXTS}),
            },
        ),
    },
)


@given(st.lists(REPLIES, max_size=4))
def test_any_replies_fit_the_limits(replies):
    neutral = [Reply.from_assistant(json.loads(json.dumps(reply))) for reply in replies]
    bubbles = merge(neutral)
    assert len(bubbles) <= limits.BUBBLES
    assert bool(bubbles) == any(not reply.is_empty for reply in neutral)
    for bubble in bubbles:
        assert outbound.check(written(bubble)) == []
        assert outbound.text_of(bubble)
        assert outbound.check(written(outbound.plain(bubble))) == []
        assert Bubble.from_json(json.loads(json.dumps(bubble.to_json()))) == bubble


@given(st.lists(REPLIES, max_size=3))
def test_what_can_be_tapped_brings_back_a_payload_that_was_offered(replies):
    neutral = [Reply.from_assistant(reply) for reply in replies]
    offered = {button.payload for reply in neutral for button in reply.buttons}
    offered |= {row.payload for reply in neutral if reply.menu for row in reply.menu.rows}
    tapped = {option.payload for bubble in merge(neutral) for option in outbound.options_of(bubble)}
    assert tapped <= offered


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["text", "buttons", "title", "payload", "custom", "list", "sections", "rows", "image"]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_no_json_of_the_assistant_raises(value):
    reply = Reply.from_assistant(value if isinstance(value, dict) else {"text": value, "buttons": value})
    for bubble in merge([reply]):
        assert outbound.check(written(bubble)) == []


@given(TEXTS)
def test_an_operator_s_text_fits_and_keeps_every_letter(text):
    bubbles = outbound.split_text(text)
    for bubble in bubbles:
        assert outbound.check(written(bubble)) == []
    letters = [character for character in text if character.isalpha()]
    assert [character for bubble in bubbles for character in bubble.text if character.isalpha()] == letters
