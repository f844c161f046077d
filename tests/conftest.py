"""Settings of all tests, and the browser of those that need one."""

from collections.abc import Iterator

import pytest
from hypothesis import Phase, settings
from playwright.sync_api import Browser, sync_playwright

from tests import chromium

# tests may be slow on a busy machine
settings.register_profile("unhurried", settings(), deadline=None)
# a mutant is dead at the first failure, whichever it is, and the next one is tried afresh
settings.register_profile(
    "mutants",
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")  # while it is open, no other test can run an event loop
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.quickest(),
            args=[*chromium.ARGUMENTS, "--process-per-site"],  # for pages of a shared context
        )
        yield browser
        browser.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a browser come last: while one is open, no other test can run an event loop."""
    with_browser = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path in with_browser)
