"""One conversation, two voices: everybody takes a step at random, and workers stop in the middle of theirs.

Workers run as greenlets: at the assistant and on WhatsApp's wire they may rest while others go on, or be killed.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any

import httpx
from greenlet import getcurrent, greenlet

from openbot.actor import BOT, CUSTOMER
from openbot.assistant import Answered, AssistantAway, AssistantFailed, Question
from openbot.contacts import operations as contacts
from openbot.conversations import handover, leases, turn_endings
from openbot.conversations.desk import taking, writing
from openbot.conversations.desk.writing import Writer
from openbot.conversations.ownership import RESUMING_INTENTS, intent_of_tap, owner_of
from openbot.conversations.reception import Reception
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.orders import operations as orders
from openbot.orders import queries
from openbot.schema import ActionCall, Contact, Outbound
from openbot.vocabulary import OPEN_STATES, Author, Owner, Role, State
from openbot.whatsapp import envelope
from tests.support import whatsapp
from tests.support.assistant import OVERTAKEN, Reply
from tests.support.whatsapp import ANA, Json
from tests.support.world import EXPIRES, World

ORDER, PERSON, CONFIRM = "quiero dos cocas", "quiero hablar con una persona", "confirmo"
TEXTS = ("hola", ORDER, "gracias", CONFIRM, PERSON, "¿y?", "BAJA", "ALTA")
TAPS = ("/opt_out", "/menu", "/resume_bot", "/choose{}", "/new_order", "/about_closed{}", "/recover_order{}")
CLOSES = (State.INVOICED, State.CANCELLED, State.RESOLVED, State.NO_ANSWER)
WORKERS = ("one", "two")
PEOPLE = (8, 9)  # of the company


class Killed(BaseException):
    """The process of a worker ends here."""


class Voices:
    """Takes steps in a world and remembers what reached the wire, who spoke last, and what was broken."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        world.presence.stop()
        world.presence = SimpleNamespace(announce=lambda _wamid: None, stop=lambda: None)  # type: ignore[assignment]
        world.post = self._behind_the_door  # type: ignore[method-assign]  # the door has tests of its own
        world.assistant.act = self._act
        world.assistant.during = None
        self.calm = False  #: no troubles any more: what rests comes to its end
        self.runs: list[tuple[str, Any]] = []  #: workers at rest, by name
        self.wire: list[tuple[int, str]] = []  #: what reached WhatsApp: our number and the author
        self.spoken: dict[str, int] = {}  #: an operator's words, and the message they went out as
        self.broken: list[str] = []
        self.journal: list[str] = []
        self.webhooks: list[Json] = []
        self.words = 0
        self.actors = {each: world.operator(number=each, role=Role.ADMINISTRATOR) for each in PEOPLE}
        self.reception = Reception(settings=world.settings)
        self.turns = {name: world.turn_worker(name) for name in WORKERS}
        self.senders = {name: world.sender_worker(name) for name in WORKERS}

    # --- steps ------------------------------------------------------------------------------------

    @property
    def steps(self) -> list[Callable[[], object]]:
        """Everything that may happen, the usual more often."""
        return [
            *[self.customer_writes] * 4, *[self.customer_taps] * 2, self.webhook_again, self.customer_reacts,
            *[self.bot_thinks] * 6, *[self.somebody_sends] * 6, *[self.goes_on] * 6, self.worker_dies,
            *[self.time_passes] * 5, *[self.take] * 3, *[self.write] * 2, self.give_back, *[self.close] * 2,
            self.assign, self.reopen, self.echo, self.phone_rests, self.status, self.expire,
        ]  # fmt: skip

    def step(self) -> None:
        """Let something happen."""
        step = self.random.choice(self.steps)
        self.journal.append(step.__name__)
        outcome = step()
        if outcome is not None:
            self.journal[-1] += f" {outcome}"

    def customer_writes(self) -> str:
        body = self.random.choice(TEXTS)
        late = self.random.choice((0, 0, 0, 20))
        at = self.world.clock()
        item = whatsapp.text(
            ANA, body, wamid=self.world.wamid(), at=type(at).fromtimestamp(at.timestamp() - late, at.tzinfo)
        )
        return self._post(item, body)

    def customer_taps(self) -> str:
        payload = self.random.choice(TAPS)
        item = whatsapp.tap(ANA, payload, title=payload, wamid=self.world.wamid(), at=self.world.clock())
        return self._post(item, payload)

    def customer_reacts(self) -> str:
        item = whatsapp.message(
            ANA, wamid=self.world.wamid(), at=self.world.clock(), kind="reaction", message_id="w0", emoji="👍"
        )
        return self._post(item, "👍")

    def webhook_again(self) -> None:
        if self.webhooks:
            assert self.world.post(self.random.choice(self.webhooks)).status_code == 200

    def bot_thinks(self) -> str:
        name = self.random.choice(list(self.turns))
        self.world.sends_at_once = self.random.random() < 0.5
        if any(busy == name for busy, _ in self.runs):
            return f"{name} is busy"  # the loop of a worker never gives out a conversation twice
        for contact_id in self.turns[name].due(1):
            self._run(name, partial(self.turns[name].work, contact_id))
        return name

    def somebody_sends(self) -> str:
        name = self.random.choice(list(self.senders))
        for outbound_id in self.senders[name].due(1):
            self._run(name, partial(self.senders[name].work, outbound_id))
        return name

    def goes_on(self) -> None:
        if self.runs:
            name, run = self.runs.pop(self.random.randrange(len(self.runs)))
            self._switch(name, run)

    def worker_dies(self) -> str:
        name = self.random.choice(list(self.turns))
        self._kill(name)
        if self.random.random() < 0.5:  # a new one knows at once that its forerunner is dead
            with self.world.database.transaction() as session:
                leases.give_back(session, worker=name, now=self.world.clock())
        return name

    def time_passes(self) -> str:
        seconds = self.random.choice((1, 3, 3, 9, 9, 70, 100, 100, 600, 3600, 5 * 3600, 13 * 3600, 25 * 3600))
        self.world.clock.move(seconds=seconds)
        return f"{seconds} s"

    def take(self) -> str | None:
        """Somebody takes the conversation, also from a colleague."""
        holder = self._holder()
        return self._desk(
            partial(taking.take, from_operator=holder, expires_after=EXPIRES), self.random.choice(PEOPLE)
        )

    def give_back(self) -> str | None:
        return self._desk(taking.give_back, self._holder() or PEOPLE[0])

    def assign(self) -> str | None:
        return self._desk(partial(taking.assign, to_operator=self.random.choice(PEOPLE)), self._holder() or 0)

    def write(self) -> str | None:
        """Whoever attends writes; the line is weak, so that it may be sent twice."""
        holder = self._holder() or PEOPLE[0]
        self.words += self.random.random() < 0.8
        text = f"palabra {self.words} de {holder}"
        by = Writer(operator_id=holder, contact_id=self.world.contact().id, key=text)
        try:
            with self.world.database.transaction() as session:
                writing.send(session, by=by, text=text, reply_to="", file_id=None, now=self.world.clock())
        except OpenbotError as error:
            return error.code
        return text

    def close(self) -> str | None:
        return self._move((State.COMPLETE, State.IN_PROGRESS), self.random.choice(CLOSES))

    def reopen(self) -> str | None:
        return self._move((*CLOSES, State.EXPIRED), State.IN_PROGRESS, reason="se reabre")

    def echo(self) -> None:
        self.world.echo("Hola, soy Laura")

    def phone_rests(self) -> str | None:
        with self.world.database.transaction() as session:
            contact_id = self.world.contact().id
            return (
                "given back"
                if handover.end_phone_reply(session, contact_id=contact_id, now=self.world.clock())
                else None
            )

    def status(self) -> str | None:
        if not self.wire:
            return None
        number, _ = self.random.choice(self.wire)
        name = self.random.choice(("sent", "delivered", "read", "failed"))
        mark = self.random.choice(("", f"openbot:{number}"))
        self.world.status(
            name, wamid=f"wamid.OUT{number}", mark=mark, errors=[{"code": 131026, "title": "No"}]
        )
        return f"{name} {number}"

    def expire(self) -> None:
        self.world.deadlines.once()

    def come_to_rest(self) -> None:
        """Nothing goes wrong any more: leases end, what is due is done."""
        self.calm = True
        for name in self.turns:
            self._kill(name)
        for seconds in (9, 61, 100, 100, 100, 61):
            self.world.clock.move(seconds=seconds)
            while self._work_all():
                pass

    # --- workers ----------------------------------------------------------------------------------

    def _work_all(self) -> int:
        turns, sends = self.turns["one"].due(5), self.senders["one"].due(5)
        for contact_id in turns:
            self._run("one", partial(self.turns["one"].work, contact_id))
        for outbound_id in sends:
            self._run("one", partial(self.senders["one"].work, outbound_id))
        return len(turns) + len(sends)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        self._switch(name, greenlet(work))

    def _switch(self, name: str, run: Any) -> None:
        self.world.whatsapp.faults[:] = [self._on_the_wire]
        with suppress(Killed):
            run.switch()
        if not run.dead:
            self.runs.append((name, run))

    def _kill(self, name: str) -> None:
        mine = [run for run in self.runs if run[0] == name]
        self.runs = [run for run in self.runs if run[0] != name]
        for _, run in mine:
            with suppress(Killed):
                run.throw(Killed)

    def _rest(self) -> None:
        """Stop here until somebody lets this worker go on, or kills it."""
        parent = getcurrent().parent
        if not self.calm and parent is not None and self.random.random() < 0.6:
            parent.switch()

    def _trouble(self, share: float) -> bool:
        return not self.calm and self.random.random() < share

    # --- WhatsApp ---------------------------------------------------------------------------------

    def _on_the_wire(self, request: httpx.Request) -> httpx.Response:
        """A send was released in this very instant."""
        body = json.loads(request.content)
        number = int(body["biz_opaque_callback_data"].removeprefix("openbot:"))
        if self._trouble(0.08):
            raise Killed
        if self._trouble(0.08):
            return whatsapp.refusal(self.random.choice((131056, 131026, 2)), http=400)
        self._arrives(number)
        self._rest()
        if self._trouble(0.1):
            raise self.random.choice((Killed(), httpx.ReadTimeout("no answer", request=request)))
        return httpx.Response(200, json={"messages": [{"id": f"wamid.OUT{number}"}]})

    def _arrives(self, number: int) -> None:
        with self.world.database.reading() as session:
            row = session.get_one(Outbound, number)
            contact = session.get_one(Contact, row.contact_id)
            if row.author is Author.OPERATOR and self.spoken.setdefault(row.text, number) != number:
                self.broken.append(f"{row.text!r} went out as two messages")
            if row.author is Author.BOT and self._owner(session, contact) is Owner.OPERATOR:
                self.broken.append(f"{row.text!r} of the bot went out under an operator")
        if self.wire and self.wire[-1][0] > number:
            self.broken.append(f"message {number} came after message {self.wire[-1][0]}")
        again = sum(1 for known, _ in self.wire if known == number)
        if again > row.doubts:
            self.broken.append(f"message {number} went out {again + 1} times after {row.doubts} doubts")
        self.wire.append((number, str(row.author)))

    # --- the assistant ----------------------------------------------------------------------------

    def _act(self, question: Question) -> Answered | list[Reply]:
        self._rest()
        if self._trouble(0.05):
            raise self.random.choice((AssistantAway("away"), AssistantFailed("failed")))
        said = [message.get("payload") or message["text"] for message in question.messages]
        with self.world.database.transaction() as session:
            if not self._acts(session, question, said):
                return OVERTAKEN
        self._rest()
        return [{"text": "oí: " + " | ".join(said)}]

    def _acts(self, session: Session, question: Question, said: list[str]) -> bool:
        """What the actions do, once for a turn; False when they find owner or order changed."""
        contact = contacts.lock(session, contact_id=question.contact_id)
        if session.get(ActionCall, (question.turn_id, 0, "acts", 0)) is not None:
            return True
        intents = [intent_of_tap(each) for each in said]
        if turn_endings.is_over(session, turn_id=question.turn_id):
            return False
        if any(intent in RESUMING_INTENTS for intent in intents):
            contact.waiting_since = contact.waiting_turn_id = None
        order = queries.open_order(session, contact_id=contact.id)
        if (
            self._owner(session, contact) is not Owner.BOT
            or (order.id if order else None) != question.order_id
        ):
            return False
        if order is None or not self._does(session, question, order_id=order.id, said=said, intents=intents):
            return True
        session.add(ActionCall(turn_id=question.turn_id, position=0, action="acts", nth=0, response="{}"))
        return True

    def _does(
        self, session: Session, question: Question, *, order_id: int, said: list[str], intents: list[str]
    ) -> bool:
        now = self.world.clock()
        words = {word for each in said for word in each.split("\n")}
        if PERSON in words or "about_closed" in intents:
            orders.ask_for_person(session, order_id=order_id, reason=PERSON, now=now)
            contact = session.get_one(Contact, question.contact_id)
            contact.waiting_since, contact.waiting_turn_id = now, question.turn_id
        elif "resume_bot" in intents:
            orders.change(session, order_id=order_id, actor=CUSTOMER, now=now, fields={"needs_person": False})
        elif ORDER in words:
            comment = f"{orders.get(session, order_id=order_id).comment}|{question.turn_id}"
            orders.change(session, order_id=order_id, actor=CUSTOMER, now=now, fields={"comment": comment})
        elif CONFIRM in words and orders.get(session, order_id=order_id).state is State.INCOMPLETE:
            orders.move(session, order_id=order_id, to=State.COMPLETE, actor=BOT, now=now)
        else:
            return False
        return True

    # --- looking ----------------------------------------------------------------------------------

    def _owner(self, session: Session, contact: Contact) -> Owner:
        return owner_of(
            order_state=queries.open_order_state(session, contact_id=contact.id),
            phone_reply_until=contact.phone_reply_until,
            waiting_since=contact.waiting_since,
            now=self.world.clock(),
        )

    def _holder(self) -> int | None:
        order = self._latest_order()
        is_held = order is not None and order.state is State.IN_PROGRESS
        return order.operator_id if is_held else None

    def _desk(self, act: Callable[..., None], operator_id: int) -> str:
        contact_id, actor = self.world.contact().id, self.actors.get(operator_id, self.actors[PEOPLE[0]])
        try:
            with self.world.database.transaction() as session:
                act(
                    session,
                    contact_id=contact_id,
                    operator_id=operator_id,
                    actor=actor,
                    now=self.world.clock(),
                )
        except OpenbotError as error:
            return error.code
        return f"by {operator_id}"

    def _latest_order(self) -> Any:
        from openbot.schema import Order

        found = self.world.rows(Order)
        return next((order for order in found if order.state in OPEN_STATES), found[-1] if found else None)

    def _move(self, before: tuple[State, ...], to: State, *, reason: str = "") -> str | None:
        order = self._latest_order()
        if order is None or order.state not in before:
            return None
        try:
            self.world.move(to, actor=self.actors[PEOPLE[0]], reason=reason)
        except OpenbotError as error:
            return error.code
        return f"{order.id}: {order.state} → {to}"

    def _behind_the_door(self, webhook: Json | bytes, **_headers: str) -> httpx.Response:
        items = self.reception.sort(envelope.read(json.dumps(webhook).encode()))
        with self.world.database.transaction() as session:
            self.reception.take(session, items=items, now=self.world.clock())
        return httpx.Response(200)

    def _post(self, item: Json, said: str) -> str:
        webhook = whatsapp.envelope([whatsapp.change(item, who=(ANA,))])
        self.webhooks.append(webhook)
        assert self.world.post(webhook).status_code == 200
        return said
