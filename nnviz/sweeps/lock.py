"""A file held by one program at a time."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from .errors import SweepError

_IN_USE = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_MOST_TRIES = 100  # while others make and remove the file
_FAR = 2**40  # a byte beyond all content: on Windows one that is locked cannot be read


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file, which is made if it is not there, and removed if it is empty in the end.

    The system itself releases it when the program ends, in whatever way. Where the folder's file
    system has no locks, nothing is held. Raises :class:`SweepError` if another program holds it.
    """
    file = _held_file(path)
    try:
        yield
    finally:
        if os.name != "nt":
            _remove_empty(path)  # before another program can hold it
        file.close()
        if os.name == "nt":
            _remove_empty(path)  # which it cannot be while it is open


def _held_file(path: Path) -> BinaryIO:
    for tries_left in reversed(range(_MOST_TRIES)):
        try:
            if file := _made_and_held(path):
                return file
        except (FileExistsError, FileNotFoundError):  # made, or removed, meanwhile
            if not tries_left:
                raise
    raise _in_use(path)


def _made_and_held(path: Path) -> BinaryIO | None:
    """The file, held; None where another has taken its name meanwhile."""
    file = path.open("rb" if path.exists() else "x+b")
    try:
        _lock(file, path)
        if os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return file
    except BaseException:
        file.close()
        raise
    file.close()
    return None


def _lock(file: BinaryIO, path: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _IN_USE:
            raise _in_use(path) from None


def _in_use(path: Path) -> SweepError:
    sentence = f"another sweep is writing {path}; wait until it ends, or name another file"
    return SweepError(sentence)


def _remove_empty(path: Path) -> None:
    with suppress(OSError):
        if not path.stat().st_size:
            path.unlink()
