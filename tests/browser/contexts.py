"""Browser contexts that tests share: a page in one that has shown the app takes half the work.

The browser then has the app's scripts compiled already, in the process that it keeps for the site
(``--process-per-site``).
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

TIMEOUT = 30_000  # ms


class Contexts:
    """The contexts of a browser, one for each ``role`` and set of options; a context manager.

    ``url`` is the server's. What a page has kept in its browser is gone before the next one of the
    same context opens.
    """

    def __init__(self, browser: Browser, url: str):
        self._browser, self._url = browser, url
        self._open: dict[str, tuple[BrowserContext, Page]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Contexts:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def page(self, role: str, options: dict[str, Any]) -> Page:
        key = f"{role} {options!r}"
        if key not in self._open:
            self._open[key] = self._new(options)
        context, keeper = self._open[key]
        context.clear_cookies()
        keeper.evaluate("localStorage.clear()")
        return context.new_page()

    def _new(self, options: dict[str, Any]) -> tuple[BrowserContext, Page]:
        keeper = page_of_its_own(self._stack, self._browser, options)  # keeps the process
        keeper.goto(f"{self._url}healthz")
        return keeper.context, keeper


def page_of_its_own(pages: ExitStack, browser: Browser, options: dict[str, Any]) -> Page:
    """A page in a context that is closed with ``pages``."""
    context = browser.new_context(**options)
    pages.callback(context.close)
    context.set_default_timeout(TIMEOUT)
    return context.new_page()
