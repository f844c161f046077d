"""Small runs beside expensive ones and beside those who ask for much; and sixty runs of their own.

Then what one worker and two make of expensive runs, and what of small ones, which need none.

The load comes from this process, on the same machine, and stops by itself.
"""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from statistics import median
from typing import Any

import numpy as np
from PIL import Image
from websockets.asyncio import client as websockets

from nnviz.live.codec import unpack
from tests.bench.quick_socket import QuickSocket, connect
from tests.bench.report import note, say
from tests.serving import Server

EXPENSIVE = {"data": "moons", "samples": 2000, "hidden": [64] * 6, "batch_size": 1}
MIDDLING = {"hidden": [16] * 3, "batch_size": 10}
NEIGHBOURS = 10
RATE = 20  # frames a second
SECONDS = 8
VISITORS = 12  # who arrive, one after the other
CLASS, HEAVY = 60, 20  # runs of their own, and how many of them are middling

Message = dict[str, Any]


def main() -> None:
    print(f"Neighbours: {NEIGHBOURS} runs of 6 × 64, 2,000 samples, batches of 1; then others")
    asyncio.run(_neighbours())
    print(f"Workers: the same {NEIGHBOURS} runs by one and by two; then {CLASS} small runs")
    asyncio.run(_workers())


async def _neighbours() -> None:
    with Server() as server:
        url = server.url.replace("http", "ws") + "live"
        await _first_frames(url, 2)  # the first visitor loads the data sets
        quiet = median(await _first_frames(url, VISITORS))
        note(f"first frame of a quiet server {1e3 * quiet:.0f} ms")
        async with _beside(url, EXPENSIVE, _frames()):
            say(
                "small run's frame beside expensive runs, p99",
                await _p99(url, _frames()),
                50,
                "ms",
                at_least=False,
            )
            say("its seek or edit, p99", await _p99(url, _controls(), 4), 150, "ms", at_least=False)
            arrivals = median(await _first_frames(url, VISITORS))
            say("new visitor's first frame", 1e3 * arrivals, 1e3 * (1.5 * quiet + 0.3), "ms",
                at_least=False)  # fmt: skip
        for what, messages in _ABUSES.items():
            async with _beside(url, {}, messages()):
                p99 = await _p99(url, _frames())
                say(f"small run's frame beside {what}, p99", p99, 50, "ms", at_least=False)
        async with _animating(server.url.replace("http", "ws") + "studio"):
            p99 = await _p99(url, _frames())
            say("small run's frame beside animations, p99", p99, 50, "ms", at_least=False)
        await _class(url)


async def _workers() -> None:
    rates = []
    for number in (1, 2):
        with Server(NNVIZ_WORKERS=f"{number}") as server:
            url = server.url.replace("http", "ws") + "live"
            rate = _rate(url, NEIGHBOURS, EXPENSIVE)
            rate_of_expensive, p99 = await asyncio.gather(rate, _p99(url, _frames()))
            small = await _rate(url, CLASS, {})
        rates.append(rate_of_expensive)
        note(f"{number} for expensive runs: {rate_of_expensive:.2f} epochs/s in all; "
             f"a small run's frame beside, p99 {p99:.0f} ms; "
             f"{CLASS} small runs {small:,.0f} epochs/s")  # fmt: skip
    note(f"two workers train {rates[1] / rates[0]:.2f} times as much of expensive runs as one")


# --- what is asked for ------------------------------------------------------------------


def _frames() -> Iterator[Message]:
    """A frame of 10 epochs each time."""
    for i in count():
        yield {"op": "frame", "epochs": 10, "since": 1 + 10 * i, "probe": [0.0, 0.0]}


def _controls() -> Iterator[Message]:
    """Seeks back and forth, and edits."""
    for i in count():
        yield {"op": "seek", "epoch": 37 * i % 200}
        yield {"op": "edit", "field": "learning_rate", "value": 0.1 + 0.01 * (i % 7)}


def _long() -> Iterator[Message]:
    """250 kB that mean nothing."""
    while True:
        yield {"op": "open", "recipe": {"edits": "x" * 250_000}}


def _unknown() -> Iterator[Message]:
    """23,000 fields that no recipe has."""
    while True:
        yield {"op": "open", "recipe": {f"f{i}": 1 for i in range(23_000)}}


def _codes() -> Iterator[Message]:
    """The longest QR codes."""
    while True:
        yield {"op": "export", "what": "qr", "text": "x" * 2900}


_ABUSES = {"250 kB of JSON": _long, "23,000 unknown fields": _unknown, "2,900-byte codes": _codes}


# --- who asks ---------------------------------------------------------------------------


