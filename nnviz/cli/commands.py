"""The table of commands, and ``main``, which runs one and returns an exit code."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from ..problems import printable, short_text
from .errors import DONE, INTERRUPTED, MISUSED, Failure, Misuse
from .parser import Parser, exits, nearest


class Module(Protocol):
    """The contents of a command's module."""

    EXAMPLES: str

    def add(self, parser: Parser) -> None: ...

    def run(self, args: argparse.Namespace) -> None: ...


@dataclass(frozen=True)
class Command:
    """One command, of one word or two; its module is imported when the command runs."""

    name: str
    description: str

    @property
    def module(self) -> str:
        """Named as the command, with ``_`` between two words."""
        return f"{__package__}.{self.name.replace(' ', '_')}"

    def run(self, argv: Sequence[str]) -> None:
        module = cast(Module, importlib.import_module(self.module))
        parser = Parser(self.name, self.description, module.EXAMPLES)
        module.add(parser)
        module.run(parser.read(argv))


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("render", "Draw a picture of a run at an epoch: PNG, SVG, PDF, WebP, JPEG, HTML."),
        Command("animate", "Draw a run as an animation: GIF, WebP, APNG, MP4, WebM, HTML."),
        Command("train", "Train a run, print losses and accuracies, write its weights."),
        Command("code", "Write a run as a short script in NumPy, scikit-learn or PyTorch."),
        Command("export", "Write a run's points, history or weights, or the run as a file."),
        Command("sweep", "Train many runs that differ in some fields, and write a table of them."),
        Command("sweep report", "Draw the table of a sweep as a page of pictures and figures."),
        Command("data", "List data sets, inputs, activations, outputs, initialisers, optimisers."),
        Command("files", "Write the page's files for a web server in front of the app."),
        Command("site", "Write the page without a server: static files, NumPy in WebAssembly."),
        Command("open", "Start the app and open a run in the browser."),
    )
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in ``argv`` (without the program's name); returns the exit code."""
    _prepare_streams()
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of the output has closed it
        _discard_output()
        return DONE
    except OSError as error:
        _discard_output()
        where = error.filename or "standard output"  # which has no file name
        return _print_errors(Failure(f"{where}: {(error.strerror or str(error)).lower()}"))


def _run(argv: list[str]) -> int:
    try:
        for words in (2, 1):
            if (name := " ".join(argv[:words])) in COMMANDS and len(argv) >= words:
                COMMANDS[name].run(argv[words:])
                return DONE
        return _without_command(argv)
    except Failure as failure:
        return _print_errors(failure)
    except ModuleNotFoundError as error:
        return _print_errors(
            Failure(f"this needs the package {error.name}, which is not installed")
        )
    except SystemExit as done:  # argparse has printed the help
        return int(done.code or DONE)


def _without_command(argv: list[str]) -> int:
    if not argv:
        print(_overview(), file=sys.stderr)
        return MISUSED
    if argv[0] in ("-h", "--help", "help"):
        print(_overview())
    elif argv[0] in ("-V", "--version"):
        print(f"nnviz {_version()}")
    else:
        known = f"; the commands are {', '.join(COMMANDS)}"
        raise Misuse(
            f"there is no command {short_text(argv[0])}{nearest(argv[0], COMMANDS) or known}"
        )
    return DONE


def _overview() -> str:
    commands = "\n".join(
        f"  {command.name:12} {command.description}" for command in COMMANDS.values()
    )
    return f"""usage: nnviz COMMAND … (or python -m nnviz COMMAND …)

Watch a neural network learn, and export its pictures, numbers and code.

commands:
{commands}

  nnviz COMMAND --help describes one of them.

A run is given by options, by a recipe or experiment file, or by a link copied from the page:
  nnviz render --data spirals --hidden 16,16 --epoch 2000 -o spirals.png
  nnviz render spirals.nnviz.json -o spirals.svg
  nnviz animate "http://localhost:8501/?data=iris&epoch=300" -o iris.gif
  nnviz train --data moons --learning-rate 0.1 --edits 120:learning_rate:0.01

{exits()}"""


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("nnviz-playground")
    except PackageNotFoundError:
        return "(not installed)"


def _print_errors(failure: Failure) -> int:
    for sentence in failure.sentences:
        line = printable(" ".join(sentence.split()))
        with contextlib.suppress(OSError):
            print(f"nnviz: error: {line}", file=sys.stderr)
    return failure.code


def _prepare_streams() -> None:
    """Replace closed streams by null, and print ``?`` for characters that cannot be encoded."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    with contextlib.suppress(AttributeError, ValueError):  # where the stream cannot be reconfigured
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]


def _discard_output() -> None:
    """Prevent Python from writing the rest of the output when it exits."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
