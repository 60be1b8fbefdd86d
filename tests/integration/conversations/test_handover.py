"""Who answers: the silence guarantee (product §2)."""

from openbot.assistant import Question
from openbot.conversations import queueing
from openbot.schema import ActionCall, Contact, Inbound, Outbound, Turn
from openbot.vocabulary import Author, InboxState, OutboxState, State, TurnState
from openbot.whatsapp.outbound import Bubble
from tests.support.assistant import OVERTAKEN
from tests.support.whatsapp import ANA
from tests.support.world import World


def states(world: World) -> list[InboxState]:
    return [row.state for row in world.rows(Inbound)]


def writes(world: World, body: str) -> None:
    """An operator writes to Ana."""
    with world.database.transaction() as session:
        row = queueing.queue_notice(
            session,
            contact=session.get_one(Contact, world.contact().id),
            bubble=Bubble(text=body),
            now=world.clock(),
        )
        row.author = Author.OPERATOR


def wait_for_a_person(world: World) -> None:
    """The turn in hand asks for a person, as the action does."""

    def act(question: Question) -> list[dict[str, str]]:
        with world.database.transaction() as session:
            contact = session.get_one(Contact, question.contact_id)
            contact.waiting_since, contact.waiting_turn_id = world.clock(), question.turn_id
        return [{"text": "Ya le aviso a una persona"}]

    before, world.assistant.act = world.assistant.act, act
    world.converse("quiero hablar con alguien")
    world.assistant.act = before


# --- an operator takes the order ------------------------------------------------------------------


def test_under_an_operator_the_bot_is_silent_and_messages_are_unread(world: World) -> None:
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    world.converse("¿hay alguien?")
    world.taps("/menu")
    world.settle()
    assert len(world.whatsapp.delivered) == 1
    assert states(world)[1:] == [InboxState.LEFT] * 2
    assert world.contact().unread == 2


def test_what_waited_for_its_turn_is_the_operators(world: World) -> None:
    world.says("hola")
    world.move(State.IN_PROGRESS)
    world.wait(seconds=10)
    assert world.assistant.questions == []
    assert (states(world), world.contact().unread) == ([InboxState.LEFT], 1)


def test_a_reply_computed_during_the_take_is_struck_and_the_message_unread(world: World) -> None:
    world.says("hola")
    world.clock.move(seconds=3)
    world.assistant.during = lambda _question: world.move(State.IN_PROGRESS)
    world.settle()
    assert world.whatsapp.delivered == []
    line = world.transcript()[-1]
    assert (line.author, line.state, line.reason) == ("bot", "discarded", "una persona tomó la conversación")
    assert (states(world), world.contact().unread) == ([InboxState.LEFT], 1)
    assert world.rows(Turn)[0].state is TurnState.LEFT


def test_a_reply_queued_before_the_take_is_struck_at_its_release(world: World) -> None:
    world.says("hola")
    world.clock.move(seconds=3)
    world.answer()
    number = world.contact().dialogue_number
    world.move(State.IN_PROGRESS)
    world.send()
    assert world.whatsapp.delivered == []
    assert world.rows(Outbound)[0].state is OutboxState.DISCARDED
    assert (states(world), world.contact().unread) == ([InboxState.LEFT], 1)
    assert world.contact().dialogue_number > number


def test_a_retried_turn_is_not_asked_again_after_the_take(world: World) -> None:
    from openbot.assistant import AssistantAway

    world.assistant.errors = [AssistantAway("nobody there")]
    world.says("hola")
    world.wait(seconds=3)
    world.move(State.IN_PROGRESS)
    world.wait(minutes=1)
    assert len(world.assistant.questions) == 1
    assert (states(world), world.contact().unread) == ([InboxState.LEFT], 1)


def test_the_operators_words_go_out_after_what_was_released(world: World) -> None:
    world.says("hola")
    world.clock.move(seconds=3)
    world.answer()
    world.send()
    world.move(State.IN_PROGRESS)
    writes(world, "Hola, soy Laura")
    world.send()
    assert world.whatsapp.texts() == ["oí: hola", "Hola, soy Laura"]


