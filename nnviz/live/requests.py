"""What a browser may ask for, read and checked before anything is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from ..problems import Problem, RecipeError, broken
from ..recipe.kinds import Flag, Integer, Kind, Numbers, is_writable
from ..recipe.look import SEEN
from ..recipe.recipe import FIELDS, LAST_EPOCH

Header = dict[str, Any]
Arrays = dict[str, NDArray[Any]]
Values = dict[str, Any]

MOST_DRAWN = 32  # units of one layer whose maps one reply can hold
MOST_LAYERS = FIELDS["hidden"].most_layers + 2  # type: ignore[attr-defined]  # inputs and outputs
MOST_UNITS = FIELDS["hidden"].most_units  # type: ignore[attr-defined]


class RequestError(ValueError):
    """A request that cannot be carried out; ``problems`` say why, each in a sentence.

    Those of fields are of :class:`Problem`, which keeps what the sentence is made of.
    """

    def __init__(self, *problems: str):
        self.problems = problems
        super().__init__(*problems)

    def __str__(self) -> str:
        return "; ".join(self.problems)


# --- kinds that only requests have ------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Text(Kind):
    """A text; or None where that is the default and the text may be left out."""

    most: int | None = None  # characters
    optional: bool = False

    def _checked(self, name: str, value: Any) -> str | None:
        if value is None and self.optional:
            return None
        if not isinstance(value, str) or (self.most is not None and len(value) > self.most):
            rule = "a text" if self.most is None else "a text of {most} characters at most"
            raise broken(name, rule, value, most=self.most)
        if not is_writable(value):
            raise broken(name, "one that can be written in UTF-8", value)
        return value


@dataclass(frozen=True, kw_only=True)
class Object(Kind):
    """A JSON object, of whatever fields."""

    def _checked(self, name: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise broken(name, "an object", value)
        return value


@dataclass(frozen=True, kw_only=True)
class Anything(Kind):
    """What the run itself checks."""

    def _checked(self, name: str, value: Any) -> Any:  # noqa: ARG002
        return value


@dataclass(frozen=True, kw_only=True)
class Windows(Kind):
    """For every layer the first unit shown and how many there are; or None."""

    def _checked(self, name: str, value: Any) -> list[tuple[int, int]] | None:
        if value is None:
            return None
        fits = isinstance(value, (list, tuple)) and 2 <= len(value) <= MOST_LAYERS
        if not fits or not all(_is_window(window) for window in value):
            rule = "[first unit, number up to {most}] for every layer"
            raise broken(name, rule, value, most=MOST_DRAWN)
        return [(first, number) for first, number in value]


def _is_window(value: Any) -> bool:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return False
    first, number = value
    return (
        type(first) is int and 0 <= first < MOST_UNITS
        and type(number) is int and 1 <= number <= MOST_DRAWN
    )  # fmt: skip


# what a request wants to see, whatever it does; layers are counted from the inputs, 0, to the
# outputs, units from 0. All but ``since`` and ``probe`` come with a picture only
PICTURE: dict[str, Kind] = {
    "since": Integer(
        default=0, low=0, high=LAST_EPOCH + 1, label="Since", help="History rows from there on."
    ),
    "probe": SEEN["probe"],
    "picture": Flag(default=True, label="Picture", help="The field and the boundary."),
    "threshold": SEEN["threshold"],
    "predicted": Flag(default=False, label="Predicted", help="The class of every sample."),
    "unit": SEEN["unit"],
    "network": Windows(
        default=None, label="Network",
        help="[first, number] for every layer: those units' maps, and the weights between them.",
    ),
    "space": Numbers(
        default=None, count=3, low=0, high=MOST_UNITS - 1, whole=True, label="Space",
        help="[layer, unit, unit]: the plane as those two units see it.",
    ),
}  # fmt: skip


# --- operations -------------------------------------------------------------------------


@dataclass(frozen=True)
class Operation:
    """One thing a browser may ask for: ``answer(session, request)`` gives header and arrays.

    ``needs_run`` says that a run has to be open; ``is_measured`` that the session knows from
    earlier ones how long it takes.
    """

    name: str
    does: str
    answer: Callable[[Any, Request], tuple[Header, Arrays]]
    fields: Mapping[str, Kind]
    needs_run: bool = True
    is_measured: bool = False

    @cached_property
    def defaults(self) -> Values:
        return defaults(self.fields)


@dataclass(frozen=True)
class Request:
    """A request as it was read: ``values`` are those of its operation's fields.

    ``error`` is what is wrong with it. ``message`` is all that was sent, ``reference`` its ``id``.
    """

    message: Mapping[str, Any] = field(default_factory=dict)
    operation: Operation | None = None
    values: Values = field(default_factory=dict)
    error: RequestError | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def reference(self) -> Any:
        """A short text, or a number that every reader of JSON keeps exact; None where it is not."""
        value = self.message.get("id")
        if isinstance(value, str):
            return value if len(value) <= 64 else None
        return value if type(value) is int and abs(value) < 2**53 else None

    @property
    def kind(self) -> tuple[bool, ...]:
        """What a picture's cost depends on, for one network."""
        values = self.values
        inside = (values[name] is not None for name in ("unit", "space", "network"))
        return values["predicted"], *inside


def read(message: Mapping[str, Any] | str | bytes, operations: Mapping[str, Operation]) -> Request:
    """The request of a message; what is wrong with it is its ``error``, never raised."""
    try:
        message = decoded(message)
    except RequestError as error:
        return Request(error=error)
    name = message.get("op")
    operation = operations.get(name) if isinstance(name, str) else None
    if operation is None:
        problem = Problem("op", "one of {names}", name, names=", ".join(operations))
        return Request(message, error=RequestError(problem))
    try:
        values = read_fields(message, operation.fields, operation.defaults)
    except RequestError as error:
        return Request(message, operation, error=error)
    return Request(message, operation, values)


def decoded(message: Mapping[str, Any] | str | bytes) -> Mapping[str, Any]:
    """A message as a mapping; raises :class:`RequestError` for anything else."""
    if not isinstance(message, Mapping):
        try:
            message = json.loads(message)
        except (ValueError, RecursionError) as error:
            raise _no_object(error) from None
    if not isinstance(message, Mapping):
        raise _no_object(message)
    return message


def _no_object(message: object) -> RequestError:
    return RequestError(Problem("request", "a JSON object", message, subject="a request"))


def read_fields(
    message: Mapping[str, Any], fields: Mapping[str, Kind], known: Mapping[str, Any] | None = None
) -> Values:
    """The values of ``fields``; raises :class:`RequestError` with a sentence for each that is bad.

    ``known`` are their :func:`defaults`. A field that has none must be in the message.
    """
    values = dict(defaults(fields) if known is None else known)
    problems: list[str] = []
    for name, kind in fields.items():
        if name in message or name not in values:
            try:
                values[name] = kind.check(name, message.get(name))
            except RecipeError as error:
                problems += error.problems.values()
    if problems:
        raise RequestError(*problems)
    return values


def defaults(fields: Mapping[str, Kind]) -> Values:
    """The defaults of the fields that may be left out: those whose default is in order."""
    values = {}
    for name, kind in fields.items():
        try:
            values[name] = kind.check(name, kind.default)
        except RecipeError:
            continue
    return values
