"""Time spent on the work of one run, where several take turns."""

from __future__ import annotations

from collections.abc import Callable


class Stopwatch:
    """A clock, in seconds, that stands still while others have their turn."""

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._stood_still = 0.0  # seconds in all
        self._paused = 0.0

    def __call__(self) -> float:
        return self._clock() - self._stood_still

    def pause(self) -> None:
        self._paused = self._clock()

    def resume(self) -> None:
        self._stood_still += self._clock() - self._paused
