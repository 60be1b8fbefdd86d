"""What the customer saw last, out of the dialogue's events."""

from actions.last_answer import Option, closed_order_asked_about, options_shown

BUTTONS = {"buttons": [{"title": "Sí", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]}
ROWS = {"custom": {"list": {"sections": [{"rows": [{"title": "Belgrano", "id": '/choose{"branch": "2"}'}]}]}}}


def customer(intent="inform", entities=()):
    return {"event": "user", "parse_data": {"intent": {"name": intent}, "entities": list(entities)}}


def bot(data=None):
    return {"event": "bot", "text": "…", "data": data or {}}


def test_the_options_are_those_of_the_latest_answer():
    events = [customer(), bot(ROWS), customer(), bot(BUTTONS), customer()]
    assert options_shown(events) == [Option("Sí", "/affirm"), Option("No", "/deny")]


def test_rows_of_a_list_are_options():
    assert options_shown([customer(), bot(ROWS), customer()]) == [
        Option("Belgrano", '/choose{"branch": "2"}')
    ]


def test_an_answer_without_options_ends_the_earlier_ones():
    assert options_shown([customer(), bot(BUTTONS), customer(), bot(), customer()]) == []


def test_a_first_message_has_no_options_before_it():
    assert options_shown([customer()]) == []
    assert options_shown([]) == []


def test_the_last_of_several_bubbles_counts():
    events = [customer(), bot(BUTTONS), bot(ROWS), bot(), customer()]
    assert [each.title for each in options_shown(events)] == ["Belgrano"]


def test_the_closed_order_is_known_while_it_is_asked_about():
    asked = customer("after_close", [{"entity": "order", "value": "123"}])
    assert closed_order_asked_about([asked, bot(BUTTONS), customer()]) == 123
    assert closed_order_asked_about([asked, bot(BUTTONS), customer(), bot(), customer()]) is None
    assert closed_order_asked_about([customer()]) is None
