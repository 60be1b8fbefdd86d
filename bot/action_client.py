"""Calls the action server over connections that stay open; Rasa opens one for each call."""

from __future__ import annotations

from typing import Any, Optional

import aiohttp
import ujson
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

#: An action commits within seconds or the turn is asked again; Rasa's own limit is five minutes.
ACTION_SECONDS = 25
MOST_CONNECTIONS = 64
#: The server closes idle connections after a while; ours are younger, so a call never meets a closed one.
IDLE_SECONDS = 4


class ActionEndpoint(EndpointConfig):
    """As EndpointConfig for JSON calls; safe for any number of calls at once on one event loop."""

    _session: Optional[aiohttp.ClientSession] = None

    @classmethod
    def like(cls, endpoint: EndpointConfig) -> "ActionEndpoint":
        return cls(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **endpoint.kwargs,
        )

    async def request(self, method: str = "post", *, json: Any = None, **_: Any) -> Any:  # type: ignore[override]
        """The decoded answer; raise ClientResponseError for a status from 400, aiohttp's errors for the rest."""
        if self._session is None or self._session.closed:
            self._session = self._open()
        body = ujson.dumps(json, ensure_ascii=False, escape_forward_slashes=False).encode("utf-8", "surrogatepass")
        async with self._session.request(method, self.url, data=body, params=self.combine_parameters()) as answer:
            raw = await answer.read()
            if answer.status >= 400:
                raise ClientResponseError(answer.status, answer.reason or "", raw.decode("utf-8", "replace"))
            return ujson.loads(raw) if raw else None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            headers={"Content-Type": "application/json", **self.headers},
            auth=aiohttp.BasicAuth(**self.basic_auth) if self.basic_auth else None,
            timeout=aiohttp.ClientTimeout(total=ACTION_SECONDS),
            connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
