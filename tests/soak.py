"""``make soak MINUTES=60``: a class that comes, plays, scrubs, edits, exports, drops and returns.

Clients are coroutines of this process. Each keeps what its run has to be, a recipe and an epoch,
and compares the losses when it comes back to it. Memory and descriptors are those of the server
with its workers.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from nnviz.live.codec import unpack
from tests.bench.arrival import run_script
from tests.serving import Server

CLIENTS = 60
WARM = 5 * 60  # seconds until memory is compared, or half of a short run
NEW_RUN = 120  # seconds until a pupil begins another run: late in the soak they are no longer
EVERY = 10  # seconds between two looks at the memory
MOST_GROWTH = 5  # percent, between the middles of the first and the last looks
RECIPES: list[dict[str, Any]] = [
    {},
    {"data": "iris", "batch_size": 16},
    {"data": "moons", "hidden": [8, 8], "activation": "relu", "optimiser": "adam"},
    {"data": "blobs", "samples": 300},
    {"hidden": [16, 16, 16], "batch_size": 10},
    {"data": "linear", "output": "step", "hidden": [], "batch_size": 1},
    {"data": "moons", "samples": 1000, "hidden": [64] * 4},  # expensive
]
EXPORTS = ({"what": "link"}, {"what": "qr", "text": "x" * 200}, {"what": "history"})


@dataclass
class Tally:
    """What has happened to all clients."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def main(minutes: float) -> int:
    with Server(Path(__file__).with_name("soak_app.py")) as server:
        tally, looks = asyncio.run(_soak(server, 60 * minutes))
        if "Traceback" in server.log():
            tally.wrong.append(server.log())
    print(", ".join(f"{count} {what}" for what, count in sorted(tally.counts.items())))
    warm = min(WARM, 30 * minutes)
    kept = [(memory, files) for at, memory, files in looks if at >= warm]
    part = max(1, len(kept) // 5)
    first, last = (_middle(kept[:part]), _middle(kept[-part:]))
    growth = 100 * (last[0] / first[0] - 1)
    print(f"memory {first[0] / 1e6:.0f} → {last[0] / 1e6:.0f} MB ({growth:+.1f} %)")
    print(f"descriptors {first[1]} → {last[1]}")
    for sentence in tally.wrong[:20]:
        print("wrong:", sentence)
    is_flat = growth <= MOST_GROWTH and last[1] <= first[1] + CLIENTS
    return 0 if is_flat and not tally.wrong else 1


async def _soak(server: Server, seconds: float) -> tuple[Tally, list[tuple[float, int, int]]]:
    tally, looks, start = Tally(), [], time.monotonic()
    ends = start + seconds
    clients = [asyncio.create_task(_client(server.url, n, ends, tally)) for n in range(CLIENTS)]
    while (now := time.monotonic()) < ends:
        await asyncio.sleep(min(EVERY, ends - now))
        memory, files = _held(server.pid)
        looks.append((time.monotonic() - start, memory, files))
        if len(looks) % 6 == 0:
            print(f"{looks[-1][0] / 60:5.1f} min  {memory / 1e6:6.0f} MB  {files} descriptors",
                  flush=True)  # fmt: skip
    await asyncio.gather(*clients)
    return tally, looks


async def _client(url: str, number: int, ends: float, tally: Tally) -> None:
    """One visit after the other, most of which go on where the last one was left."""
    rng, run = random.Random(number), None
    # each in turn, so that at any time as many runs are expensive, and memory can be compared
    recipes = cycle([*RECIPES[number % len(RECIPES) :], *RECIPES[: number % len(RECIPES)]])
    await asyncio.sleep(5 * rng.random())
    while time.monotonic() < ends:
        try:
            await run_script(url)  # the page
            goes_on = run and time.monotonic() < run.begun + NEW_RUN and rng.random() < 0.7
            run = await _visit(url, run if goes_on else None, recipes, rng, tally)
        except (ConnectionClosed, OSError, TimeoutError) as error:
            tally.wrong.append(f"client {number}: {error!r}")
        await asyncio.sleep(2 * rng.random())


@dataclass
class Run:
    """What a browser keeps of a run: its recipe, an epoch, and the losses it showed there."""

    recipe: dict[str, Any]
    epoch: int
    losses: dict[str, float]
    begun: float = field(default_factory=time.monotonic)


async def _visit(
    url: str,
    run: Run | None,
    recipes: Iterator[dict[str, Any]],
    rng: random.Random,
    tally: Tally,
) -> Run:
    live = url.replace("http", "ws") + "live"
    async with connect(live, compression=None, max_size=None) as socket:
        if run is None:
            opened = await _ask(socket, op="open", recipe=next(recipes))
            run = Run(opened["recipe"], 0, opened["metrics"])
        else:
            await _ask(socket, op="open", recipe=run.recipe)
            found = await _go(socket, run.epoch)
            if found["metrics"] != run.losses:
                tally.wrong.append(f"epoch {run.epoch} came back as another")
            tally.counts["returns"] += 1
        for _ in range(rng.randrange(2, 8)):
            await rng.choice((_play, _play, _scrub, _edit, _export))(socket, run, rng, tally)
        if rng.random() < 0.3:  # as a train tunnel does
            socket.transport.abort()
            tally.counts["drops"] += 1
    tally.counts["visits"] += 1
    return run


async def _play(socket: ClientConnection, run: Run, rng: random.Random, tally: Tally) -> None:
    for _ in range(rng.randrange(20, 60)):
        found = await _ask(socket, op="frame", epochs=5, since=None)
        if found["finished"]:
            break
        await asyncio.sleep(0.05)
        tally.counts["frames"] += 1
    run.epoch, run.losses = found["epoch"], found["metrics"]


async def _scrub(socket: ClientConnection, run: Run, rng: random.Random, tally: Tally) -> None:
    for _ in range(5):
        run.epoch = rng.randrange(run.epoch + 1)
        run.losses = (await _go(socket, run.epoch))["metrics"]
        tally.counts["seeks"] += 1


async def _edit(socket: ClientConnection, run: Run, rng: random.Random, tally: Tally) -> None:
    rate = rng.choice((0.03, 0.1, 0.3))
    found = await _ask(socket, op="edit", field="learning_rate", value=rate, epoch=run.epoch)
    while found.get("arrived") is False:
        found = await _ask(socket, op="edit", field="learning_rate", value=rate, epoch=run.epoch)
    run.recipe, run.losses = found["recipe"], found["metrics"]
    tally.counts["edits"] += 1


async def _export(socket: ClientConnection, run: Run, rng: random.Random, tally: Tally) -> None:
    wanted = {"op": "export", **rng.choice(EXPORTS), "epoch": run.epoch}
    found = await _ask(socket, **wanted)
    while found.get("arrived") is False:
        found = await _ask(socket, **wanted)
    tally.counts["exports"] += 1


async def _go(socket: ClientConnection, epoch: int) -> dict[str, Any]:
    found = await _ask(socket, op="seek", epoch=epoch)
    while found.get("arrived") is False:
        found = await _ask(socket, op="seek", epoch=epoch)
    return found


async def _ask(socket: ClientConnection, **request: Any) -> dict[str, Any]:
    await socket.send(json.dumps(request))
    header = unpack(await asyncio.wait_for(socket.recv(), 60))[0]  # type: ignore[arg-type]
    if header["type"] == "error":
        raise OSError(header["message"])
    return header


def _held(pid: int) -> tuple[int, int]:
    """Resident bytes and descriptors of a process and its children."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    family = [pid, *(int(child) for listed in children for child in listed.read_text().split())]
    pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in family)
    return 4096 * pages, sum(len(list(Path(f"/proc/{one}/fd").iterdir())) for one in family)


def _middle(looks: list[tuple[int, int]]) -> tuple[int, int]:
    memory, files = (sorted(column) for column in zip(*looks, strict=True))
    return memory[len(memory) // 2], files[len(files) // 2]


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1])))
