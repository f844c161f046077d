"""What a server carries at the moment, and the limits on it.

Each socket has a :class:`Seat` while it is open, which the code that serves it finds by
:func:`seat_of`.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from starlette.types import Scope

from ..problems import RecipeError
from ..recipe.recipe import MOST_SAMPLES, Recipe
from ..training.trainer import KEYFRAME_BYTES, MOST_KEYFRAMES
from .beside import bytes_of
from .health import Meter
from .hosting import Hosting
from .log import LOGGER
from .lottery import MOST_BYTES, start_bytes
from .requests import MOST_LAYERS, MOST_UNITS, Request, RequestError

_SEAT = "nnviz.seat"  # in the scope of a socket
_SIZING = ("data", "features", "classes", "samples", "hidden", "inputs")  # fields of a recipe

_log = logging.getLogger(LOGGER)


class Load:
    """Sockets by address, and the runs on them."""

    def __init__(self, hosting: Hosting):
        self.hosting = hosting
        self.sockets = Counter[str]()
        self.sessions = 0  # runs
        self.memory = 0  # bytes of all runs, as estimated
        self.meter = Meter(self) if hosting.metrics else None

    def limit_reached(self, address: str) -> str | None:
        """The name of the limit that another socket of this address would break."""
        if self.sockets.total() >= self.hosting.sockets:
            return "sockets"
        if self.sockets[address] >= self.hosting.sockets_per_address:
            return "sockets_per_address"
        return None

    def refuse(self, limit: str) -> str:
        """What a visitor is told whom this limit keeps out; it is logged."""
        if self.meter:
            self.meter.refused(limit)
        sentence = self.hosting.sentence(limit)
        _log.warning("Refused by the limit %s. %s", limit, sentence)
        return sentence


class Seat:
    """A socket, from its handshake on until it is closed."""

    def __init__(self, load: Load, address: str):
        self.load, self.address = load, address
        self._memory = 0  # bytes of its run, its starts and the runs beside it
        self._start = 0  # of each start
        self._starts = 0
        self._beside = 0  # of all runs beside it
        load.sockets[address] += 1

    def refusal_of(self, request: Request) -> str | None:
        """Why a request cannot be carried out now, if it needs more memory than there is."""
        if not request.opens or request.error:
            return None
        recipe = None if request.unread else _sized(request["recipe"])
        wanted = LARGEST if request.unread else run_bytes(request["recipe"])
        if refusal := self._taken(wanted + self._beside):
            return refusal
        self._start = start_bytes(recipe) if recipe else LARGEST_START
        self._starts = 0
        return None

    def bounded(self, request: Request) -> Request:
        """The request; with an error if starts, or runs beside, need more memory than there is."""
        if request.error:
            return request
        starts = max(self._starts, request.values.get("starts") or 0)
        beside = _beside_bytes(request) if request.compares else self._beside
        more = (starts - self._starts) * self._start + beside - self._beside
        if not more:
            return request
        if refusal := self._taken(self._memory + more):
            return replace(request, error=RequestError(refusal))
        self._starts, self._beside = starts, beside
        return request

    def end(self) -> None:
        """The socket is closed."""
        self._take(0)
        self.load.sockets[self.address] -= 1
        if not self.load.sockets[self.address]:
            del self.load.sockets[self.address]

    def _taken(self, memory: int) -> str | None:
        """Take so much in all; or why not."""
        load = self.load
        if load.memory - self._memory + memory > load.hosting.memory * 1_000_000:
            return load.refuse("memory")
        self._take(memory)
        return None

    def _take(self, memory: int) -> None:
        self.load.memory += memory - self._memory
        self.load.sessions += bool(memory) - bool(self._memory)
        self._memory = memory


def _beside_bytes(request: Request) -> int:
    """About the memory of the runs in a request to compare them; the most of one that is unread."""
    if request.unread is not None:
        return MOST_BYTES
    return min(MOST_BYTES, bytes_of([run.recipe for run in request["beside"] if run.recipe]))


def take_seat(scope: Scope, load: Load) -> Seat:
    """Seat a socket that is let in."""
    seat = scope[_SEAT] = Seat(load, address_of(scope))
    return seat


def seat_of(scope: Scope) -> Seat:
    """The seat of a socket; where no gate stands before it, one without neighbours."""
    return scope.get(_SEAT) or take_seat(scope, Load(Hosting()))


def address_of(scope: Scope) -> str:
    """Where a request comes from; behind a proxy that uvicorn trusts, from before that proxy."""
    client = scope.get("client")
    return client[0] if client else ""


def run_bytes(recipe: Mapping[str, Any]) -> int:
    """About the memory that a run takes once it is long, with its network drawn; 0 if invalid."""
    if (run := _sized(recipe)) is None:
        return 0
    weights = sum((n_in + 1) * n_out for n_in, n_out in pairwise(run.sizes))
    state = 24 * weights  # weights and two of the optimiser's slots, in float64
    keyframes = min(MOST_KEYFRAMES * state, KEYFRAME_BYTES)
    return 600_000 + run.n_samples * (350 + 13 * sum(run.sizes)) + 80 * weights + keyframes


def _sized(recipe: Mapping[str, Any]) -> Recipe | None:
    """A run of that size; None if it is invalid."""
    try:
        return Recipe.from_json({name: recipe[name] for name in _SIZING if name in recipe})
    except RecipeError:
        return None


_LARGEST = {"hidden": [MOST_UNITS] * (MOST_LAYERS - 2), "samples": MOST_SAMPLES}
LARGEST = run_bytes(_LARGEST)
LARGEST_START = start_bytes(Recipe.from_json(_LARGEST))
