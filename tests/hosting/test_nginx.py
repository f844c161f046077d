"""nginx with the configurations of ``docs/hosting.md``, and with what goes wrong in them."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from nnviz.live.origin import FORBIDDEN
from nnviz.stage.files import ENTRY, address
from nnviz.ui import page_files
from tests.hosting.snippets import snippet
from tests.hosting.visits import PATIENCE, ask, check, context, enter
from tests.nginx import PROGRAM, Nginx, with_files
from tests.serving import Server, free_port

pytestmark = pytest.mark.skipif(not PROGRAM, reason="nginx is not installed")

PLAIN = {"listen 80;": "listen 127.0.0.1:{port};"}
TLS = {"listen 443 ssl http2;": "listen 127.0.0.1:{port} ssl http2;"}


def upstream(port: int, other: int | None = None) -> Mapping[str, str]:
    here = {"127.0.0.1:8501": f"127.0.0.1:{port}"}
    return here | ({"127.0.0.1:8502": f"127.0.0.1:{other}"} if other else {})


def test_a_name_of_its_own(server):
    with Nginx(snippet("nginx", "name"), PLAIN | upstream(server.port)) as front:
        check(front.url)


def test_a_prefix_that_is_kept():
    with (
        Server(base="/nnviz") as server,
        Nginx(snippet("nginx", "prefix"), PLAIN | upstream(server.port)) as front,
    ):
        check(f"{front.url}nnviz/")


def test_two_replicas_behind_tls_and_a_prefix_that_is_stripped(server, certificate):
    here = TLS | certificate | upstream(server.port, free_port())  # the other is down
    with Nginx(snippet("nginx", "replicas"), here) as front:
        url = front.url.replace("http", "https")
        check(f"{url}nnviz/")
        with httpx.Client(verify=context(), timeout=PATIENCE) as client:
            assert client.get(f"{url}nnviz?data=xor").headers["location"] == "/nnviz/?data=xor"
            (cookie,) = client.get(f"{url}nnviz/").headers.get_list("set-cookie")
            assert cookie.startswith("nnviz=")
            assert "set-cookie" not in client.get(f"{url}nnviz/").headers  # it has one now


def test_visitors_are_spread_over_the_replicas_and_each_stays_with_one(server, certificate):
    with (
        Server() as other,
        Nginx(
            snippet("nginx", "replicas"), TLS | certificate | upstream(server.port, other.port)
        ) as front,
    ):
        health = f"{front.url.replace('http', 'https')}nnviz/_stcore/health"
        seen = set()
        with httpx.Client(verify=context(), timeout=PATIENCE) as client:
            for visitor in range(20):
                fields = {"cookie": f"nnviz={visitor}"}
                used = {client.get(health, headers=fields).headers["x-upstream"] for _ in range(2)}
                assert len(used) == 1
                seen |= used
            assert seen == {f"127.0.0.1:{port}" for port in (server.port, other.port)}
            without = {client.get(health).headers["x-upstream"] for _ in range(4)}
            assert len(without) == 1  # by address and browser


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is no address of this machine")
def test_the_one_that_sends_the_files_itself(tmp_path):
    page_files.write(tmp_path)
    limits = {"NNVIZ_SOCKETS_PER_ADDRESS": "1"}
    with Server(**limits) as server, with_files(server.port, tmp_path) as front:
        with httpx.Client(base_url=front.url, timeout=PATIENCE) as client:
            file, page = client.get(f"{address()}/{ENTRY}"), client.get("")
        assert "x-upstream" not in file.headers
        assert "x-upstream" in page.headers
        assert file.headers["x-content-type-options"] == "nosniff"
        assert page.headers.get_list("x-content-type-options") == ["nosniff"]
        with ExitStack() as stack:
            for own in ("127.0.0.2", "127.0.0.3"):  # each has its limit
                socket = stack.enter_context(enter(front.url, "live", source_address=(own, 0)))
                assert ask(socket, "open", recipe={"samples": 30})["type"] == "opened"
            socket = stack.enter_context(enter(front.url, "live", source_address=(own, 0)))
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(PATIENCE)
            assert "Your network has 1 connections" in closed.value.rcvd.reason


# --- what goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "wrong", "names"),
    [
        ("Host $http_host;", "Host $host;", "127.0.0.1"),
        ("Host $http_host;", "Host $proxy_host;", "nnviz"),
        (
            "Host $http_host;",
            "Host $host; proxy_set_header X-Forwarded-Host school.example;",
            "127.0.0.1 or school.example",
        ),
    ],
)
def test_another_host_is_refused_with_the_reason(server, shown, wrong, names):
    here = PLAIN | upstream(server.port) | {shown: wrong}
    with (
        Nginx(snippet("nginx", "name"), here) as front,
        enter(front.url, "live") as socket,
        pytest.raises(ConnectionClosed) as closed,
    ):
        socket.recv(PATIENCE)
    reason = f"the server takes itself for {names}; see docs/hosting.md"
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (FORBIDDEN, reason)
    assert f"/live refused: its page came from http://127.0.0.1:{front.port}, and {reason}" in (
        server.log()
    )


def test_a_proxy_that_passes_on_no_upgrade_is_named(server):
    here = PLAIN | upstream(server.port) | {"Upgrade $http_upgrade;": 'Upgrade "";'}
    with Nginx(snippet("nginx", "name"), here) as front:
        with pytest.raises(InvalidStatus) as refused, enter(front.url, "live"):
            pass
        assert refused.value.response.status_code == 426


def test_a_visitor_whose_replica_is_killed_goes_on_at_the_other(server, certificate):
    with (
        Server() as other,
        Nginx(
            snippet("nginx", "replicas"), TLS | certificate | upstream(server.port, other.port)
        ) as front,
    ):
        url = f"{front.url.replace('http', 'https')}nnviz/"
        own = {"cookie": f"nnviz={_visitor_of(url, other.port)}"}
        with enter(url, "live", additional_headers=own) as socket:
            recipe = ask(socket, "open", recipe={"samples": 30, "seed": 4})["recipe"]
            before = ask(socket, "frame", epochs=7)
            other.stop()
            with pytest.raises(ConnectionClosed):
                socket.recv(PATIENCE)
        with enter(url, "live", additional_headers=own) as socket:
            ask(socket, "open", recipe=recipe)
            after = ask(socket, "seek", epoch=7)
        assert after["epoch"] == before["epoch"] == 7


def _visitor_of(url: str, port: int) -> int:
    """A cookie's value with which nginx chooses the server at a port."""
    with httpx.Client(verify=context(), timeout=PATIENCE) as client:
        for visitor in range(100):
            answer = client.get(f"{url}_stcore/health", headers={"cookie": f"nnviz={visitor}"})
            if answer.headers["x-upstream"].endswith(f":{port}"):
                return visitor
    raise AssertionError(f"nginx sends nobody to port {port}")
