"""Ways to pay, each with the text that is sent with the confirmation."""

from collections.abc import Mapping
from typing import Any

from openbot.catalogue.editing import rows
from openbot.database import Session
from openbot.fields import Form
from openbot.schema import PaymentMethod

NAME = 20  #: characters of a reply button (contract §5.3)
TEXT = 1000  #: with the summary it stays within one message
FIELDS = ("name", "text", "is_cash", "aliases", "position", "active")


def _read(session: Session, values: Mapping[str, Any], row: PaymentMethod | None) -> dict[str, Any]:
    form = Form(values, needed=() if row else ("name",))
    form.known(FIELDS)
    form.text("name", longest=NAME)
    form.text("text", longest=TEXT, empty=True, lines=True)
    form.flag("is_cash")
    form.texts("aliases", longest=40, most=20)
    form.number("position", least=1, most=1000)
    form.flag("active")
    rows.keep_names_apart(session, form, PaymentMethod, row)
    rows.keep_one(session, form, PaymentMethod, row)
    return form.done()


_METHOD = rows.Kind(
    name="payment_method",
    table=PaymentMethod,
    read=_read,
    initial={"text": "", "is_cash": False, "aliases": [], "active": True},
)
create, edit = _METHOD.create, _METHOD.edit
