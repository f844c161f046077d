"""``make bench``: every figure the project promises, measured side by side on this machine.

Prints a line for each: what, measured, promised. Names narrow it down:
``python -m tests.bench engine``, ``browser``, ``frames``, ``network``, ``sockets``,
``neighbours``, ``animation``, ``arrival``, ``site``, ``sweep``.
"""

from __future__ import annotations

import sys

from tests.bench import (
    animation,
    arrival,
    browser,
    engine,
    frames,
    neighbours,
    network,
    site,
    sockets,
    sweep,
)
from tests.bench.report import stolen

PARTS = {
    "engine": engine.main,
    "browser": browser.main,
    "frames": frames.main,
    "network": network.main,
    "sockets": sockets.main,
    "neighbours": neighbours.main,
    "animation": animation.main,
    "arrival": arrival.main,
    "site": site.main,
    "sweep": sweep.main,
}

for part in sys.argv[1:] or PARTS:
    with stolen():
        PARTS[part]()
