"""How long a sweep is going to take."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ..notation import counted
from ..training.trainer import Trainer
from .plan import Plan
from .threads import one_thread

MOST_RUNS, MOST_SECONDS = 1000, 600  # a larger sweep is started only when confirmed

_TRIED = 5  # combinations, spread over all
_SECONDS = 0.1  # of training for each


def seconds_of_a_run(plan: Plan) -> float:
    """The mean time of a run on this machine, from a short trial of a few combinations."""
    with one_thread:
        times = list(trials(plan))
    return sum(times) / len(times)


def trials(plan: Plan) -> Iterator[float]:
    """The seconds of a run of some combinations, each from a short trial."""
    recipes = plan.combinations[:: -(-len(plan.combinations) // _TRIED)]
    Trainer(recipes[0])  # the first one imports what data sets need
    for recipe in recipes:
        start = time.perf_counter()
        trainer = Trainer(recipe)
        ready, now = time.perf_counter(), 0.0
        while trainer.epoch < plan.epoch and not trainer.finished and now < _SECONDS:
            trainer.stride(plan.epoch - trainer.epoch)
            now = time.perf_counter() - ready
        epochs = plan.epoch if not trainer.finished else trainer.epoch
        yield ready - start + now * epochs / max(trainer.epoch, 1)


def is_large(runs: int, seconds: float) -> bool:
    """Whether so many runs, or so many seconds, should be confirmed before the start."""
    return runs > MOST_RUNS or seconds > MOST_SECONDS


def bound() -> str:
    """The bound of :func:`is_large` as text."""
    return f"more than {MOST_RUNS} runs or {duration(MOST_SECONDS)}"


def sentence(runs: int, seconds: float, places: int, place: str = "process") -> str:
    """How many runs there are, and how long they take in all, on so many places."""
    return f"{counted(runs, 'run')}, about {duration(seconds)} on {counted(places, place)}"


def duration(seconds: float) -> str:
    """``90 s``, ``2 min`` or ``3 h``."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 1):.0f} s"
