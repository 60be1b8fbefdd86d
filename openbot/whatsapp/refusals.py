"""Why WhatsApp did not take a message, in families, with the sentence that an operator reads (contract §6.2)."""

from collections.abc import Mapping
from enum import StrEnum


class Family(StrEnum):
    """One row of the contract's table; the value is stored as a message's reason."""

    TEMPORARY = "temporary"
    UNCERTAIN = "uncertain"
    APP_LIMIT = "app_limit"
    ACCOUNT_LIMIT = "account_limit"
    THROUGHPUT = "throughput"
    PAIR_RATE = "pair_rate"
    MAINTENANCE = "maintenance"
    SPAM = "spam"
    CLASSIFICATION = "classification"
    WINDOW_CLOSED = "window_closed"
    UNDELIVERABLE = "undeliverable"
    NOT_ON_TEST_LIST = "not_on_test_list"
    OWN_NUMBER = "own_number"
    BLOCKED_BY_CUSTOMER = "blocked_by_customer"
    MARKETING_CAP = "marketing_cap"
    OPTED_OUT = "opted_out"
    UNSUPPORTED = "unsupported"
    INBOUND_MEDIUM = "inbound_medium"
    MEDIUM_REJECTED = "medium_rejected"
    BAD_PARAMETER = "bad_parameter"
    NEEDS_PHONE = "needs_phone"
    MARKETING_API = "marketing_api"
    MARKETING_SYNC = "marketing_sync"
    TEMPLATE = "template"
    FLOW = "flow"
    NUMBER_SETUP = "number_setup"
    PAYMENT = "payment"
    ACCOUNT_LOCKED = "account_locked"
    TOKEN = "token"  # noqa: S105 - the name of a family
    PERMISSION = "permission"
    IDENTITY_CHANGED = "identity_changed"
    UNKNOWN = "unknown"

    @property
    def explanation(self) -> str:
        """What happened and what to do, in Spanish, for the operator."""
        return _EXPLANATIONS[self]


_EXPLANATIONS: Mapping[Family, str] = {
    Family.TEMPORARY: "WhatsApp tuvo un problema pasajero. Se vuelve a intentar solo.",
    Family.UNCERTAIN: "WhatsApp no confirmó si lo recibió. Esperamos su aviso antes de repetirlo.",
    Family.APP_LIMIT: "La aplicación llegó a su límite de llamadas a WhatsApp. Los envíos siguen en unos minutos.",
    Family.ACCOUNT_LIMIT: "La cuenta de WhatsApp llegó a su límite de uso. Los envíos siguen en unos minutos.",
    Family.THROUGHPUT: "Se enviaron demasiados mensajes por segundo. Los envíos siguen enseguida.",
    Family.PAIR_RATE: "Se le enviaron muchos mensajes seguidos a este contacto. Sale en unos segundos.",
    Family.MAINTENANCE: "WhatsApp está en mantenimiento. Se vuelve a intentar en un minuto.",
    Family.SPAM: "WhatsApp frenó el número porque muchas personas lo marcaron como spam. Revisá la calidad del número.",
    Family.CLASSIFICATION: (
        "WhatsApp frenó los envíos por plantillas mal clasificadas. Se levanta solo; revisá las plantillas."
    ),
    Family.WINDOW_CLOSED: (
        "Pasaron más de 24 horas desde el último mensaje del contacto. Solo se le puede enviar una plantilla aprobada."
    ),
    Family.UNDELIVERABLE: (
        "No se le puede entregar: quizá ya no usa WhatsApp o tiene una versión vieja. Llamalo por teléfono."
    ),
    Family.NOT_ON_TEST_LIST: (
        "El número de prueba solo puede escribir a los teléfonos agregados en el panel de Meta. "
        "Agregalo allí (los celulares argentinos, también como 54 sin el 9)."
    ),
    Family.OWN_NUMBER: "El destinatario es el mismo número de la empresa.",
    Family.BLOCKED_BY_CUSTOMER: "El contacto bloqueó a la empresa.",
    Family.MARKETING_CAP: "WhatsApp limita cuánta publicidad recibe este contacto. Probá de nuevo después de 24 horas.",
    Family.OPTED_OUT: "El contacto pidió no recibir publicidad.",
    Family.UNSUPPORTED: "WhatsApp no admite este tipo de mensaje para este contacto.",
    Family.INBOUND_MEDIUM: "No se pudo descargar lo que mandó el contacto. Pedile que lo envíe de nuevo.",
    Family.MEDIUM_REJECTED: "WhatsApp rechazó el archivo. Guardalo como JPG, PDF, MP3 o MP4 y volvé a adjuntarlo.",
    Family.BAD_PARAMETER: "WhatsApp no entendió el mensaje. El detalle está en el registro.",
    Family.NEEDS_PHONE: "Este mensaje solo se puede enviar a un teléfono, y el contacto lo tiene oculto.",
    Family.MARKETING_API: "WhatsApp no permite enviar publicidad por esta vía.",
    Family.MARKETING_SYNC: "WhatsApp todavía está preparando la publicidad de esta cuenta.",
    Family.TEMPLATE: "La plantilla no existe, está pausada o no coincide con sus datos. Revisala en WhatsApp Manager.",
    Family.FLOW: "El formulario de WhatsApp está bloqueado o frenado.",
    Family.NUMBER_SETUP: (
        "El número de la empresa no está registrado o su nombre no está aprobado. Revisalo en WhatsApp Manager."
    ),
    Family.PAYMENT: "Falta un medio de pago válido en la cuenta de WhatsApp. Los envíos quedan en espera.",
    Family.ACCOUNT_LOCKED: "Meta bloqueó o restringió la cuenta. Revisala en el administrador comercial.",
    Family.TOKEN: "La clave de acceso de WhatsApp venció o no es válida. Los envíos quedan en espera hasta cambiarla.",
    Family.PERMISSION: "A la clave de acceso le falta el permiso para enviar mensajes. Los envíos quedan en espera.",
    Family.IDENTITY_CHANGED: "El contacto cambió de dispositivo y hay que verificar su identidad.",
    Family.UNKNOWN: "WhatsApp rechazó el mensaje. El código y el detalle están en el registro.",
}
