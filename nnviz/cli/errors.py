"""What can go wrong on the command line, and the exit code that says so."""

from __future__ import annotations

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130

EXITS = {
    DONE: "done",
    FAILED: "could not be done: the run diverges before that epoch, a file cannot be read or "
    "written, a program is missing",
    WRONG: "wrong use: no such option, a value out of range, a file or link that holds no run",
    INTERRUPTED: "interrupted; no half-written file is left",
}


class Failure(Exception):
    """What was asked for makes sense, but could not be done."""

    code = FAILED

    def __init__(self, *sentences: str):
        self.sentences = sentences
        super().__init__("; ".join(sentences))


class Misuse(Failure):
    """What was asked for makes no sense; one sentence for each thing wrong."""

    code = WRONG
