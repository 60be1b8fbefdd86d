"""What the Graph side refuses, and how."""

import hashlib

import pytest

from simulator.settings import Settings

pytestmark = pytest.mark.anyio

NUMBER = Settings().phone_number_id
BEARER = {"Authorization": "Bearer token"}


def reply(title, identity="id"):
    return {"type": "reply", "reply": {"id": identity, "title": title}}


def buttons(*ones, **more):
    return {
        "interactive": {"type": "button", "body": {"text": "¿?"}, "action": {"buttons": list(ones)}, **more}
    }


def rows(*sizes, button="Ver", **row):
    made = iter(range(1000))
    sections = [
        {"title": f"S{at}", "rows": [{"id": f"r{next(made)}", "title": "Fila", **row} for _ in range(size)]}
        for at, size in enumerate(sizes)
    ]
    body = {"text": "Elegí"}
    return {"interactive": {"type": "list", "body": body, "action": {"button": button, "sections": sections}}}


GOOD = {
    "a text of 4096": {"text": {"body": "x" * 4096, "preview_url": False}},
    "three buttons": buttons(
        reply("x" * 20, "1"), reply("b", "2"), reply("c", "3"), footer={"text": "x" * 60}
    ),
    "a header": buttons(reply("Sí"), header={"type": "text", "text": "x" * 60}),
    "ten rows in ten sections": rows(*[1] * 10, description="x" * 72),
    "a location request": {
        "interactive": {
            "type": "location_request_message",
            "body": {"text": "¿Dónde?"},
            "action": {"name": "send_location"},
        }
    },
    "a contact request": {
        "interactive": {
            "type": "request_contact_info",
            "body": {"text": "¿Tu número?"},
            "action": {"name": "request_contact_info"},
        }
    },
    "a link button": {
        "interactive": {
            "type": "cta_url",
            "body": {"text": "Pagá"},
            "action": {
                "name": "cta_url",
                "parameters": {"display_text": "Pagar", "url": "https://example.com"},
            },
        }
    },
    "a product list": {
        "interactive": {
            "type": "product_list",
            "header": {"type": "text", "text": "Bebidas"},
            "body": {"text": "Mirá"},
            "action": {
                "catalog_id": "1",
                "sections": [{"title": "Gaseosas", "product_items": [{"product_retailer_id": "COCA"}]}],
            },
        }
    },
    "a location": {"location": {"latitude": -34.6, "longitude": "-58.4", "name": "Obelisco"}},
    "an image by link": {"image": {"link": "https://example.com/a.jpg", "caption": "x" * 1024}},
    "a card": {
        "contacts": [{"name": {"formatted_name": "Ana", "first_name": "Ana"}, "phones": [{"phone": "+54"}]}]
    },
}

BAD = {
    "a text of 4097": ({"text": {"body": "x" * 4097}}, 100),
    "an empty text": ({"text": {"body": " "}}, 100),
    "no text": ({"text": {}}, 131008),
    "a text that is a number": ({"text": {"body": 7}}, 100),
    "a key too many": ({"text": {"body": "x", "colour": "red"}}, 100),
    "a foreign key at the top": ({"text": {"body": "x"}, "priority": "high"}, 100),
    "an unknown type": ({"type": "poll", "poll": {}}, 100),
    "a title of 21": (buttons(reply("x" * 21)), 131009),
    "an empty title": (buttons(reply("")), 131009),
    "two equal titles": (buttons(reply("Sí", "1"), reply("Sí", "2")), 131009),
    "two equal ids": (buttons(reply("Sí"), reply("No")), 131009),
    "an id of 257": (buttons(reply("Sí", "x" * 257)), 131009),
    "an id that begins with a space": (buttons(reply("Sí", " x")), 131009),
    "four buttons": (buttons(*[reply(str(at), str(at)) for at in range(4)]), 131009),
    "no button": (buttons(), 131009),
    "a body of 1025": (buttons(reply("Sí"), body={"text": "x" * 1025}), 131009),
    "a footer of 61": (buttons(reply("Sí"), footer={"text": "x" * 61}), 131009),
    "a header of 61": (buttons(reply("Sí"), header={"type": "text", "text": "x" * 61}), 131009),
    "eleven rows": (rows(6, 5), 131009),
    "eleven sections": (rows(*[1] * 11), 131009),
    "a list's button of 21": (rows(1, button="x" * 21), 131009),
    "a row's title of 25": (rows(1, title="x" * 25), 131009),
    "a row's description of 73": (rows(1, description="x" * 73), 131009),
    "a row's id of 201": (rows(1, id="x" * 201), 131009),
    "two equal row ids": (rows(2, id="same"), 131009),
    "a footer on a location request": (
        {
            "interactive": {
                "type": "location_request_message",
                "body": {"text": "¿?"},
                "footer": {"text": "x"},
                "action": {"name": "send_location"},
            }
        },
        131009,
    ),
    "a latitude of 91": ({"location": {"latitude": 91, "longitude": 0}}, 131009),
    "an image by id and link": ({"image": {"id": "1", "link": "https://example.com/a.jpg"}}, 100),
    "an image that nobody uploaded": ({"image": {"id": "123"}}, 131009),
    "an audio with caption": ({"audio": {"link": "https://example.com/a.ogg", "caption": "x"}}, 100),
    "a caption of 1025": ({"image": {"link": "https://example.com/a.jpg", "caption": "x" * 1025}}, 100),
    "a card without a name's part": ({"contacts": [{"name": {"formatted_name": "Ana"}}]}, 131009),
    "an unknown template": ({"template": {"name": "no_hay", "language": {"code": "es_AR"}}}, 132001),
    "a template in another language": (
        {"template": {"name": "hello_world", "language": {"code": "es"}}},
        132001,
    ),
    "a template without its values": (
        {"template": {"name": "retomar_conversacion", "language": {"code": "es_AR"}}},
        132000,
    ),
    "a tracker of 513": ({"text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513}, 100),
    "nobody": ({"text": {"body": "x"}, "to": None}, 100),
    "a user id as phone": ({"text": {"body": "x"}, "to": "AR.123"}, 100),
    "garbage as user id": ({"text": {"body": "x"}, "to": None, "recipient": "123"}, 100),
    "a group": ({"text": {"body": "x"}, "recipient_type": "group"}, 100),
    "ourselves": ({"text": {"body": "x"}, "to": "+5491136943434"}, 131021),
    "no product": ({"text": {"body": "x"}, "messaging_product": None}, 131008),
}


def kind_of(body):
    return next(
        key for key in body if key not in {"to", "biz_opaque_callback_data", "recipient_type", "type"}
    )


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD.keys())
async def test_what_fits_is_taken(phones, body):
    await phones.customer()
    answer = await phones.send(**({"type": kind_of(body)} | body))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("body", "code"), BAD.values(), ids=BAD.keys())
