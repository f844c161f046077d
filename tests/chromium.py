"""The browser of the browser tests: found on the machine, or installed.

``python -m tests.chromium`` makes sure there is one: from the machine's packages where we
may install them, else by Playwright. Tests prefer Chromium without a window's own parts, the
headless shell: it opens a page in three quarters of the time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SHELL = "chromium-headless-shell"  # Debian's name of its program and its package

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


def quickest() -> str | None:
    """The headless shell where the machine has it, else as :func:`executable`."""
    return shutil.which(SHELL) or executable()


def ensure() -> None:
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if may_install and not (executable() and shutil.which(SHELL)):
        subprocess.run(["apt-get", "update", "-qq"])
        for name in ("chromium", SHELL):
            subprocess.run(["apt-get", "install", "-y", "-qq", name])
    if not (executable() or _playwright_has_one()):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def _playwright_has_one() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return os.path.exists(playwright.chromium.executable_path)


if __name__ == "__main__":
    ensure()
    print("browser:", quickest() or "Playwright's own")
