"""Progress on a terminal, and interruption by Ctrl-C."""

import os
import signal
import subprocess
import sys

import pytest

from nnviz import Recipe, Trainer
from nnviz.cli import progress
from tests.cli.conftest import accept_ctrl_c, command, environment, names

posix = pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")


def interrupted_after(monkeypatch, strides):
    """Raise KeyboardInterrupt in the middle of the training."""
    striding, left = Trainer.striding, [strides]

    def once(self, most, is_due):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return striding(self, most, is_due)

    monkeypatch.setattr(Trainer, "striding", once)


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "--weights", "w.npz"],
        ["export", "-o", "a.npz"],
        ["render", "-o", "a.html"],
        ["animate", "-o", "a.html"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_an_interrupted_training_leaves_no_file(nnviz, folder, monkeypatch, arguments):
    interrupted_after(monkeypatch, 5)
    answer = nnviz(*arguments)
    assert (answer.code, answer.out, answer.err) == (130, "", "")
    assert names(folder) == []


@posix
def test_the_program_ends_at_once_by_ctrl_c(folder):
    os.mkfifo(folder / "run")
    arguments = ["train", "run", "--epoch", "1000000", "--weights", "w.npz"]
    with subprocess.Popen(
        command(*arguments, warnings="ignore"), cwd=folder, env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=accept_ctrl_c,
    ) as process:  # fmt: skip
        with open(folder / "run", "w") as pipe:  # blocks until the program opens it
            pipe.write(Recipe(data="xor", hidden=[64] * 6).to_json())
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    # Python ends itself by the signal where that came within an exec(), as dataclasses make one
    assert process.returncode in (130, -signal.SIGINT)
    assert (out, err) == (b"", b"")
    assert names(folder) == ["run"]


class Terminal:
    """A standard error that is a terminal."""

    encoding = "utf-8"

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(progress, "_DELAY", 0)
    monkeypatch.setenv("COLUMNS", "100")

    def look():  # in the test itself, as pytest changes the stream after all fixtures are made
        seen = Terminal()
        monkeypatch.setattr(sys, "stderr", seen)
        return seen

    return look


def test_a_terminal_shows_the_training(nnviz, terminal):
    seen = terminal()
    assert nnviz("train", "--epoch", "700").code == 0
    assert "nnviz: training" in seen.text
    assert "700" in seen.text
    assert seen.text.rpartition("\r")[2] == ""  # erased at the end


def test_a_terminal_shows_the_frames(nnviz, terminal):
    seen = terminal()
    assert nnviz("animate", "--last", "9", "--frames", "4", "-o", "a.html").code == 0
    assert "nnviz: drawing" in seen.text
    assert "/4" in seen.text


def test_a_terminal_shows_a_clock_for_work_of_unknown_length(terminal):
    seen = terminal()
    with progress.clock("drawing"):
        pass
    assert "nnviz: drawing" in seen.text


def test_short_work_shows_nothing(nnviz, terminal, monkeypatch):
    seen = terminal()
    monkeypatch.setattr(progress, "_DELAY", 1000)
    assert nnviz("train", "--epoch", "50").code == 0
    assert seen.text == ""


def test_nothing_is_shown_without_a_terminal(nnviz, monkeypatch):
    monkeypatch.setattr(progress, "_DELAY", 0)
    assert nnviz("train", "--epoch", "700").err == ""
