"""One visitor's run, wherever its session lives: on the event loop, or in a worker."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from ..problems import RecipeError
from ..recipe.recipe import Recipe
from .codec import unpack
from .cost import MOST_SECONDS, is_expensive
from .crowding import Crowding
from .requests import Request
from .session import LiveSession
from .size import NOTHING, RunMemory
from .worker import Runs
from .workers import Worker, WorkerLost, Workers, new_key

IsPointless = Callable[[], bool]


class Here:
    """This process, to be called as a worker is."""

    def __init__(self) -> None:
        self.runs = Runs()
        self.n_runs = self.n_expensive = self.generation = 0
        self._crowding = Crowding()

    def lets_go(self) -> bool:
        """Whether the run whose turn it is has to leave this process, which has too many."""
        return self._crowding.lets_go(self.n_runs)

    async def call(self, name: str, *arguments: Any) -> Any:
        return getattr(self.runs, name)(*arguments)


@dataclass(frozen=True)
class Home:
    """Where a session lives, and its key there."""

    place: Here | Worker
    generation: int
    key: int
    is_expensive: bool

    @classmethod
    async def at(
        cls, place: Here | Worker, session: bytes | None = None, is_expensive: bool = False
    ) -> Home:
        """Settle there with a pickled session, or with a new one."""
        home = cls(place, place.generation, new_key(), is_expensive)
        place.n_runs += 1
        place.n_expensive += is_expensive
        try:
            await home._call("settle", session)
        except BaseException:  # the visitor has left meanwhile
            await home.leave()
            raise
        return home

    async def reply(self, request: Request, is_pointless: IsPointless) -> bytes:
        """The reply to a request, made piece by piece until it ``is_pointless``."""
        message = request if isinstance(self.place, Here) else request.sent
        reply = await self._call("begin", message)
        while reply is None:
            await asyncio.sleep(0)  # it is the others' turn
            if is_pointless():
                await self._call("call_off")
                return LiveSession.dropped(request)
            reply = await self._call("go_on")
        return reply

    async def copied(self) -> bytes:
        """The session, pickled."""
        return await self._call("copied")

    async def size(self) -> RunMemory:
        """The size of the run."""
        return await self._call("size")

    async def has_expensive_run(self) -> bool:
        """Whether the run is expensive by its recipe."""
        return await self._call("is_expensive")

    def as_cheap(self) -> Home:
        """The same, its run not counted as expensive any more."""
        if not self._is_lost:
            self.place.n_expensive -= self.is_expensive
        return replace(self, is_expensive=False)

    async def leave(self) -> None:
        """Forget the session there, whatever it is working on."""
        if self._is_lost:
            return
        self.place.n_runs -= 1
        self.place.n_expensive -= self.is_expensive
        with suppress(WorkerLost):  # then it is forgotten, too
            await self._call("leave")

    @property
    def _is_lost(self) -> bool:
        return self.generation != self.place.generation

    async def _call(self, name: str, *arguments: Any) -> Any:
        if self._is_lost:
            raise WorkerLost
        return await self.place.call(name, self.key, *arguments)


class Visit:
    """The requests of one visitor, which wait for each other and not for other visitors' runs.

    A cheap request is carried out on the event loop, which is quickest. A longer one is carried out
    in pieces, in turn with those of other visits. A run whose pictures or epochs are expensive
    lives in a worker. Where the server's own process is crowded, cheap runs move to workers without
    expensive ones, and leave when an expensive one arrives. Exports are made from a copy of the run
    in a worker of their own.
    """

    def __init__(self, here: Here, workers: Workers):
        self._here, self._workers = here, workers
        self._home: Home | None = None
        self._compares = False  # whether runs are side by side with it

    async def reply(self, request: Request, is_pointless: IsPointless) -> bytes:
        """The reply to a request; that of a dropped one if it ``is_pointless`` between two pieces.

        Raises :class:`.workers.WorkerLost` where the run is lost with its worker.
        """
        if request.is_dropped:
            return LiveSession.dropped(request)
        home = self._home = self._home or await Home.at(self._here)
        if request.exports:
            return await self._exported(home, request)
        if request.opens:
            return await self._opened(home, request)
        if request.compares and not request.error:
            self._compares = True
        if home.place is self._here:
            if self._is_expensive(home, request):
                home = await self._moved(home, self._workers.for_expensive_run(), is_expensive=True)
            elif worker := self._refuge(request):
                home = await self._moved(home, worker)
        elif self._should_return(home, request):
            home = await self._moved(home, self._here)
        return await home.reply(request, is_pointless)

    async def size(self) -> RunMemory:
        """The size of the run; raises :class:`.workers.WorkerLost` where that is lost."""
        return await self._home.size() if self._home else NOTHING

    async def leave(self) -> None:
        """End the visit, and call off the work under way."""
        home, self._home = self._home, None
        if home:
            await home.leave()

    async def _opened(self, home: Home, request: Request) -> bytes:
        """Open a run where it should live; where it cannot be opened, nothing changes."""
        with_others = self._compares and home.place is not self._here  # it stays where they are
        self._compares = False  # the client names the runs beside the new one again
        is_expensive = _opens_expensive(request)
        if with_others:
            return await home.reply(request, _never)
        if is_expensive == home.is_expensive:
            reply = await home.reply(request, _never)
            if _has_opened(reply):
                await self._judge(request)
            return reply
        place = self._workers.for_expensive_run() if is_expensive else self._here
        new = await Home.at(place, is_expensive=is_expensive)
        try:
            reply = await new.reply(request, _never)
            if _has_opened(reply):
                self._home, new = new, home
                await self._judge(request)
            return reply
        finally:
            await new.leave()

    async def _judge(self, request: Request) -> None:
        """Count a run as cheap that counted as expensive only because it took long to read."""
        home = self._home
        if not home or not home.is_expensive or request.unread is None:
            return
        if not await home.has_expensive_run():
            self._home = home.as_cheap()

    def _is_expensive(self, home: Home, request: Request) -> bool:
        """Whether a request is known to take long, or just reading it does."""
        if request.unread is not None or _compares_expensive(request):
            return True
        return MOST_SECONDS < self._here.runs.expected_seconds(home.key, request) < math.inf

    def _refuge(self, request: Request) -> Worker | None:
        """Where a cheap run is to go, if this process is crowded and another has room."""
        if not request.is_movable or not self._here.lets_go():
            return None
        return self._workers.for_cheap_run()

    def _should_return(self, home: Home, request: Request) -> bool:
        """Whether a cheap run would have to wait for expensive ones where it is."""
        is_beside_expensive = home.place.n_expensive > 0 and not home.is_expensive
        return is_beside_expensive and request.is_movable and not self._compares

    async def _moved(self, home: Home, place: Here | Worker, is_expensive: bool = False) -> Home:
        self._home = await Home.at(place, await home.copied(), is_expensive)
        await home.leave()
        return self._home

    async def _exported(self, home: Home, request: Request) -> bytes:
        copy = await Home.at(self._workers.exporter, await home.copied())
        try:
            return await copy.reply(request, _never)
        finally:
            await copy.leave()


def _has_opened(reply: bytes) -> bool:
    return unpack(reply)[0]["type"] == "opened"


def _opens_expensive(request: Request) -> bool:
    """Whether the run of a request to open one is expensive, or just reading the request is."""
    if request.unread is not None:
        return True
    try:
        return is_expensive(Recipe.from_json(request["recipe"]))
    except RecipeError:
        return False


def _compares_expensive(request: Request) -> bool:
    """Whether a run that is to be beside the visitor's is expensive."""
    runs = request.values["beside"] if request.compares and not request.error else ()
    return any(run.recipe and is_expensive(run.recipe) for run in runs)


def _never() -> bool:
    return False
