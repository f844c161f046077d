"""One visitor's run, wherever its session lives: on the event loop, or in a worker."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..problems import RecipeError
from ..recipe.recipe import Recipe
from .codec import unpack
from .cost import MOST_SECONDS, is_dear
from .requests import Request
from .session import LiveSession
from .worker import Runs
from .workers import Worker, WorkerLost, Workers, new_key

IsPointless = Callable[[], bool]


class Here:
    """This process, to be called as a worker is."""

    def __init__(self) -> None:
        self.runs = Runs()
        self.n_runs = self.generation = 0

    async def call(self, name: str, *arguments: Any) -> Any:
        return getattr(self.runs, name)(*arguments)


@dataclass(frozen=True)
class Home:
    """Where a session lives, and its key there."""

    place: Here | Worker
    generation: int
    key: int

    @classmethod
    async def at(cls, place: Here | Worker, session: bytes | None = None) -> Home:
        """Settle there with a pickled session, or with a new one."""
        home = cls(place, place.generation, new_key())
        place.n_runs += 1
        await home._call("settle", session)
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

    async def leave(self) -> None:
        """Forget the session there, whatever it is working on."""
        if self._is_lost:
            return
        self.place.n_runs -= 1
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

    A cheap request is carried out on the event loop, which is quickest. What takes longer goes in
    pieces, in turn with the others'. A run whose pictures or epochs are dear lives in a worker, and
    exports are made from a copy of the run in a worker of their own.
    """

    def __init__(self, here: Here, workers: Workers):
        self._here, self._workers = here, workers
        self._home: Home | None = None

    async def reply(self, request: Request, is_pointless: IsPointless) -> bytes:
        """The reply to a request; if it ``is_pointless`` now or between two pieces, that.

        Raises :class:`.workers.WorkerLost` where the run is lost with its worker.
        """
        if request.is_dropped:
            return LiveSession.dropped(request)
        home = self._home = self._home or await Home.at(self._here)
        if request.exports:
            return await self._exported(home, request)
        if request.opens:
            return await self._opened(home, request)
        if home.place is self._here and self._is_dear(home, request):
            home = await self._moved(home)
        return await home.reply(request, is_pointless)

    async def leave(self) -> None:
        """The visitor is gone: what is being worked on stays undone."""
        home, self._home = self._home, None
        if home:
            await home.leave()

    async def _opened(self, home: Home, request: Request) -> bytes:
        """Open a run where it should live; where it cannot be opened, nothing changes."""
        dear = _opens_dear(request)
        if dear == (home.place is not self._here):
            return await home.reply(request, _never)
        new = await Home.at(self._workers.for_run() if dear else self._here)
        try:
            reply = await new.reply(request, _never)
            if unpack(reply)[0]["type"] == "opened":
                self._home, new = new, home
            return reply
        finally:
            await new.leave()

    def _is_dear(self, home: Home, request: Request) -> bool:
        """Whether a request is known to take long."""
        return MOST_SECONDS < self._here.runs.expected_seconds(home.key, request) < math.inf

    async def _moved(self, home: Home) -> Home:
        self._home = await Home.at(self._workers.for_run(), await home.copied())
        await home.leave()
        return self._home

    async def _exported(self, home: Home, request: Request) -> bytes:
        copy = await Home.at(self._workers.exporter, await home.copied())
        try:
            return await copy.reply(request, _never)
        finally:
            await copy.leave()


def _opens_dear(request: Request) -> bool:
    """Whether the run of a request to open one is dear, or just reading the request is."""
    if request.unread is not None:
        return True
    try:
        return is_dear(Recipe.from_json(request["recipe"]))
    except RecipeError:
        return False


def _never() -> bool:
    return False
