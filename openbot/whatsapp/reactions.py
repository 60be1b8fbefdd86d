"""What to do when WhatsApp did not take a message: the contract's table (§6.2) as a table."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TypeAlias

from openbot.whatsapp.refusals import Family

#: A back-off never waits longer, so that an outage that ends is noticed.
LONGEST_WAIT = timedelta(seconds=256)
MOST_TRIES = 4
GRACE = timedelta(seconds=60)
_JITTER = 0.25
_MINUTE = timedelta(minutes=1)
_HTTP_UNAUTHORIZED = 401
_HTTP_TOO_MANY = 429
_HTTP_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Send the same again after this time."""

    after: timedelta
    family: Family


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitUncertain:
    """It may have gone out: wait this long for a status before the single retry."""

    after: timedelta
    family: Family


@dataclass(frozen=True, slots=True, kw_only=True)
class FailForGood:
    """Never send this again."""

    family: Family


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseContact:
    """Send this again after this time and nothing else to this person before; others are not touched."""

    after: timedelta
    family: Family


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseNumber:
    """Send nothing from this number (`whole_app`: from any) for this time."""

    after: timedelta
    family: Family
    alert: bool  #: somebody must do something
    keeps_message: bool = True  #: else this message has failed for good
    whole_app: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TryOtherSpelling:
    """Send at once to the next spelling of the phone (`numbers.next_spelling`); without one `otherwise`."""

    family: Family
    otherwise: FailForGood


@dataclass(frozen=True, slots=True, kw_only=True)
class UseTemplate:
    """Only an approved template reaches this person; without one `otherwise`."""

    family: Family
    otherwise: FailForGood


@dataclass(frozen=True, slots=True, kw_only=True)
class UsePhoneInstead:
    """Send at once to the phone; when it is hidden `otherwise`."""

    family: Family
    otherwise: FailForGood


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTextInstead:
    """Send at once the same as plain text (a link for a file); never given for a plain text."""

    family: Family


