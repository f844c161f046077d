"""Kinds of field: which values a field may have, and how they are written in a URL.

``kind.check`` returns a value in its canonical form or raises :class:`RecipeError`; ``read`` and
``write`` convert from and to text. Recipes, looks, requests and command-line options all declare
their fields by these kinds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import numpy as np

from ..problems import Problem, RecipeError, field_error, short_text


def check_fields(
    record: Any, kinds: Mapping[str, Kind], attributes: Mapping[str, str] | None = None
) -> dict[str, Problem]:
    """Replace the fields of a frozen ``record`` by their canonical forms.

    Returns the problems of the invalid ones, by field. ``attributes`` maps a field to its
    attribute where the names differ.
    """
    problems: dict[str, Problem] = {}
    for name, kind in kinds.items():
        attribute = (attributes or {}).get(name, name)
        try:
            object.__setattr__(record, attribute, kind.check(name, getattr(record, attribute)))
        except RecipeError as error:
            problems |= error.problems
    return problems


def is_encodable(text: str) -> bool:
    """Whether the text can be encoded as UTF-8; lone surrogates cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def to_python(value: Any, depth: int = 4) -> Any:
    """NumPy scalars and arrays as Python objects, also in ``depth`` levels of lists and tuples."""
    if type(value) in _PYTHON_TYPES:  # nearly all values
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
        return float(value) if isinstance(value, np.longdouble) else value
    if depth and isinstance(value, (list, tuple)):
        items = [to_python(item, depth - 1) for item in value]
        return items if isinstance(value, list) else tuple(items)
    return value


_PYTHON_TYPES = frozenset({int, float, bool, str, type(None), dict})


_COUNTS = {2: "two", 3: "three"}


