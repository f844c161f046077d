"""The engine: runs trained as joblib is configured, and returned by a generator."""

from __future__ import annotations

import functools
import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from joblib import Parallel, delayed, effective_n_jobs
from joblib.externals.loky.process_executor import BrokenProcessPool
from joblib.parallel import get_active_backend

from .errors import SweepError

Task = TypeVar("Task")
Result = TypeVar("Result")


def unordered(
    function: Callable[[Task], Result], tasks: Iterable[Task], jobs: int | None = None
) -> Iterator[Result]:
    """The result of ``function`` for every task, as they come.

    They are worked on by ``jobs`` processes; by default as set by ``joblib.parallel_config``, and
    without such a configuration by as many as the machine has cores. Tasks are taken as they are
    needed. Raises :class:`SweepError` where a process ends or has another version of nnviz.
    """
    work = Parallel(n_jobs=_jobs(jobs), return_as="generator_unordered")
    here = own_version()
    results = work(delayed(_checked)(function, task, here) for task in tasks)
    try:
        for result in results:  # noqa: UP028  `yield from` closes them itself, before `_close`
            yield result
    except BrokenProcessPool:
        raise SweepError("a worker process ended before its run did") from None
    finally:
        _close(results)


def workers(jobs: int | None = None) -> int:
    """How many tasks are worked on at a time; ``jobs`` as in :func:`unordered`."""
    return int(effective_n_jobs(_jobs(jobs)))


@functools.cache
def own_version() -> str:
    """The installed version of nnviz, or a digest of its sources if it is not installed.

    It is looked up once, which takes a millisecond, or some to read the sources.
    """
    try:
        return version("nnviz-playground")
    except PackageNotFoundError:
        return f"of sources {_digest(Path(__file__).parents[1])}"


def _digest(package: Path) -> str:
    """Eight letters and digits for the sources in a folder, with whichever ends of lines."""
    digest = hashlib.sha256()
    by_name = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
    for name, path in sorted(by_name.items()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:8]


def _close(results: Any) -> None:
    """End the tasks under way; joblib's warning that they are lost is ignored."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r".*tasks which (were|have)", UserWarning)
        results.close()


def _jobs(jobs: int | None) -> int:
    configured = get_active_backend()[1] if jobs is None else jobs
    return -1 if configured is None else configured


def _checked(function: Callable[[Task], Result], task: Task, expected: str) -> Result:
    """Carry out a task in a worker, which must have the version that the sweep was started with."""
    if (own := own_version()) != expected:
        import socket

        raise SweepError(
            f"the worker on {socket.gethostname()} must have nnviz {expected}; it has {own}"
        )
    return function(task)
