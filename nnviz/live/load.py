"""The present load of a server, and the limits on it.

Each socket has a :class:`Seat` while it is open, which the code that serves it finds by
:func:`seat_of`.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.types import Scope

from ..problems import RecipeError
from ..recipe.edits import POINTS
from ..recipe.recipe import Recipe
from ..recipe.strokes import n_marks
from .beside import bytes_of
from .health import Meter
from .hosting import Hosting
from .log import LOGGER
from .lottery import MOST_BYTES
from .requests import Request, RequestError
from .size import LARGEST, NOTHING, RunMemory, size_of

_SEAT = "nnviz.seat"  # in the scope of a socket
_SIZING = ("data", "features", "classes", "samples", "hidden", "inputs")  # fields of a recipe
SETTLED = 20  # requests until a run is asked again how large it is

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
        """Log and count a refusal by this limit; returns the sentence that the visitor is shown."""
        sentence = self.hosting.sentence(limit)
        self.refused(limit, sentence)
        return sentence

    def refused(self, limit: str, sentence: str) -> None:
        """Log and count that a limit refused a visitor, who is shown ``sentence``."""
        self.count_refusal(limit)
        _log.warning("Refused by the limit %s. %s", limit, sentence)

    def count_refusal(self, limit: str) -> None:
        """Count one that is logged elsewhere."""
        if self.meter:
            self.meter.refused(limit)


class Seat:
    """A socket, from its handshake on until it is closed.

    Before a request is carried out, its run is counted with the size that the request asks for;
    afterwards with its actual size, see :meth:`settle`.
    """

    def __init__(self, load: Load, address: str):
        self.load, self.address = load, address
        self._memory = 0  # bytes of its run, its starts and the runs beside it
        self._size = NOTHING
        self._starts = 0
        self._beside = 0  # of all runs beside it
        self._unsettled = 0  # requests carried out since the run was asked for its size
        load.sockets[address] += 1

    def refusal_of(self, request: Request) -> str | None:
        """Why a request cannot be carried out now, if it needs more memory than there is."""
        if not request.opens or request.error:
            return None
        size = LARGEST if request.unread is not None else _size_of(request["recipe"])
        return self._taken(size, 0, self._beside)

    def bounded(self, request: Request) -> Request:
        """The request; with an error if what it adds to the run needs more memory than there is.

        Starts, runs beside it and points drawn add to the run.
        """
        if request.error:
            return request
        starts = max(self._starts, request.values.get("starts") or 0)
        beside = _beside_bytes(request) if request.compares else self._beside
        size = replace(self._size, run=self._size.run + _n_marks(request) * self._size.mark)
        if (size, starts, beside) == (self._size, self._starts, self._beside):
            return request
        if refusal := self._taken(size, starts, beside):
            return replace(request, error=RequestError(refusal))
        return request

    def should_settle(self, request: Request) -> bool:
        """Whether the run is to be asked for its size, now that a request was carried out.

        Its history grows with every epoch, but slowly.
        """
        self._unsettled += 1
        return request.opens or request.edits or self._unsettled >= SETTLED

    def settle(self, size: RunMemory) -> None:
        """Count the run with its actual size.

        If that is more than the limit, new runs are refused; this one goes on.
        """
        self._unsettled = 0
        self._size = size
        self._take(self._total(size, self._starts, self._beside))

    def end(self) -> None:
        """The socket is closed."""
        self._take(0)
        self.load.sockets[self.address] -= 1
        if not self.load.sockets[self.address]:
            del self.load.sockets[self.address]

    def _taken(self, size: RunMemory, starts: int, beside: int) -> str | None:
        """Reserve this much memory in total; returns a sentence if the limit does not allow it."""
        load, memory = self.load, self._total(size, starts, beside)
        if load.memory - self._memory + memory > load.hosting.memory * 1_000_000:
            return load.refuse("memory")
        self._size, self._starts, self._beside = size, starts, beside
        self._take(memory)
        return None

    @staticmethod
    def _total(size: RunMemory, starts: int, beside: int) -> int:
        return size.run + size.history + starts * size.start + beside

    def _take(self, memory: int) -> None:
        self.load.memory += memory - self._memory
        self.load.sessions += bool(memory) - bool(self._memory)
        self._memory = memory


def _n_marks(request: Request) -> int:
    """How many points a request draws, moves or erases; one that is invalid will be refused."""
    if not request.edits or request["field"] != POINTS:
        return 0
    return n_marks(str(request["value"]))


def _beside_bytes(request: Request) -> int:
    """About the memory of the runs in a request to compare them; the most of one that is unread."""
    if request.unread is not None:
        return MOST_BYTES
    return min(MOST_BYTES, bytes_of([run.recipe for run in request["beside"] if run.recipe]))


def take_seat(scope: Scope, load: Load) -> Seat:
    """Give a seat to a socket that is admitted."""
    seat = scope[_SEAT] = Seat(load, address_of(scope))
    return seat


def seat_of(scope: Scope) -> Seat:
    """The seat of a socket; without a gate before it, a seat with a load of its own."""
    return scope.get(_SEAT) or take_seat(scope, Load(Hosting()))


def address_of(scope: Scope) -> str:
    """Where a request comes from; behind a proxy that uvicorn trusts, from before that proxy."""
    client = scope.get("client")
    return client[0] if client else ""


def _size_of(recipe: Mapping[str, Any]) -> RunMemory:
    """The size of a run; ``NOTHING`` if it is invalid."""
    fields = {name: recipe[name] for name in _SIZING if name in recipe}
    edits = recipe.get("edits")
    if isinstance(edits, (list, tuple)):
        fields["edits"] = [edit for edit in edits if _draws(edit)]
    try:
        return size_of(Recipe.from_json(fields))
    except RecipeError:
        return NOTHING


def _draws(edit: Any) -> bool:
    """Whether an edit, as JSON, is one of points."""
    return isinstance(edit, (list, tuple)) and POINTS in edit
