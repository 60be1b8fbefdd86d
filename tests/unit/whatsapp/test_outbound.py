import pytest

from openbot.whatsapp import outbound
from openbot.whatsapp.outbound import Bubble, Button, Medium, MediumKind, Reply, Request, merge
from tests.unit.whatsapp.saying import only, said


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
