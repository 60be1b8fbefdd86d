"""A conversation in the terminal, on the real path: through the running demo's simulator, as a phone would."""

import os
import secrets
from collections.abc import Callable
from typing import Any

import httpx

from openbot.errors import OpenbotError

#: How long the bot may think before the prompt comes back, and how long it may go on after its first bubble.
FIRST_SECONDS, NEXT_SECONDS = 25.0, 1.2


class NobodyThere(OpenbotError):
    """The simulator does not answer: start it with `make demo` in another terminal."""

    code = "nobody_there"


def run(*, name: str, phone: str, read: Callable[[str], str], say: Callable[[str], None]) -> None:
    """Talk until an empty line at the end of input. A number taps what was offered. Raises NobodyThere."""
    port = os.environ.get("SIMULATOR_PORT", "") or "9000"
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=FIRST_SECONDS + 10) as client:
        try:
            phone = phone or f"54911{secrets.randbelow(10**8):08}"
            customer = _post(client, "/sim/customers", {"name": name, "phone": phone})
            say(f"You are {name}, {phone}. A number taps an option; Ctrl-D ends.")
            _Conversation(client, customer["id"], read=read, say=say).hold()
        except httpx.HTTPError as error:
            raise NobodyThere from error


class _Conversation:
    def __init__(
        self, client: httpx.Client, customer: str, *, read: Callable[[str], str], say: Callable[[str], None]
    ) -> None:
        self._client, self._customer, self._read, self._say = client, customer, read, say
        self._seen = 0
        self._options: list[tuple[str, dict[str, Any]]] = []  # message id, option

    def hold(self) -> None:
        while True:
            try:
                words = self._read("> ").strip()
            except (EOFError, KeyboardInterrupt):
                self._say("")
                return
            if words:
                _post(self._client, f"/sim/customers/{self._customer}/messages", self._action(words))
                self._listen()

    def _action(self, words: str) -> dict[str, Any]:
        if words.isdecimal() and 1 <= int(words) <= len(self._options):
            message, option = self._options[int(words) - 1]
            return {"kind": "tap", "message": message, "option": option["id"]}
        return {"kind": "text", "text": words}

    def _listen(self) -> None:
        wait = FIRST_SECONDS
        while messages := self._bubbles(wait):
            for message in messages:
                self._show(message)
            wait = NEXT_SECONDS

    def _bubbles(self, wait: float) -> list[dict[str, Any]]:
        query: dict[str, str | float] = {"after": self._seen, "side": "business", "wait": wait}
        answer = self._client.get(f"/sim/customers/{self._customer}/chat", params=query).raise_for_status()
        messages: list[dict[str, Any]] = answer.json()["messages"]
        self._seen = max((self._seen, *(message["seq"] for message in messages)))
        return messages

    def _show(self, message: dict[str, Any]) -> None:
        self._say("\n".join(f"  {line}" for line in (message["text"] or f"[{message['type']}]").splitlines()))
        if message["options"]:
            self._options = [(message["id"], option) for option in message["options"]]
        for number, option in enumerate(message["options"], 1):
            description = f"  {option['description']}" if option.get("description") else ""
            self._say(f"    [{number}] {option['title']}{description}")


def _post(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = client.post(path, json=body).raise_for_status().json()
    return answer
