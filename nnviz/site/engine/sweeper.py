"""Runs of a sweep in a web worker of their own, one after the other, a piece at each message.

It is another Python beside that of the page. What is sent to both is an order, JSON: what was typed
in the form, or the name of a sweep that is ready made.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import asdict
from typing import Any

from ...recipe.recipe import Recipe
from ...sweeps.chosen import Chosen
from ...sweeps.offers import READY_MADE
from ...sweeps.plan import PAGE, Plan
from ...sweeps.portrait import Portrait, portrait_from
from ...sweeps.run import row_from, training
from ...training.pieces import Work
from ...training.trainer import Trainer
from . import image, samples, thread_pools

PIECE_SECONDS = 0.05  # of training in one message

_PICTURES = ("picture", "dark")  # bytes of a portrait

Outcome = tuple[int, dict[str, Any], Portrait]  # the number of a run, its row and its portrait


class Sweeper:
    """Answers the messages of a worker."""

    def __init__(self, order: str):
        for module in (samples, image, thread_pools):
            module.stand_in()
        self._runs = list(plan_of(order))
        self._number: int | None = None  # of the run under way
        self._work: Work[Trainer] | None = None
        self._seconds = self._ends = 0.0

    def go_on(self, number: int) -> list[Any]:
        """Do the next piece of a run, or the first: its seconds, and the outcome at the end of it.

        The outcome is JSON for :func:`read_outcome`, "" before.
        """
        run = self._runs[number]
        if self._work is None or number != self._number:
            self._number, self._seconds = number, 0.0
            self._work = training(run, lambda: time.perf_counter() >= self._ends)
        start = time.perf_counter()
        self._ends = start + PIECE_SECONDS
        try:
            next(self._work)
        except StopIteration as end:
            self._work = None
            trained = self._seconds + time.perf_counter() - start
            row, portrait = row_from(run, end.value, trained), portrait_from(run, end.value)
            return [time.perf_counter() - start, _written(number, row, portrait)]
        self._seconds += time.perf_counter() - start
        return [time.perf_counter() - start, ""]


# --- orders and outcomes as JSON --------------------------------------------------------------


def order_of(chosen: Chosen) -> str:
    """The order for what was typed."""
    typed = {name: value for name, value in vars(chosen).items() if name != "recipe"}
    return json.dumps({"recipe": json.loads(chosen.recipe.to_json()), **typed})


def order_ready_made(name: str) -> str:
    """The order for a sweep that is ready made."""
    return json.dumps({"ready": name})


def plan_of(order: str, page: str = PAGE) -> Plan:
    """The plan of an order; links lead to ``page``."""
    typed = json.loads(order)
    if "ready" in typed:
        return READY_MADE[typed["ready"]].plan(page)
    chosen = Chosen(**{**typed, "recipe": Recipe.from_json(typed["recipe"])})
    return chosen.plan(chosen.read()[0], page)


def read_outcome(text: str) -> Outcome:
    number, row, portrait = json.loads(text)
    pictures = {name: base64.b64decode(portrait[name]) for name in _PICTURES}
    return number, row, Portrait(**{**portrait, **pictures})


def _written(number: int, row: dict[str, Any], portrait: Portrait) -> str:
    fields = asdict(portrait)
    pictures = {name: base64.b64encode(fields[name]).decode() for name in _PICTURES}
    return json.dumps([number, row, {**fields, **pictures}])
