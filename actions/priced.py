"""«¿Tenés hielo?» … «sí, 2»: what was only priced is wanted."""

import re
from dataclasses import replace

from actions.carrying_out import carry_out
from actions.draft import Draft
from actions.hearing import read_text
from actions.order_goods import take_goods
from actions.scene import Scene

_WANTS = re.compile(
    r"^\W*s[ií]\b|\b(?:dame|mandame|mand[aá]|poneme|quiero|agreg\w+|sum\w+|anot\w+|llevo)\b", re.IGNORECASE
)


def take_priced(scene: Scene) -> bool:
    """Take a yes to what we priced last into the order; False when the text is none."""
    priced = scene.memory.shown
    if not priced or not scene.message.is_text or not _WANTS.search(scene.message.text):
        return False
    scene.need_order()
    scene.message = replace(scene.message, intent="order")
    draft = Draft()
    take_goods(scene, read_text(scene), draft)
    if draft:
        carry_out(scene, draft)
    elif not scene.memory.questions and len(priced) == 1:
        scene.memory.ask_first({"kind": "quantity", "product": priced[0]})
    elif not scene.memory.questions:
        scene.memory.ask_first({"kind": "which", "said": "", "options": priced[:9]})
    scene.memory.shown = []
    return True
