"""The filters of the list, as they stand in the address, and what they ask for."""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.errors import ApiError
from api.signed_in import Person
from openbot.fields import MOST_MONEY, amount_of
from openbot.orders.criteria import LARGEST_ID, NOBODY, Criteria, Reach, Span
from openbot.vocabulary import Delivery, OrderKind, State

#: Ids to choose from; 0 is «none».
Ids = Annotated[list[Annotated[int, Field(ge=0, le=LARGEST_ID)]], Field(max_length=200)]
Text = Annotated[str, Field(max_length=200)]


def _of_this_age(day: date) -> date:
    if not 2000 <= day.year <= 2200:  # noqa: PLR2004 - years
        raise ValueError("out of time")
    return day


Day = Annotated[date, AfterValidator(_of_this_age)]


class Tab(StrEnum):
    """Views of the list."""

    ATTEND = "attend"
    ALL = "all"


class Filters(BaseModel):
    """Of one filter any value, of several filters all."""

    model_config = ConfigDict(extra="forbid")

    tab: Tab = Tab.ALL
    q: Text = Field("", description="An order's number, any part of a phone, or beginnings of names")
    number: Text = Field("", description="One number, or several with blanks or commas between them")
    phone: Text = Field("", description="Any part, in any spelling: 011 15-…, +54 9 11 …")
    name: Text = Field("", description="Beginnings of words")
    contact_id: Ids = []
    kind: Annotated[list[OrderKind], Field(max_length=10)] = []
    state: Annotated[list[State], Field(max_length=20)] = []
    branch: Ids = Field([], description="Ids; 0: none yet")
    operator: Annotated[list[Annotated[str, Field(pattern=r"^(me|\d{1,18})$")]], Field(max_length=200)] = (
        Field([], description="Ids; 0: nobody; me: who asks")
    )
    payment_method: Ids = Field([], description="Ids; 0: none yet")
    delivery: Annotated[list[Literal["ENVÍO", "RETIRO", "0"]], Field(max_length=10)] = Field(
        [], description="0: not said yet"
    )
    created_from: Day | None = Field(None, description="Day of the company's time zone, included")
    created_to: Day | None = None
    total_from: Text = ""
    total_to: Text = ""
    amount_from: Text = ""
    amount_to: Text = ""
    waiting_minutes: Annotated[int, Field(ge=0, le=10**6)] | None = Field(
        None, description="Waits at least so long"
    )
    expires_hours: Annotated[int, Field(ge=0, le=10**5)] | None = Field(
        None, description="Open, and expires within"
    )
    needs_person: bool | None = None
    changed_by_customer: bool | None = None
    payment_proof: bool | None = None

    def criteria(self, *, person: Person, zone: ZoneInfo) -> Criteria:
        """Return what is asked for. Raises ApiError for what is no amount."""
        operators = (person.id if each == "me" else int(each) for each in self.operator)
        return Criteria(
            zone=zone,
            attend=self.tab is Tab.ATTEND,
            anything=self.q,
            number=self.number,
            phone=self.phone,
            name=self.name,
            contact_ids=tuple(self.contact_id),
            kinds=tuple(self.kind),
            states=tuple(self.state),
            branch_ids=tuple(self.branch),
            operator_ids=tuple(operators),
            payment_method_ids=tuple(self.payment_method),
            deliveries=tuple(NOBODY if each == "0" else Delivery(each) for each in self.delivery),
            created=Span(low=self.created_from, high=self.created_to),
            total=self._amounts("total"),
            amount=self._amounts("amount"),
            waiting=None if self.waiting_minutes is None else timedelta(minutes=self.waiting_minutes),
            expires_within=None if self.expires_hours is None else timedelta(hours=self.expires_hours),
            needs_person=self.needs_person,
            changed_by_customer=self.changed_by_customer,
            payment_proof=self.payment_proof,
        )

    def _amounts(self, name: str) -> Span[Decimal]:
        return Span(low=self._amount(f"{name}_from"), high=self._amount(f"{name}_to"))

    def _amount(self, name: str) -> Decimal | None:
        typed: str = getattr(self, name)
        if not typed.strip():
            return None
        amount = amount_of(typed)
        if amount is None or amount > MOST_MONEY:
            raise ApiError(422, "invalid", fields={name: "not_an_amount" if amount is None else "too_much"})
        return amount


class Sorted(Filters):
    """The list, in an order."""

    sort: Annotated[str, Field(pattern=r"^-?[a-z_]{1,20}$")] | None = Field(
        None,
        description="number, created_at, name, phone, kind, branch, state, total, amount, delivery, payment_method, "
        "operator, waiting_since, expires_at; with - before it downwards. Default: what waits longest first under "
        "tab=attend, else the newest",
    )

    @property
    def order(self) -> str:
        """How it is sorted."""
        return self.sort or ("waiting_since" if self.tab is Tab.ATTEND else "-number")


class Paged(Sorted):
    """A page of it."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    after: Annotated[str, Field(max_length=600)] = Field("", description="`next` of the page before")


def reach_of(person: Person) -> Reach:
    """Return which orders somebody sees."""
    return Reach(operator_id=person.id, branch_ids=person.branch_ids, only_own=person.overtime)