async def test_what_does_not_fit_is_refused_with_metas_code(phones, body, code):
    await phones.customer()
    answer = await phones.send(**({"type": kind_of(body)} | body))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code), error
    assert error["message"].startswith(f"(#{code}) ")
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert error["error_data"]["details"]
    assert (await phones.figures())["sends"]["refused"] == {str(code): 1}
    assert await phones.chat() == []


async def test_a_wrong_token_is_refused_everywhere(phones):
    calls = [
        ("GET", f"/v26.0/{NUMBER}"),
        ("POST", f"/v26.0/{NUMBER}/messages"),
        ("POST", f"/v26.0/{NUMBER}/media"),
        ("GET", "/v26.0/102290129340398/subscribed_apps"),
        ("GET", "/v26.0/123456"),
    ]
    for method, path in calls:
        for headers in ({}, {"Authorization": "Bearer other"}):
            answer = await phones.http.request(method, path, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, 190)


async def test_another_number_version_or_no_json_is_refused(phones):
    for path, code in (
        ("/v26.0/999/messages", 100),
        (f"/v20.0/{NUMBER}/messages", 2500),
        (f"/x/{NUMBER}/messages", 2500),
    ):
        answer = await phones.http.post(path, headers=BEARER, json={})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    answer = await phones.http.post(f"/v26.0/{NUMBER}/messages", headers=BEARER, content=b"{")
    assert answer.json()["error"]["code"] == 100
    answer = await phones.http.post(f"/v26.0/{NUMBER}/messages", headers=BEARER, content=b"[]")
    assert answer.json()["error"]["code"] == 100


async def test_the_number_tells_its_fields(phones):
    answer = await phones.http.get(
        f"/v26.0/{NUMBER}", params={"fields": "display_phone_number,quality_rating"}, headers=BEARER
    )
    assert answer.json() == {
        "display_phone_number": "+5491136943434",
        "quality_rating": "GREEN",
        "id": NUMBER,
    }
    answer = await phones.http.get(f"/v26.0/{NUMBER}", params={"fields": "colour"}, headers=BEARER)
    assert answer.json()["error"]["code"] == 100


async def upload(phones, data=b"%PDF-1.4", mime_type="application/pdf"):
    return await phones.http.post(
        f"/v26.0/{NUMBER}/media",
        headers=BEARER,
        data={"messaging_product": "whatsapp", "type": mime_type},
        files={"file": ("pedido.pdf", data, mime_type)},
    )


async def test_a_file_is_uploaded_sent_resolved_downloaded_and_deleted(phones):
    await phones.customer()
    media_id = (await upload(phones)).json()["id"]
    sent = await phones.send(
        type="document", document={"id": media_id, "filename": "pedido.pdf", "caption": "Tu pedido"}
    )
    assert sent.status_code == 200
    wrong = await phones.send(type="image", image={"id": media_id})
    assert wrong.json()["error"]["code"] == 131053
    path = f"/v26.0/{media_id}"
    found = (await phones.http.get(path, params={"phone_number_id": NUMBER}, headers=BEARER)).json()
    assert found["sha256"] == hashlib.sha256(b"%PDF-1.4").hexdigest()
    assert (await phones.http.get(found["url"], headers=BEARER)).content == b"%PDF-1.4"
    assert (await phones.http.get(found["url"])).status_code == 401
    await phones.put("clock", advance_seconds=301)
    assert (await phones.http.get(found["url"], headers=BEARER)).status_code == 404
    assert (await phones.http.delete(path, headers=BEARER)).json() == {"success": True}
    assert (await phones.http.get(path, headers=BEARER)).json()["error"]["error_subcode"] == 33


async def test_an_uploaded_file_lives_thirty_days_and_a_received_one_seven(phones, shop):
    await phones.customer()
    await phones.act("1", "image")
    await phones.settle()
    ids = [(await upload(phones)).json()["id"], shop.messages()[0]["image"]["id"]]
    for days, wanted in ((6.9, [200, 200]), (7.1, [200, 400]), (30.1, [400, 400])):
        await phones.put("clock", offset_seconds=days * 86400)
        answers = [await phones.http.get(f"/v26.0/{one}", headers=BEARER) for one in ids]
        assert [answer.status_code for answer in answers] == wanted


async def test_a_file_of_a_foreign_type_or_too_large_is_not_taken(phones):
    assert (await upload(phones, mime_type="application/zip")).json()["error"]["code"] == 100
    assert (await upload(phones, data=b"", mime_type="image/png")).json()["error"]["code"] == 131053
    assert (await upload(phones, data=b"x" * ((5 << 20) + 1), mime_type="image/png")).json()["error"][
        "code"
    ] == 131053
