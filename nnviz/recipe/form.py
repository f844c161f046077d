"""The form: the widgets for choosing a recipe and what they show, as plain data.

The page's sidebar keeps the ``values`` of the widgets, a mapping from widget keys to values, and
draws the groups that :func:`form` returns for them. Dials are controls of the stage, which changes
their fields itself; the page learns these values from its reports. The key of a field is its name,
except that hidden layers have ``layers`` and ``units_1``…``units_6``, and features ``feature_1``
and ``feature_2``. Values of hidden widgets are kept and shown again when the widgets return; so is
the user's own table, under the key ``table``, to be chosen again after another data set.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..choices.activations import ACTIVATIONS
from ..choices.datasets import FIRST_CLASSES, Source
from ..choices.outputs import OUTPUTS
from .kinds import Choice, Choices, Flag, Integer, Kind, LayerSizes, Number
from .recipe import FIELDS, LIVE_FIELDS, Recipe, source_of
from .table import Table

FormValues = Mapping[str, Any]  # of widgets, by key
LabelledValue = tuple[Any, str]  # a value and its label

HIDDEN: LayerSizes = FIELDS["hidden"]  # type: ignore[assignment]
FORM_FIELDS = [name for name, kind in FIELDS.items() if kind.group]  # fields with widgets

_UNITS = [f"units_{layer}" for layer in range(1, HIDDEN.most_layers + 1)]
_FEATURES = ["feature_1", "feature_2"]
TABLE = "table"
_SEVERAL = {"hidden": ["layers", *_UNITS], "features": _FEATURES}  # fields with several widgets
WIDGET_KEYS = [key for name in FORM_FIELDS for key in _SEVERAL.get(name, [name])]
DIALS = [name for name in FORM_FIELDS if getattr(FIELDS[name], "stops", ())]
PAGE_KEYS = [key for key in WIDGET_KEYS if key not in DIALS]  # all others: the page draws them

_MORE = {  # titles of the groups of fields that do not lead
    "Data": "More about the data",
    "Network": "More about the network",
    "Training": "More about training",
}
_TITLES = ["", *_MORE.values()]
_UNITS_TITLE = "Units in each layer"

_MOST_STEPS = 10_000  # of a slider; a wider range gets a number input

# fields that apply to some data sets only
_SHOWN: dict[str, Callable[[Source], bool]] = {
    "classes": lambda source: source.has_class_choice,
    "features": lambda source: source.is_measured,
    "samples": lambda source: source.is_sampled,
    "noise": lambda source: source.is_sampled,
}


@dataclass(frozen=True)
class Note:
    """A question that users may have, and its answer as Markdown."""

    question: str
    answer: str


@dataclass(frozen=True)
class Widget:
    """One widget of the recipe's ``field``: its type and what it shows.

    ``kind`` is ``select`` (one of ``options``), ``pills`` (one or more of them), ``dial`` (a slider
    over them, and a field for any other value that fits the ``rule``), ``slider``, ``number``
    (number input), ``text`` or ``toggle``. Values are integers if ``whole``. ``sentence`` is shown
    below the widget, as a warning if ``warns``. Widgets with the same ``row`` stand side by side
    under that title. ``note`` answers a question at the widget.
    """

    field: str
    key: str
    kind: str
    label: str
    help: str
    value: Any
    options: tuple[LabelledValue, ...] = ()
    low: float | None = None
    high: float | None = None
    step: float | None = None
    whole: bool = False
    rule: str = ""
    shown: bool = True
    enabled: bool = True
    sentence: str = ""
    warns: bool = False
    row: str = ""
    note: Note | None = None


@dataclass(frozen=True)
class Group:
    """Widgets under one title, folded away; the first group has no title and is always open."""

    title: str
    widgets: tuple[Widget, ...]


_WHY_HIDDEN = Note(
    "Why a hidden layer?",
    "Without a hidden layer, each output depends on the inputs only through wᵀx, so the boundary "
    "between two classes is a straight line. XOR and circles need a boundary that bends. Each "
    "hidden unit draws one line, and the output layer combines these lines.\n\n"
    "Try it: train XOR with 0 hidden layers, then with 1 layer of 2 units, then of 3.",
)


def form(values: FormValues) -> list[Group]:
    """The widgets for valid ``values``: the choices made first, then the others by group."""
    names = sorted(FORM_FIELDS, key=lambda name: FIELDS[name].leads)
    groups = {title: [name for name in names if _title(name) == title] for title in _TITLES}
    return [
        Group(title, tuple(widget for name in names for widget in _widgets(name, values)))
        for title, names in groups.items()
    ]


def changed_groups(recipe: Recipe) -> set[str]:
    """The titles of the folded groups with settings that are not the default."""
    default = Recipe(data=recipe.data)
    return {_title(name) for name in differing_fields(recipe.folded(), default)} - {""}


def changes(recipe: Recipe) -> str:
    """A sentence on the settings changed during the run: all values, with their epochs."""
    changed = []
    for name in dict.fromkeys(e.field for e in recipe.edits if e.field in LIVE_FIELDS):
        kind = FIELDS[name]
        texts = [f"{kind.write(getattr(recipe, name))} at first"]
        texts += [
            f"{kind.write(e.value)} from epoch {e.epoch}" for e in recipe.edits if e.field == name
        ]
        changed.append(f"{kind.label} {', '.join(texts)}")
    if not changed:
        return ""
    return f"Changed during the run: {'; '.join(changed)}. Reset starts with the values shown here."


# --- values and recipes ---------------------------------------------------------------


def form_values(recipe: Recipe, names: Collection[str] = FORM_FIELDS) -> dict[str, Any]:
    """The widget values of these fields for the settings that the recipe ends with."""
    settings = recipe.folded()
    values: dict[str, Any] = {}
    for name in names:
        value = getattr(settings, name)
        if name == "hidden":
            values |= {"layers": len(value), **dict(zip(_UNITS, value, strict=False))}
        elif name == "features":
            values |= dict(zip(_FEATURES, value, strict=False))  # none where they are generated
        elif isinstance(value, Table):
            values |= {name: value, TABLE: value}
        else:
            values[name] = value
    return values


def valid_values(values: FormValues) -> dict[str, Any]:
    """A value for every widget; values that other choices made invalid are replaced."""
    values = form_values(Recipe()) | dict.fromkeys(_UNITS, HIDDEN.default[0]) | dict(values)
    source = _source(values)
    for key, feature in zip(_FEATURES, source.default_features, strict=True):
        if values.get(key) not in source.features:
            values[key] = feature
    if source.has_class_choice:
        low, high = source.n_classes
        values["classes"] = min(max(values["classes"], low), high)
    if values["output"] not in _outputs(values):
        values["output"] = FIELDS["output"].default
    return values


def values_chosen(values: FormValues, chosen: FormValues) -> dict[str, Any]:
    """The values of all widgets after some were ``chosen``; a drawing begins with two classes."""
    if "data" in chosen and source_of(chosen["data"]).frame:
        chosen = {"classes": FIRST_CLASSES, **chosen}
    return valid_values({**values, **chosen})


def recipe_of(values: FormValues, before: Recipe) -> Recipe:
    """The recipe that valid values describe, without edits.

    The inputs are those of ``before``, the last recipe, while none is chosen.
    """
    chosen = {name: values[name] for name in FORM_FIELDS if name not in _SEVERAL}
    chosen["inputs"] = values["inputs"] or before.inputs
    chosen["features"] = _features(values) if _source(values).is_measured else ()
    chosen["hidden"] = tuple(values[key] for key in _UNITS[: _n_layers(values)])
    return Recipe(**chosen)


def values_after(values: FormValues, recipe: Recipe, kept: Collection[str]) -> dict[str, Any]:
    """The widget values updated to a run that became ``recipe``; fields in ``kept`` do not change.

    Widgets that already describe the recipe's value of their field do not change either.
    """
    chosen, settings = recipe_of(values, recipe), recipe.folded()
    names = [name for name in differing_fields(chosen, settings) if name not in kept]
    return valid_values({**values, **form_values(settings, names)})


def differing_fields(one: Recipe, other: Recipe) -> list[str]:
    """The fields other than edits in which two recipes differ."""
    return [name for name in FORM_FIELDS if getattr(one, name) != getattr(other, name)]


# --- the widgets of a field -----------------------------------------------------------


def _title(name: str) -> str:
    return "" if FIELDS[name].leads else _MORE[FIELDS[name].group]


def _widgets(name: str, values: FormValues) -> Iterator[Widget]:
    kind = FIELDS[name]
    if name == "hidden":
        return _layers(values)
    if name == "features":
        return _axes(values)
    shown = _shown(name, values)
    widget = Widget(name, name, "", kind.label, kind.help, values[name], shown=shown)
    return iter([_with_sentence(_of_kind(widget, kind, values), values)])


def _of_kind(widget: Widget, kind: Kind, values: FormValues) -> Widget:
    """The widget with type, options and range from the kind of its field."""
    if isinstance(kind, Choice | Choices):
        names = _outputs(values) if widget.field == "output" else list(kind.table)
        options = tuple((name, kind.table[name].label) for name in names)
        if widget.field == "data" and TABLE in values:
            options = ((values[TABLE], f"Your data: {values[TABLE].name}"), *options)
        drawn = "select" if isinstance(kind, Choice) else "pills"
        return replace(widget, kind=drawn, options=options)
    if isinstance(kind, Flag):
        return replace(widget, kind="toggle")
    assert isinstance(kind, Integer | Number), f"a form has no widget for {widget.field}"
    low, high = kind.low, kind.high
    widget = replace(widget, low=low, high=high, whole=isinstance(kind, Integer))
    if kind.stops:
        rule = kind.rule.format(low=low, high=high)
        return replace(widget, kind="dial", options=_stops(kind), rule=rule)
    if widget.field == "classes" and widget.shown:
        low, high = _source(values).n_classes
    drawn = "slider" if (high - low) / kind.step <= _MOST_STEPS else "number"
    return replace(widget, kind=drawn, low=low, high=high, step=kind.step)


def _stops(kind: Integer | Number) -> tuple[LabelledValue, ...]:
    stops: tuple[Any, ...] = kind.stops
    return tuple((stop, kind.write(stop)) for stop in stops)


def _layers(values: FormValues) -> Iterator[Widget]:
    n_layers = _n_layers(values)
    allowed = OUTPUTS[values["output"]].allows_hidden
    yield Widget(
        "hidden", "layers", "number", HIDDEN.label, HIDDEN.help, values["layers"],
        low=0, high=HIDDEN.most_layers, step=1, whole=True, enabled=allowed, note=_WHY_HIDDEN,
        sentence="" if allowed else "Not used: the output step is that of a perceptron.",
    )  # fmt: skip
    for layer, key in enumerate(_UNITS, start=1):
        yield Widget(
            "hidden", key, "number", f"Units in layer {layer}",
            "How many units this hidden layer has.", values[key],
            low=1, high=HIDDEN.most_units, step=1, whole=True, shown=layer <= n_layers,
            row=_UNITS_TITLE,
        )  # fmt: skip


def _axes(values: FormValues) -> Iterator[Widget]:
    kind, shown = FIELDS["features"], _shown("features", values)
    options = tuple((name, name) for name in _source(values).features)
    first = Widget(
        "features", "feature_1", "select", "Feature x₁", kind.help, values["feature_1"],
        options=options, shown=shown,
    )  # fmt: skip
    yield first
    second, chosen = _features(values)[1], values["feature_2"]
    yield replace(
        first, key="feature_2", label="Feature x₂", value=chosen,
        sentence="" if second == chosen else f"Both axes can't be the same: x₂ shows {second}.",
    )  # fmt: skip


def _with_sentence(widget: Widget, values: FormValues) -> Widget:
    """The widget with the purpose of the choice from its table, or with what is wrong with it."""
    if widget.field == "inputs" and not widget.value:
        return replace(widget, sentence="A network needs an input: the last choice is kept.")
    kind = FIELDS[widget.field]
    if not isinstance(kind, Choice):
        return widget
    if widget.field == "activation" and not _n_layers(values):
        return replace(widget, enabled=False, sentence=_why_no_activation(values))
    if widget.field == "data":
        source = _source(values)
        return replace(widget, sentence=". ".join(filter(None, [source.purpose, source.note])))
    warns = widget.field == "activation" and _learns_nothing(values)
    return replace(widget, sentence=kind.table[widget.value].purpose, warns=warns)


def _why_no_activation(values: FormValues) -> str:
    if not OUTPUTS[values["output"]].allows_hidden:
        return "Not used: only hidden units have an activation, and a perceptron has none."
    return "Not used: only hidden units have an activation, and there are none."


# --- derived from the choices -----------------------------------------------


def _source(values: FormValues) -> Source:
    return source_of(values["data"])


def _shown(name: str, values: FormValues) -> bool:
    return name not in _SHOWN or _SHOWN[name](_source(values))


def _features(values: FormValues) -> tuple[str, str]:
    """The two features chosen; if they are equal, the second is replaced by another."""
    first, second = values["feature_1"], values["feature_2"]
    if first == second:
        second = next(name for name in _source(values).features if name != first)
    return first, second


def _n_layers(values: FormValues) -> int:
    """The number of hidden layers; 0 for a perceptron, whatever is chosen."""
    return values["layers"] if OUTPUTS[values["output"]].allows_hidden else 0


def _outputs(values: FormValues) -> list[str]:
    """The outputs that fit the number of classes."""
    low, high = _source(values).n_classes
    n_classes = values["classes"] if low < high else low
    return [name for name, output in OUTPUTS.items() if n_classes == 2 or not output.one_unit]


def _learns_nothing(values: FormValues) -> bool:
    """Whether there are hidden layers whose activation has slope 0 everywhere."""
    activation, z = ACTIVATIONS[values["activation"]], np.linspace(-2, 2, 8)
    return _n_layers(values) > 0 and not activation.slope(z, activation.value(z, None), None).any()
