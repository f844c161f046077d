"""The browser of the browser tests: found on the machine, or installed.

``python -m tests.chromium`` makes sure there is one: from the machine's packages where we
may install them, else by Playwright.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# no network requests of its own, and no sandbox, which refuses to run as root
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def executable() -> str | None:
    """The browser installed on the machine, or None to use Playwright's."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure() -> None:
    if executable() or _playwright_has_one():
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def _playwright_has_one() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return os.path.exists(playwright.chromium.executable_path)


if __name__ == "__main__":
    ensure()
    print("browser:", executable() or "Playwright's own")
