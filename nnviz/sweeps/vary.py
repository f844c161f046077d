"""What varies in a sweep: fields of the recipe and their values, from text or from Python.

Text names a field and its values: ``learning_rate=0.01,0.1,1``; with semicolons where a value
has commas itself, ``hidden=4;8;16,16``; a range, ``learning_rate=0.01..1:log:5``; or every
choice, ``activation=*``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..problems import RecipeError, field_title, short_text
from ..recipe.kinds import Choices, Flag, Integer, Kind, LayerSizes, Names, Number, to_python
from ..recipe.recipe import FIELDS
from .errors import SweepError

MOST_VALUES = 10_000  # of one field

Vary = dict[str, tuple[Any, ...]]  # by field

_FIXED = {
    "seed": "it varies with the number of weight seeds",
    "data_seed": "it varies with the number of data seeds",
    "edits": "it is a list of changes",
}
VARIED = {name: kind for name, kind in FIELDS.items() if name not in _FIXED}

_WITH_COMMAS = (LayerSizes, Names, Choices)  # kinds whose values are lists
_RANGE = re.compile(r"(?P<low>[^:]+?)\.\.(?P<high>[^:]+?)(?P<log>:log)?(?::(?P<count>\d{1,9}))?")


def read(texts: Iterable[str]) -> Vary:
    """The fields and values of texts such as ``hidden=4;8``; raises :class:`SweepError`."""
    vary: Vary = {}
    for text in texts:
        name, equals, values = text.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            example = "learning_rate=0.01,0.1,1"
            raise SweepError(
                f"vary must be FIELD=VALUES, such as {example}; got {short_text(text)}"
            )
        if name in vary:
            raise SweepError(f"{field_title(name)} must be varied once; got it twice")
        vary |= check({name: values})
    return vary


def read_seeds(text: str) -> int | list[int]:
    """``10``: how many; ``3,5,8`` or ``5..14``: which ones. Raises :class:`SweepError`."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    try:
        return [
            FIELDS["seed"].check("seed", each)
            for each in _read_values("seed", FIELDS["seed"], text)
        ]
    except RecipeError as error:
        raise SweepError(str(error)) from None


def check(vary: Mapping[str, Any]) -> Vary:
    """Check the values of every field, which are an iterable or a text; each is kept once.

    Raises :class:`SweepError`.
    """
    checked: Vary = {}
    for name, given in vary.items():
        kind = _kind(name)
        try:
            if isinstance(given, str):
                values = _read_values(name, kind, given)
            else:
                values = _listed(name, given)
            checked[name] = tuple(dict.fromkeys(kind.check(name, value) for value in values))
        except RecipeError as error:
            raise SweepError(str(error)) from None
        if not 1 <= len(checked[name]) <= MOST_VALUES:
            raise _error(name, f"1…{MOST_VALUES} values", len(checked[name]))
    return checked


def cells(vary: Vary) -> dict[str, dict[Any, Any]]:
    """How the values of each field are written in a table.

    Numbers and flags stay as they are; where a field has any other value, such as layers or a
    full batch, all its values become their text in links.
    """
    return {
        name: {value: value if plain else FIELDS[name].write(value) for value in values}
        for name, values in vary.items()
        for plain in [all(isinstance(value, (bool, int, float)) for value in values)]
    }


def _kind(name: str) -> Kind:
    if name in _FIXED:
        raise SweepError(f"{field_title(name)} cannot be varied: {_FIXED[name]}")
    if name not in VARIED:
        known = ", ".join(VARIED)
        raise SweepError(f"varied fields must be among {known}; got {short_text(name)}")
    return VARIED[name]


def _listed(name: str, values: Any) -> list[Any]:
    values = to_python(values)
    if not isinstance(values, Iterable):
        raise _error(name, "a list of values or a text", values)
    listed = []
    for value in values:
        listed.append(value)
        if len(listed) > MOST_VALUES:
            raise _error(name, f"1…{MOST_VALUES} values", f"more than {MOST_VALUES}")
    return listed


def _read_values(name: str, kind: Kind, text: str) -> Iterable[Any]:
    if text.strip() == "*":
        return _all_choices(name, kind)
    if not text.strip():
        raise _error(name, "one value or more", "nothing")
    parts = text.split(";" if ";" in text or isinstance(kind, _WITH_COMMAS) else ",")
    values: list[Any] = []
    for part in map(str.strip, parts):
        if not part:
            raise _error(name, "values with nothing left out between them", text)
        found = _RANGE.fullmatch(part)
        values += [kind.read(part)] if found is None else _range(name, kind, part, found)
    return values


def _all_choices(name: str, kind: Kind) -> Iterable[Any]:
    if isinstance(kind, Flag):
        return False, True
    table: Mapping[str, Any] = getattr(kind, "table", {})
    if not table or isinstance(kind, Choices):
        fields = ", ".join(n for n, k in VARIED.items() if _has_choices(k))
        raise SweepError(f"* stands for all choices of one of {fields}; got it for {name}")
    return [value for value, record in table.items() if not getattr(record, "frame", ())]


def _has_choices(kind: Kind) -> bool:
    return isinstance(kind, Flag) or (hasattr(kind, "table") and not isinstance(kind, Choices))


def _range(name: str, kind: Kind, text: str, found: re.Match[str]) -> list[Any]:
    """``low..high``, of whole numbers; ``low..high:5``, evenly spaced; ``low..high:log:5``."""
    if not isinstance(kind, (Integer, Number)):
        raise SweepError(f"a range is for numbers; got {short_text(text)} for {field_title(name)}")
    try:
        low, high = (float(kind.check(name, float(found[end]))) for end in ("low", "high"))
    except RecipeError:
        raise
    except ValueError:
        raise _error(name, "a range of numbers, such as 1..5", text) from None
    whole = isinstance(kind, Integer)
    count = int(found["count"]) if found["count"] else int(high - low) + 1 if whole else 0
    if found["count"] is None and (not whole or found["log"]):
        raise _error(name, "a range with a number of values, such as 0.01..1:log:5", text)
    if not low <= high or count < 1 or (found["log"] and low <= 0):
        raise _error(name, "a range of one value or more from low to high, above 0 if logarithmic",
                     text)  # fmt: skip
    if count > MOST_VALUES:
        raise _error(name, f"1…{MOST_VALUES} values", count)
    spaced = [_between(low, high, i / max(count - 1, 1), bool(found["log"])) for i in range(count)]
    return [round(value) for value in spaced] if whole else spaced


def _between(low: float, high: float, share: float, logarithmic: bool) -> float:
    """A number between two; the ends exactly, others with six digits, so that links stay short."""
    if share in (0.0, 1.0):
        return high if share else low
    if logarithmic:
        return float(f"{math.exp(math.log(low) + share * math.log(high / low)):.6g}")
    return float(f"{low + share * (high - low):.6g}")


def _error(name: str, rule: str, offender: object) -> SweepError:
    return SweepError(f"{field_title(name)} must be {rule}; got {short_text(offender)}")
