"""Atomic file writes: to a temporary file in the same folder, which then replaces the target."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


class WriteError(OSError):
    """A file cannot be written; the message is a sentence that names the file and the reason."""


def check(path: str | Path) -> None:
    """Raise :class:`WriteError` if it is clear in advance that ``path`` cannot be written."""
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
            raise WriteError(f"{path} exists and is not writable")
        if _is_regular(place) and not os.access(folder, os.W_OK):
            raise WriteError(f"the folder {folder} is not writable")
    except WriteError:
        raise
    except (OSError, RuntimeError) as error:  # a name too long, a loop of links
        raise WriteError(f"{path} cannot be written: {_reason(error)}") from None


def write(path: str | Path, data: bytes) -> None:
    """Write ``data`` to ``path``, all of it or nothing.

    An existing file is replaced only when the new one is complete, which gets its permissions; no
    temporary file is left if writing fails. A path that is not a regular file, such as a pipe, is
    written to directly. Raises :class:`WriteError`.
    """
    check(path)
    place = _place(Path(path))
    try:
        if _is_regular(place):
            _replace(place, data)
        else:
            place.write_bytes(data)
    except OSError as error:
        raise WriteError(f"{path} cannot be written: {_reason(error)}") from None


def _replace(place: Path, data: bytes) -> None:
    temporary = place.with_name(f".nnviz-{secrets.token_hex(6)}")
    # not by tempfile, so that the umask sets the permissions
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # a full disk raises here at the latest
        if place.exists():
            temporary.chmod(place.stat().st_mode & 0o777)
        os.replace(temporary, place)
    except BaseException:  # including KeyboardInterrupt
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _place(path: Path) -> Path:
    """The path to replace: the target of a link, so that the link stays."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _is_regular(place: Path) -> bool:
    return not place.exists() or place.is_file()


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
