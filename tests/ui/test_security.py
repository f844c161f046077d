"""Headers of every answer, names of the server, and messages on the page's own socket."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

from nnviz.stage.files import ENTRY, address
from nnviz.ui import security
from tests.serving import Server

PATIENCE = 30  # seconds


@pytest.fixture(scope="module")
def server():
    with Server(base="/sub", NNVIZ_HOSTS="127.0.0.1,nnviz.example", NNVIZ_EMBEDDERS="self") as one:
        yield one


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 200),
        (f"{address()}/{ENTRY}", 200),
        ("favicon.png", 200),
        ("healthz", 200),
        ("_stcore/health", 200),
        ("_stcore/host-config", 200),
        ("_stcore/metrics", 404),
        ("metrics", 200),  # Streamlit's page
        ("stage/nothing", 404),
        ("media/nothing", 404),
    ],
)
def test_every_answer_has_the_headers(server, path, status):
    answer = httpx.get(server.url + path)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'self'", "object-src 'none'", "frame-ancestors 'self'"} <= set(policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("named", "sockets"),
    [
        ({}, " ws://127.0.0.1:{port} wss://127.0.0.1:{port}"),
        ({"host": "nnviz.example"}, " ws://nnviz.example wss://nnviz.example"),
        (
            {"x-forwarded-host": "a.example, b; script-src *", "host": "nnviz.example:80"},
            " ws://a.example wss://a.example ws://nnviz.example:80 wss://nnviz.example:80",
        ),
    ],
)
def test_the_policy_names_the_sockets_of_this_server_and_no_other(server, named, sockets):
    policy = httpx.get(server.url, headers=named).headers["content-security-policy"].split("; ")
    (rule,) = [rule for rule in policy if rule.startswith("connect-src")]
    assert rule == "connect-src 'self'" + sockets.format(port=server.port)


def test_only_by_its_names_the_server_can_be_addressed(server):
    for host, status in (("nnviz.example:80", 200), ("rebound.example", 400)):
        assert httpx.get(server.url + "healthz", headers={"host": host}).status_code == status
    server.wait_for_log("rebound.example is none of the names in NNVIZ_HOSTS.")
    for path in ("live", "studio", "_stcore/stream"):
        url = f"{server.url}{path}".replace("127.0.0.1", "localhost").replace("http", "ws")
        with pytest.raises(InvalidStatus) as refused, connect(url):
            pass
        assert refused.value.response.status_code == 400


def test_the_pages_socket_waits_for_no_message_above_1_mb(server):
    with connect(f"{server.url}_stcore/stream".replace("http", "ws")) as socket:
        frame = bytes([0x82, 0xFF]) + (1_000_001).to_bytes(8, "big") + bytes(14)  # RFC 6455, 5.2
        socket.socket.sendall(frame)
        with pytest.raises(ConnectionClosedError) as closed:
            list(socket)
        assert closed.value.rcvd.code == 1009


def test_a_start_is_logged_in_one_line(server):
    (line,) = [line for line in server.log().splitlines() if "Started nnviz" in line]
    assert "sockets 600" in line
    assert "hosts 127.0.0.1,nnviz.example" in line


# --- parts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("embedders", "ancestors"),
    [
        (["*"], []),
        (["none"], ["frame-ancestors 'none'"]),
        (["self", "https://moodle.example"], ["frame-ancestors 'self' https://moodle.example"]),
    ],
)
def test_embedders_are_all_or_those_that_are_named(embedders, ancestors):
    policy = security.headers([], embedders)["content-security-policy"].split("; ")
    assert [rule for rule in policy if rule.startswith("frame-ancestors")] == ancestors


def test_scripts_in_a_page_are_allowed_by_their_hashes():
    page = '<script src="a.js"></script><script type="module" async>\nlet a;\n</script>'
    assert security.inline_scripts(page) == ["\nlet a;\n"]
    (rule,) = [
        rule
        for rule in security.headers(["alert(1)"], ["*"])["content-security-policy"].split("; ")
        if rule.startswith("script-src")
    ]
    # the example of the specification's section 8.3 is another text, so by openssl dgst -sha256
    assert rule.endswith("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='")


def test_a_failure_has_the_headers_too():
    def fail(request):
        raise ZeroDivisionError

    headers = security.headers([], ["*"])
    app = Starlette(
        routes=[Route("/", fail), Route("/well", lambda request: PlainTextResponse("well"))],
        middleware=[Middleware(security.SecurityHeaders, headers=headers)],
        exception_handlers={Exception: security.failure(headers)},
    )

    async def get(path):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path)

    for path, status in (("/", 500), ("/well", 200)):
        answer = asyncio.run(get(path))
        assert answer.status_code == status
        assert headers.keys() <= answer.headers.keys()
        assert answer.headers["x-content-type-options"] == "nosniff"
