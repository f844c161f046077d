"""The worker processes of a server, one for each core, so that expensive work delays no other run.

Threads would not do: they share the interpreter with the event loop and the scripts of pages. Nor
would the standard library's pool: its processes begin by importing the program's main module, which
in a Streamlit server is the script of a page.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from contextlib import suppress
from itertools import count
from typing import Any

from . import pipe

_keys = count(1)


class WorkerLost(Exception):
    """The process has ended, and the runs in it are lost."""


class WorkerError(Exception):
    """A call has failed in the worker; the text is its traceback."""


class Worker:
    """One process, started with its first call. Calls are carried out in their order.

    ``program`` is the module that it runs. ``n_runs`` live there, ``n_expensive`` of them
    expensive; those of an earlier ``generation`` were lost with their process. It ``is_ready`` once
    it has answered.
    """

    def __init__(self, program: str = "worker") -> None:
        self._program = program
        self.n_runs = self.n_expensive = self.generation = 0
        self.is_ready = False
        self._preparing: asyncio.Task[None] | None = None
        self._process: Process | None = None
        self._starting = asyncio.Lock()
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._reading: asyncio.Task[None] | None = None
        self._epochs = self._epochs_before = 0  # of this process, as last known; of earlier ones

    async def call(self, name: str, *arguments: Any) -> Any:
        """The result of a method of what the program serves, such as :class:`.worker.Runs`.

        Raises :class:`WorkerLost` or :class:`WorkerError`. If nobody waits for the result any more,
        the call is carried out nevertheless.
        """
        async with self._starting:
            process = self._process or await self._start()
        assert process.stdin
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        process.stdin.write(pipe.packed((name, arguments)))
        return await answer

    def prepare(self) -> None:
        """Start the process in the background, which takes a second."""
        if self._preparing is None or self._preparing.done():
            self._preparing = asyncio.create_task(self._prepare())

    async def _prepare(self) -> None:
        with suppress(WorkerLost):
            await self.call("epochs")

    async def _start(self) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"{__package__}.{self._program}", stdin=PIPE, stdout=PIPE
        )
        self._reading = asyncio.create_task(self._read(self._process))
        return self._process

    async def _read(self, process: Process) -> None:
        """Hand answers to those who wait for them, until the process ends."""
        assert process.stdout
        try:
            while True:
                went_well, result = await pipe.read_from(process.stdout)
                self.is_ready = True
                answer = self._waiting.popleft()
                if answer.cancelled():
                    continue
                if went_well:
                    answer.set_result(result)
                else:
                    answer.set_exception(WorkerError(result))
        except EOFError:
            pass
        finally:
            self._process, self.is_ready = None, False
            self.n_runs = self.n_expensive = 0
            self.generation += 1
            self._epochs_before += self._epochs
            self._epochs = 0
            waiting, self._waiting = self._waiting, deque()
            for answer in waiting:
                if not answer.done():
                    answer.set_exception(WorkerLost())

    @property
    def is_running(self) -> bool:
        return self._process is not None

    async def epochs(self) -> int:
        """The epochs trained in it; for processes that have ended, the last known number."""
        if self.is_running:
            with suppress(WorkerLost):
                self._epochs = await self.call("epochs")
        return self._epochs_before + self._epochs

    async def close(self) -> None:
        """End the process."""
        process = self._process
        if process and process.stdin and self._reading:
            process.stdin.close()
            await self._reading
            await process.wait()


class Workers:
    """Processes for runs, one more for their exports, which take long and can wait, and one for
    animations.

    The ``number`` 0 of those for runs is one for each core.
    """

    def __init__(self, number: int = 0):
        self._number = number or os.cpu_count() or 1
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._for_runs = [Worker() for _ in range(self._number)]
        self.exporter, self.animator = Worker(), Worker("animator")

    def for_expensive_run(self) -> Worker:
        """The worker with the fewest runs, expensive ones first."""
        return min(self._for_runs, key=lambda worker: (worker.n_expensive, worker.n_runs))

    def for_cheap_run(self) -> Worker | None:
        """The worker with the fewest runs among those that are ready and have no expensive one.

        Others are made ready for the next time. None where all have expensive runs, or there is
        only one core, on which another process would gain nothing.
        """
        if os.cpu_count() == 1:
            return None
        free = [worker for worker in self._for_runs if not worker.n_expensive]
        for worker in free:
            if not worker.is_ready:
                worker.prepare()
        ready = (worker for worker in free if worker.is_ready)
        return min(ready, key=lambda worker: worker.n_runs, default=None)

    async def epochs(self) -> int:
        """The epochs trained in these processes, and in those before them."""
        return sum([await worker.epochs() for worker in self._for_runs])

    async def close(self) -> None:
        """End the processes; the next call starts others."""
        workers = (*self._for_runs, self.exporter, self.animator)
        self._start_afresh()
        await asyncio.gather(*(worker.close() for worker in workers))


def new_key() -> int:
    """A key for a session in any worker."""
    return next(_keys)
