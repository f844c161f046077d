"""The live socket of a real server with a real client: requests, and allowed origins."""

import json
import subprocess
import sys

import pytest
from websockets.exceptions import InvalidStatus

from nnviz import Recipe

SMALL = {"samples": 30}


READY = """
import asyncio, sys
from nnviz.live.endpoint import Live
from nnviz.live.workers import Workers

async def start():
    async with Live(Workers()).lifespan(None):
        before = set(sys.modules)
        from nnviz.live.session import LiveSession
        LiveSession().handle({"op": "open", "recipe": {}})
        LiveSession().handle({"op": "frame", "epochs": 1})
        print(set(sys.modules) - before)

asyncio.run(start())
"""


def test_a_server_that_is_ready_has_imported_what_a_run_needs():
    done = subprocess.run([sys.executable, "-c", READY], capture_output=True, text=True, timeout=60)
    assert done.stdout == "set()\n", done.stderr


# --- requests and replies -------------------------------------------------------------


def test_a_run_is_opened_and_trained_over_the_socket(enter):
    with enter() as client:
        opened = client.ask("open", recipe=SMALL, id=1)
        assert (opened["type"], opened["id"]) == ("opened", 1)
        assert opened["recipe"] == json.loads(Recipe(**SMALL).to_json())
        frame = client.ask("frame", epochs=1, id=2)
        assert (frame["type"], frame["id"], frame["epoch"]) == ("frame", 2, 1)


def test_requests_may_come_as_binary_messages_too(enter):
    with enter() as client:
        client.send(json.dumps({"op": "open", "recipe": SMALL}).encode())
        assert client.answer()["type"] == "opened"


def test_every_socket_has_its_own_run(enter):
    with enter() as one, enter() as other:
        one.ask("open", recipe=SMALL)
        other.ask("open", recipe=SMALL)
        one.ask("frame", epochs=1)
        assert one.ask("frame")["epoch"] == 1
        assert other.ask("frame")["epoch"] == 0


@pytest.mark.parametrize(
    "message",
    [
        "",
        "nonsense",
        "[1, 2",
        "[]",
        b"\xff\xfe",
        '{"op": "stop"}',
        '{"op": "open", "recipe": {"noise": 7}}',
        '{"op": "frame", "epochs": 1e400}',
        '{"op": "frame", "probe": ' + "[" * 50_000,
    ],
)
def test_an_invalid_message_gets_a_sentence_and_the_socket_stays_usable(enter, message):
    with enter() as client:
        client.ask("open", recipe=SMALL)
        client.send(message)
        error = client.answer()
        assert error["type"] == "error"
        assert " must be " in error["message"]
        assert client.ask("frame", epochs=1)["epoch"] == 1


def test_the_socket_exists_only_under_the_base_path(serving, entering):
    with serving("/sub/path") as host:
        with entering(f"{host}/sub/path") as client:
            assert client.ask("open", recipe=SMALL)["type"] == "opened"
        with pytest.raises(InvalidStatus) as refused, entering(host):
            pass
        assert refused.value.response.status_code == 403
