"""Sockets in all and by address, and messages that are refused by their first bytes."""

import json
from contextlib import ExitStack

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

from nnviz.live import endpoint

PATIENCE = 30  # seconds
FULL = "The server has 2 connections, and takes no more. Trying again by itself."
FULL_ADDRESS = "Your network has 2 connections to the server, its limit. Trying again by itself."


def closing(socket):
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(PATIENCE)
    return closed.value.rcvd.code, closed.value.rcvd.reason


@pytest.mark.parametrize(
    ("limits", "sentence"), [({"sockets": 2}, FULL), ({"sockets_per_address": 2}, FULL_ADDRESS)]
)
def test_a_socket_too_many_is_refused_with_a_reason_and_comes_in_when_another_has_left(
    serving, limits, sentence
):
    with serving(**limits) as host, ExitStack() as stack:
        live, studio = (f"ws://{host}/{path}" for path in ("live", "studio"))
        first = stack.enter_context(connect(live, max_size=None))
        stack.enter_context(connect(studio))
        for url in (live, studio):
            with connect(url) as refused:
                assert closing(refused) == (1013, sentence)
        with pytest.raises(InvalidStatus) as page_socket, connect(f"ws://{host}/_stcore/stream"):
            pass
        answer = page_socket.value.response
        assert (answer.status_code, answer.body.decode()) == (503, sentence)
        page = httpx.get(f"http://{host}/")
        assert (page.status_code, page.headers["refresh"]) == (503, "10")
        assert sentence in page.text
        assert httpx.get(f"http://{host}/healthz").text == "ok\n"
        first.close()
        again = stack.enter_context(connect(live, max_size=None))
        again.send(json.dumps({"op": "open", "recipe": {"samples": 30}}))
        assert again.recv(PATIENCE)


def test_behind_a_proxy_that_is_trusted_addresses_are_those_before_it(serving):
    def visitor(address):
        return connect(f"ws://{host}/live", additional_headers={"X-Forwarded-For": address})

    with serving(sockets_per_address=1) as host, ExitStack() as stack:
        first, other, second = (
            stack.enter_context(visitor(address))
            for address in ("10.0.0.1", "10.0.0.2", "10.0.0.1")
        )
        assert closing(second) == (1013, FULL_ADDRESS.replace("2", "1"))
        for socket in (first, other):
            socket.send("{}")
            assert socket.recv(PATIENCE)


def test_a_run_that_does_not_fit_is_refused_in_words(serving, entering):
    with serving(memory=1) as host, entering(host) as client:
        client.request("open", recipe={"hidden": [64] * 6})
        code, sentence = closing(client.socket)
        assert (code, sentence[:38]) == (1013, "The 1 MB for runs on the server are in")
    with serving(memory=1) as host, entering(host) as client:
        assert client.ask("open", recipe={"hidden": [2], "samples": 20})["type"] == "opened"


@pytest.mark.parametrize("path", ["live", "studio"])
def test_of_a_message_that_is_too_long_nothing_is_waited_for(host, path):
    with connect(f"ws://{host}/{path}") as socket:
        # a frame that says it has 900,000 bytes, and its first ten (RFC 6455, 5.2)
        frame = bytes([0x81, 0xFF]) + (900_000).to_bytes(8, "big") + bytes(4) + b"          "
        socket.socket.sendall(frame)
        with pytest.raises(ConnectionClosedError) as closed:
            list(socket)
        assert closed.value.rcvd.code == 1009


def test_a_message_in_pieces_is_bounded_as_a_whole(host):
    with connect(f"ws://{host}/live") as socket, pytest.raises(ConnectionClosed) as closed:
        pieces(socket)
    assert closed.value.rcvd.code == 1009


def pieces(socket):
    socket.send(" " * (endpoint.MOST_BYTES // 10) for _ in range(11))
    socket.recv(PATIENCE)
