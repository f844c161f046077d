"""The requests of one socket that wait for their turn."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace

from .requests import Request

MOST_WAITING = 64  # requests; then the socket is not read until one of them is carried out


class RequestQueue:
    """First in, first out; a request that a later one makes pointless is not carried out.

    A visitor's browser requests frames ahead. When it then asks for a run at a certain epoch,
    frames and seeks that still wait are ``dropped``: they get a reply, and nothing is trained. So
    are details of a picture at rest, when anything else is asked for.
    """

    def __init__(self) -> None:
        self._waiting: deque[Request] = deque()
        self._changed = asyncio.Event()

    async def put(self, request: Request) -> None:
        """Add a request; waits while the queue is full."""
        while len(self._waiting) >= MOST_WAITING:
            await self._change()
        self._waiting = deque(
            replace(other, is_dropped=True) if request.displaces(other) else other
            for other in self._waiting
        )
        self._waiting.append(request)
        self._changed.set()

    async def get(self) -> Request:
        """The request whose turn it is; waits for one."""
        while not self._waiting:
            await self._change()
        request = self._waiting.popleft()
        self._changed.set()
        return request

    def makes_pointless(self, request: Request) -> bool:
        """Whether a waiting request makes the ``request`` that is being carried out pointless."""
        return any(other.displaces(request) for other in self._waiting)

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