def test_a_notice_of_the_system_goes_out_under_an_operator(world: World) -> None:
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    with world.database.transaction() as session:
        contact = session.get_one(Contact, world.contact().id)
        queueing.queue_notice(
            session, contact=contact, bubble=Bubble(text="Tu pedido está en camino"), now=world.clock()
        )
    world.send()
    assert world.whatsapp.texts()[-1] == "Tu pedido está en camino"


def test_given_back_what_came_after_the_operators_last_word_is_one_turn(world: World) -> None:
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    world.says("antes")
    world.clock.move(seconds=5)
    writes(world, "ya te atiendo")
    world.settle()
    world.clock.move(seconds=5)
    world.says("después")
    world.says("y esto")
    world.clock.move(minutes=1)
    world.move(State.INCOMPLETE)
    world.settle()
    assert world.assistant.heard[1:] == [["después\ny esto"]]
    assert world.assistant.questions[-1].dialogue == "[]"
    assert world.contact().unread == 1


def test_given_back_nothing_from_before_an_earlier_close_comes_back(world: World) -> None:
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    world.says("nadie me contestó")
    world.clock.move(minutes=1)
    world.move(State.RESOLVED)
    world.clock.move(hours=13)
    world.converse("otro pedido")
    world.move(State.IN_PROGRESS)
    world.clock.move(minutes=1)
    world.says("¿están?")
    world.move(State.INCOMPLETE)
    world.settle()
    assert world.assistant.heard == [["hola"], ["otro pedido"], ["¿están?"]]


def test_given_back_what_took_effect_already_is_not_done_twice(world: World) -> None:
    def act(question: Question) -> list[dict[str, str]]:
        with world.database.transaction() as session:
            session.merge(ActionCall(turn_id=question.turn_id, position=0, action="a", nth=0, response="{}"))
        return [{"text": "listo, sumé dos"}]

    world.assistant.act = act
    world.says("sumale dos")
    world.clock.move(seconds=3)
    world.answer()
    world.move(State.IN_PROGRESS)
    world.send()
    world.clock.move(minutes=1)
    world.move(State.INCOMPLETE)
    world.settle()
    assert len(world.assistant.questions) == 1
    assert (states(world), world.contact().unread) == ([InboxState.LEFT], 1)
    assert world.order().waiting_since is not None  # in the queue of who may answer it


def test_taken_and_given_back_during_a_turn_the_message_is_answered_by_a_new_one(world: World) -> None:
    def operator_hesitates(_question: Question) -> None:
        world.move(State.IN_PROGRESS)
        world.move(State.INCOMPLETE)

    world.says("hola")
    world.clock.move(seconds=3)
    world.assistant.during = operator_hesitates
    world.settle()
    assert world.assistant.heard == [["hola"], ["hola"]]
    assert world.whatsapp.texts() == ["oí: hola"]
    assert [turn.state for turn in world.rows(Turn)] == [TurnState.OVERTAKEN, TurnState.ANSWERED]


def test_what_came_before_a_close_never_becomes_a_turn(world: World) -> None:
    world.converse("hola")
    world.clock.move(seconds=10)
    world.says("una cosa más")
    world.move(State.IN_PROGRESS)
    world.move(State.RESOLVED)
    world.wait(minutes=1)
    assert len(world.assistant.questions) == 1
    assert world.contact().unread == 1
    assert world.contact().dialogue_number == 3


# --- an action finds the order changed ------------------------------------------------------------


def test_an_overtaken_turn_is_left_to_the_operator(world: World) -> None:
    def overtake(_question: Question):
        world.move(State.IN_PROGRESS)
        return OVERTAKEN

    world.assistant.act = overtake
    world.converse("sumale dos")
    assert (states(world), world.contact().unread) == ([InboxState.LEFT], 1)
    assert world.rows(Outbound) == []


def test_an_overtaken_turn_of_the_bot_is_one_new_turn(world: World) -> None:
    answers = [OVERTAKEN, [{"text": "ahora sí"}]]
    world.assistant.act = lambda _question: answers.pop(0)
    world.converse("sumale dos")
    assert world.whatsapp.texts() == ["ahora sí"]
    first, second = world.assistant.questions
    assert first.turn_id != second.turn_id
    assert first.messages == second.messages


