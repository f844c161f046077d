"""``/healthz``, which shows other programs that the server works, and ``/metrics``."""

from __future__ import annotations

import os
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Send

if TYPE_CHECKING:
    from .load import Load

_WAITS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds, of the histogram


Count = Callable[[], Awaitable[int]]


def routes(base: str, load: Load, epochs: Count) -> list[Route]:
    """The routes, under the server's base path; ``/metrics`` only where it is asked for.

    ``epochs()`` is how many have been trained.
    """
    found = [Route(f"{base}/healthz", _healthy)]
    if meter := load.meter:

        async def metrics(request: Request) -> Response:
            return meter.figures(await epochs())

        found.append(Route(f"{base}/metrics", metrics))
    return found


async def _healthy(request: Request) -> Response:
    return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})


class Meter:
    """The figures of a server, in Prometheus' format."""

    def __init__(self, load: Load):
        import prometheus_client as prometheus

        self._registry = registry = prometheus.CollectorRegistry()
        self._write, self._type = prometheus.generate_latest, prometheus.CONTENT_TYPE_LATEST
        prometheus.ProcessCollector(registry=registry)
        now = {
            "nnviz_sockets": ("Sockets that are open.", load.sockets.total),
            "nnviz_sessions": ("Runs that are open.", lambda: load.sessions),
            "nnviz_run_memory_bytes": ("Memory of all runs, as estimated.", lambda: load.memory),
            "nnviz_memory_bytes": (
                "Resident memory of the server and of all processes that it has started.",
                memory_bytes,
            ),
        }
        for name, (help_text, function) in now.items():
            prometheus.Gauge(name, help_text, registry=registry).set_function(function)
        self._waits = prometheus.Histogram(
            "nnviz_wait_seconds", "From a request on the live socket to its reply.",
            buckets=_WAITS, registry=registry,
        )  # fmt: skip
        self._frames = prometheus.Counter(
            "nnviz_frames", "Replies on live sockets.", registry=registry
        )
        self._epochs = prometheus.Counter("nnviz_epochs", "Epochs trained.", registry=registry)
        self._epochs_before = 0
        self._refusals = prometheus.Counter(
            "nnviz_refusals", "Visitors turned away, by the limit.", ["limit"], registry=registry
        )

    def figures(self, epochs: int) -> Response:
        """What Prometheus fetches."""
        self._epochs.inc(max(0, epochs - self._epochs_before))
        self._epochs_before = max(self._epochs_before, epochs)
        return Response(self._write(self._registry), media_type=self._type)

    def refused(self, limit: str) -> None:
        self._refusals.labels(limit).inc()

    def watch(self, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """The same of a socket whose every message gets one reply, in order, with its waits."""
        came: deque[float] = deque()

        async def watched_receive() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                came.append(time.perf_counter())
            return message

        async def watched_send(message: Message) -> None:
            await send(message)
            if message["type"] == "websocket.send" and came:
                self._waits.observe(time.perf_counter() - came.popleft())
                self._frames.inc()

        return watched_receive, watched_send


def memory_bytes() -> int:
    """Resident memory of this process and of all that it has started, by Linux's ``/proc``.

    What they share counts for each. 0 on other systems.
    """
    pages, children = {}, defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            # proc(5): the name, in parentheses, may hold anything; then come fields 3, 4, …
            fields = status.read_text("latin-1").rpartition(")")[2].split()
            process = int(status.parent.name)
            children[int(fields[1])].append(process)
            pages[process] = int(fields[21])
    family = [os.getpid()]
    for process in family:  # grows meanwhile
        family += children[process]
    return sum(pages.get(process, 0) for process in family) * _page_bytes()


def _page_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
