"""The panel's only way to data: the API, called with the visitor's own cookie.

`client.api().get("/api/orders/form")` in any screen. Rights are checked there, at every call.
"""

from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol

import requests
import streamlit as st

COOKIE = "openbot_session"
TIMEOUT_SECONDS = 30


class ApiRefused(Exception):
    """The API said no. `code` has a sentence in `panel.texts`; `fields` names what is wrong with each field."""

    def __init__(
        self,
        status: int,
        code: str,
        fields: Mapping[str, str] | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        self.status, self.code = status, code
        self.fields, self.detail = dict(fields or {}), dict(detail or {})
        super().__init__(f"{status} {code}")


class Door(Protocol):
    """What carries a call: HTTP to our own port, or in tests a client without one."""

    def request(self, method: str, url: str, **how: Any) -> Any:
        """Send it; the answer has `status_code` and `json()`."""


class _Http:
    """One pool of connections for all visitors; it keeps nobody's cookies."""

    def __init__(self) -> None:
        self.base_url = "http://127.0.0.1:8000"
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.trust_env = False  # no proxy between us and ourselves

    def request(self, method: str, url: str, **how: Any) -> Any:
        headers = {"X-Openbot": "panel", "Cookie": f"{COOKIE}={st.context.cookies.get(COOKIE, '')}"}
        if address := st.context.ip_address:
            headers["X-Forwarded-For"] = address  # the audit log names the person's device, not ours
        return self._session.request(
            method, self.base_url + url, headers=headers, timeout=TIMEOUT_SECONDS, **how
        )


_http = _Http()
door: Door = _http


def serve_from(base_url: str) -> None:
    """Say where the API listens; called by the process that serves both."""
    _http.base_url = base_url


class Api:
    """The API as the visitor of the running script sees it. Every method raises ApiRefused."""

    def get(self, path: str, **params: Any) -> Any:
        """Read; a parameter that is None is left out, a list is repeated."""
        return _answer("GET", path, params={key: value for key, value in params.items() if value is not None})

    def post(self, path: str, json: Any = None) -> Any:
        """Make something, or do something."""
        return _answer("POST", path, json=json)

    def upload(self, path: str, raw: bytes, **params: Any) -> Any:
        """Send a file as it is."""
        return _answer("POST", path, data=raw, params=params)

    def patch(self, path: str, json: Any = None) -> Any:
        """Change some fields."""
        return _answer("PATCH", path, json=json)

    def put(self, path: str, json: Any = None) -> Any:
        """Set as a whole."""
        return _answer("PUT", path, json=json)

    def delete(self, path: str, json: Any = None) -> Any:
        """Remove."""
        return _answer("DELETE", path, json=json)


def api() -> Api:
    """Return the API for this visitor."""
    return Api()


def _answer(method: str, path: str, **how: Any) -> Any:
    try:
        answer = door.request(method, path, **how)
    except requests.RequestException as error:
        raise ApiRefused(503, "no_connection") from error
    if answer.status_code == 204:  # noqa: PLR2004 - no content
        return None
    if answer.ok if hasattr(answer, "ok") else answer.is_success:
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content
    raise _refused(answer)


def _refused(answer: Any) -> ApiRefused:
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ApiRefused(answer.status_code, "internal")
    return ApiRefused(answer.status_code, error["code"], error.get("fields"), error.get("detail"))
