"""A server that is full, as visitors see it: why, and that they come in once there is room."""

from __future__ import annotations

import json
from contextlib import ExitStack

from playwright.sync_api import Browser, expect
from websockets.sync.client import ClientConnection, connect

from tests.browser.conftest import Stage
from tests.serving import Server

LARGE = {"hidden": [64] * 6}
LINK = "?hidden=64,64,64,64,64,64"
PATIENCE = 30  # seconds


def live(server: Server) -> ClientConnection:
    return connect(f"{server.url.replace('http', 'ws')}live", max_size=None)


def test_a_run_that_finds_no_room_says_so_and_goes_on_once_another_has_left(
    browser: Browser,
) -> None:
    with Server(NNVIZ_MEMORY="20") as server, ExitStack() as stack:
        other = stack.enter_context(live(server))
        other.send(json.dumps({"op": "open", "recipe": LARGE}))
        assert other.recv(PATIENCE)
        page = browser.new_page()
        stack.callback(page.close)
        stage = Stage(page)
        page.goto(server.url + LINK, wait_until="commit")
        message = stage.root.locator("[data-show=message]")
        expect(message).to_have_text(
            "The 20 MB for runs on the server are in use. Trying again; a smaller network may fit."
        )
        stage.wait("stage.dataset.state === 'offline'")
        other.close()
        stage.painted()
        stage.do("play")
        stage.wait("+stage.dataset.epoch > 5")
        expect(message).to_have_text("")


def test_a_page_that_finds_no_room_says_so_and_loads_once_others_have_left(
    browser: Browser,
) -> None:
    with Server(NNVIZ_SOCKETS="2") as server, ExitStack() as stack:
        others = [stack.enter_context(live(server)) for _ in range(2)]
        page = browser.new_page()
        stack.callback(page.close)
        answer = page.goto(server.url)
        assert answer
        assert answer.status == 503
        expect(page.locator("p")).to_have_text(
            "The server has 2 connections, and takes no more. Trying again by itself."
        )
        for other in others:
            other.close()
        Stage(page).painted()  # after the seconds that the answer names
