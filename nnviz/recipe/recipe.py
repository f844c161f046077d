"""The recipe: everything that determines a run, as names and numbers.

A run is a function of its recipe: ``recipe + epoch → exact state``. Each field is declared
once, with its kind; ``FIELDS`` lists the kinds, and forms, URLs, JSON and error messages all
read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, quote

from ..choices.activations import ACTIVATIONS
from ..choices.datasets import SOURCES, Source
from ..choices.initialisers import INITIALISERS
from ..choices.inputs import INPUTS
from ..choices.optimisers import OPTIMISERS
from ..choices.outputs import OUTPUTS
from ..problems import Problem, RecipeError, broken, visible
from .edits import Edit, Edits
from .kinds import (
    BatchSize,
    Choice,
    Choices,
    Flag,
    Integer,
    Kind,
    Layers,
    Names,
    Number,
    is_writable,
    settle,
)

LAST_EPOCH = 1_000_000  # where every run ends
MOST_SAMPLES = 2000
LAST_SEED = 2**32 - 1

# stops of forms for settings whose range spans powers of ten
_RATES = (1e-5, 1e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_PENALTIES = (0.0, 1e-4, 3e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, None)


def _declare(kind: Kind) -> Any:
    """A field of a recipe: its kind holds the default, and everything else there is to know."""
    return field(default=kind.default, metadata={"kind": kind})


def _kinds(record: type) -> dict[str, Kind]:
    return {each.name: each.metadata["kind"] for each in fields(record)}


@dataclass(frozen=True, kw_only=True)
class _Settings:
    """What a run starts with: every field of a recipe but the edits."""

    # fmt: off
    data: str = _declare(Choice(
        default="circles", table=SOURCES, label="Data set", group="Data",
        help="What the network has to tell apart.",
    ))
    classes: int = _declare(Integer(
        default=3, low=2, high=6, label="Classes", group="Data",
        help="How many clouds or spiral arms.",
    ))
    features: tuple[str, ...] = _declare(Names(
        default=(), label="Features", group="Data",
        help="The two measures shown as axes and fed to the network.",
    ))
    samples: int = _declare(Integer(
        default=200, low=10, high=MOST_SAMPLES, step=10, label="Samples", group="Data",
        help="Points in all, training and test together.",
    ))
    noise: float = _declare(Number(
        default=0.1, low=0.0, high=0.5, label="Noise", group="Data",
        help="Spread added to the points; standard deviation.",
    ))
    test_share: float = _declare(Number(
        default=0.2, low=0.0, high=0.9, step=0.05, label="Test share", group="Data",
        help="Part of the points kept for testing, never trained on.",
    ))
    data_seed: int = _declare(Integer(
        default=0, low=0, high=LAST_SEED, label="Data seed", group="Data",
        help="Another number draws other points.",
    ))
    standardise: bool = _declare(Flag(
        default=True, label="Standardise", group="Data",
        help="Shift and scale both features to mean 0 and variance 1 (of the training part).",
    ))
    inputs: tuple[str, ...] = _declare(Choices(
        default=("x1", "x2"), table=INPUTS, label="Inputs", group="Data",
        help="What the first layer sees: the features themselves, or shapes made from them.",
    ))
    hidden: tuple[int, ...] = _declare(Layers(
        default=(10,), most_layers=6, most_units=64, label="Hidden layers", group="Network",
        help="0 to 6 layers between input and output.",
    ))
    activation: str = _declare(Choice(
        default="tanh", table=ACTIVATIONS, label="Activation", group="Network",
        help="The function φ of every hidden unit.",
    ))
    output: str = _declare(Choice(
        default="softmax", table=OUTPUTS, label="Output", group="Network",
        help="What the last layer makes of its logits.",
    ))
    init: str = _declare(Choice(
        default="glorot", table=INITIALISERS, label="Initial weights", group="Network",
        help="How the first weights are drawn.",
    ))
    seed: int = _declare(Integer(
        default=0, low=0, high=LAST_SEED, label="Weights seed", group="Network",
        help="Another number draws other first weights and another shuffle.",
    ))
    optimiser: str = _declare(Choice(
        default="sgd", table=OPTIMISERS, label="Optimiser", live=True, group="Training",
        help="The rule that turns gradients into steps.",
    ))
    learning_rate: float = _declare(Number(
        default=0.5, low=1e-5, high=10.0, label="Learning rate η", live=True, group="Training",
        stops=_RATES, leads=True,
        help="The length of a step: too small crawls, too large jumps about or blows up.",
    ))
    batch_size: int | None = _declare(BatchSize(
        default=None, low=1, high=MOST_SAMPLES, label="Batch size", live=True, group="Training",
        stops=_BATCHES,
        help="Samples a step; full takes the whole training part at once.",
    ))
    l1: float = _declare(Number(
        default=0.0, low=0.0, high=1.0, label="L1", live=True, group="Training", stops=_PENALTIES,
        help="λ₁ Σ|w| on top of the loss: drives weights to 0. Biases are left alone.",
    ))
    l2: float = _declare(Number(
        default=0.0, low=0.0, high=1.0, label="L2", live=True, group="Training", stops=_PENALTIES,
        help="½ λ₂ Σw² on top of the loss: keeps weights small. Biases are left alone.",
    ))
    # fmt: on


LIVE_FIELDS = {name: kind for name, kind in _kinds(_Settings).items() if kind.live}


@dataclass(frozen=True, kw_only=True)
class Recipe(_Settings):
    """A frozen, validated run description; see ``FIELDS`` for what each field may be.

    Sequences come out as tuples and numbers in one canonical type, so equal recipes
    compare and hash equal. Raises :class:`RecipeError` naming every field out of order.
    """

    edits: tuple[Edit, ...] = _declare(
        Edits(
            default=(), settings=LIVE_FIELDS, last_epoch=LAST_EPOCH, label="Edits",
            help="Changes made in the middle of the run.",
        )
    )  # fmt: skip

    def __post_init__(self) -> None:
        problems = settle(self, FIELDS)
        if not problems:
            if self.source.is_measured and not self.features:
                object.__setattr__(self, "features", self.source.default_features)
            problems = _conflicts(self)
        if problems:
            raise RecipeError(*problems.values())

    # --- what follows from the fields -------------------------------------------------

    @property
    def source(self) -> Source:
        return SOURCES[self.data]

    @property
    def n_classes(self) -> int:
        low, high = self.source.n_classes
        return self.classes if low < high else low

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, inputs first, output last."""
        return len(self.inputs), *self.hidden, OUTPUTS[self.output].units(self.n_classes)

    def settings_at(self, epoch: int) -> dict[str, Any]:
        """The live fields in force when the epoch after ``epoch`` is trained."""
        settings = {name: getattr(self, name) for name in LIVE_FIELDS}
        settings |= {e.field: e.value for e in self.edits if e.epoch <= epoch and e.at is None}
        return settings

    def folded(self) -> Recipe:
        """The recipe that starts with the settings this one ends with, and no edits."""
        return replace(self, edits=(), **self.settings_at(LAST_EPOCH))

    def goes_on_from(self, other: Recipe) -> bool:
        """Whether a run of ``other`` can go on with these settings, without a new network."""
        live = {name: getattr(other.folded(), name) for name in LIVE_FIELDS}
        return replace(self.folded(), **live) == other.folded()

    def with_edit(self, edit: Edit) -> Recipe:
        """This recipe up to the edit, then the edit; later edits never happened.

        An edit at epoch 0 of a live field is simply another start.
        """
        kept = [e for e in self.edits if e.epoch <= edit.epoch and e.target != edit.target]
        if edit.epoch == 0 and edit.at is None and edit.field in LIVE_FIELDS:
            return replace(self, edits=tuple(kept), **{edit.field: edit.value})
        return replace(self, edits=(*kept, edit))

    # --- codecs -----------------------------------------------------------------------

    def to_json(self) -> str:
        """A JSON object with every field that applies."""
        values = {name: getattr(self, name) for name in self._written()}
        if "edits" in values:
            values["edits"] = [edit.to_list() for edit in self.edits]
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes | Mapping[str, Any]) -> Recipe:
        """Read :meth:`to_json`; fields left out get their default.

        Raises :class:`RecipeError` for text that is no JSON object and for any bad field.
        """
        if not isinstance(text, Mapping):
            try:
                text = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise broken("recipe", "a JSON object", error) from None
        if not isinstance(text, Mapping):
            raise broken("recipe", "a JSON object", text)
        return _strict(*_build(dict(text)))

    def to_query(self) -> str:
        """The URL query, without ``?``: every field that applies, as readable text."""
        return "&".join(
            f"{name}={quote(text, safe=',:')}" for name, text in self.to_params().items()
        )

    def to_params(self) -> dict[str, str]:
        """The query as a mapping of plain, unquoted text."""
        return {name: FIELDS[name].write(getattr(self, name)) for name in self._written()}

    @classmethod
    def from_query(cls, query: str | Mapping[str, str]) -> Recipe:
        """Read :meth:`to_query`; raises :class:`RecipeError` for any bad field."""
        return _strict(*cls.salvage_query(query))

    @classmethod
    def salvage_query(cls, query: str | Mapping[str, str]) -> tuple[Recipe, dict[str, Problem]]:
        """As :meth:`from_query`, but a bad field gets its default; second, what was wrong."""
        if isinstance(query, str):
            query = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
        values = {
            name: FIELDS[name].read(text) if name in FIELDS else text
            for name, text in query.items()
        }
        return _build(values)

    def _written(self) -> list[str]:
        return [name for name in FIELDS if name not in ("features", "edits") or getattr(self, name)]