Reaction: TypeAlias = (
    Retry
    | WaitUncertain
    | FailForGood
    | PauseContact
    | PauseNumber
    | TryOtherSpelling
    | UseTemplate
    | UsePhoneInstead
    | PlainTextInstead
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    family: Family
    tries: int
    is_plain_text: bool
    regain_after: timedelta | None
    random: Random


_React: TypeAlias = Callable[[_Case], Reaction]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table."""

    codes: Collection[int]
    family: Family
    react: _React


def reaction_to(
    *,
    code: int | None,
    http_status: int | None,
    is_transient: bool,
    tries: int,
    random: Random,
    is_plain_text: bool = False,
    regain_after: timedelta | None = None,
) -> Reaction:
    """Find the row. The code decides, then `is_transient`, then the class of the HTTP status.

    `tries` counts this refusal: 1 the first time. Neither code nor HTTP status: there was no connection.
    `regain_after` is WhatsApp's own estimate, when its headers gave one.
    """
    row = row_of(code=code, http_status=http_status, is_transient=is_transient)
    return row.react(
        _Case(
            family=row.family,
            tries=max(tries, 1),
            is_plain_text=is_plain_text,
            regain_after=regain_after,
            random=random,
        )
    )


def reaction_to_silence() -> WaitUncertain:
    """Say what to do when the body was sent and no answer came."""
    return WaitUncertain(after=GRACE, family=Family.UNCERTAIN)


def row_of(*, code: int | None, http_status: int | None, is_transient: bool) -> Row:
    """Find the row of a refusal, of an `errors[]` of a failed status too."""
    if code is not None and code in _BY_CODE:
        return _BY_CODE[code]
    if code is None and http_status == _HTTP_UNAUTHORIZED:
        return _BY_CODE[190]
    if code is None and http_status == _HTTP_TOO_MANY:
        return _BY_CODE[130429]
    if code is None and (http_status is None or http_status >= _HTTP_SERVER_ERROR):
        return OUTAGE
    if is_transient or (http_status or 0) >= _HTTP_SERVER_ERROR:
        return TRANSIENT
    return OTHER


def explain(code: int | None, http_status: int | None, *, is_transient: bool) -> str:
    """Say in Spanish what became of a call that is not a send."""
    return row_of(code=code, http_status=http_status, is_transient=is_transient).family.explanation


def back_off(tries: int, *, random: Random) -> timedelta:
    """Wait 1, 4, 16, 64, 256 s and a quarter more at most by chance, so that many do not come back together."""
    seconds = min(4.0 ** min(tries - 1, 8), LONGEST_WAIT.total_seconds())
    return timedelta(seconds=seconds * (1 + _JITTER * random.random()))


def _retry(*, most: int | None = MOST_TRIES) -> _React:
    def react(case: _Case) -> Reaction:
        if most is not None and case.tries >= most:
            return FailForGood(family=case.family)
        return Retry(after=back_off(case.tries, random=case.random), family=case.family)

    return react


def _retry_after(wait: timedelta) -> _React:
    def react(case: _Case) -> Reaction:
        return Retry(after=wait, family=case.family) if case.tries < MOST_TRIES else _fail(case)

    return react


def _pause_contact(case: _Case) -> Reaction:
    return PauseContact(after=back_off(case.tries, random=case.random), family=case.family)


def _pause_briefly(case: _Case) -> Reaction:
    return PauseNumber(after=back_off(case.tries, random=case.random), family=case.family, alert=False)


def _pause(
    minutes: int, *, alert: bool = True, keeps_message: bool = True, whole_app: bool = False
) -> _React:
    def react(case: _Case) -> Reaction:
        return PauseNumber(
            after=case.regain_after or minutes * _MINUTE,
            family=case.family,
            alert=alert,
            keeps_message=keeps_message,
            whole_app=whole_app,
        )

    return react


def _fail(case: _Case) -> FailForGood:
    return FailForGood(family=case.family)


def _other_spelling(case: _Case) -> Reaction:
    return TryOtherSpelling(family=case.family, otherwise=_fail(case))


def _template(case: _Case) -> Reaction:
    return UseTemplate(family=case.family, otherwise=_fail(case))


def _phone(case: _Case) -> Reaction:
    return UsePhoneInstead(family=case.family, otherwise=_fail(case))


def _plain_text(case: _Case) -> Reaction:
    return _fail(case) if case.is_plain_text else PlainTextInstead(family=case.family)


# An outage is not the message's fault: it waits as long as the window is open (architecture §6).
OUTAGE = Row((), Family.TEMPORARY, _retry(most=None))
TRANSIENT = Row((), Family.TEMPORARY, _retry())
OTHER = Row((), Family.UNKNOWN, _fail)

TABLE: tuple[Row, ...] = (
    Row((1,), Family.TEMPORARY, _retry(most=2)),  # may also be a malformed request
    Row((131000,), Family.TEMPORARY, _retry()),
    Row((2, 131016, 133004), Family.TEMPORARY, _retry(most=None)),
    Row((4,), Family.APP_LIMIT, _pause(5, alert=False, whole_app=True)),
    Row((80007,), Family.ACCOUNT_LIMIT, _pause(5, alert=False)),
    Row((130429,), Family.THROUGHPUT, _pause_briefly),
    Row((131056,), Family.PAIR_RATE, _pause_contact),
    Row((131057, 2494100), Family.MAINTENANCE, _retry_after(_MINUTE)),
    Row((131048,), Family.SPAM, _pause(60, keeps_message=False)),
    Row((131064,), Family.CLASSIFICATION, _pause(60, keeps_message=False)),
    Row((131047,), Family.WINDOW_CLOSED, _template),
    Row((131026,), Family.UNDELIVERABLE, _fail),
    Row((131030,), Family.NOT_ON_TEST_LIST, _other_spelling),
    Row((131021,), Family.OWN_NUMBER, _fail),
    Row((130403,), Family.BLOCKED_BY_CUSTOMER, _fail),
    Row((130472, 131049), Family.MARKETING_CAP, _fail),
    Row((131050,), Family.OPTED_OUT, _fail),
    Row((131051, 131055), Family.UNSUPPORTED, _plain_text),
    Row((131052,), Family.INBOUND_MEDIUM, _fail),
    Row((131053,), Family.MEDIUM_REJECTED, _plain_text),
    Row((131008, 131009, 100, 135000), Family.BAD_PARAMETER, _plain_text),
    Row((131062,), Family.NEEDS_PHONE, _phone),
    Row((131063, 131061, 134100, 134102), Family.MARKETING_API, _fail),
    Row((134101,), Family.MARKETING_SYNC, _retry_after(10 * _MINUTE)),
    Row(
        (132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018),
        Family.TEMPLATE,
        _fail,
    ),
    Row((132068, 132069), Family.FLOW, _plain_text),
    Row((133010, 131045, 33, 131037), Family.NUMBER_SETUP, _pause(10)),
    Row((131042, 131044), Family.PAYMENT, _pause(30)),
    Row((131031, 368, 130497), Family.ACCOUNT_LOCKED, _pause(30)),
    Row((0, 190, 104), Family.TOKEN, _pause(5)),
    Row((3, 10, *range(200, 300), 131005), Family.PERMISSION, _pause(5)),
    Row((137000,), Family.IDENTITY_CHANGED, _fail),
)

_BY_CODE: Mapping[int, Row] = {code: row for row in TABLE for code in row.codes}
