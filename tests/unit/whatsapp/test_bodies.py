import pytest

from openbot.whatsapp import outbound
from openbot.whatsapp.numbers import NotAPhone
from openbot.whatsapp.outbound import Address, Bubble, Reply, Template, merge
from tests.unit.whatsapp.saying import ANA, only, said, written


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
    values = (("1", "Ana\nB"), ("2", ""), ("3", "x" * 2000))
    body = written(Bubble(template=Template(name="aviso", language="es_AR", values=values)))
    texts = [value["text"] for value in body["template"]["components"][0]["parameters"]]
    assert texts[:2] == ["Ana B", "-"]


def test_named_values_of_a_template_carry_their_names():
    bubble = Bubble(template=Template(name="aviso", language="es_AR", values=(("nombre", "Ana"),)))
    assert Bubble.from_json(bubble.to_json()) == bubble
    (component,) = written(bubble)["template"]["components"]
    assert component["parameters"] == [{"type": "text", "parameter_name": "nombre", "text": "Ana"}]


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


def test_a_bubble_in_plain_text_still_names_what_could_be_tapped():
    bubble = outbound.plain(only(merge([said("¿Confirmás?", "Sí", "No")])))
    assert bubble == Bubble(text="¿Confirmás?\n\n▸ Sí\n▸ No")
