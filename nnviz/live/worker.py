"""A process that does the work of expensive runs for the server, which starts it as a program.

Calls come through standard input and are answered through standard output, one after the other, as
:mod:`.pipe` packs them. A call does one piece of work, so runs that share a worker take turns. The
process ends with the server, which closes the pipe.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any

from threadpoolctl import threadpool_limits

from ..training.pieces import Work
from . import pipe
from .cost import is_expensive
from .session import LiveSession
from .size import RunMemory, size_now

NICENESS = 5  # the server, which answers everybody, comes before its workers

Message = Any  # as LiveSession.work takes it


class Runs:
    """The sessions that live in this process, by their keys, and what they are working on."""

    def __init__(self) -> None:
        self._sessions: dict[int, LiveSession] = {}
        self._work: dict[int, Work[bytes]] = {}

    def settle(self, key: int, session: bytes | None) -> None:
        """Take in a pickled session, or a new one."""
        self._sessions[key] = pickle.loads(session) if session else LiveSession()

    def expected_seconds(self, key: int, message: Message) -> float:
        """See :meth:`LiveSession.expected_seconds`."""
        return self._sessions[key].expected_seconds(message)

    def begin(self, key: int, message: Message) -> bytes | None:
        """Do the first piece of the work for a message; the reply, or None if there is more."""
        self._work[key] = self._sessions[key].work(message)
        return self.go_on(key)

    def go_on(self, key: int) -> bytes | None:
        """Do the next piece; the reply, or None if there is more."""
        try:
            return next(self._work[key])
        except StopIteration as end:
            del self._work[key]
            return end.value

    def call_off(self, key: int) -> None:
        """Leave the work undone."""
        self._work.pop(key).close()

    def copied(self, key: int) -> bytes:
        """The session, pickled."""
        return pickle.dumps(self._sessions[key])

    def size(self, key: int) -> RunMemory:
        """The size of a session's run."""
        return size_now(self._sessions[key].trainers)

    def is_expensive(self, key: int) -> bool:
        """Whether the run of a session is expensive, judged by its recipe."""
        trainers = self._sessions[key].trainers
        return bool(trainers) and is_expensive(trainers[0].recipe)

    def epochs(self) -> int:
        """The epochs trained in this process."""
        return LiveSession.epochs_trained

    def leave(self, key: int) -> None:
        """Forget a session."""
        self._work.pop(key, None)
        self._sessions.pop(key, None)


def serve(target: object, niceness: int = NICENESS) -> None:
    """Answer calls of the methods of ``target`` until the pipe is closed."""
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what anything prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the server
    if hasattr(os, "nice"):
        os.nice(niceness)
    gc.freeze()
    with threadpool_limits(1, user_api="blas"), suppress(EOFError, BrokenPipeError):
        while True:
            answers.write(pipe.packed(_answer(target, *pipe.read(calls))))
            answers.flush()


def _answer(target: object, name: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    """Whether the call succeeded, and its result or the traceback."""
    try:
        return True, getattr(target, name)(*arguments)
    except Exception:
        return False, traceback.format_exc()


if __name__ == "__main__":
    serve(Runs())
