"""Which pages may open the sockets, and the message to the others."""

import asyncio
import logging

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from nnviz.live import origin

ELSEWHERE = "https://elsewhere.example"


@pytest.mark.parametrize("scheme", ["http", "https"])  # behind TLS, Host is the same
def test_a_page_from_this_server_is_admitted(enter, host, scheme):
    with enter(origin=f"{scheme}://{host}") as client:
        assert client.ask("open", recipe={"samples": 30})["type"] == "opened"


def test_a_program_that_sends_no_origin_is_admitted(enter):
    with enter(origin=None) as client:
        assert client.ask("open", recipe={"samples": 30})["type"] == "opened"


def test_a_page_from_the_proxy_in_front_is_admitted(enter):
    proxied = {"X-Forwarded-Host": "nnviz.example"}
    with enter(origin="https://nnviz.example", additional_headers=proxied) as client:
        assert client.ask("open", recipe={"samples": 30})["type"] == "opened"


@pytest.mark.parametrize("socket", ["live", "studio"])
@pytest.mark.parametrize("page", [ELSEWHERE, "null", "http://127.0.0.1:1", "http://[", "file://"])
def test_a_page_from_elsewhere_is_refused_with_a_reason_that_is_logged(host, caplog, socket, page):
    with (
        caplog.at_level(logging.WARNING, "nnviz"),
        connect(f"ws://{host}/{socket}", origin=page) as client,
        pytest.raises(ConnectionClosed) as closed,
    ):
        client.recv(30)
    reason = f"the server takes itself for {host}; see docs/hosting.md"
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (origin.FORBIDDEN, reason)
    (line,) = [r.getMessage() for r in caplog.records if r.name.startswith("nnviz")]
    assert line == f"/{socket} refused: its page came from {page}, and {reason}"


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"host": "school.example"}, "school.example"),  # nginx's $host, on another port
        ({}, "nothing, as no Host arrives"),
        ({"host": ""}, "nothing, as no Host arrives"),
        ({"host": "127.0.0.1:8501", "x-forwarded-host": "a, b"}, "127.0.0.1:8501 or a or b"),
    ],
)
def test_what_proxies_get_wrong_is_named(fields, names):
    headers = Headers({"origin": "https://school.example:8443", **fields})
    assert origin.refusal(headers) == f"the server takes itself for {names}; see docs/hosting.md"


@pytest.mark.parametrize("name", ["a" * 300, "ä\x1b" * 300])
def test_a_reason_fits_in_the_close(name):
    reason = origin.refusal(Headers({"origin": ELSEWHERE, "host": name}))
    assert 100 < len(reason.encode()) <= origin.MOST_REASON
    assert reason.endswith("...; see docs/hosting.md")
    assert reason.isprintable()


@pytest.mark.parametrize("forwarded", ["nnviz.example", "", "null."])
def test_no_page_from_elsewhere_is_admitted_behind_a_proxy(forwarded):
    for page in (ELSEWHERE, "null"):
        headers = Headers({"origin": page, "host": "here", "x-forwarded-host": forwarded})
        assert origin.refusal(headers)


def test_a_request_without_upgrade_is_answered_by_a_sentence():
    app = Starlette(routes=[origin.plain_route("/live")])

    async def ask():
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://nnviz.test"
        ) as client:
            return await client.get("/live")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.headers["upgrade"]) == (426, "websocket")
    assert "header Upgrade, which a proxy in front of the server has to pass on" in answer.text
