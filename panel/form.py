"""One form of a screen: its fields, the mistake beside each, and what to do when somebody else was faster.

What was typed stays in the fields through every refusal and every run of the script: Streamlit keeps it by key; with a
`Draft` it outlives a reload, too. Only what differs from the values the form began with is sent, so nobody's field is
overwritten unseen.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import streamlit as st

from panel import texts
from panel.client import ApiRefused
from panel.drafts import Draft
from panel.formats import amount

CONFLICT = 409
_BETWEEN_NAMES = re.compile(r"\s*[\n;]+\s*|\s*,\s*(?!\d)")


class Form:
    """Make it inside `st.form`, or with a draft outside of one. `values` are what is there now, if anything."""

    def __init__(
        self,
        key: str,
        values: Mapping[str, Any] | None = None,
        *,
        sentences: Mapping[str, str] | None = None,
        draft: Draft | None = None,
    ) -> None:
        """`key` is of this form and this row alone; `sentences` say codes better than the common ones."""
        self.key = key
        self.draft = draft
        self.raw: dict[str, Any] = {}  #: what differs, as it stands in the fields
        self.values = dict(values or {})
        self.is_new = not values
        self.sentences = sentences or {}
        self.typed: dict[str, Any] = {}
        self.needed: dict[str, str] = {}
        self._slots: dict[str, Any] = {}
        self._shown: dict[str, Callable[[Any], str]] = {}
        self._note: Any = None

    # --- fields -----------------------------------------------------------------------------------

    def text(self, name: str, label: str, *, lines: int = 0, needed: bool = False, **how: Any) -> None:
        """A text; `lines` makes room for several."""
        before = str(self.values.get(name) or "")
        if lines:
            how["height"] = 24 * lines + 18
        widget = st.text_area if lines else self.line
        first = self.begin(name, before, str)
        self._keep(name, widget(self._label(label, needed=needed), first, key=self._id(name), **how), before)
        if needed:
            self.needed[name] = "missing"

    def money(self, name: str, label: str, *, needed: bool = False, **how: Any) -> None:
        """Pesos, typed as people write them; the API reads them."""
        before = amount(self.values.get(name))
        how.setdefault("placeholder", "0,00")
        typed = self.line(
            self._label(label, needed=needed),
            self.begin(name, before, str),
            key=self._id(name),
            icon=":material/attach_money:",
            **how,
        )
        self._keep(name, typed, before)
        self._shown[name] = amount
        if needed:
            self.needed[name] = "missing"

    def number(self, name: str, label: str, *, whole: bool = True, **how: Any) -> None:
        """A number; empty is None."""
        before = self.values.get(name)
        how |= {"step": 1, "format": "%d"} if whole else {"step": 1.0, "format": "%g"}
        first = self.begin(name, before, int | float)
        if first is not None:  # the bounds may have moved since it was typed
            first = max(how.get("min_value", first), min(how.get("max_value", first), first))
        typed = st.number_input(label, value=first, key=self._id(name), **how)
        self._keep(name, typed, before)

    def names(self, name: str, label: str, *, lines: int = 2, **how: Any) -> None:
        """A list of short texts, with commas or line breaks between."""
        before = ", ".join(self.values.get(name) or ())
        first = self.begin(name, before, str)
        typed = st.text_area(label, first, key=self._id(name), height=24 * lines + 18, **how)
        self._keep(name, typed, before, read=split_names)
        self._shown[name] = ", ".join

    def choice(self, name: str, label: str, options: Mapping[Any, str], **how: Any) -> None:
        """One of several values, each with its word."""
        before = self.values.get(name)
        keys = list(options)
        first = self.begin(name, before, str | int)
        first = first if first in options else before
        index = keys.index(first) if first in options else (None if self.is_new else 0)
        how.setdefault("placeholder", "Elegí una opción")
        typed = st.selectbox(
            label, keys, index=cast("int", index), format_func=options.__getitem__, key=self._id(name), **how
        )
        self._keep(name, typed, before)
        self._shown[name] = lambda value: options.get(value, str(value))
        self.needed[name] = "not_a_choice"

    def flag(self, name: str, label: str, *, initial: bool = False, **how: Any) -> None:
        """Yes or no."""
        before = bool(self.values.get(name, initial))
        typed = st.toggle(label, self.begin(name, before, bool), key=self._id(name), **how)
        self._keep(name, typed, before)
        if self.is_new:
            self.typed[name] = typed
        self._shown[name] = lambda value: "sí" if value else "no"

    def line(self, label: str, value: str, **how: Any) -> str:
        """A text of one line; where there is a draft, every pause in typing counts."""
        return cast("str", st.text_input(label, value, live="300ms" if self.draft else False, **how))

    def begin(self, name: str, before: Any, kind: Any) -> Any:
        """What a field begins with: what was typed into it and not saved, else what is there."""
        earlier = self.draft.fields.get(name) if self.draft else None
        return earlier if isinstance(earlier, kind) else before

    # --- saving -----------------------------------------------------------------------------------

    def changed(self) -> dict[str, Any]:
        """What differs from how the form began; of a new thing everything that was filled in."""
        return dict(self.typed)

    @property
    def version(self) -> int | None:
        """The version to save on: the one that was read when the typing began, or the one a conflict told of."""
        earlier = self.draft.version if self.draft and self.draft.fields else None
        read: int | None = earlier or self.values.get("version")
        version: int | None = st.session_state.get(f"{self.key}.version", read)
        return version

    def save(self, call: Callable[[dict[str, Any]], Any]) -> Any:
        """Call with what changed (and the version); None when it was refused, which the form then shows."""
        st.session_state.pop(self._notes, None)
        missing = {
            name: code
            for name, code in self.needed.items()
            if self.is_new and self.typed.get(name) in (None, "")
        }
        if missing:
            self.show(missing)
            return None
        body = self.changed()
        if self.version is not None:
            body["version"] = self.version
        try:
            answer = call(body)
        except ApiRefused as refused:
            self.refused(refused)
            return None
        st.session_state.pop(f"{self.key}.version", None)
        return answer if answer is not None else {}

    def refused(self, refused: ApiRefused) -> None:
        """Show why nothing was saved."""
        if refused.status == CONFLICT and "version" in refused.detail:
            self._conflict(refused.detail)
        elif refused.fields:
            self.show(refused.fields, detail=refused.detail)
        else:
            self._say(f":red[{escaped(texts.sentence(refused.code))}]")

    def show(self, fields: Mapping[str, str], *, detail: Mapping[str, Any] | None = None) -> None:
        """Put the mistakes beside their fields; those without a field here go below."""
        for name, code in fields.items():
            sentence = self.sentences.get(code) or texts.sentence(code)
            for place, whose in (detail or {}).get(name, {}).items():
                sentence += f" {place}: {whose}."
            if name in self._slots:
                self._mark(name, f":small[:red[{escaped(sentence)}]]")
            else:
                st.error(sentence)
        self._say_on(":red[No se guardó nada: revisá lo marcado.]")

    def _conflict(self, detail: Mapping[str, Any]) -> None:
        """Somebody saved first: what was typed stays, and saving again is on top of theirs."""
        by = escaped(str(detail.get("by") or "Otra persona"))
        for name, (_, there) in detail.get("changed", {}).items():
            if name in self._slots:
                shown = self._shown.get(name, str)(there)
                self._mark(name, f":small[:orange[{by} puso «{escaped(shown)}».]]")
        st.session_state[f"{self.key}.version"] = detail["version"]
        self._say_on(f":orange[{by} guardó cambios recién. Lo tuyo sigue acá: revisá y guardá de nuevo.]")

    def forget(self) -> None:
        """Drop what was typed: the next form of this key begins with what is there."""
        for key in [key for key in st.session_state if str(key).startswith(f"{self.key}.")]:
            del st.session_state[key]
        if self.draft:
            self.draft.drop()

    def keep_draft(self) -> None:
        """Keep what was typed so far; last thing in a run, of a form that has a draft."""
        if self.draft and not self.draft.keep(self.raw, version=self.version):
            self._say(":red[El borrador no se pudo guardar; lo que escribiste sigue acá.]")

    def buttons(self, save: str = "Guardar", back: str = "") -> tuple[bool, bool]:
        """Draw the form's buttons and say which one was pressed; what comes of it is said beside them."""
        first, second, note = st.columns([1, 1, 2] if back else [1, 0.01, 3], vertical_alignment="center")
        press = st.button if self.draft else st.form_submit_button
        with first:
            is_saved = press(save, type="primary", width="stretch")
        with second:
            is_left = bool(back) and press(back, width="stretch")
        self._note = note.empty()
        if said := st.session_state.get(self._notes, {}).get(""):
            self._note.markdown(said)
        return is_saved, is_left

    # --- parts ------------------------------------------------------------------------------------

    def slot(self, name: str) -> None:
        """Make a place for the mistake of a field drawn elsewhere."""
        self.put_slot(name, st.empty())

    def put_slot(self, name: str, place: Any) -> None:
        """Take a place made before for the mistake of a field."""
        self._slots[name] = place
        if said := st.session_state.get(self._notes, {}).get(name):
            place.markdown(said)

    def tell(self, words: str) -> None:
        """Say something beside the buttons."""
        self._say(escaped(words))

    def _say(self, words: str) -> None:
        (self._note or st).markdown(words)

    def _say_on(self, words: str) -> None:
        self._say(words)
        if self.draft:
            st.session_state.setdefault(self._notes, {})[""] = words

    def _mark(self, name: str, words: str) -> None:
        """Say something beside a field until the next try to save: other runs of the script come in between."""
        self._slots[name].markdown(words)
        if self.draft:
            st.session_state.setdefault(self._notes, {})[name] = words

    @property
    def _notes(self) -> str:
        return f"{self.key}.notes"

    def _id(self, name: str) -> str:
        return f"{self.key}.{name}"

    def _label(self, label: str, *, needed: bool) -> str:
        return f"{label} \\*" if needed else label

    def _keep(self, name: str, typed: Any, before: Any, *, read: Callable[[str], Any] | None = None) -> None:
        if typed != before or (self.is_new and typed not in (None, "")):
            self.typed[name] = read(typed) if read else typed
        if typed != before:
            self.raw[name] = typed
        self.slot(name)


def split_names(typed: str) -> list[str]:
    """Take a list apart; a comma between figures is a decimal one: «2,25»."""
    return [name for name in map(str.strip, _BETWEEN_NAMES.split(typed)) if name]


def options(rows: Sequence[Mapping[str, Any]], *, title: str = "name") -> dict[Any, str]:
    """Rows of the API as the options of a choice."""
    return {row["id"]: row[title] for row in rows}


def escaped(text: str) -> str:
    """Write a text of people inside our markdown: nothing in it is markup."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$:-])", r"\\\1", text)