def _as_integer(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def read_integer(text: str) -> int | str:
    """The integer that a URL's text stands for, or the text itself if it is not one."""
    try:
        return int(text)
    except ValueError:  # not a number, or one of thousands of digits
        return text


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Base class of all kinds: default, label and help text of a field.

    ``live`` fields can change during a run, by a timed edit. Fields with a ``group`` are part of
    the form, in the order of their declaration; ``leads`` is the place of one above all groups.
    """

    default: Any
    label: str
    help: str
    live: bool = False
    group: str = ""
    leads: int = 0

    def check(self, name: str, value: Any) -> Any:
        """The value in its canonical form, a Python object; raises :class:`RecipeError`."""
        return self._checked(name, to_python(value))

    def _checked(self, name: str, value: Any) -> Any:
        raise NotImplementedError

    def read(self, text: str) -> Any:
        """The value that a URL's text stands for, not yet checked."""
        return text

    def write(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, kw_only=True)
class Choice(Kind):
    """One name from a table."""

    table: Mapping[str, Any]

    def _checked(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in self.table:
            raise field_error(name, "one of {names}", value, names=", ".join(self.table))
        return value


@dataclass(frozen=True, kw_only=True)
class Choices(Kind):
    """One or more different names from a table, in the order of the table."""

    table: Mapping[str, Any]

    def _checked(self, name: str, value: Any) -> tuple[str, ...]:
        names = [value] if isinstance(value, str) else value
        rule, known = "one or more of {names}", ", ".join(self.table)
        if not isinstance(names, Iterable) or not (names := [to_python(item) for item in names]):
            raise field_error(name, rule, value, names=known)
        for item in names:
            if not isinstance(item, str) or item not in self.table:
                raise field_error(name, rule, item, names=known)
        return tuple(key for key in self.table if key in names)

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(part for part in text.split(",") if part)

    def write(self, value: tuple[str, ...]) -> str:
        return ",".join(value)


@dataclass(frozen=True, kw_only=True)
class Integer(Kind):
    """A whole number; a form offers steps of ``step``, or the ``stops`` if there are any."""

    low: int
    high: int
    step: int = 1
    stops: tuple[int | None, ...] = ()

    @property
    def rule(self) -> str:
        """What a value must be, with placeholders for ``low`` and ``high``."""
        return "a whole number {low}…{high}"

    def _checked(self, name: str, value: Any) -> Any:
        number = _as_integer(value)
        if number is None or not self.low <= number <= self.high:
            raise field_error(name, self.rule, value, low=self.low, high=self.high)
        return number

    def read(self, text: str) -> Any:
        return read_integer(text)


@dataclass(frozen=True, kw_only=True)
class BatchSize(Integer):
    """A whole number of samples, or None for the whole training part; text ``full``."""

    @property
    def rule(self) -> str:
        return "full or a whole number {low}…{high}"

    def _checked(self, name: str, value: Any) -> Any:
        return None if value is None or value == "full" else super()._checked(name, value)

    def write(self, value: int | None) -> str:
        return "full" if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class Number(Kind):
    """A number from ``low`` to ``high``; without ``high``, any finite number from ``low``.

    A form offers steps of ``step``, or the ``stops`` if there are any.
    """

    low: float
    high: float = sys.float_info.max
    step: float = 0.01
    stops: tuple[float, ...] = ()

    @property
    def rule(self) -> str:
        """What a value must be, with placeholders for ``low`` and ``high``."""
        is_open = self.high == sys.float_info.max
        return "a number {low:g} or more" if is_open else "{low:g}…{high:g}"

    def _checked(self, name: str, value: Any) -> float:
        valid = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not valid or not self.low <= value <= self.high:  # NaN fails both comparisons
            raise field_error(name, self.rule, value, low=self.low, high=self.high)
        return float(value)

    def read(self, text: str) -> Any:
        try:
            return float(text)
        except ValueError:
            return text

    def write(self, value: float) -> str:
        return repr(value).removesuffix(".0")  # the shortest text that reads back the same


@dataclass(frozen=True, kw_only=True)
class Flag(Kind):
    """True or False; text ``true`` or ``false``."""

    def _checked(self, name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise field_error(name, "true or false", value)
        return value

    def read(self, text: str) -> Any:
        return {"true": True, "false": False, "1": True, "0": False}.get(text.lower(), text)

    def write(self, value: bool) -> str:
        return "true" if value else "false"


@dataclass(frozen=True, kw_only=True)
class LayerSizes(Kind):
    """The number of units in each hidden layer, or ``()`` for none. Text ``10,4`` or ``none``."""

    most_layers: int
    most_units: int

    def _checked(self, name: str, value: Any) -> tuple[int, ...]:
        units = [value] if isinstance(value, (int, float)) else value
        if isinstance(units, str) or not isinstance(units, Iterable):
            raise field_error(name, "units of each layer, such as 10,4, or none", value)
        units = [to_python(unit) for unit in units]
        if len(units) > self.most_layers:
            raise field_error(
                name, "0…{most}", len(units), subject="hidden layers", most=self.most_layers
            )
        for layer, unit in enumerate(units, start=1):
            number = _as_integer(unit)
            if number is None or not 1 <= number <= self.most_units:
                raise field_error(
                    name, "1…{most} per layer", unit, subject="hidden units",
                    pattern="{subject} must be {rule}; got {offender} in layer {layer}",
                    most=self.most_units, layer=layer,
                )  # fmt: skip
        return tuple(int(unit) for unit in units)

    def read(self, text: str) -> Any:
        if text in ("", "none"):
            return ()
        try:
            return tuple(int(part) for part in text.split(","))
        except ValueError:
            return text

    def write(self, value: tuple[int, ...]) -> str:
        return ",".join(map(str, value)) or "none"


@dataclass(frozen=True, kw_only=True)
class Names(Kind):
    """A list of names; which ones are allowed depends on other fields and is not checked here.

    In text, a comma in a name is ``%2C`` and a percent sign ``%25``.
    """

    def _checked(self, name: str, value: Any) -> tuple[str, ...]:
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise field_error(name, "a list of names", value)
        names = tuple(to_python(item) for item in value)
        if not all(isinstance(item, str) for item in names):
            raise field_error(name, "a list of names", value)
        for item in names:
            if not is_encodable(item):
                raise field_error(name, "names that can be written in UTF-8", item)
        return names

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(unquote(part) for part in text.split(",") if part)

    def write(self, value: tuple[str, ...]) -> str:
        return ",".join(_escaped(name) for name in value)


@dataclass(frozen=True, kw_only=True)
class Numbers(Kind):
    """``count`` numbers from ``low`` to ``high``, integers if ``whole``. Text ``1,3``.

    None is valid if it is the default.
    """

    low: float
    high: float
    count: int = 2
    whole: bool = False

    def _checked(self, name: str, value: Any) -> Any:
        if value is None and self.default is None:
            return None
        if not isinstance(value, (list, tuple)) or len(value) != self.count:
            raise self._error(name, value)
        try:
            return tuple([self._each._checked(name, number) for number in value])
        except RecipeError:
            raise self._error(name, value) from None

    def read(self, text: str) -> Any:
        try:
            return tuple((int if self.whole else float)(part) for part in text.split(","))
        except ValueError:
            return text

    def write(self, value: Any) -> str:
        return ",".join(str(number).removesuffix(".0") for number in value)

    @cached_property
    def _each(self) -> Kind:
        if self.whole:
            return Integer(default=0, low=int(self.low), high=int(self.high), label="", help="")
        return Number(default=0.0, low=self.low, high=self.high, label="", help="")

    def _error(self, name: str, value: Any) -> RecipeError:
        numbers = "whole numbers" if self.whole else "numbers"
        if isinstance(value, tuple):
            value = ",".join(short_text(number).removesuffix(".0") for number in value)
        return field_error(
            name, f"{_COUNTS[self.count]} {numbers} {{low:g}}…{{high:g}}", value,
            low=self.low, high=self.high,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class OrNone(Kind):
    """A value of another kind, or None. Text of None: ``none``."""

    kind: Kind

    def _checked(self, name: str, value: Any) -> Any:
        if value is None:
            return None
        try:
            return self.kind.check(name, value)
        except RecipeError as error:
            found = error.problems[name]
            raise field_error(
                name, f"none or {found.rule}", found.offender, **found.values
            ) from None

    def read(self, text: str) -> Any:
        return None if text == "none" else self.kind.read(text)

    def write(self, value: Any) -> str:
        return "none" if value is None else self.kind.write(value)


@dataclass(frozen=True, kw_only=True)
class IntegerChoice(Kind):
    """One of the integers in ``options``."""

    options: tuple[int, ...]

    def _checked(self, name: str, value: Any) -> Any:
        number = _as_integer(value)
        if number not in self.options:
            raise field_error(
                name, "one of {options}", value, options=", ".join(map(str, self.options))
            )
        return number

    def read(self, text: str) -> Any:
        return read_integer(text)


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace(",", "%2C")
