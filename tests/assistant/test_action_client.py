"""The client of the action server against servers that behave in every way HTTP allows."""

import asyncio
import contextlib

import aiohttp
import pytest
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot import action_client
from bot.action_client import ActionEndpoint

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"events":[]}'


class Server:
    """Answers each request on a connection with the parts of the next of `answers`; after "hang up" it closes."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self.connections = 0

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        port = self.server.sockets[0].getsockname()[1]
        self.endpoint = ActionEndpoint(f"http://127.0.0.1:{port}/webhook")
        return self

    async def __aexit__(self, *_):
        self.endpoint.close()
        self.server.close()

    async def serve(self, reader, writer):
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, IndexError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                self.requests.append((head, await reader.readexactly(length)))
                for part in self.answers.pop(0):
                    if part == "hang up":
                        writer.close()
                        return
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(0.005)
        writer.close()

    def ask(self):
        return self.endpoint.request(
            json={"a": "ñ\ud83c", "b": "/"}, method="post", timeout=300, compress=False
        )


def run(coroutine):
    return asyncio.run(coroutine)


CHUNKS = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n{"even\r\n7;x=1\r\nts":[]}\r\n0\r\n\r\n'


@pytest.mark.parametrize(
    "answer",
    [
        [OK],
        [OK[:20], OK[20:50], OK[50:]],
        [CHUNKS],
        [CHUNKS[:60], CHUNKS[60:70], CHUNKS[70:]],
        [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", b'{"events":[]}', "hang up"],
        [b"HTTP/1.0 200 OK\r\n\r\n", b'{"events":[]}', "hang up"],
    ],
)
def test_an_answer_is_read_however_it_is_cut_and_framed(answer):
    async def ask():
        async with Server(answer) as server:
            return await server.ask()

    assert run(ask()) == {"events": []}


def test_calls_one_after_the_other_share_a_connection_and_calls_at_once_do_not():
    async def ask():
        async with Server(*[[OK]] * 5) as server:
            await server.ask()
            await server.ask()
            assert server.connections == 1
            await asyncio.gather(server.ask(), server.ask(), server.ask())
            assert server.connections == 3
            return server.requests[0]

    head, body = run(ask())
    assert head.startswith(b"POST /webhook HTTP/1.1\r\nHost: 127.0.0.1:")
    assert body.decode("utf-8", "surrogatepass") == '{"a":"ñ\ud83c","b":"/"}'


def test_a_connection_that_the_server_closed_while_idle_is_no_failure():
    async def ask():
        async with Server([OK], [OK]) as server:
            await server.ask()
            server.endpoint._idle[0]._transport.abort()
            return await server.ask()

    assert run(ask()) == {"events": []}


@pytest.mark.parametrize(
    "answer",
    [
        ["hang up"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "hang up"],
        [b"hello\r\n\r\n"],
        [b"HTTP/1.1 two OK\r\nContent-Length: 0\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: -x\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{"],
    ],
)
def test_a_broken_answer_is_an_error_and_its_connection_is_not_used_again(answer):
    async def ask():
        async with Server(answer, [OK]) as server:
            with pytest.raises((aiohttp.ClientError, ValueError)):
                await server.ask()
            assert [one for one in server.endpoint._idle if one._closed or one._received] == []

    run(ask())


def test_a_status_from_400_carries_the_body_for_rasa():
    async def ask():
        body = b'{"action_name":"a","error":"e"}'
        async with Server([b"HTTP/1.1 400 Bad\r\nContent-Length: %d\r\n\r\n" % len(body) + body]) as server:
            with pytest.raises(ClientResponseError) as refused:
                await server.ask()
            return refused.value

    error = run(ask())
    assert (error.status, error.text) == (400, '{"action_name":"a","error":"e"}')


def test_nobody_there_and_a_server_that_never_answers(monkeypatch):
    with pytest.raises(aiohttp.ClientConnectionError):
        run(ActionEndpoint("http://127.0.0.1:1/webhook").request(json={}))
    monkeypatch.setattr(action_client, "ACTION_SECONDS", 0.05)

    async def ask():
        async with Server([b""]) as server:
            await server.ask()

    with pytest.raises(aiohttp.ServerTimeoutError):
        run(ask())


def test_what_it_cannot_do_is_left_to_rasas_own_client():
    for endpoint in (
        EndpointConfig("https://actions/webhook"),
        EndpointConfig("http://actions/webhook", basic_auth={"username": "a", "password": "b"}),
        EndpointConfig("http://actions/webhook", cafile="ca.pem"),
    ):
        assert ActionEndpoint.like(endpoint) is endpoint
    ours = ActionEndpoint.like(
        EndpointConfig(
            "http://actions/webhook", token="t", headers={"X-A": "b"}, enable_selective_domain=True
        )
    )
    assert isinstance(ours, ActionEndpoint)
    assert ours._head.startswith(b"POST /webhook?token=t HTTP/1.1\r\nHost: actions\r\n")
    assert b"X-A: b\r\n" in ours._head
    assert ours.kwargs == {"enable_selective_domain": True}
