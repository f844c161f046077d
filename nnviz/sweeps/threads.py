"""One thread of linear algebra while runs are trained, for the same sums as on the page."""

from __future__ import annotations

import functools
import threading
from typing import Any


class OneThread:
    """A context for several threads: the first sets the limit, the last to leave resets it.

    With a limit for each, the one that leaves first would take it from the others.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._limit = _libraries().limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *ended: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.restore_original_limits()


one_thread = OneThread()


@functools.cache
def _libraries() -> Any:
    """Looked for once a process, which takes as long as a small run; NumPy's is always there."""
    from threadpoolctl import ThreadpoolController  # which another takes the place of on the site

    return ThreadpoolController()
