"""A line of jobs, of which one is carried out at a time: each address in turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable


class Place:
    """A place in a line; :meth:`turn` waits until it is this one's turn."""

    def __init__(self, address: str):
        self.address = address
        self._change = asyncio.Event()
        self.before = 0  # how many come first; 0 when it is its turn

    def move(self, before: int) -> None:
        if before != self.before or not before:
            self.before = before
            self._change.set()

    async def turn(self, moved: Callable[[int], Awaitable[object]]) -> None:
        """Wait for the turn; ``moved(before)`` is awaited when the number before it changes."""
        while True:
            await self._change.wait()
            self._change.clear()
            if not self.before:
                return
            await moved(self.before)


class Line:
    """First come, first served among the places of one address; addresses take turns."""

    def __init__(self) -> None:
        self.active: Place | None = None
        self._waiting: deque[deque[Place]] = deque()  # of each address, in the order of their turns

    def __len__(self) -> int:
        return (self.active is not None) + sum(map(len, self._waiting))

    def count(self, address: str) -> int:
        """The places of an address, active and waiting."""
        places = [self.active] if self.active else []
        return sum(place.address == address for place in [*places, *self._order()])

    def join(self, address: str) -> Place:
        place = Place(address)
        for queue in self._waiting:
            if queue[0].address == address:
                queue.append(place)
                break
        else:
            self._waiting.append(deque([place]))
        self._move_up()
        return place

    def leave(self, place: Place) -> None:
        """Leave the line: the job is done or cancelled."""
        if place is self.active:
            self.active = None
        for queue in self._waiting:
            if place in queue:
                queue.remove(place)
        self._waiting = deque(queue for queue in self._waiting if queue)
        self._move_up()

    def _move_up(self) -> None:
        if self.active is None and self._waiting:
            queue = self._waiting.popleft()
            self.active = queue.popleft()
            if queue:
                self._waiting.append(queue)
            self.active.move(0)
        for before, place in enumerate(self._order(), start=1):
            place.move(before)

    def _order(self) -> list[Place]:
        """All that wait, in the order of their turns."""
        rounds = max(map(len, self._waiting), default=0)
        return [queue[i] for i in range(rounds) for queue in self._waiting if i < len(queue)]
