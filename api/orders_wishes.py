"""What is asked of orders, as JSON."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr

from openbot.vocabulary import State

#: Money or a quantity as people type it: "12.450,50", "12450.5", 12450.5.
Typed = Annotated[
    StrictStr | StrictInt | StrictFloat | None,
    Field(description="As typed: «12.450,50», «12450.5» and 12450.5 are the same", examples=["12.450,50"]),
]


class ItemWish(BaseModel):
    """A product's new quantity; 0 takes it out."""

    model_config = ConfigDict(extra="forbid")

    product_id: StrictInt
    quantity: Typed


class OrderWish(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    version: StrictInt = Field(ge=0, le=2**31 - 1, description="Of the order that was read")
    kind: StrictStr | None = None
    branch_id: StrictInt | None = None
    zone_id: StrictInt | None = None
    delivery: StrictStr | None = None
    delivery_fee: Typed = None
    address: StrictStr | None = None
    payment_method_id: StrictInt | None = None
    cash_with: Typed = None
    comment: StrictStr | None = None
    name: StrictStr | None = None
    amount: Typed = None
    custom: dict[str, Any] | None = None
    items: list[ItemWish] | None = Field(default=None, description="Only what changes")


class MoveWish(BaseModel):
    """Where an order shall go."""

    model_config = ConfigDict(extra="forbid")

    to: State
    version: StrictInt = Field(ge=0, le=2**31 - 1)
    reason: StrictStr = ""
    amount: Typed = Field(
        default=None, description="For FACTURADO: what was charged; default the amount, else the total"
    )


class BulkWish(BaseModel):
    """Where several orders shall go: CANCELADO, RESUELTO or NO CONTESTA."""

    model_config = ConfigDict(extra="forbid")

    ids: list[StrictInt] = Field(min_length=1, max_length=100)
    to: State
    reason: StrictStr = ""
