"""Progress for a terminal, and an end by Ctrl-C without a trace."""

import os
import signal
import subprocess
import sys

import pytest

from nnviz import Recipe, Trainer
from nnviz.cli import progress
from tests.cli.conftest import command, environment, hear_ctrl_c, names

posix = pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")


def interrupted_after(monkeypatch, strides):
    """Make Ctrl-C come in the middle of the training."""
    stride, left = Trainer.stride, [strides]

    def once(self, most):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return stride(self, most)

    monkeypatch.setattr(Trainer, "stride", once)


@pytest.mark.parametrize(
    "words",
    [
        ["train", "--weights", "w.npz"],
        ["export", "-o", "a.npz"],
        ["render", "-o", "a.html"],
        ["animate", "-o", "a.html"],
    ],
    ids=lambda words: words[0],
)
def test_an_interrupted_training_leaves_nothing(nnviz, folder, monkeypatch, words):
    interrupted_after(monkeypatch, 5)
    answer = nnviz(*words)
    assert (answer.code, answer.out, answer.err) == (130, "", "")
    assert names(folder) == []


@posix
def test_the_program_ends_at_once_by_ctrl_c(folder):
    os.mkfifo(folder / "run")
    words = ["train", "run", "--epoch", "1000000", "--weights", "w.npz"]
    with subprocess.Popen(
        command(*words, warnings="ignore"), cwd=folder, env=environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, preexec_fn=hear_ctrl_c,
    ) as process:  # fmt: skip
        with open(folder / "run", "w") as pipe:  # opens when the program does
            pipe.write(Recipe(data="xor", hidden=[64] * 6).to_json())
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (130, b"", b"")
    assert names(folder) == ["run"]


class Terminal:
    """A standard error that people look at."""

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


def test_a_terminal_sees_the_training(nnviz, terminal):
    seen = terminal()
    assert nnviz("train", "--epoch", "700").code == 0
    assert "nnviz: training" in seen.text
    assert "700" in seen.text
    assert seen.text.rpartition("\r")[2] == ""  # taken away at the end


def test_a_terminal_sees_the_frames(nnviz, terminal):
    seen = terminal()
    assert nnviz("animate", "--last", "9", "--frames", "4", "-o", "a.html").code == 0
    assert "nnviz: drawing" in seen.text
    assert "/4" in seen.text


def test_a_terminal_sees_a_clock_where_the_end_is_not_known(terminal):
    seen = terminal()
    with progress.clock("drawing"):
        pass
    assert "nnviz: drawing" in seen.text


def test_what_takes_less_than_the_delay_shows_nothing(nnviz, terminal, monkeypatch):
    seen = terminal()
    monkeypatch.setattr(progress, "_DELAY", 1000)
    assert nnviz("train", "--epoch", "50").code == 0
    assert seen.text == ""


def test_no_terminal_sees_nothing(nnviz, monkeypatch):
    monkeypatch.setattr(progress, "_DELAY", 0)
    assert nnviz("train", "--epoch", "700").err == ""