def test_an_overtaken_turn_whose_order_an_operator_closed_is_left(world: World) -> None:
    def close(_question: Question):
        world.move(State.CANCELLED)
        return OVERTAKEN

    world.assistant.act = close
    world.converse("sumale dos")
    world.wait(minutes=1)
    assert len(world.assistant.questions) == 1
    assert world.contact().unread == 1


# --- waiting for a person ---------------------------------------------------------------------------


def test_who_asked_for_a_person_gets_one_confirmation_and_then_silence(world: World) -> None:
    wait_for_a_person(world)
    world.converse("¿y?")
    assert world.whatsapp.texts() == ["Ya le aviso a una persona"]
    assert states(world) == [InboxState.ANSWERED, InboxState.LEFT]
    assert world.contact().unread == 1


def test_a_text_that_came_during_that_turn_is_for_the_person(world: World) -> None:
    def act(question: Question) -> list[dict[str, str]]:
        with world.database.transaction() as session:
            contact = session.get_one(Contact, question.contact_id)
            contact.waiting_since, contact.waiting_turn_id = world.clock(), question.turn_id
        return [{"text": "Ya le aviso a una persona"}]

    world.assistant.act = act
    world.says("quiero hablar con alguien")
    world.clock.move(seconds=3)
    world.assistant.during = lambda _question: world.says("es urgente")
    world.answer()
    world.wait(seconds=10)
    assert len(world.assistant.questions) == 1
    assert states(world) == [InboxState.ANSWERED, InboxState.LEFT]
    assert world.whatsapp.texts() == ["Ya le aviso a una persona"]


def test_a_tap_of_the_menu_gives_the_conversation_back(world: World) -> None:
    wait_for_a_person(world)
    for payload in ("/choose{}", "/resume_bot"):
        world.taps(payload, title=payload)
        world.settle()
    assert states(world)[1:] == [InboxState.LEFT, InboxState.ANSWERED]
    assert world.whatsapp.texts()[-1] == "oí: /resume_bot"
    assert world.contact().waiting_since is None


def test_the_turn_that_asked_for_a_person_is_finished_after_a_crash(world: World) -> None:
    """The action's commit already made the customer wait; the same turn is tried again."""
    from openbot.assistant import AssistantFailed

    world.says("una persona")
    world.clock.move(seconds=3)

    def asks_and_dies(question: Question):
        with world.database.transaction() as session:
            contact = session.get_one(Contact, question.contact_id)
            contact.waiting_since, contact.waiting_turn_id = world.clock(), question.turn_id
        raise AssistantFailed("killed")

    world.assistant.act = asks_and_dies
    world.answer()
    world.assistant.act = lambda _question: [{"text": "Ya le aviso"}]
    world.wait(seconds=10)
    assert world.whatsapp.texts() == ["Ya le aviso"]


# --- the company answers from its own phone ---------------------------------------------------------


def test_an_echo_silences_the_bot_for_four_hours(world: World) -> None:
    world.converse("hola")
    world.echo("Hola Ana, soy Laura")
    world.clock.move(minutes=1)
    world.converse("¡hola Laura!")
    assert len(world.whatsapp.delivered) == 1
    assert world.said()[-2:] == [("operador", "Hola Ana, soy Laura"), ("cliente", "¡hola Laura!")]
    world.clock.move(hours=4, seconds=1)
    world.converse("¿sigo con el bot?")
    assert world.whatsapp.texts()[-1] == "oí: ¿sigo con el bot?"


def test_the_customers_messages_extend_that_silence(world: World) -> None:
    world.converse("hola")
    world.echo("Hola Ana, soy Laura")
    for _ in range(2):
        world.clock.move(hours=3)
        world.converse("acá sigo")
    assert len(world.whatsapp.delivered) == 1
    assert world.contact().unread == 2


def test_an_echo_strikes_the_reply_that_was_not_released(world: World) -> None:
    world.says("hola")
    world.clock.move(seconds=3)
    world.answer()
    world.echo("Hola Ana, soy Laura")
    world.send()
    assert world.whatsapp.delivered == []
    assert states(world) == [InboxState.LEFT]


def test_the_same_echo_twice_is_one_line(world: World) -> None:
    world.says("hola")
    for _ in range(2):
        world.echo("Hola Ana", wamid="wamid.E1")
    assert [line.text for line in world.transcript(ANA)] == ["hola", "Hola Ana"]
