"""Parsing of a command's arguments: argparse with kinds of field and one-sentence errors."""

from __future__ import annotations

import argparse
import difflib
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from ..problems import RecipeError
from ..recipe.kinds import Kind
from .errors import EXITS, Misuse
from .options import option_help, value_help

_NUMBER = re.compile(r"-\.?\d")  # the start of a value such as -0.5,0.2, which is not an option


class Parser(argparse.ArgumentParser):
    """A parser that raises :class:`Misuse` instead of ending the program.

    Values are kept as text; :func:`value` checks them by their kind.
    """

    def __init__(self, command: str, description: str, examples: str):
        super().__init__(
            prog=f"nnviz {command}", description=description, epilog=_epilog(examples),
            formatter_class=_Formatter, allow_abbrev=False,
        )  # fmt: skip
        self.command = command

    def field(self, name: str, kind: Kind, group: Any = None, also: Sequence[str] = ()) -> None:
        """Add an option for a field of this kind; ``also`` are further names of the option."""
        (group or self).add_argument(
            *map(flag, (name, *also)), dest=name, metavar=value_help(kind)[0],
            help=_escaped(option_help(kind)),
        )  # fmt: skip

    def read(self, argv: Sequence[str]) -> argparse.Namespace:
        args, unknown = self.parse_known_args(_joined(argv))
        if unknown:
            raise Misuse(*(self._unknown(word) for word in unknown if word != "--"))
        return args

    def error(self, message: str) -> NoReturn:
        message = message.removeprefix("argument ")
        if missing := re.match(r"the following arguments are required: (.*)", message):
            message = f"{self.command} needs {missing[1]}; see nnviz {self.command} --help"
        raise Misuse(message)

    def _unknown(self, word: str) -> str:
        if not word.startswith("-"):
            return f"{self.command} does not take {word}; see nnviz {self.command} --help"
        option = word.partition("=")[0]
        known = [text for action in self._actions for text in action.option_strings]
        return f"{self.command} has no option {option}" + nearest(option, known)


class _Formatter(argparse.HelpFormatter):
    """Wraps each line of a text to the width of the terminal, except examples of commands."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return [part for line in text.splitlines() for part in _folded(line, width)]

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines: list[str] = []
        for line in text.splitlines():
            is_command = line.lstrip().startswith("nnviz ")
            lines += [line] if is_command else _folded(line, width) or [""]
        return "\n".join(indent + line for line in lines)


def value(args: argparse.Namespace, name: str, kind: Kind, default: Any = None) -> Any:
    """The checked value of an option; ``default`` (or the kind's) if it was not given."""
    text = getattr(args, name)
    if text is None:
        return kind.default if default is None else default
    try:
        return kind.check(name, kind.read(text))
    except RecipeError as error:
        raise Misuse(f"{flag(name)}: {error}") from None


def flag(name: str) -> str:
    """``learning_rate`` → ``--learning-rate``"""
    return "--" + name.replace("_", "-")


def nearest(word: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    """``; did you mean --epoch?`` with the most similar known word, or an empty text."""
    found = difflib.get_close_matches(word, known, 1, 0.6)
    return f"; did you mean {found[0]}?" if found else ""


def exits() -> str:
    return "exit codes:\n" + "\n".join(f"  {code:3}  {meaning}" for code, meaning in EXITS.items())


def _epilog(examples: str) -> str:
    return f"examples:\n{textwrap.indent(textwrap.dedent(examples).strip(), '  ')}\n\n{exits()}"


def _joined(argv: Sequence[str]) -> list[str]:
    """Arguments with hyphens in option names, and negative numbers joined to their options."""
    words: list[str] = []
    for word in argv:
        if _NUMBER.match(word) and words and re.fullmatch(r"--[a-z0-9-]+", words[-1]):
            words[-1] += f"={word}"
        elif word.startswith("--"):
            name, equals, rest = word.partition("=")
            words.append(name.replace("_", "-") + equals + rest)
        else:
            words.append(word)
    return words


def _folded(line: str, width: int) -> list[str]:
    margin = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line, max(width, 30), subsequent_indent=f"{margin}  " if margin else "",
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
