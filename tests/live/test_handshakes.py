"""Connections whose headers do not come, or come too slowly."""

import socket
from contextlib import ExitStack

import httpx
import pytest

PATIENCE = 30  # seconds
HEAD = b"GET /healthz HTTP/1.1\r\nHost: here\r\n"


@pytest.fixture(scope="module")
def impatient():
    from tests.live.conftest import serve

    with serve(header_seconds=1) as host:
        yield host


@pytest.fixture
def dial(impatient):
    """Opens a connection to the server."""
    name, port = impatient.split(":")
    with ExitStack() as stack:
        yield lambda: stack.enter_context(socket.create_connection((name, int(port)), PATIENCE))


def is_closed(connection):
    """Waits until the server closes a connection; sends a letter every 0.2 s meanwhile."""
    connection.settimeout(0.2)
    for _ in range(5 * PATIENCE):
        try:
            if not connection.recv(1):
                return True
        except TimeoutError:
            try:
                connection.send(b"x")
            except OSError:
                return True
        except OSError:
            return True
    return False


@pytest.mark.parametrize("begun", [b"", b"G", HEAD + b"X-Long: "], ids=["none", "one", "dripping"])
def test_headers_that_do_not_end_close_the_connection(dial, begun):
    connections = [dial() for _ in range(5)]
    for connection in connections:
        connection.sendall(begun)
    assert all(is_closed(connection) for connection in connections)


def test_a_second_request_on_a_connection_has_no_more_time_than_the_first(dial):
    connection = dial()
    connection.sendall(HEAD + b"\r\n")
    answer = b""
    while not answer.endswith(b"ok\n"):
        answer += connection.recv(1000)
    connection.sendall(HEAD)
    assert is_closed(connection)


def test_a_websocket_that_is_silent_stays(impatient, entering, dial):
    with entering(impatient) as client:
        dripping = dial()
        dripping.sendall(HEAD)
        assert is_closed(dripping)  # so the server has looked at all connections meanwhile
        assert client.ask("open", recipe={"samples": 30})["type"] == "opened"


def test_the_server_does_not_send_its_name(impatient):
    with httpx.Client(base_url=f"http://{impatient}") as client:
        assert "server" not in client.get("/healthz").headers
        assert "server" not in client.get("/nowhere").headers
