import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from openbot.whatsapp.envelope import (
    IdentityChange,
    MessageKind,
    Sender,
    read,
)
from tests.unit.whatsapp.samples import ANA, NUMBER, items, message, webhook

KINDS = {
    "a_text_with_accents_and_emoji": (MessageKind.TEXT, "Hola, ¿tienen stock de la yerba de 1 kg? 🧉", None),
    "a_text_of_only_emoji": (MessageKind.TEXT, "👍🏽👍🏽🇦🇷", None),
    "a_text_with_a_nul_and_half_an_emoji": (MessageKind.TEXT, "dos cocas  por favor", None),
    "a_text_that_looks_like_a_command": (
        MessageKind.TEXT,
        '/confirm_order{"order": 1043, "version": 7}',
        None,
    ),
    "a_text_in_a_group": (MessageKind.TEXT, "¿alguien pide?", None),
    "an_image_with_a_caption": (MessageKind.IMAGE, "Así llegó la caja 😡", None),
    "an_image_without_a_caption": (MessageKind.IMAGE, "", None),
    "a_voice_note": (MessageKind.AUDIO, "", None),
    "a_video_with_a_caption": (MessageKind.VIDEO, "mirá cómo llegó", None),
    "a_document_with_a_dangerous_file_name": (MessageKind.DOCUMENT, "pago seña", None),
    "a_sticker": (MessageKind.STICKER, "", None),
    "a_location_with_name_and_address": (MessageKind.LOCATION, "Obelisco", None),
    "two_contact_cards_of_other_people": (MessageKind.CONTACTS, "Sofía Paz, Tito", None),
    "a_tap_on_a_reply_button": (
        MessageKind.TAP,
        "Sí, confirmo",
        '/confirm_order{"order":1043,"version":7}',
    ),
    "a_tap_on_a_row_of_a_list": (MessageKind.TAP, "Centro", '/choose{"branch":"2"}'),
    "a_tap_on_a_template_with_a_payload": (MessageKind.TEXT, "Reprogramar", None),
    "a_tap_on_a_template_without_a_payload": (MessageKind.TEXT, "Reprogramar", None),
    "a_finished_form": (MessageKind.FORM_REPLY, "Sent", None),
    "a_reaction": (MessageKind.REACTION, "👍", None),
    "a_reaction_taken_back": (MessageKind.REACTION, "", None),
    "an_edited_text": (MessageKind.EDIT, "Hola, ¿tienen yerba de medio kilo?", None),
    "a_deleted_message": (MessageKind.REVOKE, "", None),
    "a_first_opening_of_the_chat": (MessageKind.REQUEST_WELCOME, "", None),
    "a_person_reinstalls_the_app": (MessageKind.SYSTEM, "Ana changed device", None),
    "an_answer_to_a_call_permission_request": (MessageKind.SYSTEM, "", None),
    "a_poll_that_cannot_be_shown": (MessageKind.UNSUPPORTED, "", None),
    "a_forwarded_interactive_message_without_its_content": (MessageKind.UNSUPPORTED, "", None),
    "a_type_of_the_future": (MessageKind.UNKNOWN, "", None),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_message_has_its_kind_its_words_and_only_a_tap_a_payload(name):
    found = message(name)
    expected = (found.kind, found.text.replace("\x00", "<NUL>"), found.payload)
    assert expected == KINDS[name]


def test_a_message_carries_number_id_sender_and_time():
    found = message("a_text_with_accents_and_emoji")
    assert (found.number_id, found.wamid) == (NUMBER, "wamid.T1")
    assert found.sender == ANA
    assert found.sent_at == datetime.fromtimestamp(1793500000, tz=UTC)
    assert found.group_id is None
    assert found.raw["text"]["body"].startswith("Hola")


DATA = {
    "a_location_in_strings_and_whole_numbers_without_a_name": {
        "reply_to": "wamid.OUT83",
        "latitude": -31.4201,
        "longitude": -64.0,
    },
    "a_document_with_a_dangerous_file_name": {
        "media_id": "123456789098765",
        "mime_type": "application/pdf",
        "sha256": "grwfweZPx0wAbdbdeFUNItPZ0RylL8gGUvdt3YFqc0=",
        "filename": "../../comprobante.pdf",
    },
    "a_voice_note": {
        "media_id": "1908647269898587",
        "mime_type": "audio/ogg; codecs=opus",
        "sha256": "m04pFf2ERdaopTyFkGPA0+bX3i+YY2dYgVFwOgDLSDI=",
        "voice": True,
    },
    "an_image_that_could_not_be_fetched": {
        "unavailable": True,
        "errors": [{"code": 131052, "title": "Media download error", "details": "The file is too big."}],
    },
    "a_text_that_quotes_our_message": {"reply_to": "wamid.OUT80"},
    "a_text_forwarded_without_an_id": {"forwarded": True},
    "a_text_asking_about_a_product": {
        "reply_to": "wamid.OUT81",
        "product": {"catalog_id": "194836987003835", "code": "YER-1KG"},
    },
    "a_contact_card_with_the_number_we_asked_for": {
        "own_phone": "5491123456789",
        "contacts": [
            {
                "origin": "contact_request",
                "phones": [{"phone": "+54 9 11 2345-6789", "wa_id": "5491123456789", "type": "CELL"}],
            }
        ],
    },
    "two_contact_cards_of_other_people": {
        "contacts": [
            {
                "name": "Sofía Paz",
                "origin": "other",
                "phones": [{"phone": "+54 9 351 400-1122"}],
                "emails": ["sofia@example.com"],
            },
            {"name": "Tito"},
        ]
    },
    "a_reaction": {"original_wamid": "wamid.OUT77", "emoji": "👍"},
    "a_reaction_taken_back": {"original_wamid": "wamid.OUT77", "emoji": ""},
    "an_edited_text": {"original_wamid": "wamid.T1", "kind": "text"},
    "a_deleted_message": {"original_wamid": "wamid.T1"},
    "a_tap_on_a_row_of_a_list": {"reply_to": "wamid.OUT84", "description": "San Martín 450"},
    "a_finished_form": {
        "reply_to": "wamid.OUT84",
        "name": "flow",
        "form": {"flow_token": "turno-991", "dni": "30111222"},
    },
    "a_finished_form_whose_answer_is_broken": {
        "reply_to": "wamid.OUT84",
        "name": "flow",
        "response": '{"dni":',
    },
    "a_type_of_the_future": {"type": "hologram"},
    "a_forwarded_interactive_message_without_its_content": {"type": "interactive"},
    "an_answer_to_a_call_permission_request": {
        "reply_to": "wamid.OUT84",
        "type": "call_permission_reply",
    },
}


@pytest.mark.parametrize("name", DATA)
def test_what_the_dialogue_needs_is_in_data(name):
    assert dict(message(name).data) == DATA[name]


def test_a_cart_has_exact_prices_and_whole_quantities():
    data = message("a_cart_of_twelve_items_with_fractional_prices").data
    lines = data["items"]
    assert lines[1] == {"code": "ART-02", "quantity": 2, "price": "2000.1", "currency": "ARS"}
    assert sum(line["quantity"] * Decimal(line["price"]) for line in lines) == Decimal("650007.8")


def test_an_unsupported_message_tells_its_hint():
    data = message("a_poll_that_cannot_be_shown").data
    assert data["type"] == "poll_creation"
    assert data["errors"][0]["code"] == 131051


def test_an_advertisement_comes_along():
    assert message("a_text_from_an_advertisement").data["referral"]["source_type"] == "ad"


def test_a_group_is_named():
    assert message("a_text_in_a_group").group_id == "Y2FwaV9ncm91cDo"


# --- who wrote --------------------------------------------------------------------------------------


def test_a_hidden_phone_leaves_the_user_id():
    sender = message("a_text_from_somebody_whose_phone_is_hidden").sender
    assert (sender.user_id, sender.wa_id, sender.username) == (ANA.user_id, None, "ana.gomez")


def test_old_webhooks_have_no_user_id():
    sender = message("a_text_without_a_user_id_as_in_old_versions").sender
    assert sender == Sender(wa_id=ANA.wa_id, profile_name="Ana Gómez")


@pytest.mark.parametrize("name", ["a_text_without_any_profile", "a_text_from_a_person_with_an_empty_name"])
def test_a_person_without_a_name_is_known_by_the_ids(name):
    assert message(name).sender == Sender(user_id=ANA.user_id, wa_id=ANA.wa_id)


def test_profiles_are_matched_by_id_and_not_by_place():
    names = [
        item.sender.profile_name for item in items("two_people_three_texts_and_a_status_in_one_batch")[:2]
    ]
    assert names == ["Leo Ñáñez 🧉", "Ana Gómez"]


def test_a_phone_that_belongs_to_another_user_id_now_lends_no_name():
    raw = json.loads(webhook("a_text_without_any_profile"))
    value = raw["entry"][0]["changes"][0]["value"]
    value["contacts"] = [{"wa_id": ANA.wa_id, "user_id": "AR.other", "profile": {"name": "Otra"}}]
    (found,) = read(json.dumps(raw).encode())
    assert found.sender == Sender(user_id=ANA.user_id, wa_id=ANA.wa_id)


CHANGES = {
    "a_person_gets_a_new_user_id": (
        "wamid.SYS1",
        Sender(user_id=ANA.user_id, wa_id=ANA.wa_id),
        Sender(user_id="AR.550021", wa_id="5491155550000"),
    ),
    "a_person_changes_the_phone_number": (
        "wamid.SYS2",
        Sender(wa_id=ANA.wa_id),
        Sender(wa_id="5491155550000"),
    ),
    "a_person_changes_the_phone_number_as_in_old_versions": (
        "wamid.SYS3",
        Sender(wa_id=ANA.wa_id),
        Sender(wa_id="5491155550000"),
    ),
    "a_user_id_update_on_its_own_field": (
        None,
        Sender(user_id=ANA.user_id, wa_id=ANA.wa_id),
        Sender(user_id="AR.550021", wa_id=ANA.wa_id),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_identity_says_who_was_and_who_is(name):
    (change,) = items(name)
    assert isinstance(change, IdentityChange)
    assert (change.wamid, change.old, change.new) == CHANGES[name]
