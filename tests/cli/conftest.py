"""The command line, run in this process and as a separate program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from nnviz.cli import main
from tests import chromium

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder, the working directory of the command line."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def nnviz(capsys, folder):
    """Runs ``nnviz("train", "--epoch", "3")`` in this process, in an empty folder."""

    def call(*arguments):
        code = main(list(arguments))
        return Answer(code, *capsys.readouterr())

    return call


@pytest.fixture
def program(folder):
    """Runs the program with warnings as errors; ``more`` are environment variables."""

    def call(*arguments, text=None, **more):
        done = subprocess.run(
            command(*arguments), input=text, capture_output=True, env=environment(**more),
            cwd=folder, encoding="utf-8",
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture(scope="session")
def drawing_browser():
    """Environment variables that select the browser of the tests for drawing pictures."""
    if chromium.executable():
        return {}
    with sync_playwright() as playwright:
        return {"BROWSER_PATH": playwright.chromium.executable_path}


def command(*arguments, warnings="error"):
    return [sys.executable, "-W", warnings, "-m", "nnviz", *arguments]


def environment(**more):
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | more


def accept_ctrl_c():
    """Runs in the new process: programs in the background of a shell ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())
