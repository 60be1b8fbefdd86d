"""How the command line shows orders, transcripts and findings."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from openbot.catalogue.goods import Unit, format_money, format_quantity
from openbot.company import TIME_ZONE
from openbot.conversations.queries import Line
from openbot.database import Session
from openbot.doctor import Finding
from openbot.orders.queries import Change, FullOrder
from openbot.schema import CompanySetting

GREEN, RED, PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[0m"


def zone_of(session: Session) -> ZoneInfo:
    """Return the company's time zone; UTC before there is a company."""
    return ZoneInfo(
        session.scalar(select(CompanySetting.value).where(CompanySetting.key == TIME_ZONE)) or "UTC"
    )


def order_json(order: FullOrder, history: list[Change]) -> dict[str, Any]:
    """Give an order as JSON: times in ISO 8601 (UTC), money and quantities as decimal strings."""
    document = {"number": order.id} | asdict(order) | {"history": [asdict(change) for change in history]}
    return {key: _plain(value) for key, value in document.items()}


def line_json(line: Line) -> dict[str, Any]:
    """Give a line of a transcript as JSON."""
    return {key: _plain(value) for key, value in asdict(line).items()}


def finding_json(finding: Finding) -> dict[str, Any]:
    """Give a finding of the doctor as JSON."""
    return asdict(finding)


def order_table(orders: list[FullOrder], *, zone: ZoneInfo) -> str:
    """Show each order in one line, its items below."""
    if not orders:
        return "No hay pedidos."
    return "\n".join(line for order in orders for line in _order_lines(order, zone))


def chat(lines: list[Line], *, zone: ZoneInfo) -> str:
    """Show a conversation as it reads on the phone."""
    return "\n".join(_chat_line(line, zone) for line in lines)


def finding_line(finding: Finding, *, colour: bool) -> str:
    """Show a finding: «ok» or «wrong», what was seen, and what to do below it."""
    word = "ok   " if finding.ok else "wrong"
    if colour:
        word = f"{GREEN if finding.ok else RED}{word}{PLAIN}"
    todo = f"\n      → {finding.to_do}" if finding.to_do else ""
    return f"{word} {finding.name}: {finding.seen}{todo}"


def _order_lines(order: FullOrder, zone: ZoneInfo) -> list[str]:
    where = f"{order.delivery}: {order.address}" if order.address else str(order.delivery or "")
    details = (order.name or "(sin nombre)", order.phone, order.branch, where, order.payment_method)
    head = f"#{order.id}  {_when(order.created_at, zone)}  {order.kind} {order.state}  {format_money(order.total)}"
    return [
        f"{head}  {' · '.join(part for part in details if part)}",
        *(
            f"      {_quantity(item.quantity, item.unit)} {item.name}  {format_money(item.unit_price)}"
            for item in order.items
        ),
        *([f"      «{order.comment}»"] if order.comment else []),
    ]


def _quantity(quantity: Decimal, unit: str) -> str:
    return format_quantity(quantity, Unit(unit)) if unit in list(Unit) else f"{quantity.normalize():f} {unit}"


def _chat_line(line: Line, zone: ZoneInfo) -> str:
    kind = f"[{line.kind}] " if line.kind not in {"text", "tap"} else ""
    state = " ".join(part for part in (line.state, line.delivery, line.reason) if part)
    text = (kind + line.text).replace("\n", "\n" + " " * 15)
    return f"{_when(line.at, zone)}  {line.author}: {text}  ({state})"


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d/%m %H:%M}"


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case _:
            return value
