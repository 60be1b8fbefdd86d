import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.whatsapp import limits, outbound
from openbot.whatsapp.numbers import NotAPhone
from openbot.whatsapp.outbound import Address, Bubble, Button, Medium, MediumKind, Reply, Request, merge

ANA = Address(phone="5491136943434")


def said(text="", *titles, rows=(), **custom):
    reply = {"text": text, "buttons": [{"title": title, "payload": f"/{title}"} for title in titles]}
    if rows:
        listed = [{"id": f"/choose{{{title}}}", "title": title} for title in rows]
        custom["list"] = {"button": "Ver", "sections": [{"title": "Bebidas", "rows": listed}]}
    return Reply.from_assistant({**reply, "custom": custom})


def written(bubble, *, to=ANA):
    return outbound.body(bubble, to=to, callback_data="out-1")


def only(bubbles):
    (bubble,) = bubbles
    return bubble


# --- the exact JSON ---------------------------------------------------------------------------------


def test_a_text_is_written_as_the_contract_says():
    assert written(Bubble(text="¡Hola!")) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+5491136943434",
        "biz_opaque_callback_data": "out-1",
        "type": "text",
        "text": {"body": "¡Hola!"},
    }


def test_a_person_without_a_phone_is_addressed_by_user_id():
    body = written(Bubble(text="Hola"), to=Address(user_id="AR.1A2B3C"))
    assert body["recipient"] == "AR.1A2B3C"
    assert "to" not in body


def test_a_user_id_is_never_dialled():
    with pytest.raises(NotAPhone):
        written(Bubble(text="Hola"), to=Address(phone="AR.13491208655302741918"))


def test_a_quote_names_the_message_it_answers():
    body = outbound.body(Bubble(text="Sí"), to=ANA, callback_data="out-1", reply_to="wamid.X")
    assert body["context"] == {"message_id": "wamid.X"}


def test_short_buttons_become_reply_buttons():
    body = written(only(merge([said("¿Confirmás?", "Sí", "No")])))
    assert body["interactive"] == {
        "type": "button",
        "body": {"text": "¿Confirmás?"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "/Sí", "title": "Sí"}},
                {"type": "reply", "reply": {"id": "/No", "title": "No"}},
            ]
        },
    }


def test_a_list_keeps_its_headings_and_descriptions():
    reply = Reply.from_assistant(
        {
            "text": "¿Cómo querés recibirlo?",
            "custom": {
                "list": {
                    "button": "Ver opciones",
                    "sections": [
                        {"title": "Envíos", "rows": [{"id": "moto", "title": "Moto", "description": "Hoy"}]}
                    ],
                }
            },
        }
    )
    assert written(only(merge([reply])))["interactive"] == {
        "type": "list",
        "body": {"text": "¿Cómo querés recibirlo?"},
        "action": {
            "button": "Ver opciones",
            "sections": [
                {"title": "Envíos", "rows": [{"id": "moto", "title": "Moto", "description": "Hoy"}]}
            ],
        },
    }


@pytest.mark.parametrize(
    ("custom", "kind", "action"),
    [
        ({"location_request": True}, "location_request_message", "send_location"),
        ({"contact_request": True}, "request_contact_info", "request_contact_info"),
    ],
)
def test_a_request_is_whatsapp_s_own_button(custom, kind, action):
    body = written(only(merge([said("Por favor", **custom)])))
    assert body["interactive"] == {"type": kind, "body": {"text": "Por favor"}, "action": {"name": action}}


def test_a_medium_carries_the_text_as_its_caption():
    reply = Reply.from_assistant(
        {"text": "La lista", "custom": {"document": {"id": "77", "filename": "a.pdf"}}}
    )
    body = written(only(merge([reply])))
    assert body["document"] == {"id": "77", "caption": "La lista", "filename": "a.pdf"}


def test_values_of_a_template_are_made_acceptable():
    body = outbound.template_body(
        name="aviso", language="es_AR", values=["Ana\nB", "", "x" * 2000], to=ANA, callback_data="out-9"
    )
    assert outbound.check(body) == []
    texts = [value["text"] for value in body["template"]["components"][0]["parameters"]]
    assert texts[:2] == ["Ana B", "-"]


# --- merging ----------------------------------------------------------------------------------------


def test_texts_of_a_turn_are_one_bubble():
    assert merge([said("Hola"), said("¿Qué querés?")]) == (Bubble(text="Hola\n\n¿Qué querés?"),)


def test_the_text_before_a_question_goes_into_its_bubble():
    bubble = only(merge([said("Anoté 2 cocas."), said("¿Algo más?", "Sí", "No")]))
    assert bubble.text == "Anoté 2 cocas.\n\n¿Algo más?"


def test_a_long_text_before_a_question_is_a_bubble_of_its_own():
    first, second = merge([said("a" * 1020), said("¿Algo más?", "Sí", "No")])
    assert (first.text, first.buttons) == ("a" * 1020, ())
    assert second.text == "¿Algo más?"


def test_a_long_question_ends_with_its_last_paragraph_beside_the_buttons():
    first, second = merge([said("a" * 1500 + "\n\n¿Confirmás?", "Sí", "No")])
    assert (first.text, second.text) == ("a" * 1500, "¿Confirmás?")


def test_of_two_questions_the_last_one_can_be_tapped():
    bubble = only(merge([said("¿Envío?", "Sí", "No"), said("¿Efectivo?", "Dale", "No, otra")]))
    assert [option.title for option in outbound.options_of(bubble)] == ["Dale", "No, otra"]
    assert bubble.text == "¿Envío?\n\n¿Efectivo?"


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200d", "\x00", "\ud800"])
def test_nothing_to_say_is_no_bubble(text):
    assert (
        merge([Reply(text=text), Reply.from_assistant({"text": text, "buttons": [], "custom": None})]) == ()
    )