@asynccontextmanager
async def _beside(url: str, recipe: Message, messages: Iterator[Message]) -> AsyncIterator[None]:
    """While so many neighbours ask for one thing after the other, as fast as they get replies."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(_run(url, recipe)) for _ in range(NEIGHBOURS)]
        # encoded once: that is no work of the server
        texts = [json.dumps(message) for message, _ in zip(messages, range(20), strict=False)]
        tasks = [asyncio.create_task(_flood(socket, texts)) for socket in sockets]
        await asyncio.sleep(1)
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _flood(socket: QuickSocket, texts: list[str]) -> None:
    with suppress(ConnectionError):
        for i in count():
            await socket.send(texts[i % len(texts)])
            await socket.recv()


@asynccontextmanager
async def _animating(url: str) -> AsyncIterator[None]:
    """While a visitor has one animation made after the other."""
    png = io.BytesIO()
    Image.new("RGBA", (640, 480)).save(png, "PNG")
    layer = png.getvalue()

    async def animate() -> None:
        while True:
            async with websockets.connect(url, max_size=None) as socket:
                while "ready" not in await socket.recv():
                    pass
                await socket.send(json.dumps({"recipe": {}, "format": "gif", "layer": len(layer)}))
                await socket.send(layer)
                while isinstance(await socket.recv(), str):
                    pass

    task = asyncio.create_task(animate())
    await asyncio.sleep(1)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _rate(url: str, runs: int, recipe: Message) -> float:
    """Epochs a second of so many runs together, each as fast as it gets replies."""

    async def train(socket: QuickSocket) -> float:
        start, epoch = time.perf_counter(), 0
        while (seconds := time.perf_counter() - start) < SECONDS:
            await socket.send(json.dumps({"op": "frame", "epochs": 10, "picture": True}))
            epoch = unpack(await socket.recv())[0]["epoch"]
        return epoch / seconds

    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(_run(url, recipe)) for _ in range(runs)]
        return sum(await asyncio.gather(*map(train, sockets)))


@asynccontextmanager
async def _run(url: str, recipe: Message) -> AsyncIterator[QuickSocket]:
    async with connect(url) as socket:
        await socket.send(json.dumps({"op": "open", "recipe": recipe}))
        await socket.recv()
        yield socket


async def _p99(url: str, messages: Iterator[Message], rate: float = RATE) -> float:
    """Milliseconds of a small run that asks at this rate."""
    async with _run(url, {}) as socket:
        delays = await _paced(socket, messages, rate, SECONDS if rate == RATE else 4 * SECONDS)
    return 1e3 * float(np.percentile(delays, 99))


async def _paced(
    socket: QuickSocket, messages: Iterator[Message], rate: float, seconds: float
) -> list[float]:
    """How long replies took, in seconds; a tick that finds the last one unanswered is lost."""
    delays, start = [], time.perf_counter()
    for tick in range(round(seconds * rate)):
        due = start + tick / rate
        if (now := time.perf_counter()) > due + 1 / rate:
            continue
        await asyncio.sleep(max(0.0, due - now))
        sent = time.perf_counter()
        await socket.send(json.dumps(next(messages)))
        await socket.recv()
        delays.append(time.perf_counter() - sent)
    return delays


async def _first_frames(url: str, visitors: int) -> list[float]:
    """Seconds from opening a socket to the first frame, one visitor after the other."""
    found = []
    for _ in range(visitors):
        start = time.perf_counter()
        async with _run(url, {}) as socket:
            await socket.send(json.dumps(next(_frames())))
            await socket.recv()
            found.append(time.perf_counter() - start)
    return found


# --- a class ----------------------------------------------------------------------------


async def _class(url: str) -> None:
    expected = RATE * SECONDS
    small = await _together(url, [{}] * CLASS)
    answered = [len(delays) for delays in small]
    slowest = 1e3 * float(np.percentile(np.concatenate(small), 99))
    say(
        f"{CLASS} runs at {RATE} frames/s: answered",
        100 * sum(answered) / expected / CLASS,
        95,
        "%",
    )
    say("p99 of a frame", slowest, 150, "ms", at_least=False)
    mixed = await _together(url, [{}] * (CLASS - HEAVY) + [MIDDLING] * HEAVY)
    for name, runs in (("small", mixed[:-HEAVY]), ("3 × 16, batches of 10", mixed[-HEAVY:])):
        shares = [len(delays) for delays in runs]
        note(f"{name}: {min(shares) / SECONDS:.1f} to {max(shares) / SECONDS:.1f} frames/s")
        fair = median(shares)
        apart = max(abs(share / fair - 1) for share in shares)
        say(f"shares of {len(runs)} runs, {name}: furthest from the middle", 100 * apart, 20, "%",
            at_least=False)  # fmt: skip


async def _together(url: str, recipes: list[Message]) -> list[list[float]]:
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(_run(url, recipe)) for recipe in recipes]

        async def visit(i: int, socket: QuickSocket) -> list[float]:
            await asyncio.sleep(i / len(sockets) / RATE)
            return await _paced(socket, _frames(), RATE, SECONDS)

        return await asyncio.gather(*(visit(i, socket) for i, socket in enumerate(sockets)))
