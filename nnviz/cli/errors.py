"""Errors of the command line and their exit codes."""

from __future__ import annotations

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130

EXITS = {
    DONE: "done",
    FAILED: "failed: the run diverges before that epoch, a file cannot be read or written, a "
    "program is missing",
    MISUSED: "wrong usage: an unknown option, a value out of range, a file or link without a run",
    INTERRUPTED: "interrupted; no incomplete file is left",
}


class Failure(Exception):
    """The command is valid but failed; one sentence for each reason."""

    code = FAILED

    def __init__(self, *sentences: str):
        self.sentences = sentences
        super().__init__("; ".join(sentences))


class Misuse(Failure):
    """The command is invalid; one sentence for each error."""

    code = MISUSED
