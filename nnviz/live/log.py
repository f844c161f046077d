"""What a visitor sends is no fault of the server's, and leaves no traceback in its log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_SERVER = "uvicorn.error"  # the logger that uvicorn reports everything to


@contextmanager
def without_tracebacks() -> Iterator[None]:
    """While this lasts, text that is no UTF-8 gets a line in the server's log and no traceback.

    uvicorn decodes what comes in a text frame before it hands it on, and closes the socket with
    code 1007 where it cannot (RFC 6455, section 8.1).
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
