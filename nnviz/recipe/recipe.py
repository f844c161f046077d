"""The recipe: everything that determines a run, as names and numbers.

A run is a function of its recipe: ``recipe + epoch → exact state``. Each field is declared once,
with its kind. Forms, URLs, JSON and error messages are all made from ``FIELDS``, the table of
these kinds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import parse_qsl, quote

from numpy.typing import ArrayLike

from ..choices.activations import ACTIVATIONS
from ..choices.datasets import SOURCES, Source
from ..choices.initialisers import INITIALISERS
from ..choices.inputs import INPUTS
from ..choices.optimisers import OPTIMISERS
from ..choices.outputs import OUTPUTS
from ..problems import Problem, RecipeError, field_error, printable
from .arrays import table_of
from .conflicts import conflicts
from .edits import POINTS, Edit, Edits, fits_link
from .kinds import (
    BatchSize,
    Choice,
    Choices,
    Flag,
    Integer,
    Kind,
    LayerSizes,
    Names,
    Number,
    check_fields,
    is_encodable,
)
from .strokes import merged, n_marks
from .table import MOST_LINK, MOST_ROWS, PREFIX, Table

LAST_EPOCH = 1_000_000  # the last epoch of every run
MOST_SAMPLES = MOST_ROWS  # of generated data as of tables
MOST_UNKNOWN = 8  # fields that a recipe does not have, each reported by its name
LAST_SEED = 2**32 - 1

# slider stops for settings whose range spans powers of ten
_RATES = (1e-5, 1e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_PENALTIES = (0.0, 1e-4, 3e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, None)


def _declare(kind: Kind) -> Any:
    """A field of a recipe, with its kind in the metadata."""
    return field(default=kind.default, metadata={"kind": kind})


def _kinds(record: type) -> dict[str, Kind]:
    return {each.name: each.metadata["kind"] for each in fields(record)}


@dataclass(frozen=True, kw_only=True)
class Data(Choice):
    """The name of a data set, or a :class:`Table` or its text."""

    def _checked(self, name: str, value: Any) -> Any:
        if isinstance(value, Table):
            return value
        if isinstance(value, str) and value.startswith(PREFIX):
            return Table.read(value)
        if not isinstance(value, str | int | float | None):
            rule = "the name of a data set, one of {names}, or a table by Recipe.from_table"
            kind = f"a {type(value).__name__}"
            raise field_error(name, rule, kind, names=", ".join(self.table))
        return super()._checked(name, value)

    def write(self, value: Any) -> str:
        return value.text_within(MOST_LINK) if isinstance(value, Table) else value


@dataclass(frozen=True, kw_only=True)
class _Settings:
    """The settings that a run starts with: every field of a recipe except the edits."""

    # fmt: off
    data: str | Table = _declare(Data(  # noqa: RUF009
        default="circles", table=SOURCES, label="Data set", group="Data", leads=1,
        help="The points to be classified.",
    ))
    classes: int = _declare(Integer(
        default=3, low=2, high=8, label="Classes", group="Data",
        help="The number of clouds, of spiral arms, or of classes to draw.",
    ))
    features: tuple[str, ...] = _declare(Names(
        default=(), label="Features", group="Data",
        help="The two measurements shown as axes and used as inputs.",
    ))
    samples: int = _declare(Integer(
        default=200, low=10, high=MOST_SAMPLES, step=10, label="Samples", group="Data",
        help="The number of points, training and test together.",
    ))
    noise: float = _declare(Number(
        default=0.1, low=0.0, high=0.5, label="Noise", group="Data",
        help="Standard deviation of the noise added to the points.",
    ))
    test_share: float = _declare(Number(
        default=0.2, low=0.0, high=0.9, step=0.05, label="Test share", group="Data",
        help="The share of the points that are kept for testing, not for training.",
    ))
    data_seed: int = _declare(Integer(
        default=0, low=0, high=LAST_SEED, label="Data seed", group="Data",
        help="Another seed gives other points.",
    ))
    standardise: bool = _declare(Flag(
        default=True, label="Standardise", group="Data",
        help="Shift and scale both features to mean 0 and variance 1 over the training part.",
    ))
    inputs: tuple[str, ...] = _declare(Choices(
        default=("x1", "x2"), table=INPUTS, label="Inputs", group="Network",
        help="The inputs of the first layer: the features, or functions of them.",
    ))
    hidden: tuple[int, ...] = _declare(LayerSizes(
        default=(10,), most_layers=6, most_units=64, label="Hidden layers", group="Network",
        leads=2,
        help="0 to 6 layers between inputs and outputs.",
    ))
    activation: str = _declare(Choice(
        default="tanh", table=ACTIVATIONS, label="Activation", group="Network", leads=3,
        help="The activation function φ of every hidden unit.",
    ))
    output: str = _declare(Choice(
        default="softmax", table=OUTPUTS, label="Output", group="Network",
        help="The function that turns the logits of the last layer into outputs.",
    ))
    init: str = _declare(Choice(
        default="glorot", table=INITIALISERS, label="Initial weights", group="Network",
        help="How the weights are drawn before training.",
    ))
    seed: int = _declare(Integer(
        default=0, low=0, high=LAST_SEED, label="Weights seed", group="Network",
        help="Another seed gives other initial weights and another order of the samples.",
    ))
    optimiser: str = _declare(Choice(
        default="sgd", table=OPTIMISERS, label="Optimiser", live=True, group="Training",
        leads=5,
        help="The rule that turns gradients into steps.",
    ))
    learning_rate: float = _declare(Number(
        default=0.5, low=1e-5, high=10.0, label="Learning rate η", live=True, group="Training",
        leads=4, stops=_RATES,
        help="The size of a step. Too small: slow learning. Too large: the loss jumps or diverges.",
    ))
    batch_size: int | None = _declare(BatchSize(
        default=None, low=1, high=MOST_SAMPLES, label="Batch size", live=True, group="Training",
        leads=6, stops=_BATCHES,
        help="The number of samples in each step; full is the whole training part.",
    ))
    l1: float = _declare(Number(
        default=0.0, low=0.0, high=1.0, label="L1", live=True, group="Training", stops=_PENALTIES,
        help="Adds λ₁ Σ|w| to the loss, which drives weights to 0. Biases are not included.",
    ))
    l2: float = _declare(Number(
        default=0.0, low=0.0, high=1.0, label="L2", live=True, group="Training", stops=_PENALTIES,
        help="Adds ½ λ₂ Σw² to the loss, which keeps weights small. Biases are not included.",
    ))
    # fmt: on


LIVE_FIELDS = {name: kind for name, kind in _kinds(_Settings).items() if kind.live}


@dataclass(frozen=True, kw_only=True)
class Recipe(_Settings):
    """A frozen, validated description of a run; see ``FIELDS`` for the values of each field.

    Values are stored in one canonical form (sequences as tuples, for example), so equal recipes
    compare and hash equal. Raises :class:`RecipeError` naming every invalid field.
    """

    edits: tuple[Edit, ...] = _declare(
        Edits(
            default=(), settings=LIVE_FIELDS, last_epoch=LAST_EPOCH, label="Edits",
            help="Changes made during the run.",
        )
    )  # fmt: skip

    def __post_init__(self) -> None:
        problems = check_fields(self, FIELDS)
        if not problems:
            if self.source.is_measured and not self.features:
                object.__setattr__(self, "features", self.source.default_features)
            problems = conflicts(self)
        if problems:
            raise RecipeError(*problems.values())

    @classmethod
    def from_table(
        cls,
        X: ArrayLike,
        y: ArrayLike,
        *,
        feature_names: Sequence[str] | None = None,
        name: str = "table",
        **settings: Any,
    ) -> Recipe:
        """A recipe of your own data: ``X (n, 2)``, an array or a DataFrame, and labels ``y (n,)``.

        Classes get the order of their first appearance. ``settings`` are the other fields. Raises
        :class:`RecipeError`.
        """
        return cls(data=table_of(X, y, feature_names=feature_names, name=name), **settings)

    # --- derived from the fields -------------------------------------------------

    @property
    def source(self) -> Source:
        return source_of(self.data)

    @property
    def table(self) -> Table | None:
        """The user's own data, if it has any."""
        return self.data if isinstance(self.data, Table) else None

    @property
    def too_long(self) -> str:
        """A sentence on why a link cannot hold the run; empty where it can."""
        excess = self.excess
        them = "it" if self.table and not self.table.fits(MOST_LINK) else "them"
        return excess and f"{excess}: save the experiment as a file, which holds all of {them}."

    @property
    def excess(self) -> str:
        """What a link cannot hold, as a clause; empty where it holds the whole run."""
        if self.table and not self.table.fits(MOST_LINK):
            return self.table.excess
        if not fits_link(self.edits, self._room_for_edits(MOST_LINK)):
            drawn = f"{self.table.name} and the points drawn" if self.table else "The points drawn"
            return f"{drawn} take more than the {MOST_LINK / 1000:g} kB that a link holds"
        return ""

    @property
    def unlinked(self) -> dict[str, str]:
        """The texts that are too long for a link, by the digests that it has instead."""
        return self.beyond(MOST_LINK)

    def beyond(self, room: int) -> dict[str, str]:
        """The same for a link with so much room for own data and the points drawn."""
        texts = {}
        if self.table and not self.table.fits(room):
            texts[self.table.text_within(room)] = self.table.text
        if not fits_link(self.edits, self._room_for_edits(room)):
            texts[self._edits_within(room)] = _EDITS.write_whole(self.edits)
        return texts

    def _room_for_edits(self, room: int) -> int:
        """Characters of a link for the points drawn, beside those that the table takes."""
        return room - (len(self.table.text_within(room)) if self.table else 0)

    def _edits_within(self, room: int) -> str:
        return _EDITS.write_within(self.edits, self._room_for_edits(room))

    @property
    def n_samples(self) -> int:
        """About how many samples the run has at most: rows of a table, or points that are
        generated, and those drawn; at least 1."""
        strokes = (edit.value for edit in self.edits if edit.field == POINTS)
        drawn = sum(map(n_marks, strokes))
        if self.table:
            return len(self.table.labels) + drawn
        return max(1, drawn) if self.source.frame else self.samples + drawn

    @property
    def n_classes(self) -> int:
        low, high = self.source.n_classes
        return self.classes if low < high else low

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of units in every layer, inputs first and outputs last."""
        return len(self.inputs), *self.hidden, OUTPUTS[self.output].units(self.n_classes)

    def settings_at(self, epoch: int) -> dict[str, Any]:
        """The values of the live fields with which the epoch after ``epoch`` is trained."""
        settings = {name: getattr(self, name) for name in LIVE_FIELDS}
        made = (e for e in self.edits if e.epoch <= epoch and e.field in LIVE_FIELDS)
        return settings | {edit.field: edit.value for edit in made}

    def folded(self) -> Recipe:
        """A recipe without edits that starts with the settings this one ends with."""
        return replace(self, edits=(), **self.settings_at(LAST_EPOCH))

    def goes_on_from(self, other: Recipe) -> bool:
        """Whether a run of ``other`` can continue with these settings, without a new network."""
        live = {name: getattr(other.folded(), name) for name in LIVE_FIELDS}
        return replace(self.folded(), **live) == other.folded()

    def with_edit(self, edit: Edit) -> Recipe:
        """This recipe with the edit added and all later edits dropped.

        An edit of a live field at epoch 0 becomes the initial value of that field. Strokes of one
        epoch become one.
        """
        if edit.field == POINTS and isinstance(edit.value, str):  # else it is refused below
            before = [e.value for e in self.edits if e.target == edit.target]
            edit = replace(edit, value=merged(*before, edit.value))
        kept = [e for e in self.edits if e.epoch <= edit.epoch and e.target != edit.target]
        if edit.epoch == 0 and edit.at is None and edit.field in LIVE_FIELDS:
            return replace(self, edits=tuple(kept), **{edit.field: edit.value})
        return replace(self, edits=(*kept, edit))

    # --- codecs -----------------------------------------------------------------------

    def to_json(self) -> str:
        """A JSON object with every field that applies."""
        return json.dumps(self.to_values(), ensure_ascii=False)

    def to_values(self) -> dict[str, Any]:
        """Every field that applies, as JSON has it."""
        values = {name: getattr(self, name) for name in self._applicable_fields()}
        if self.table:
            values["data"] = self.table.text
        if "edits" in values:
            values["edits"] = [edit.to_list() for edit in self.edits]
        return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}

    @classmethod
    def from_json(cls, text: str | bytes | Mapping[str, Any]) -> Recipe:
        """Read :meth:`to_json`; missing fields get their default.

        Raises :class:`RecipeError` for text that is not a JSON object and for invalid fields.
        """
        if not isinstance(text, Mapping):
            try:
                text = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise field_error("recipe", "a JSON object", error) from None
        if not isinstance(text, Mapping):
            raise field_error("recipe", "a JSON object", text)
        return _strict(*_build(dict(text)))

    def to_query(self) -> str:
        """The URL query, without ``?``, with every field that applies."""
        return "&".join(f"{name}={quoted(text)}" for name, text in self.to_params().items())

    def to_params(self, room: int = MOST_LINK) -> dict[str, str]:
        """The query as a mapping of unquoted text.

        Digests stand for own data and points drawn that need more ``room`` than there is.
        """
        params = {name: FIELDS[name].write(getattr(self, name))
                  for name in self._applicable_fields() if name != "edits"}  # fmt: skip
        if self.table:
            params["data"] = self.table.text_within(room)
        return params | ({"edits": self._edits_within(room)} if self.edits else {})

    @classmethod
    def from_query(cls, query: str | Mapping[str, str]) -> Recipe:
        """Read :meth:`to_query`; raises :class:`RecipeError` for invalid fields."""
        return _strict(*cls.salvage_query(query))

    @classmethod
    def salvage_query(cls, query: str | Mapping[str, str]) -> tuple[Recipe, dict[str, Problem]]:
        """As :meth:`from_query`, but invalid fields get their default.

        Returns the recipe and the problems by field.
        """
        if isinstance(query, str):
            query = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
        values = {
            name: FIELDS[name].read(text) if name in FIELDS else text
            for name, text in query.items()
        }
        return _build(values)

    def _applicable_fields(self) -> list[str]:
        left_out = {name for name in ("features", "edits") if not getattr(self, name)}
        if self.table and self.features == self.table.axes:
            left_out.add("features")
        return [name for name in FIELDS if name not in left_out]


FIELDS: dict[str, Kind] = _kinds(Recipe)
_EDITS: Edits = FIELDS["edits"]  # type: ignore[assignment]


def quoted(text: str) -> str:
    """A value as it stands in the query of a link."""
    return quote(text, safe=",:")


def source_of(data: str | Table) -> Source:
    """The data set of this name, or the table as one."""
    return data.source if isinstance(data, Table) else SOURCES[data]


def _strict(recipe: Recipe, problems: dict[str, Problem]) -> Recipe:
    if problems:
        raise RecipeError(*problems.values())
    return recipe


def _build(values: dict[str, Any]) -> tuple[Recipe, dict[str, Problem]]:
    """The recipe of all valid values, and the problems of the others by field."""
    unknown = [name for name in values if name not in FIELDS]
    values = {name: value for name, value in values.items() if name in FIELDS}
    listed = unknown if len(unknown) <= MOST_UNKNOWN else unknown[:1]
    found = [_unknown(name, len(unknown) - len(listed)) for name in listed]
    problems = {problem.field: problem for problem in found}
    while True:  # each round removes at least one field, and the defaults are valid
        try:
            return Recipe(**values), problems
        except RecipeError as error:
            problems |= error.problems
            for name in error.problems:
                del values[name]


def _unknown(name: str, others: int) -> Problem:
    """The problem of a field that no recipe has, and of so many others."""
    also = ", and none of {others} others" if others else ""
    return Problem(
        name if is_encodable(name) else printable(name), "{fields}", repr(name[:40]),
        pattern="a recipe has no field {offender}" + also + "; its fields are {rule}",
        fields=", ".join(FIELDS), others=others,
    )  # fmt: skip
