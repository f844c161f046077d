"""Options as kinds of field: what may be given, how it is written, and the words of the help.

The recipe's own fields come from ``FIELDS``; here are the kinds that only a command line has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from ..choices.datasets import SOURCES
from ..problems import broken
from ..recipe.edits import Edits
from ..recipe.kinds import (
    BatchSize,
    Choice,
    Choices,
    Flag,
    Integer,
    Kind,
    Layers,
    Names,
    Number,
    Numbers,
)

Words = tuple[str, str]  # what stands for the value, and what it may be


@dataclass(frozen=True, kw_only=True)
class Size(Kind):
    """Width and height in pixels, ``640x480``."""

    low: int = 200
    high: int = 4000

    def _checked(self, name: str, value: Any) -> tuple[int, int]:
        sides = value if isinstance(value, tuple) else ()
        if len(sides) != 2 or not all(self.low <= side <= self.high for side in sides):
            rule = f"WIDTHxHEIGHT, both {self.low}…{self.high} pixels, such as 640x480"
            raise broken(name, rule, self.write(value))
        return sides

    def read(self, text: str) -> Any:
        return _numbers(text.replace("×", "x"), "x", int)

    def write(self, value: Any) -> str:
        return value if isinstance(value, str) else "x".join(map(str, value or ()))


@dataclass(frozen=True, kw_only=True)
class Unit(Kind):
    """A unit of the network, ``1,3``: layer 1, its third unit."""

    def _checked(self, name: str, value: Any) -> tuple[int, int]:
        place = value if isinstance(value, tuple) else ()
        if len(place) != 2 or place[0] < 0 or place[1] < 1:
            raise broken(name, "a layer and a unit of it, such as 1,3", self.write(value))
        return place

    def read(self, text: str) -> Any:
        return _numbers(text, ",", int)

    def write(self, value: Any) -> str:
        return value if isinstance(value, str) else ",".join(map(str, value or ()))


@dataclass(frozen=True, kw_only=True)
class PlainText(Kind):
    """Any text, shown as ``stands_for``."""

    stands_for: str = "TEXT"

    def _checked(self, name: str, value: Any) -> str:  # noqa: ARG002
        return str(value)


def _numbers(text: str, between: str, kind: type) -> Any:
    """The numbers of a text as a tuple, or the text where it holds something else."""
    try:
        return tuple(kind(part) for part in text.split(between))
    except ValueError:
        return text


# --- in words -------------------------------------------------------------------------


def described(kind: Kind) -> str:
    """The help of an option: what it is, what it may be, its default, and its choices."""
    may_be, default = words(kind)[1], kind.write(kind.default) if kind.default is not None else ""
    if isinstance(kind, BatchSize):
        default = kind.write(kind.default)
    facts = "; ".join(filter(None, [may_be, f"default {default}" if default else ""]))
    first = " ".join(filter(None, [kind.help, f"[{facts}]" if facts else ""]))
    table: Mapping[str, Any] = getattr(kind, "table", {})
    return "\n".join([first, *(f"  {name}: {said(entry)}" for name, entry in table.items())])


def said(entry: Any) -> str:
    """What an entry of a table of choices is for."""
    for words_for in ("purpose", "says", "label"):
        if found := getattr(entry, words_for, None):
            return str(found)
    return str(entry)


@singledispatch
def words(kind: Kind) -> Words:
    """What stands for a value of that kind, and what it may be."""
    return "VALUE", ""


@words.register
def _(kind: Choice) -> Words:
    return "NAME", ""


@words.register
def _(kind: Choices) -> Words:
    return "NAME,…", "one or more"


@words.register
def _(kind: Integer) -> Words:
    return "N", f"{kind.low}…{kind.high}"


@words.register
def _(kind: BatchSize) -> Words:
    return "N", f"full or {kind.low}…{kind.high}"


@words.register
def _(kind: Number) -> Words:
    return "X", f"{kind.low:g}…{kind.high:g}"


@words.register
def _(kind: Flag) -> Words:
    return "BOOL", "true or false"


@words.register
def _(kind: Layers) -> Words:
    return "N,…", f"none, or 1…{kind.most_units} units for each layer, such as 10,4"


@words.register
def _(kind: Names) -> Words:
    known = [
        f"{source.name}: {', '.join(source.features)}"
        for source in SOURCES.values()
        if source.is_measured
    ]
    return "NAME,NAME", "; ".join(["two, for measured data", *known])


@words.register
def _(kind: Edits) -> Words:
    return "EDIT,…", (
        "EPOCH:FIELD:VALUE, such as 120:learning_rate:0.01, of "
        f"{', '.join(kind.settings)}; EPOCH:weight:VALUE:MATRIX.ROW.COLUMN, counted from 0, "
        "row 0 the bias, such as 300:weight:0.5:1.2.0"
    )


@words.register
def _(kind: Size) -> Words:
    return "WxH", f"{kind.low}…{kind.high} pixels each"


@words.register
def _(kind: Numbers) -> Words:
    return "X1,X2", ""


@words.register
def _(kind: Unit) -> Words:
    return "LAYER,UNIT", ""


@words.register
def _(kind: PlainText) -> Words:
    return kind.stands_for, ""