def test_a_button_without_a_text_gets_a_sentence():
    assert only(merge([said("", "Sí", "No")])).text == "Elegí una opción 👇"


def test_nine_thousand_characters_are_two_bubbles_cut_between_words_and_marked():
    first, second = merge([said("palabra " * 1200)])
    assert first.text.endswith("palabra")
    assert len(first.text) <= 4096
    assert second.text.endswith("palabra…") or second.text.endswith("…")
    assert len(second.text) <= 4096


def test_an_operator_s_text_loses_nothing():
    text = " ".join(f"palabra{number}" for number in range(2000))
    bubbles = outbound.split_text(text)
    assert len(bubbles) > 2
    assert " ".join(bubble.text for bubble in bubbles) == text


def test_a_medium_and_a_question_are_two_bubbles():
    medium = Medium(kind=MediumKind.IMAGE, link="https://example.com/a.jpg")
    first, second = merge([Reply(medium=medium), said("¿Te gusta?", "Sí", "No")])
    assert first == Bubble(medium=medium)
    assert second.text == "¿Te gusta?"


def test_the_link_of_a_second_medium_is_written_out():
    replies = [Reply.from_assistant({"image": f"https://example.com/{name}.jpg"}) for name in "ab"]
    bubble = only(merge(replies))
    assert bubble.medium is not None
    assert bubble.medium.link.endswith("a.jpg")
    assert bubble.text == "https://example.com/b.jpg"


# --- what can be tapped -----------------------------------------------------------------------------


def test_four_buttons_become_a_list():
    bubble = only(merge([said("¿Cuál?", "a", "b", "c", "d")]))
    assert bubble.menu is not None
    assert bubble.menu.button == "Ver opciones"
    assert [row.title for row in bubble.menu.rows] == ["a", "b", "c", "d"]


def test_a_title_of_24_makes_a_list_and_is_whole_in_it():
    title = "Sucursal Villa del Parqu"
    bubble = only(merge([said("¿Cuál?", title, "Otra")]))
    assert bubble.menu is not None
    assert bubble.menu.rows[0].title == title
    assert bubble.text == "¿Cuál?"


def test_thirty_characters_are_read_in_the_text_and_tapped_in_the_list():
    title = "Pago con transferencia bancaria"
    bubble = only(merge([said("¿Cómo pagás?", title, "Efectivo")]))
    assert bubble.text == f"¿Cómo pagás?\n\n1. {title}\n2. Efectivo"
    assert bubble.menu is not None
    assert bubble.menu.rows[0].title == "Pago con transferencia…"
    assert bubble.menu.rows[0].description == title


def test_of_twelve_options_all_are_read_and_ten_tapped():
    bubble = only(merge([said("¿Qué llevás?", rows=[f"Producto {n}" for n in range(1, 13)])]))
    assert "12. Producto 12" in bubble.text
    assert len(outbound.options_of(bubble)) == 10


def test_equal_titles_are_told_apart():
    reply = Reply(
        text="¿Cuál?", buttons=(Button(title="Centro", payload="/a"), Button(title="Centro", payload="/b"))
    )
    assert [button.title for button in only(merge([reply])).buttons] == ["Centro", "Centro (2)"]


def test_the_same_payload_twice_is_offered_once():
    reply = Reply(
        text="¿Cuál?", buttons=(Button(title="Sí", payload="/a"), Button(title="Dale", payload="/a"))
    )
    assert [button.title for button in only(merge([reply])).buttons] == ["Sí"]


def test_a_payload_too_long_to_come_back_whole_is_only_read():
    reply = Reply(
        text="¿Cuál?", buttons=(Button(title="Sí", payload="/" + "a" * 300), Button(title="No", payload="/n"))
    )
    bubble = only(merge([reply]))
    assert [option.payload for option in outbound.options_of(bubble)] == ["/n"]
    assert bubble.text == "¿Cuál?\n\n1. Sí\n2. No"


def test_unknown_parts_of_a_reply_are_left_out():
    reply = Reply.from_assistant(
        {
            "text": None,
            "buttons": [1, {"title": " "}, {"title": "Sí"}],
            "custom": {"x": 1, "list": []},
            "y": 2,
        }
    )
    assert reply == Reply(buttons=(Button(title="Sí", payload="Sí"),))


def test_the_transcript_shows_what_could_be_tapped():
    assert outbound.text_of(only(merge([said("¿Confirmás?", "Sí", "No")]))) == "¿Confirmás?\n\n▸ Sí\n▸ No"
    assert (
        outbound.text_of(Bubble(text="¿Dónde?", request=Request.LOCATION)) == "¿Dónde?\n\n▸ Enviar ubicación"
    )


# --- the checker itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"type": "text", "text": {"body": "a" * 4097}}, "body has 4097 characters"),
        ({"type": "text", "text": {"body": " "}}, "body is empty"),
        ({"type": "sticker"}, "none that we send"),
        ({"type": "image", "image": {"id": "1", "link": "https://x"}}, "exactly one of id and link"),
        (
            {"type": "interactive", "interactive": {"type": "button", "body": {"text": "a"}, "action": {}}},
            "0 buttons",
        ),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "button",
                    "body": {"text": "a" * 1025},
                    "action": {"buttons": [{"reply": {"id": " a", "title": "t" * 21}}] * 4},
                },
            },
            "4 buttons",
        ),
    ],
)
def test_the_checker_names_what_whatsapp_would_refuse(body, problem):
    whole = {"messaging_product": "whatsapp", "to": "+5491136943434", **body}
    assert any(problem in found for found in outbound.check(whole)), outbound.check(whole)


# --- anything at all --------------------------------------------------------------------------------

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
