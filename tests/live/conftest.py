"""Clients of a live session: one in Python, one over the socket of a real server."""

import json
import socket
import sys
import threading
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from websockets.sync.client import connect

from nnviz.live import endpoint, handshakes, health, studio
from nnviz.live.codec import unpack
from nnviz.live.gate import Gate
from nnviz.live.hosting import Hosting
from nnviz.live.load import Load
from nnviz.live.session import LiveSession
from nnviz.live.workers import Workers

PATIENCE = 30  # seconds to wait for a reply before the test fails


def still():
    """A constant clock, so that no request runs out of time on a busy machine."""
    return 0.0


class Visitor:
    def __init__(self, clock=still):
        self.session = LiveSession(clock)

    def ask(self, op, **fields):
        """Header and arrays of the reply to one request."""
        return unpack(self.session.handle({"op": op, **fields}))

    def open(self, **recipe):
        return self.ask("open", recipe=recipe)

    def look(self):
        """A reply at the current epoch, without training."""
        return self.session.handle({"op": "frame"})

    def seek_to(self, epoch):
        """Seek until the epoch is reached; returns all replies, the last of which is there."""
        replies = [self.ask("seek", epoch=epoch)]
        while replies[-1][0]["epoch"] < epoch and not replies[-1][0]["finished"]:
            before = replies[-1][0]["epoch"]
            replies.append(self.ask("seek", epoch=epoch))
            assert replies[-1][0]["epoch"] > before, "a seek must get on"
        return replies


@pytest.fixture
def make_visitor():
    return Visitor


@pytest.fixture
def visitor():
    return Visitor()


# --- over a socket --------------------------------------------------------------------


class Client:
    """The client of a socket; returns the headers of replies."""

    def __init__(self, socket):
        self.socket = socket

    def send(self, message):
        self.socket.send(message)

    def request(self, op, **fields):
        self.send(json.dumps({"op": op, **fields}))

    def answer(self, timeout=PATIENCE):
        return unpack(self.socket.recv(timeout))[0]

    def ask(self, op, **fields):
        self.request(op, **fields)
        return self.answer()


@contextmanager
def enter_at(address, **options):
    with connect(f"ws://{address}/live", max_queue=None, **options) as socket:
        yield Client(socket)


@contextmanager
def serve(base="", **options):
    """Serves the routes on a free port of this machine; returns ``host:port``."""
    hosting = Hosting(**options)
    load, workers = Load(hosting), Workers(hosting.workers)
    live = endpoint.Live(workers)
    routes = [
        live.route(base),
        studio.route(workers, base),
        *health.routes(base, load, live.epochs),
    ]
    most_bytes = {f"{base}/live": endpoint.MOST_BYTES, f"{base}/studio": studio.MOST_PIECE}

    @asynccontextmanager
    async def lifespan(app):
        async with handshakes.guarded(hosting.header_seconds), live.lifespan(app):
            yield

    gate = Middleware(Gate, load=load, base=base, most_bytes=most_bytes)
    app = Starlette(routes=routes, middleware=[gate], lifespan=lifespan)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws_per_message_deflate=False))
    interval = sys.getswitchinterval()
    with socket.create_server(("127.0.0.1", 0)) as listener:  # clients can connect from here on
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            sys.setswitchinterval(interval)


@pytest.fixture
def serving():
    return serve


@pytest.fixture(scope="module")
def host():
    with serve() as host:
        yield host


@pytest.fixture
def enter(host):
    """Opens a socket to the server that serves all tests of a module."""
    return partial(enter_at, host)


@pytest.fixture
def entering():
    return enter_at
