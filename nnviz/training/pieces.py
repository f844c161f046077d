"""Work that can be carried out piece by piece, so that others get their turn in between.

Such work is a generator: it pauses where it yields, returns its result at the end, and is called
off by ``close()``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

Result = TypeVar("Result")
Work = Generator[None, None, Result]


def done(work: Work[Result]) -> Result:
    """The result of work, carried out without a pause."""
    results: list[Result] = []

    def all_of_it() -> Iterator[None]:
        results.append((yield from work))

    deque(all_of_it(), maxlen=0)  # goes through it in C
    return results[0]


def pausing(work: Work[Result], is_due: Callable[[], bool]) -> Work[Result]:
    """The same work with fewer pauses: those at which one ``is_due``."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
        if is_due():
            yield
