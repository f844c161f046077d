"""How long a sweep is going to take."""

from __future__ import annotations

import time

from ..training.trainer import Trainer
from .plan import Plan
from .threads import one_thread

_TRIED = 5  # combinations, spread over all
_SECONDS = 0.1  # of training for each


def seconds_of_a_run(plan: Plan) -> float:
    """The mean time of a run on this machine, from a short trial of a few combinations."""
    recipes = plan.combinations[:: -(-len(plan.combinations) // _TRIED)]
    with one_thread:
        Trainer(recipes[0])  # the first one imports what data sets need
        times = []
        for recipe in recipes:
            start = time.perf_counter()
            trainer = Trainer(recipe)
            ready, now = time.perf_counter(), 0.0
            while trainer.epoch < plan.epoch and not trainer.finished and now < _SECONDS:
                trainer.stride(plan.epoch - trainer.epoch)
                now = time.perf_counter() - ready
            epochs = plan.epoch if not trainer.finished else trainer.epoch
            times.append(ready - start + now * epochs / max(trainer.epoch, 1))
    return sum(times) / len(times)
