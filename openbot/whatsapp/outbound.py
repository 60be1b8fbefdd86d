"""From what is to be said to as few messages as WhatsApp's limits allow (contract §5, product §3)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from openbot.whatsapp import fitting, limits
from openbot.whatsapp.bodies import Address, body, options_of, plain, text_of
from openbot.whatsapp.choices import choices_of
from openbot.whatsapp.limits import check
from openbot.whatsapp.replies import (
    Bubble,
    Button,
    ListMenu,
    Medium,
    MediumKind,
    Reply,
    Request,
    Row,
    Section,
    Template,
)

__all__ = [
    "Address",
    "Bubble",
    "Button",
    "ListMenu",
    "Medium",
    "MediumKind",
    "Reply",
    "Request",
    "Row",
    "Section",
    "Template",
    "body",
    "check",
    "merge",
    "options_of",
    "plain",
    "split_text",
    "text_of",
]

#: A bubble with something to tap needs a sentence (contract §5.3); used when the reply brought none.
_SENTENCES = {
    Request.LOCATION: "Mandanos tu ubicación con el botón 👇",
    Request.CONTACT: "Compartinos tu número con el botón 👇",
    None: "Elegí una opción 👇",
}


def merge(replies: Iterable[Reply]) -> tuple[Bubble, ...]:
    """Make at most two bubbles, normally one, of the replies of one turn; none when they say nothing.

    Texts are joined by a blank line in their order. Of several things to tap the last one wins. The first
    medium wins; links of others are written out. What is longer than two bubbles ends in «…».
    """
    said = [reply for reply in replies if not reply.is_empty]
    tap, own = _last_to_tap(said)
    medium = next((reply.medium for reply in said if reply.medium), None)
    texts = [_words_of(reply, own=own, tap=tap, medium=medium) for reply in said]
    before = _joined(text for reply, text in zip(said, texts, strict=True) if reply is not own)
    whole = _joined(texts)
    if tap is not None:
        mine = _joined(text for reply, text in zip(said, texts, strict=True) if reply is own)
        return _with_tap(tap, whole=whole, before=before, mine=mine, medium=medium)
    if medium is not None:
        return _with_medium(medium, text=whole)
    parts = fitting.split(whole, limits.TEXT)
    if len(parts) > limits.BUBBLES:
        rest = whole[len(parts[0]) :].lstrip()
        parts = (parts[0], fitting.shorten(rest, limits.TEXT))
    return tuple(Bubble(text=part) for part in parts)


def split_text(text: str) -> tuple[Bubble, ...]:
    """Make as many bubbles as an operator's text needs: nothing of it is lost. None for an empty text."""
    return tuple(Bubble(text=part) for part in fitting.split(text, limits.TEXT))


def _last_to_tap(said: Sequence[Reply]) -> tuple[Bubble | None, Reply | None]:
    """Return what to tap, as a bubble without text, and the reply it belongs to."""
    for reply in reversed(said):
        choices = choices_of(reply)
        if choices.buttons or choices.menu:
            return Bubble(buttons=choices.buttons, menu=choices.menu), reply
        if reply.request:
            return Bubble(request=reply.request), reply
    return None, None


def _words_of(reply: Reply, *, own: Reply | None, tap: Bubble | None, medium: Medium | None) -> str:
    spoken = [fitting.tidy(reply.text)]
    # An offer that cannot be tapped, now or at all, is still there to read.
    if reply is own or tap is None:
        spoken.append(choices_of(reply).spelled_out)
    if reply.medium and reply.medium is not medium and reply.medium.link:
        spoken.append(reply.medium.link)
    return _joined(spoken)


def _with_tap(
    tap: Bubble, *, whole: str, before: str, mine: str, medium: Medium | None
) -> tuple[Bubble, ...]:
    sentence = _SENTENCES[tap.request]
    if len(whole) <= limits.INTERACTIVE_BODY:
        last = replace(tap, text=whole or sentence)
        return (Bubble(medium=medium), last) if medium else (last,)
    if len(mine) > limits.INTERACTIVE_BODY:
        front, _, tail = mine.rpartition("\n\n")
        front, tail = (front, tail) if front and len(tail) <= limits.INTERACTIVE_BODY else (mine, "")
        before, mine = _joined((before, front)), tail
    first = fitting.shorten(before, limits.CAPTION if medium else limits.TEXT)
    return Bubble(text=first, medium=medium), replace(tap, text=fitting.tidy(mine) or sentence)


def _with_medium(medium: Medium, *, text: str) -> tuple[Bubble, ...]:
    if len(text) <= limits.CAPTION:
        return (Bubble(text=text, medium=medium),)
    return Bubble(text=fitting.shorten(text, limits.TEXT)), Bubble(medium=medium)


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)
