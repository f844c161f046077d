"""A process that makes animations, started as a program by the server.

Calls are as those of :mod:`.worker`. Encoders ask for their frames one by one, so an animation is
made by a thread of its own; a call waits until there is news of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from queue import SimpleQueue
from typing import Any

from . import worker
from .animations import answer

PROGRESS_SECONDS = 0.05  # between two reports of progress

Progress = dict[str, int]  # frames ``done``, and in all, ``of``
Answer = tuple[dict[str, Any], bytes]  # header and file, as of :func:`.animations.answer`


class Stopped(Exception):
    """The animation was cancelled."""


class Making:
    """One animation in the making; ``news`` are its progress, then its answer or an exception."""

    def __init__(self, request: Mapping[str, Any] | bytes):
        self.news: SimpleQueue[Progress | Answer | Exception] = SimpleQueue()
        self._is_stopped = False
        self._reported = 0.0
        self.thread = threading.Thread(target=self._make, args=(request,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Stop it after the present piece of work."""
        self._is_stopped = True

    def _make(self, request: Mapping[str, Any] | bytes) -> None:
        try:
            self.news.put(answer(request, self._progress))
        except Stopped:
            pass
        except Exception as error:
            self.news.put(error)

    def _progress(self, done: int, of: int) -> None:
        if self._is_stopped:
            raise Stopped
        if time.monotonic() - self._reported >= PROGRESS_SECONDS or done == of:
            self._reported = time.monotonic()
            self.news.put({"done": done, "of": of})


class Animations:
    """The animations in the making in this process, by their keys."""

    def __init__(self) -> None:
        self._making: dict[int, Making] = {}

    def begin(self, key: int, request: Mapping[str, Any] | bytes) -> Progress | Answer:
        """Begin one; see :meth:`go_on`."""
        self._making[key] = Making(request)
        return self.go_on(key)

    def go_on(self, key: int) -> Progress | Answer:
        """Wait for the next news: progress, or at the end the answer."""
        news = self._making[key].news.get()
        if isinstance(news, Exception):
            raise news
        return news

    def leave(self, key: int) -> None:
        """Forget an animation, and stop it if it is under way."""
        if making := self._making.pop(key, None):
            making.stop()


if __name__ == "__main__":
    from ..export import animation  # noqa: F401  before the first request

    worker.serve(Animations())
