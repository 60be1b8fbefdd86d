"""What somebody typed into a form and did not save, kept on the server: a reload and another browser find it again."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import streamlit as st

from panel import client
from panel.client import ApiRefused


class Draft:
    """The draft of one form, asked for once; `key` is of this form and this row alone."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._url = f"/api/drafts/{key}"
        self._kept, self._sent = f"{key}.draft", f"{key}.sent"
        if self._kept not in st.session_state:
            st.session_state[self._kept] = self._load()

    @property
    def fields(self) -> Mapping[str, Any]:
        """What the form began with: as it stood in the fields when somebody left without saving."""
        return self._found("fields") or {}

    @property
    def version(self) -> int | None:
        """The version of the row that was edited; None for something new."""
        version = self._found("version")
        return version if isinstance(version, int) else None

    @property
    def at(self) -> str:
        """When it was typed, ISO; empty without a draft."""
        return str(st.session_state[self._kept].get("updated_at", "")) if self.fields else ""

    def keep(self, fields: Mapping[str, Any], *, version: int | None) -> bool:
        """Keep what differs from what is there, if it is not kept yet; say whether it is now."""
        body = {"fields": dict(fields), "version": version}
        sent = st.session_state.get(self._sent, st.session_state[self._kept].get("body", {"fields": {}}))
        if sent["fields"] == body["fields"]:
            return True
        try:
            if fields:
                client.api().put(self._url, {"body": body})
            else:
                client.api().delete(self._url)
        except ApiRefused:
            return False
        st.session_state[self._sent] = body
        return True

    def drop(self) -> None:
        """Forget it; what cannot be forgotten now is offered again when the form is opened."""
        for name in (self._kept, self._sent):
            st.session_state.pop(name, None)
        with suppress(ApiRefused):
            client.api().delete(self._url)

    def _load(self) -> Mapping[str, Any]:
        try:
            kept: Mapping[str, Any] = client.api().get(self._url)
        except ApiRefused:  # nothing typed, or no connection: then the form begins with what is there
            return {}
        return kept if isinstance(kept["body"].get("fields"), dict) else {}

    def _found(self, name: str) -> Any:
        return st.session_state[self._kept].get("body", {}).get(name)
