"""``make bench``: every figure the project promises, measured side by side on this machine.

Prints a line for each: what, measured, promised. Names narrow it down:
``python -m tests.bench engine``, ``browser``, ``drawing``, ``frames``, ``network``,
``sockets``, ``neighbours``, ``animation``, ``arrival``, ``site``, ``sweep``,
``tables``.
"""

from __future__ import annotations

import sys

from tests.bench import (
    animation,
    arrival,
    browser,
    drawing,
    engine,
    frames,
    neighbours,
    network,
    site,
    sockets,
    sweep,
    tables,
)
from tests.bench.report import stolen

PARTS = {
    "engine": engine.main,
    "browser": browser.main,
    "drawing": drawing.main,
    "frames": frames.main,
    "network": network.main,
    "sockets": sockets.main,
    "neighbours": neighbours.main,
    "animation": animation.main,
    "arrival": arrival.main,
    "site": site.main,
    "sweep": sweep.main,
    "tables": tables.main,
}

for part in sys.argv[1:] or PARTS:
    with stolen():
        PARTS[part]()
