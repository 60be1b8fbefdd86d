"""Pictures, documents, voice notes and other things that are no words."""

from rasa_sdk.events import EventType

from actions.handing_over import LEAVE_FORM, hand_over
from actions.scene import Scene
from actions.turn_action import TurnAction
from openbot.contacts import operations as contacts
from openbot.orders import operations
from openbot.vocabulary import State

VOICE_NOTES = 2
#: The text of a way to pay asks for it: «Mandanos el comprobante por acá».
_PROOF = "comprobante"


class AttachFile(TurnAction):
    """An image or document belongs to the order; after a transfer it is the proof of payment."""

    def name(self) -> str:
        return "action_attach_file"

    def body(self, scene: Scene) -> list[EventType]:
        order = scene.need_order()
        if scene.inbound_id is not None:
            operations.attach_file(
                scene.session, order_id=order.id, inbound_id=scene.inbound_id, kind=scene.message.kind
            )
        method = scene.catalogue.payment_method(order.payment_method_id) if order.payment_method_id else None
        if method is not None and _PROOF in method.text.lower() and order.state is State.COMPLETE:
            scene.change(fields={"payment_proof": True})
            scene.say("utter_proof_received", number=order.id)
        else:
            scene.say("utter_file_received", number=order.id)
        return []


class VoiceNote(TurnAction):
    """Nobody listens to a voice note here; the second in a row is for a person."""

    def name(self) -> str:
        return "action_voice_note"

    def body(self, scene: Scene) -> list[EventType]:
        scene.memory.voice_notes += 1
        if scene.memory.voice_notes < VOICE_NOTES:
            scene.say("utter_no_voice_notes")
            return []
        hand_over(scene, reason="mandó audios", response="utter_handed_over_voice")
        return LEAVE_FORM


class ContactCard(TurnAction):
    """A shared contact card; ours to keep only when it was asked for."""

    def name(self) -> str:
        return "action_contact_card"

    def body(self, scene: Scene) -> list[EventType]:
        phone = scene.message.data.get("own_phone")
        if phone and contacts.learn_phone(scene.session, contact=scene.lock_contact(), wa_id=str(phone)):
            scene.memory.finish("phone")
            scene.say("utter_phone_received")
        else:
            scene.say("utter_contact_card")
        return []
