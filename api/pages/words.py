"""What these pages say, in Spanish."""

from datetime import datetime, tzinfo

from openbot.errors import OpenbotError
from openbot.operators import admission, passwords
from openbot.operators.sessions import Because, Elsewhere

DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_WEEK = 7

#: Why somebody is on the sign-in page who was inside before.
LEFT = {
    Because.ELSEWHERE: "Tu sesión se abrió en otro dispositivo y se cerró en este.",
    Because.SIGNED_OUT: "Cerraste tu sesión.",
    Because.DISABLED: "Tu usuario fue deshabilitado. Hablá con el administrador.",
    Because.DELETED: "Tu usuario fue eliminado. Hablá con el administrador.",
    Because.ROLE: "Cambió tu tipo de usuario. Iniciá sesión de nuevo.",
    Because.PASSWORD: "Un administrador cambió tu contraseña. Entrá con la nueva.",
    Because.SHIFT: "Terminó tu plan de trabajo. Lo que estabas escribiendo quedó guardado.",
    Because.IDLE: "Tu sesión se cerró por inactividad.",
    Because.EXPIRED: "Tu sesión venció. Iniciá sesión de nuevo.",
}
FOREIGN = "El pedido no vino de esta página. Probá de nuevo."
TICKET_OVER = "Pasó demasiado tiempo. Iniciá sesión de nuevo."
DIFFERENT = "Las dos contraseñas nuevas no son iguales."
_PASSWORDS = {
    "password_wrong": "La contraseña actual no es esa.",
    "password_unchanged": "La contraseña nueva tiene que ser distinta de la actual.",
    "password_refused": f"La contraseña nueva tiene que tener entre {passwords.SHORTEST} y {passwords.LONGEST} "
    "caracteres.",
}


def left(because: str) -> str:
    """Say why the session ended; an unknown reason says nothing."""
    return LEFT.get(Because(because), "") if because in set(Because) else ""


def refusal(error: OpenbotError, *, now: datetime, zone: tzinfo) -> str:
    """Say why somebody may not sign in, or why a password is not taken."""
    match error:
        case admission.CredentialsRefused():
            return "Credenciales Inválidas"
        case admission.TooManyTries():
            return f"Demasiados intentos. Esperá {_wait(error.detail['seconds'])} y probá de nuevo."
        case admission.OutsideShift():
            return _outside(error.begins, now=now, zone=zone)
        case _:
            return _PASSWORDS.get(error.code, f"No se pudo hacer (código {error.code}).")


def elsewhere(found: Elsewhere, *, now: datetime, zone: tzinfo) -> str:
    """Say where and since when the other session is open."""
    device, address = found.device or "Un dispositivo", f" ({found.address})" if found.address else ""
    return f"{device}{address}, desde {_day(found.since, now=now, zone=zone)} {_clock(found.since, zone)}"


def _outside(begins: datetime | None, *, now: datetime, zone: tzinfo) -> str:
    if begins is None:
        return "Estás fuera de tu plan de trabajo."
    return f"Tu plan de trabajo empieza {_day(begins, now=now, zone=zone)} {_clock(begins, zone)}"


def _day(instant: datetime, *, now: datetime, zone: tzinfo) -> str:
    day, today = instant.astimezone(zone).date(), now.astimezone(zone).date()
    match (day - today).days:
        case 0:
            return "hoy"
        case 1:
            return "mañana"
        case -1:
            return "ayer"
        case ahead if 0 < ahead < _WEEK:
            return f"el {DAYS[day.weekday()]}"
        case _:
            return f"el {DAYS[day.weekday()]} {day:%d/%m}"


def _clock(instant: datetime, zone: tzinfo) -> str:
    local = instant.astimezone(zone)
    return f"{local.hour}:{local.minute:02}"


def _wait(seconds: int) -> str:
    if seconds < 100:  # noqa: PLR2004 - people count so far in seconds
        return f"{seconds} segundos" if seconds > 1 else "1 segundo"
    return f"{-(-seconds // 60)} minutos"
