"""Command-line options: kinds of field that only options have, and the help of every kind.

The kinds of the recipe's fields are in :mod:`nnviz.recipe.kinds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from ..choices.datasets import SOURCES
from ..live.hosting import Patterns
from ..problems import field_error
from ..recipe.edits import Edits
from ..recipe.kinds import (
    BatchSize,
    Choice,
    Choices,
    Flag,
    Integer,
    Kind,
    LayerSizes,
    Names,
    Number,
    Numbers,
)
from ..recipe.recipe import Data

ValueHelp = tuple[str, str]  # placeholder of the value, and the values allowed


@dataclass(frozen=True, kw_only=True)
class Size(Kind):
    """Width and height in pixels, ``640x480``."""

    low: int = 200
    high: int = 4000

    def _checked(self, name: str, value: Any) -> tuple[int, int]:
        sides = value if isinstance(value, tuple) else ()
        if len(sides) != 2 or not all(self.low <= side <= self.high for side in sides):
            rule = f"WIDTHxHEIGHT, both {self.low}…{self.high} pixels, such as 640x480"
            raise field_error(name, rule, self.write(value))
        return sides

    def read(self, text: str) -> Any:
        return _numbers(text.replace("×", "x"), "x", int)

    def write(self, value: Any) -> str:
        return value if isinstance(value, str) else "x".join(map(str, value or ()))


@dataclass(frozen=True, kw_only=True)
class UnitOption(Kind):
    """A unit of the network: ``1,3`` is the third unit of layer 1."""

    def _checked(self, name: str, value: Any) -> tuple[int, int]:
        place = value if isinstance(value, tuple) else ()
        if len(place) != 2 or place[0] < 0 or place[1] < 1:
            raise field_error(name, "a layer and a unit of it, such as 1,3", self.write(value))
        return place

    def read(self, text: str) -> Any:
        return _numbers(text, ",", int)

    def write(self, value: Any) -> str:
        return value if isinstance(value, str) else ",".join(map(str, value or ()))


@dataclass(frozen=True, kw_only=True)
class PlainText(Kind):
    """Any text; ``metavar`` is its placeholder in the help."""

    metavar: str = "TEXT"

    def _checked(self, name: str, value: Any) -> str:  # noqa: ARG002
        return str(value)


def _numbers(text: str, separator: str, kind: type) -> Any:
    """The numbers in a text as a tuple, or the text itself if it holds anything else."""
    try:
        return tuple(kind(part) for part in text.split(separator))
    except ValueError:
        return text


# --- help -----------------------------------------------------------------------------


def option_help(kind: Kind) -> str:
    """The help of an option: description, values allowed, default and choices."""
    has_default = kind.default is not None or isinstance(kind, BatchSize)
    default = kind.write(kind.default) if has_default else ""
    facts = filter(None, [value_help(kind)[1], f"default {default}" if default else ""])
    brackets = "; ".join(facts)
    first = " ".join(filter(None, [kind.help, f"[{brackets}]" if brackets else ""]))
    table: Mapping[str, Any] = getattr(kind, "table", {})
    choices = (f"  {name}: {entry_description(entry)}" for name, entry in table.items())
    return "\n".join([first, *choices])


def entry_description(entry: Any) -> str:
    """The description of an entry in a table of choices."""
    for attribute in ("purpose", "description", "label"):
        if found := getattr(entry, attribute, None):
            return str(found)
    return str(entry)


@singledispatch
def value_help(kind: Kind) -> ValueHelp:
    """Placeholder of a value of this kind in the help, and the values allowed."""
    return "VALUE", ""


@value_help.register
def _(kind: Choice) -> ValueHelp:
    return "NAME", ""


@value_help.register
def _(kind: Data) -> ValueHelp:
    return "NAME|FILE", ""


@value_help.register
def _(kind: Choices) -> ValueHelp:
    return "NAME,…", "one or more"


@value_help.register
def _(kind: Integer) -> ValueHelp:
    return "N", f"{kind.low}…{kind.high}"


@value_help.register
def _(kind: BatchSize) -> ValueHelp:
    return "N", f"full or {kind.low}…{kind.high}"


@value_help.register
def _(kind: Number) -> ValueHelp:
    return "X", f"{kind.low:g}…{kind.high:g}"


@value_help.register
def _(kind: Flag) -> ValueHelp:
    return "BOOL", "true or false"


@value_help.register
def _(kind: LayerSizes) -> ValueHelp:
    return "N,…", f"none, or 1…{kind.most_units} units for each layer, such as 10,4"


@value_help.register
def _(kind: Names) -> ValueHelp:
    known = [
        f"{source.name}: {', '.join(source.features)}"
        for source in SOURCES.values()
        if source.is_measured
    ]
    return "NAME,NAME", "; ".join(["two, for measured data", *known])


@value_help.register
def _(kind: Edits) -> ValueHelp:
    return "EDIT,…", (
        "EPOCH:FIELD:VALUE, such as 120:learning_rate:0.01, of "
        f"{', '.join(kind.settings)}; EPOCH:weight:VALUE:MATRIX.ROW.COLUMN, counted from 0, "
        "row 0 the bias, such as 300:weight:0.5:1.2.0"
    )


@value_help.register
def _(kind: Size) -> ValueHelp:
    return "WxH", f"{kind.low}…{kind.high} pixels each"


@value_help.register
def _(kind: Numbers) -> ValueHelp:
    return "X1,X2", ""


@value_help.register
def _(kind: UnitOption) -> ValueHelp:
    return "LAYER,UNIT", ""


@value_help.register
def _(kind: Patterns) -> ValueHelp:
    return "NAME,…", ""


@value_help.register
def _(kind: PlainText) -> ValueHelp:
    return kind.metavar, ""
