"""Keep tracebacks of invalid messages out of the server's log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_SERVER = "uvicorn.error"  # the logger of uvicorn's errors


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
