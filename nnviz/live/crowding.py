"""How many runs have to leave the server's own process, so that it stays quick for everybody."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

MOST_SHARE = 0.7  # of a core that the process may use before runs leave it
WINDOW = 0.25  # seconds over which its share is measured


class Crowding:
    """Measures a process by the processor time that its thread has ``used`` by the ``clock``.

    Both are in seconds.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        used: Callable[[], float] = time.thread_time,
    ):
        self._clock, self._used = clock, used
        self._begun, self._used_before = clock(), used()
        self._leaving = 0  # runs that are to leave yet

    def lets_go(self, n_runs: int) -> bool:
        """Whether the run whose turn it is, one of ``n_runs``, has to leave the process."""
        if self._clock() - self._begun >= WINDOW:
            self._leaving = self._too_many(n_runs)
        if not self._leaving:
            return False
        self._leaving -= 1
        return True

    def _too_many(self, n_runs: int) -> int:
        """How many runs exceed the capacity of the process, measured in the window just ended."""
        now, used = self._clock(), self._used()
        share = (used - self._used_before) / (now - self._begun)
        self._begun, self._used_before = now, used
        return math.ceil(n_runs * (1 - MOST_SHARE / share)) if share > MOST_SHARE else 0
