"""Fifty visitors at once: 20 frames a second each, 10 epochs a frame, one server process.

The load comes from a second process on the same machine and stops by itself.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from tests.bench.quick_socket import connect
from tests.bench.report import note, say
from tests.serving import Server

SOCKETS = 50
RATE = 20  # frames a second and socket
SECONDS = 10
RUNS = 3


def main() -> None:
    print(
        f"Sockets: {SOCKETS} at {RATE} frames/s, 10 epochs a frame, for {SECONDS} s, {RUNS} times"
    )
    with Server() as server:
        url = server.url.replace("http", "ws") + "live"
        asyncio.run(_load(url, 2, 1))  # the first visitor loads the data sets
        before = _memory(server.pid)
        runs = [asyncio.run(_load(url, SOCKETS, SECONDS, server.pid)) for _ in range(RUNS)]
    shares = [100 * len(delays) / expected for delays, expected, _ in runs]
    slowest = [1e3 * float(np.percentile(delays, 99)) for delays, _, _ in runs]
    memory = max(memory for _, _, memory in runs)
    note(f"of the frames answered: {', '.join(f'{share:.1f}' for share in shares)} %")
    say("frames answered", median(shares), 95, "%")
    say("p99 of a frame", median(slowest), 150, "ms", at_least=False)
    say("memory a session", (memory - before) / SOCKETS / 1e6, 1, "MB", at_least=False)


async def _load(
    url: str, sockets: int, seconds: float, pid: int | None = None
) -> tuple[list[float], int, int]:
    start = time.perf_counter() + 1.0
    frames = round(seconds * RATE)
    visits = [_visit(url, start + i / sockets / RATE, frames) for i in range(sockets)]
    tasks = [asyncio.create_task(visit) for visit in visits]
    await asyncio.sleep(start + seconds - 0.2 - time.perf_counter())
    memory = _memory(pid) if pid else 0
    delays = [delay for task in tasks for delay in await task]
    return delays, sockets * frames, memory


async def _visit(url: str, start: float, frames: int) -> list[float]:
    """One visitor: a frame each tick; a tick that finds the last one unanswered is lost."""
    delays = []
    async with connect(url) as socket:
        await socket.send(json.dumps({"op": "open", "recipe": {}}))
        await socket.recv()
        rows = 1
        for tick in range(frames):
            due = start + tick / RATE
            if (now := time.perf_counter()) > due + 1 / RATE:
                continue
            await asyncio.sleep(max(0.0, due - now))
            request = {"op": "frame", "epochs": 10, "since": rows, "probe": [0.0, 0.0]}
            sent = time.perf_counter()
            await socket.send(json.dumps(request))
            await socket.recv()  # not unpacked: that is a browser's work, on another machine
            delays.append(time.perf_counter() - sent)
            rows += 10
    return delays


def _memory(pid: int) -> int:
    """Resident bytes of a process."""
    if not sys.platform.startswith("linux"):
        raise SystemExit("the memory figure needs Linux's /proc")
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096