FIELDS: dict[str, Kind] = _kinds(Recipe)


def _strict(recipe: Recipe, problems: dict[str, Problem]) -> Recipe:
    if problems:
        raise RecipeError(*problems.values())
    return recipe


def _build(values: dict[str, Any]) -> tuple[Recipe, dict[str, Problem]]:
    """The recipe of all values in order, and a problem for each that is not."""
    problems: dict[str, Problem] = {}
    for name in list(values):
        if name not in FIELDS:
            problem = _unknown(name)
            problems[problem.field] = problem
            del values[name]
    while True:  # each round takes out at least one field, and the defaults are in order
        try:
            return Recipe(**values), problems
        except RecipeError as error:
            problems |= error.problems
            for name in error.problems:
                del values[name]


def _unknown(name: str) -> Problem:
    return Problem(
        name if is_writable(name) else visible(name), "{fields}", repr(name[:40]),
        pattern="a recipe has no field {offender}; its fields are {rule}",
        fields=", ".join(FIELDS),
    )  # fmt: skip


def _conflicts(recipe: Recipe) -> dict[str, Problem]:
    """Rules between fields. Each names a field whose default is at odds with nothing."""
    problems: dict[str, Problem] = {}

    def add(name: str, rule: str, offender: object, **values: Any) -> None:
        problems[name] = Problem(name, rule, offender, **values)

    source, output = recipe.source, OUTPUTS[recipe.output]
    if source.has_class_choice:
        low, high = source.n_classes
        if not low <= recipe.classes <= high:
            rule = "{low}…{high} for {data}"
            add("classes", rule, recipe.classes, low=low, high=high, data=recipe.data)
    if source.is_measured:
        known = [name for name in recipe.features if name in source.features]
        if len(recipe.features) != 2 or len(set(known)) != 2:
            rule, names = "two different ones of {names}", ", ".join(source.features)
            add("features", rule, ", ".join(recipe.features), names=names)
    elif recipe.features:
        rule = "left out for {data}, whose axes are x₁ and x₂"
        add("features", rule, ", ".join(recipe.features), data=recipe.data)
    if output.one_unit and recipe.n_classes != 2:
        add("output", "softmax for {classes} classes", recipe.output, classes=recipe.n_classes)
    elif recipe.hidden and not output.allows_hidden:
        fitting = " or ".join(name for name, record in OUTPUTS.items() if record.allows_hidden)
        rule = "{fitting} where there are hidden layers (a perceptron has none)"
        add("output", rule, recipe.output, fitting=fitting)
    elif edit := _misplaced_weight(recipe):
        rule = "in place: the weight matrices have shapes {shapes}"
        add("edits", rule, f"a weight at {edit.at}", shapes=_shapes(recipe))
    return problems


def _misplaced_weight(recipe: Recipe) -> Edit | None:
    shapes = _shapes(recipe)
    for edit in recipe.edits:
        if edit.at is None:
            continue
        layer, row, column = edit.at
        if layer >= len(shapes) or row >= shapes[layer][0] or column >= shapes[layer][1]:
            return edit
    return None


def _shapes(recipe: Recipe) -> list[tuple[int, int]]:
    """Of the weight matrices."""
    return [(n_in + 1, n_out) for n_in, n_out in pairwise(recipe.sizes)]
