"""Requests of the browser: their fields, and how messages are read and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from ..problems import Problem, RecipeError, field_error
from ..recipe.companions import MOST_RUNS
from ..recipe.kinds import (
    Kind,
    is_encodable,
)
from ..recipe.moment import Moment
from ..recipe.recipe import FIELDS, LAST_EPOCH

Header = dict[str, Any]
Arrays = dict[str, NDArray[Any]]
Answer = tuple[Header, Arrays]
Values = dict[str, Any]

MOST_MESSAGE = 256_000  # bytes
MOST_DRAWN = 32  # units of one layer that one reply can show
MOST_LAYERS = FIELDS["hidden"].most_layers + 2  # type: ignore[attr-defined]  # with inputs and outputs
MOST_HEAD = 100  # characters in which an unread message names its operation
MOST_QUERY = 20_000  # characters of a link
MOST_UNITS = FIELDS["hidden"].most_units  # type: ignore[attr-defined]


_COMPARES = re.compile(r'"op"\s*:\s*"compare"')


class RequestError(ValueError):
    """A request that cannot be carried out; ``problems`` are sentences that say why.

    The problem of a field is a :class:`Problem`.
    """

    def __init__(self, *problems: str):
        self.problems = problems
        super().__init__(*problems)

    def __str__(self) -> str:
        return "; ".join(self.problems)


# --- kinds of field that only requests have ------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Text(Kind):
    """A text of at most ``most`` characters; None is valid if it is ``optional``."""

    most: int | None = None  # characters
    optional: bool = False

    def _checked(self, name: str, value: Any) -> str | None:
        if value is None and self.optional:
            return None
        if not isinstance(value, str) or (self.most is not None and len(value) > self.most):
            rule = "a text" if self.most is None else "a text of {most} characters at most"
            raise field_error(name, rule, value, most=self.most)
        if not is_encodable(value):
            raise field_error(name, "one that can be written in UTF-8", value)
        return value


@dataclass(frozen=True, kw_only=True)
class Object(Kind):
    """A JSON object with any fields."""

    def _checked(self, name: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise field_error(name, "an object", value)
        return value


@dataclass(frozen=True, kw_only=True)
class RecipeOrLink(Object):
    """A recipe as JSON, or the query of a link to it, in which invalid fields get their default."""

    def _checked(self, name: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, str):
            return super()._checked(name, value)
        query = Text(default="", most=MOST_QUERY, label=self.label, help=self.help)
        moment, _ = Moment.salvage_query(query.check(name, value))
        return dict(json.loads(moment.recipe.to_json()))


@dataclass(frozen=True, kw_only=True)
class Anything(Kind):
    """Any value; the run checks it."""

    def _checked(self, name: str, value: Any) -> Any:  # noqa: ARG002
        return value


@dataclass(frozen=True, kw_only=True)
class Windows(Kind):
    """``(first unit, number of units)`` to show of every layer, or None."""

    def _checked(self, name: str, value: Any) -> list[tuple[int, int]] | None:
        if value is None:
            return None
        fits = isinstance(value, (list, tuple)) and 2 <= len(value) <= MOST_LAYERS
        if not fits or not all(_is_window(window) for window in value):
            rule = "[first unit, number up to {most}] for every layer"
            raise field_error(name, rule, value, most=MOST_DRAWN)
        return [(first, number) for first, number in value]


@dataclass(frozen=True)
class Known:
    """What a client knows of a run beside another.

    The name of its points, None if it knows nothing; and its history before the epoch ``since``.
    """

    data: str | None = None
    since: int = 0


@dataclass(frozen=True, kw_only=True)
class KnownRuns(Kind):
    """``[name of its points or null, epoch]`` of each run side by side, without the run itself."""

    def _checked(self, name: str, value: Any) -> tuple[Known, ...]:
        if not isinstance(value, (list, tuple)) or len(value) >= MOST_RUNS:
            raise field_error(name, "a list of {most} at most", value, most=MOST_RUNS - 1)
        if not all(map(_is_known, value)):
            raise field_error(name, "[name of points or null, epoch] for every run", value)
        return tuple(Known(*item) for item in value)


def _is_known(value: Any) -> bool:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return False
    data, since = value
    is_name = data is None or (isinstance(data, str) and len(data) <= 64)
    return is_name and type(since) is int and 0 <= since <= LAST_EPOCH + 1


def _is_window(value: Any) -> bool:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return False
    first, number = value
    return (
        type(first) is int and 0 <= first < MOST_UNITS
        and type(number) is int and 1 <= number <= MOST_DRAWN
    )  # fmt: skip


# --- operations -------------------------------------------------------------------------


@dataclass(frozen=True)
class Operation:
    """One kind of request.

    ``needs_run``: a run must be open. ``is_measured``: the session measures how long it takes, to
    predict the next one. ``is_passing``: it changes nothing but the epoch of the run. ``yields``:
    it gives way to every request that does not. ``exports``: it makes a file, from a copy of the
    run. A message may have ``most_length`` characters.
    """

    name: str
    description: str
    fields: Mapping[str, Kind]
    needs_run: bool = True
    is_measured: bool = False
    is_passing: bool = False
    yields: bool = False
    exports: bool = False
    most_length: int = 16_000

    @cached_property
    def defaults(self) -> Values:
        return defaults(self.fields)


@dataclass(frozen=True)
class Request:
    """A request as read from a ``message``: its operation and the ``values`` of its fields.

    ``error`` says what is wrong with it, if anything; ``reference`` is the message's ``id``. A
    request ``is_dropped`` where a later one makes it pointless. One too long to be read on the
    event loop is ``unread``, the message as it came: only requests to open a run are that long, and
    those that :attr:`compares`.
    """

    message: Mapping[str, Any] = field(default_factory=dict)
    operation: Operation | None = None
    values: Values = field(default_factory=dict)
    error: RequestError | None = None
    is_dropped: bool = False
    unread: str | bytes | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def reference(self) -> Any:
        """The ``id`` if it is a short text or an integer that JavaScript keeps exact, else None."""
        value = self.message.get("id")
        if isinstance(value, str):
            return value if len(value) <= 64 else None
        return value if type(value) is int and abs(value) < 2**53 else None

    @property
    def sent(self) -> Mapping[str, Any] | str | bytes:
        """What to send to another process, to be read there."""
        return self.message if self.unread is None else self.unread

    @property
    def opens(self) -> bool:
        """Whether it opens another run."""
        return (self.unread is not None and not self.compares) or "recipe" in self.values

    @property
    def compares(self) -> bool:
        """Whether it names the runs side by side; of one that is unread, whether it begins so."""
        if self.unread is None:
            return self.operation is not None and "beside" in self.operation.fields
        head = self.unread[:MOST_HEAD]
        return (
            _COMPARES.search(head if isinstance(head, str) else head.decode("latin-1")) is not None
        )

    @property
    def edits(self) -> bool:
        """Whether it changes a setting of the run."""
        return self.operation is not None and "field" in self.operation.fields and not self.error

    @property
    def exports(self) -> bool:
        """Whether it makes a file of the run."""
        return self.operation is not None and self.operation.exports and not self.error

    @property
    def supersedes(self) -> bool:
        """Whether it determines the run or its epoch, whatever was requested before."""
        if self.values.get("onward"):
            return False  # it continues the seek before it
        return self.opens or self.values.get("epoch") is not None

    @property
    def is_passing(self) -> bool:
        """Whether it changes nothing but the epoch of the run, and so can be dropped."""
        return self.operation is not None and self.operation.is_passing and not self.error

    @property
    def yields(self) -> bool:
        """Whether any other request comes first."""
        return self.operation is not None and self.operation.yields and not self.error

    @property
    def is_movable(self) -> bool:
        """Whether the run may move to another process for it, with everything but its starts."""
        return self.is_passing and self.values["starts"] is None

    def displaces(self, other: Request) -> bool:
        """Whether it makes the ``other``, earlier request pointless."""
        return (self.supersedes and other.is_passing) or (other.yields and not self.yields)

    @property
    def picture_parts(self) -> tuple[bool, ...]:
        """Which parts the picture has; they determine its cost for a given network."""
        values = self.values
        inside = (
            values[name] is not None for name in ("unit", "space", "network", "starts", "compared")
        )
        return values["predicted"], *inside


def read(message: Mapping[str, Any] | str | bytes, operations: Mapping[str, Operation]) -> Request:
    """Read a message; never raises, what is wrong with it is the request's ``error``."""
    length = 0 if isinstance(message, Mapping) else len(message)
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
        if length > operation.most_length:
            rule, subject = "{most} characters long at most", f"a message to {name}"
            most = operation.most_length
            raise RequestError(Problem("op", rule, length, subject=subject, most=most))
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
    """The values of ``fields``; raises :class:`RequestError` with a sentence for each invalid one.

    ``known`` are their :func:`defaults`, if already computed. Fields without a default are
    required.
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
    """The defaults of the optional fields, which are those whose default is valid."""
    values = {}
    for name, kind in fields.items():
        try:
            values[name] = kind.check(name, kind.default)
        except RecipeError:
            continue
    return values
