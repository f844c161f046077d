"""The command line, called in this process and as a program of its own."""

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
    """An empty folder, and the one the command line works in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def nnviz(capsys, folder):
    """``nnviz("train", "--epoch", "3")`` in this process, in a folder of its own."""

    def call(*words):
        code = main(list(words))
        return Answer(code, *capsys.readouterr())

    return call


@pytest.fixture
def program(folder):
    """The same as a program, with warnings as errors; ``more`` are environment variables."""

    def call(*words, text=None, **more):
        done = subprocess.run(
            command(*words), input=text, capture_output=True, env=environment(**more),
            cwd=folder, encoding="utf-8",
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture(scope="session")
def browser():
    """Environment variables with which pictures are drawn by the browser of the tests."""
    if chromium.executable():
        return {}
    with sync_playwright() as playwright:
        return {"BROWSER_PATH": playwright.chromium.executable_path}


def command(*words, warnings="error"):
    return [sys.executable, "-W", warnings, "-m", "nnviz", *words]


def environment(**more):
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | more


def hear_ctrl_c():
    """In a new process: what a shell starts in the background, such as these tests, would not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())
