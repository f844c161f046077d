"""Frames while playing: their bytes, and what it costs the server to make them small.

A run of 1,000 epochs at 5 epochs a frame, with the page's default look; no socket, no browser.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from statistics import mean
from typing import Any

from nnviz.live.codec import Array, compressed, pack, plain, unpack
from nnviz.live.session import LiveSession
from tests.bench.report import note, say

EPOCHS, STRIDE = 1000, 5
LARGEST = 1.25  # times the promised mean
PROBE = (0.1234567, -0.7654321)  # as many digits as a point under the pointer has
ROUNDS = 5  # the quickest of them is what the code costs

# what is played, and kB promised a frame
SCENES: dict[str, tuple[dict[str, Any], float]] = {
    "circles": ({}, 5),
    "iris": ({"data": "iris"}, 7),
    "six blobs": ({"data": "blobs", "classes": 6}, 10),
}


def main() -> None:
    print(f"Frames of {STRIDE} epochs, in the first {EPOCHS:,} of a run")
    for name, (recipe, promised) in SCENES.items():
        replies = _play(recipe)
        frames = [unpack(reply) for reply in replies]
        sizes = [len(reply) / 1000 for reply in replies]
        say(f"{name}: a frame, mean", mean(sizes), promised, "kB", at_least=False)
        say(f"{name}: the largest frame", max(sizes), LARGEST * promised, "kB", at_least=False)
        in_full = _milliseconds(lambda frame: _in_full(*frame), frames)
        packed = _milliseconds(lambda frame: pack(*frame), frames)
        deflated = _milliseconds(compressed, [plain(*frame) for frame in frames])
        kilobytes = mean(len(_in_full(*frame)) for frame in frames) / 1000
        note(f"packed in {packed:.3f} ms, of which {deflated:.3f} ms for the compression")
        note(f"with all numbers in full: {kilobytes:.1f} kB in {in_full:.3f} ms")


def _play(recipe: dict[str, Any]) -> list[bytes]:
    """The replies while a run is played."""
    session = LiveSession(clock=lambda: 0.0)  # no frame is cut short on a busy machine
    session.handle({"op": "open", "recipe": recipe})
    return [
        session.handle(
            {"op": "frame", "id": epoch, "epochs": STRIDE, "since": epoch + 1, "probe": PROBE}
        )
        for epoch in range(0, EPOCHS, STRIDE)
    ]


def _in_full(header: dict[str, Any], arrays: dict[str, Array]) -> bytes:
    """Header and arrays as they lie in memory."""
    written = json.dumps(header, separators=(",", ":")).encode()
    return b"".join([written, *(array.tobytes() for array in arrays.values())])


def _milliseconds(call: Callable[[Any], bytes], items: Sequence[Any]) -> float:
    """Processor time of a call, on average over all items."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for item in items:
            call(item)
        times.append(time.process_time() - start)
    return 1000 * min(times) / len(items)
