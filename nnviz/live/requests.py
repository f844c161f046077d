"""What a browser may ask for, read and checked before anything is done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..fields import shortly
from ..recipe import FIELDS, LAST_EPOCH

MOST_DRAWN = 32  # units of one layer whose maps one reply can hold
MOST_LAYERS = FIELDS["hidden"].most_layers + 2  # type: ignore[attr-defined]  # inputs and outputs
MOST_UNITS = FIELDS["hidden"].most_units  # type: ignore[attr-defined]


class RequestError(ValueError):
    """A request that cannot be carried out; its text says why, for people."""


class Look:
    """What a request wants to see, whatever it does.

    ============= ==================================== =====================================
    field         value                                asks for
    ============= ==================================== =====================================
    ``since``     an epoch (0)                         history rows from there on
    ``probe``     a point of the plane                 its class probabilities
    ``picture``   true, false (true)                   the field and the boundary
    ``threshold`` between 0 and 1 (½)                  two classes told apart there
    ``called``    true, false (false)                  the class called for every sample
    ``unit``      [layer, unit]                        that unit over the whole plane
    ``network``   [first, number] for every layer      those units' maps, and the weights
                                                       between them
    ``space``     [layer, unit, unit]                  the plane as those two units see it
    ============= ==================================== =====================================

    Layers are counted from the inputs, 0, to the outputs; units from 0. All but ``since`` and
    ``probe`` come with a picture only.
    """

    def __init__(self, request: Mapping[str, Any]):
        self.since = whole(request, "since", 0, LAST_EPOCH + 1, default=0)
        self.picture = flag(request, "picture", True)
        self.probe = point(request.get("probe"))
        self.threshold = share(request.get("threshold", 0.5))
        self.called = flag(request, "called", False)
        self.unit = places(request, "unit", 2)
        self.space = places(request, "space", 3)
        self.windows = _windows(request.get("network"))

    @property
    def kind(self) -> tuple[bool, ...]:
        """What a picture's cost depends on, for one network."""
        return self.called, self.unit is not None, self.space is not None, self.windows is not None


def parse(request: Mapping[str, Any] | str | bytes) -> Mapping[str, Any]:
    """A request as a mapping; raises :class:`RequestError` for anything else."""
    if not isinstance(request, Mapping):
        try:
            request = json.loads(request)
        except (ValueError, RecursionError) as error:
            raise RequestError(f"a request must be a JSON object; got {shortly(error)}") from None
    if not isinstance(request, Mapping):
        raise RequestError(f"a request must be a JSON object; got {shortly(request)}")
    return request


def is_reference(value: Any) -> bool:
    """A short text, or a number that every reader of JSON keeps exact."""
    if isinstance(value, str):
        return len(value) <= 64
    return type(value) is int and abs(value) < 2**53


def whole(
    request: Mapping[str, Any], name: str, low: int, high: int, default: int | None = None
) -> int:
    """The whole number of that name."""
    value = request.get(name, default)
    if type(value) is not int or not low <= value <= high:
        raise RequestError(f"{name} must be a whole number {low}…{high}; got {shortly(value)}")
    return value


def text(request: Mapping[str, Any], name: str) -> str:
    """The text of that name."""
    value = request.get(name)
    if not isinstance(value, str):
        raise RequestError(f"{name} must be a name; got {shortly(value)}")
    return value


def flag(request: Mapping[str, Any], name: str, default: bool) -> bool:
    """True or false."""
    value = request.get(name, default)
    if not isinstance(value, bool):
        raise RequestError(f"{name} must be true or false; got {shortly(value)}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def point(value: Any) -> tuple[float, float] | None:
    """A point of the plane, the ``probe``."""
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise RequestError(f"probe must be two numbers; got {shortly(value)}")
    for number in value:
        if not _is_number(number) or not abs(number) < 1e9:  # NaN fails the comparison
            raise RequestError(f"probe must be two numbers below 1e9; got {shortly(value)}")
    return float(value[0]), float(value[1])


def share(value: Any) -> float:
    """A ``threshold``."""
    if not _is_number(value) or not 0 < value < 1:
        raise RequestError(f"threshold must lie between 0 and 1; got {shortly(value)}")
    return float(value)


def places(request: Mapping[str, Any], name: str, count: int) -> tuple[int, ...] | None:
    """A layer and units of it."""
    value = request.get(name)
    if value is None:
        return None
    fits = isinstance(value, (list, tuple)) and len(value) == count
    if not fits or not all(type(n) is int and 0 <= n < MOST_UNITS for n in value):
        rule = f"{count} whole numbers, the layer first"
        raise RequestError(f"{name} must be {rule}; got {shortly(value)}")
    return tuple(value)


def _windows(value: Any) -> list[tuple[int, int]] | None:
    if value is None:
        return None
    fits = isinstance(value, (list, tuple)) and 2 <= len(value) <= MOST_LAYERS
    if not fits or not all(_is_window(window) for window in value):
        rule = f"[first unit, number up to {MOST_DRAWN}] for every layer"
        raise RequestError(f"network must be {rule}; got {shortly(value)}")
    return [(first, number) for first, number in value]


def _is_window(value: Any) -> bool:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return False
    first, number = value
    return (
        type(first) is int and 0 <= first < MOST_UNITS
        and type(number) is int and 1 <= number <= MOST_DRAWN
    )  # fmt: skip
