"""Writing a file whole or not at all: beside its place first, then into it in one step."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


class WriteError(OSError):
    """A file that cannot be written; its text says which and why, in one sentence."""


def check(path: str | Path) -> None:
    """Raise :class:`WriteError` where ``path`` could not be written, as far as can be known."""
    path = Path(path)
    try:
        place, folder = _place(path), _place(path).parent
        if place.is_dir():
            raise WriteError(f"{path} is a folder, not a file")
        if not folder.exists():
            raise WriteError(f"there is no folder {path.parent} to write {path.name} in")
        if not folder.is_dir():
            raise WriteError(f"{path.parent} is a file, not a folder to write {path.name} in")
        if place.exists() and not os.access(place, os.W_OK):
            raise WriteError(f"{path} is there already and may not be changed")
        if _is_plain(place) and not os.access(folder, os.W_OK):
            raise WriteError(f"the folder {folder} may not be written to")
    except WriteError:
        raise
    except (OSError, RuntimeError) as error:  # a name too long, links in a circle
        raise WriteError(f"{path} cannot be written: {_why(error)}") from None


def write(path: str | Path, data: bytes) -> None:
    """Write ``data`` to ``path``, all of it or nothing.

    A file that was there before stays as it was until the new one is complete, and keeps its
    permissions; whatever stops the writing, nothing is left beside it. What is no plain file,
    such as a pipe, is written to directly. Raises :class:`WriteError`.
    """
    check(path)
    place = _place(Path(path))
    try:
        if _is_plain(place):
            _write_beside(place, data)
        else:
            place.write_bytes(data)
    except OSError as error:
        raise WriteError(f"{path} cannot be written: {_why(error)}") from None


def _write_beside(place: Path, data: bytes) -> None:
    beside = place.with_name(f".nnviz-{secrets.token_hex(6)}")
    # made here rather than by tempfile, so that the umask decides who may read it
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(beside, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # a full disk is noticed here at the latest
        if place.exists():
            beside.chmod(place.stat().st_mode & 0o777)
        os.replace(beside, place)
    except BaseException:  # an interruption too
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _place(path: Path) -> Path:
    """Where the bytes go: a link stays a link, and what it points to is replaced."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _is_plain(place: Path) -> bool:
    return not place.exists() or place.is_file()


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
