"""Progress on standard error, only on a terminal and only after a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_DELAY = 1.0  # seconds before a bar is shown
_TICK = 0.5  # seconds between two updates of a clock


@contextmanager
def bar(what: str, total: int, unit: str) -> Iterator[Callable[[int], Any]]:
    """A progress bar for ``total`` steps; yields a function to call with the number of new ones."""
    if not _is_terminal():
        yield lambda done: None
        return
    from tqdm import tqdm

    with tqdm(
        total=total, desc=f"nnviz: {what}", unit=unit, unit_scale=True, delay=_DELAY, leave=False,
        file=sys.stderr, dynamic_ncols=True,
    ) as shown:  # fmt: skip
        yield shown.update


@contextmanager
def clock(what: str) -> Iterator[None]:
    """A running clock for work of unknown length."""
    if not _is_terminal():
        yield
        return
    from tqdm import tqdm

    over = threading.Event()
    with tqdm(
        desc=f"nnviz: {what}", bar_format="{desc} {elapsed}", delay=_DELAY, leave=False,
        file=sys.stderr,
    ) as shown:  # fmt: skip

        def tick() -> None:
            over.wait(_DELAY)
            while not over.wait(_TICK):
                shown.refresh()

        ticking = threading.Thread(target=tick, daemon=True)
        ticking.start()
        try:
            yield
        finally:
            over.set()
            ticking.join()


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
