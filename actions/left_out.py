"""Goods about which a question stays unanswered: the second time they are left out, and the order goes on."""

from collections.abc import Sequence

from actions import shown
from actions.memory import Question
from actions.scene import Scene

PATIENCE = 2
_ABOUT_GOODS = frozenset({"which", "which_item", "quantity"})


def pass_over(scene: Scene, question: Question | None) -> None:
    """Something else was said than the answer to this question; asked in vain twice, it is given up."""
    if question is None or question["kind"] not in _ABOUT_GOODS or scene.memory.question != question:
        return
    times = question.get("passed", 0) + 1
    rest = scene.memory.questions[1:]
    if times < PATIENCE:
        scene.memory.questions = [{**question, "passed": times}, *rest]
        return
    scene.memory.questions = rest
    _say_left_out(scene, [question])


def leave_out_first(scene: Scene) -> None:
    """«Ninguna», «no»: the question in hand is settled without an answer."""
    question = scene.memory.question
    scene.memory.settle()
    if question is not None and question["kind"] in _ABOUT_GOODS:
        _say_left_out(scene, [question])


def leave_out_all(scene: Scene) -> None:
    """«Eso es todo»: what is still unclear is left out."""
    unclear = [each for each in scene.memory.questions if each["kind"] in _ABOUT_GOODS]
    scene.memory.questions = [each for each in scene.memory.questions if each not in unclear]
    _say_left_out(scene, unclear)


def _say_left_out(scene: Scene, questions: Sequence[Question]) -> None:
    names = [_named(scene, each) for each in questions if each["kind"] != "which_item"]
    if any(names):
        scene.say("utter_left_out", said=shown.joined(list(dict.fromkeys(filter(None, names)))))
    elif questions and not names:
        scene.say("utter_left_in")


def _named(scene: Scene, question: Question) -> str:
    if question["kind"] == "which":
        return f"«{question['said']}»" if question["said"] else ""
    product = scene.catalogue.product(question["product"])
    return product.name if product else ""
