"""The world's switches over HTTP.

GET|PUT /sim/faults      the switches that the body names are set, null turns one off (fields: see faults.py)
DELETE  /sim/faults      all off
GET|PUT /sim/behaviour   delays, limits, retries
GET|PUT /sim/clock       {offset_seconds} sets, {advance_seconds} adds; now is unix seconds
GET|PUT /sim/templates   the approved templates
GET     /sim/statistics
GET     /sim/idle?wait=s → {idle, webhooks_waiting, receipts_waiting}; waits until nothing more will happen by itself
POST    /sim/reset       {customers?: n}: empty world, or with n of the demo's customers
POST    /sim/webhook     {body: JSON or text, signature?: "good" | "bad" | "missing" | text, times?} → {outcomes}
POST    /sim/verify      the handshake of contract §1 → {status, echoed}
"""

import asyncio
import json
import secrets
from typing import Annotated, TypeVar

import httpx
from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .chat import Json
from .customer_routes import add_demo
from .faults import Behaviour, Faults
from .templates import Template
from .webhooks import encode
from .wiring import Parts
from .world import World

router = APIRouter(prefix="/sim")

Switches = TypeVar("Switches", Faults, Behaviour)


class ClockWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    offset_seconds: float | None = None
    advance_seconds: float = 0


class ResetWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    customers: int = Field(default=0, ge=0, le=3)


class RawWebhook(BaseModel):
    """A text body is posted byte for byte (UTF-8), a JSON one as Meta would write it."""

    model_config = ConfigDict(extra="forbid")

    body: dict[str, object] | list[object] | str
    signature: str = "good"
    times: int = Field(default=1, ge=1, le=100)


@router.get("/faults")
async def faults(parts: Parts) -> Faults:
    return parts.world.faults


@router.put("/faults")
async def set_faults(parts: Parts, wish: dict[str, object]) -> Faults:
    world = parts.world
    world.faults = changed(world.faults, wish)
    parts.delivery.nudge()
    tell_controls(world)
    return world.faults


@router.delete("/faults")
async def clear_faults(parts: Parts) -> Faults:
    parts.world.faults = Faults()
    parts.delivery.nudge()
    tell_controls(parts.world)
    return parts.world.faults


@router.get("/behaviour")
async def behaviour(parts: Parts) -> Behaviour:
    return parts.world.behaviour


@router.put("/behaviour")
async def set_behaviour(parts: Parts, wish: dict[str, object]) -> Behaviour:
    """Set what is named; the rate limits start afresh."""
    world = parts.world
    world.behaviour = changed(world.behaviour, wish)
    world.refill()
    tell_controls(world)
    return world.behaviour


@router.get("/clock")
async def clock(parts: Parts) -> Json:
    return {"offset_seconds": parts.world.clock.offset_seconds, "now": parts.world.clock.now()}


@router.put("/clock")
async def set_clock(parts: Parts, wish: ClockWish) -> Json:
    world = parts.world
    if wish.offset_seconds is not None:
        world.clock.offset_seconds = wish.offset_seconds
    world.clock.offset_seconds += wish.advance_seconds
    tell_controls(world)
    for customer in world.customers.values():
        world.show_customer(customer)
    return await clock(parts)


@router.get("/templates")
async def templates(parts: Parts) -> list[Template]:
    return parts.world.templates


@router.put("/templates")
async def set_templates(parts: Parts, wish: list[Template]) -> list[Template]:
    parts.world.templates = wish
    return wish


@router.get("/statistics")
async def statistics(parts: Parts) -> Json:
    """Return the figures since the last reset; keys of `refused` and `failed_later` are codes."""
    figures = parts.world.figures
    return {
        "sends": {
            "accepted": figures.accepted,
            "by_type": figures.accepted_by_type,
            "refused": figures.refused,
            "refused_total": figures.refused.total(),
            "failed_later": figures.failed_later,
            "spoiled": figures.spoiled,
            "window_violations": figures.window_violations,
        },
        "duplicates": {tracker: count for tracker, count in figures.trackers.items() if count > 1},
        "reads": figures.reads,
        "typings": figures.typings,
        "webhooks": {
            "attempts": figures.webhook_attempts,
            "delivered": figures.webhook_delivered,
            "not_200": figures.webhook_not_200,
            "updates_delivered": figures.updates_delivered,
            "duplicates_posted": figures.duplicates_posted,
            "waiting": parts.delivery.waiting_count,
            "last": figures.last_webhook,
        },
        "free_tier": {"month": parts.world.month(), "used": figures.free_tier_used[parts.world.month()]},
    }


@router.get("/idle")
async def idle(parts: Parts, wait: Annotated[float, Query(ge=0, le=120)] = 0) -> Json:
    quiet = await parts.world.bell.until(lambda: parts.idle, seconds=wait)
    return {
        "idle": quiet,
        "webhooks_waiting": parts.delivery.open_count,
        "receipts_waiting": parts.receipts.open_count,
    }


@router.post("/reset")
async def reset(parts: Parts, wish: ResetWish | None = None) -> Json:
    parts.receipts.stop()
    parts.delivery.clear()
    parts.world.reset()
    add_demo(parts.world, count=wish.customers if wish else 0)
    tell_controls(parts.world)
    return {"customers": len(parts.world.customers)}


@router.post("/webhook")
async def raw_webhook(parts: Parts, wish: RawWebhook) -> Json:
    """Post a body once (or `times` at once), without retries and outside the queue."""
    body = wish.body.encode() if isinstance(wish.body, str) else encode(json.loads(json.dumps(wish.body)))
    signed_as = {"good": None, "bad": "sha256=" + "0" * 64, "missing": ""}.get(wish.signature, wish.signature)
    posts = [parts.delivery.post(body, signed_as=signed_as) for _ in range(wish.times)]
    return {"outcomes": await asyncio.gather(*posts)}


@router.post("/verify")
async def verify(parts: Parts) -> Json:
    challenge = str(secrets.randbelow(10**10))
    query = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": parts.world.settings.verify_token,
    }
    try:
        answer = await parts.delivery.client.get(parts.world.webhook_url, params=query, timeout=10)
    except httpx.HTTPError as error:
        return {"status": type(error).__name__, "echoed": False}
    return {"status": str(answer.status_code), "echoed": answer.content == challenge.encode()}


def changed(present: Switches, wish: dict[str, object]) -> Switches:
    """Return the switches with those that the wish names replaced; 422 when they make no sense."""
    try:
        return type(present).model_validate(present.model_dump() | wish)
    except ValidationError as error:
        raise HTTPException(422, json.loads(error.json(include_url=False, include_context=False))) from None


def tell_controls(world: World) -> None:
    """Tell the pages about switches and clock."""
    world.tell(controls(world))


def controls(world: World) -> Json:
    """Return switches and clock as the page sees them."""
    return {
        "kind": "controls",
        "faults": world.faults.model_dump(),
        "behaviour": world.behaviour.model_dump(),
        "clock": {"offset_seconds": world.clock.offset_seconds, "now": world.clock.now()},
    }
