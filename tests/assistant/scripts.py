"""What the toy's customers write, and random conversations made of it."""
# ruff: noqa: S311  # dice are no secrets

import random

from conftest import other, tap, text

SAID = [
    text("hola"),
    text("quiero hacer un pedido"),
    text("pizza"),
    text("empanadas"),
    text("dos"),
    text("cero"),
    text("centro"),
    text("horarios"),
    text("contame un chiste"),
    text("dale"),
    text("no quiero"),
    text("cancelar"),
    text("qwerty asdf"),
    text("/restart"),
    tap('/choose{"quantity":"2"}'),
    tap('/choose{"branch":"2"}'),
    tap('/choose{"product":"pizza","quantity":"3","branch":"1"}'),
    tap("/gone"),
    tap('/confirm_order{"order":"1043","version":"7"}'),
    other("image", {"media_id": "1"}),
    other("location", {"latitude": -34.6, "longitude": -58.3}),
    other("sticker"),
    other("audio"),
]
HELLO, START, PIZZA, EMPANADAS, TWO, ZERO, CENTRE, HOURS, JOKE, YES, NO, CANCEL = SAID[:12]
ORDER = [HELLO, START, PIZZA, HOURS, SAID[14], CENTRE]


def conversation(seed, turns):
    """Words at random, with whole orders and jokes in between, so that forms and stories really run."""
    draw = random.Random(seed)
    script = []
    while len(script) < turns:
        script += draw.choice([ORDER, [JOKE, YES], [JOKE, NO], draw.choices(SAID, k=3), [START, PIZZA]])
    return script[:turns]
