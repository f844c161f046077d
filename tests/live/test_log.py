"""Invalid messages leave no traceback in the log of a real server."""

import json

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from nnviz.live.codec import unpack
from tests.serving import Server

PATIENCE = 30  # seconds


@pytest.mark.parametrize(
    "text", [b"\xff\xfe", b'{"op": "open", "recipe": {"data": "\xed\xa0\x80"}}']
)
def test_text_that_is_no_utf8_closes_the_socket_and_logs_no_traceback(text):
    with Server() as server:
        address = server.url.replace("http", "ws")
        for path in ("live", "studio"):
            with connect(address + path) as socket:
                socket.send(text, text=True)
                with pytest.raises(ConnectionClosedError) as closed:
                    list(socket)  # the studio is ready
                assert closed.value.rcvd.code == 1007
        with connect(address + "live", max_size=None) as socket:  # other sockets still work
            socket.send(json.dumps({"op": "open", "recipe": {}}))
            assert unpack(socket.recv(PATIENCE))[0]["type"] == "opened"
        server.wait_for_log("Invalid UTF-8")
        assert "Traceback" not in server.log()
