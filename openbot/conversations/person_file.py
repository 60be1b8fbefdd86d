"""Everything we keep of one person, as one JSON text in Spanish, to be handed to them (Ley 25.326)."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from openbot.contacts.queries import ContactNotFound
from openbot.conversations import transcript
from openbot.conversations.transcript_lines import Message
from openbot.database import Session
from openbot.orders import queries as orders
from openbot.schema import Contact, ContactKey, Order, StoredFile
from openbot.vocabulary import Author, FileState

_AT_ONCE = 500


def pieces(session: Session, *, contact_id: int, now: datetime) -> Iterator[str]:
    """Yield the text piece by piece; a conversation of any length fits. Raises ContactNotFound at the first."""
    contact = session.get(Contact, contact_id)
    if contact is None or contact.deleted_at is not None:
        raise ContactNotFound
    head = {
        "generado": _time(now),
        "aviso": "Datos personales de una sola persona (Ley 25.326). Horas en UTC.",
        "contacto": _contact(session, contact),
    }
    yield json.dumps(head, ensure_ascii=False, indent=2)[:-2] + ',\n  "pedidos": [\n'
    numbers = list(session.scalars(select(Order.id).where(Order.contact_id == contact_id).order_by(Order.id)))
    yield from _list(_order(session, number) for number in numbers)
    yield '\n  ],\n  "mensajes": [\n'
    yield from _list(_message(message) for message in _messages(session, contact_id=contact_id))
    yield '\n  ],\n  "archivos": [\n'
    files = select(StoredFile).where(StoredFile.contact_id == contact_id, StoredFile.state != FileState.GONE)
    yield from _list(_file(file) for file in session.scalars(files.order_by(StoredFile.id)))
    yield "\n  ]\n}\n"


def _list(parts: Iterator[dict[str, Any]]) -> Iterator[str]:
    for place, part in enumerate(parts):
        yield ("    " if place == 0 else ",\n    ") + json.dumps(part, ensure_ascii=False)


def _contact(session: Session, contact: Contact) -> dict[str, Any]:
    keys = session.scalars(select(ContactKey.value).where(ContactKey.contact_id == contact.id))
    return {
        "número de contacto": contact.id,
        "fecha de creación": _time(contact.created_at),
        "nombre": contact.name,
        "nombre en WhatsApp": contact.profile_name,
        "usuario de WhatsApp": contact.username,
        "celular": contact.wa_id or "",
        "identificadores de WhatsApp": sorted(keys),
        "bloqueado desde": _time(contact.blocked_at),
        "pidió no recibir publicidad": _time(contact.opted_out_at),
        "último mensaje": _time(contact.last_inbound_at),
    }


def _order(session: Session, number: int) -> dict[str, Any]:
    order = orders.full_order(session, order_id=number)
    if order is None:
        return {"número": number}
    custom = session.scalar(select(Order.custom).where(Order.id == number))
    return {
        "número": order.id,
        "fecha": _time(order.created_at),
        "tipo": str(order.kind),
        "estado": str(order.state),
        "sucursal": order.branch,
        "nombre": order.name,
        "entrega": str(order.delivery or ""),
        "dirección": order.address,
        "latitud": order.latitude,
        "longitud": order.longitude,
        "forma de pago": order.payment_method,
        "comentario": order.comment,
        "pidió una persona por": order.person_reason,
        "total": str(order.total),
        "monto": None if order.amount is None else str(order.amount),
        "otros datos": custom or {},
        "ítems": [
            {"producto": item.name, "cantidad": f"{item.quantity.normalize():f} {item.unit}",
             "precio": str(item.unit_price)}
            for item in order.items
        ],
        "historial": [
            {"fecha": _time(change.at), "quién": change.actor, "de": str(change.from_state or ""),
             "a": str(change.to_state or ""), "cambios": change.fields, "motivo": change.reason}
            for change in orders.history(session, order_id=number)
        ],
    }  # fmt: skip


def _messages(session: Session, *, contact_id: int) -> Iterator[Message]:
    place = transcript.Place(0, 0)
    while True:
        page = transcript.newer(session, contact_id=contact_id, after=place, limit=_AT_ONCE)
        yield from page.messages
        if not page.has_more:
            return
        place = page.after
        session.expunge_all()


def _message(message: Message) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "fecha": _time(message.at),
        "autor": f"nota de {message.operator}"
        if message.author == Author.NOTE
        else message.operator or message.author,
        "tipo": message.kind,
        "texto": message.text,
        "opciones": [*message.buttons, *_rows(message)],
        "archivo": (message.media.name or message.media.mime_type) if message.media else "",
        "ubicación": message.location,
        "carrito": list(message.cart),
        "contactos enviados": list(message.cards),
        "estado": str(message.ticks or ""),
        "pedido": message.order_id,
    }
    return {name: part for name, part in parts.items() if part not in ("", None, [])}


def _file(file: StoredFile) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "número": file.id,
        "fecha": _time(file.created_at),
        "autor": "cliente" if file.inbound_id else "empresa",
        "tipo": file.kind,
        "formato": file.mime_type,
        "nombre": file.filename,
        "bytes": file.size,
        "sha256": file.sha256,
        "guardado": "sí" if file.stored_at else "no",
    }
    return {name: part for name, part in parts.items() if part not in ("", None)}


def _rows(message: Message) -> list[str]:
    sections = message.menu["sections"] if message.menu else []
    return [row["title"] for section in sections for row in section["rows"]]


def _time(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None
