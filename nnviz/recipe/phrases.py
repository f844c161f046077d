"""Settings in words, such as “no hidden layer”, for what differs between two runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from ..choices.datasets import SOURCES
from ..choices.outputs import OUTPUTS
from .form import FORM_FIELDS, form, valid_values
from .kinds import Choice, Choices, Kind
from .recipe import FIELDS


@dataclass(frozen=True)
class Phrase:
    """How the values of a field are described.

    ``values`` maps a value's text in a URL to its description; any other value replaces ``{}`` in
    ``pattern``, and a list is written by the names of its ``parts``, with ``joint`` between them.
    ``compares`` adds “instead of …”, the value of the other run. A field that ``follows`` another
    one is not named where that differs too.
    """

    pattern: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    joint: str = ", "
    compares: bool = False
    follows: str = ""


def _in_sentence(label: str) -> str:
    """A label in the middle of a sentence, where XOR and L2 keep their capitals."""
    return label if label[:2].isupper() else label[0].lower() + label[1:]


# without an entry: a record of a table by its label, another value after the label of its field
_PHRASES = {
    "data": Phrase(
        values={name: _in_sentence(source.label) for name, source in SOURCES.items()},
        compares=True,
    ),
    "classes": Phrase("{} classes"),
    "features": Phrase("{}", joint=" and ", follows="data"),
    "samples": Phrase("{} samples"),
    "standardise": Phrase(values={"true": "standardised", "false": "not standardised"}),
    "inputs": Phrase("inputs {}"),
    "hidden": Phrase(
        "{} hidden units", {"none": "no hidden layer", "1": "1 hidden unit"}, joint=" + "
    ),
    "output": Phrase("{} output", {"step": "perceptron"}),
    "init": Phrase("{} initial weights", {"zeros": "all weights 0 at first"}),
    "batch_size": Phrase(values={"full": "full batch"}),
    "l1": Phrase(values={"0": "no L1"}),
    "l2": Phrase(values={"0": "no L2"}),
}


@cache
def phrases() -> dict[str, Phrase]:
    """A phrase for every field of the form."""
    return {name: _completed(FIELDS[name], _PHRASES.get(name, Phrase())) for name in FORM_FIELDS}


def _completed(kind: Kind, phrase: Phrase) -> Phrase:
    labels = _labels(kind)
    pattern = phrase.pattern or ("{}" if labels else f"{_in_sentence(kind.label)} {{}}")
    if isinstance(kind, Choices):
        return replace(phrase, pattern=pattern, parts=labels)
    values = {name: pattern.format(label) for name, label in labels.items()}
    return replace(phrase, pattern=pattern, values={**values, **phrase.values})


def _labels(kind: Kind) -> dict[str, str]:
    if not isinstance(kind, Choice | Choices):
        return {}
    return {name: record.label for name, record in kind.table.items()}


@cache
def fixed_fields() -> dict[str, dict[str, list[str]]]:
    """By field and text of its value: the fields that then have only one possible value.

    The user's own data count as ``table``.
    """
    usual = set(_fixed({}))
    data = {name: _fixed({"data": name, "classes": 2}) for name in SOURCES}
    measured = next(name for name, source in SOURCES.items() if source.is_measured)
    data["table"] = data[measured]
    output = {name: [f for f in _fixed({"output": name}) if f not in usual] for name in OUTPUTS}
    hidden = {"none": [f for f in _fixed({"layers": 0}) if f not in usual]}
    return {"data": data, "output": output, "hidden": hidden}


def _fixed(values: Mapping[str, Any]) -> list[str]:
    """The fields of which no widget can be used with these values."""
    widgets = [w for group in form(valid_values(values)) for w in group.widgets]
    usable = {w.field for w in widgets if w.shown and w.enabled and len(w.options) != 1}
    return [name for name in FORM_FIELDS if name not in usable]
