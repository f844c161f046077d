"""The server's log: its logger, and no tracebacks of invalid messages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version

from .hosting import OPTIONS, Hosting

DISTRIBUTION = "nnviz-playground"

LOGGER = "uvicorn.nnviz"  # below uvicorn's own, whose lines then have the same form
_SERVER = "uvicorn.error"  # the logger of uvicorn's errors


def started(hosting: Hosting) -> None:
    """Log that the server has started, with its options."""
    options = (f"{name} {OPTIONS[name].write(value)}" for name, value in asdict(hosting).items())
    logging.getLogger(LOGGER).info("Started nnviz %s: %s.", _version(), ", ".join(options))


def _version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:  # run from a checkout
        return "from a checkout"


@contextmanager
def without_tracebacks() -> Iterator[None]:
    """A context in which text that is not UTF-8 is logged in one line, without a traceback.

    uvicorn decodes text frames itself, and closes the socket with code 1007 if that fails
    (RFC 6455, section 8.1).
    """
    logger = logging.getLogger(_SERVER)
    logger.addFilter(_without_traceback)
    try:
        yield
    finally:
        logger.removeFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    if record.exc_info and isinstance(record.exc_info[1], UnicodeDecodeError):
        record.exc_info = None
    return True
