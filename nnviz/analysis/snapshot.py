"""A snapshot: a run at an epoch, as the arrays and captions that everything shown is made from."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import notation
from ..choices.activations import ACTIVATIONS
from ..choices.datasets import Dataset
from ..choices.inputs import INPUTS, Preparation
from ..choices.optimisers import OPTIMISERS
from ..choices.outputs import OUTPUTS
from ..choices.views import VIEWS
from ..problems import field_title
from ..recipe.edits import POINTS
from ..recipe.look import DEFAULT_LOOK, Look
from ..recipe.moment import Moment
from ..recipe.recipe import LIVE_FIELDS, Recipe
from ..training.descent import EpochSteps
from ..training.history import METRICS
from ..training.network import Network, Pass
from ..training.pieces import Work
from ..training.trainer import Trainer
from .field import Extent, Field, Grid, boundary_lines
from .health import advice, health, pre_activations
from .units import Space, UnitMaps

Array = NDArray[Any]

MOST_CHANGES = 3  # changes during a run that a caption names one by one


class Plane:
    """What stays the same over all epochs of a run: the grid around its samples, and these.

    Where points are drawn during the run, :meth:`with_data` has those of another epoch.
    """

    def __init__(self, trainer: Trainer):
        self.dataset: Dataset = trainer.dataset
        self.preparation: Preparation = trainer.preparation
        self.grid = Grid(Extent.around(self.dataset), self.preparation)
        self._at_point: tuple[Any, Pass] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: each has buffers of its own."""
        return vars(self) | {"_at_point": None}

    def on(self, grid: Grid) -> Plane:
        """The same plane with another grid."""
        other = copy.copy(self)
        other.grid = grid
        for name in ("maps", "space"):  # made from the grid
            vars(other).pop(name, None)
        return other

    def with_data(self, dataset: Dataset) -> Plane:
        """The same plane with the samples of another epoch; itself where they are the same."""
        if dataset is self.dataset:
            return self
        other = copy.copy(self)
        other.dataset = dataset
        for name in ("samples", "labels", "inputs"):
            vars(other).pop(name, None)
        return other

    @property
    def extent(self) -> Extent:
        return self.grid.extent

    @cached_property
    def samples(self) -> Array:
        """Training part first, ``(n, 2)``."""
        return np.concatenate([self.dataset.train, self.dataset.test])

    @cached_property
    def labels(self) -> NDArray[np.integer]:
        """The class of every sample, ``(n,)``."""
        return np.concatenate([self.dataset.train_labels, self.dataset.test_labels])

    @cached_property
    def inputs(self) -> Array:
        """The samples as the network gets them, ``(n, n_inputs)``."""
        return self.preparation.apply(self.samples)

    def outputs(self, network: Network, point: tuple[float, float]) -> tuple[Array, Array]:
        """Logits ``(n_outputs,)`` and class probabilities ``(n_classes,)`` at a point."""
        run = self._pass_at_point(network)
        with np.errstate(all="ignore"):  # numbers that overflow are infinite or NaN
            run.forward(network.weights, self.preparation.columns(np.array([point])))
        probabilities = network.output.probabilities(run.outputs)
        return run.logits[:, 0].copy(), probabilities[:, 0].copy()

    def _pass_at_point(self, network: Network) -> Pass:
        """Buffers for one point, kept from epoch to epoch: they take longer to make than to use."""
        wanted = network.sizes, network.activation, network.output
        if self._at_point is None or self._at_point[0] != wanted:
            run = Pass(network.sizes, 1, network.activation, network.output, learn=0)
            self._at_point = wanted, run
        return self._at_point[1]

    @cached_property
    def maps(self) -> UnitMaps:
        return UnitMaps(self.grid)

    @cached_property
    def space(self) -> Space:
        return Space(self.grid)


class Snapshot:
    """``trainer`` as it is now; the trainer may go on, the snapshot stays.

    Everything is computed on first use. ``plane`` may be shared by all snapshots of a run;
    ``look`` is for its links and experiment files; ``beside`` are the runs that it names, in their
    order. ``rows`` are the metrics of the
    epochs from ``since`` on, ``(n, 4)`` in the order of ``METRICS``: a copy, which is slow
    for a long run. With ``after_steps``, the steps of the next epoch and how many of them
    are taken, the network is the one after these steps; everything else is of the epoch.
    """

    recipe: Recipe
    epoch: int
    network: Network
    rows: NDArray[np.float64]
    plane: Plane
    look: Look
    beside: tuple[Snapshot, ...]
    _unit_maps: dict[tuple[int, int], tuple[Array, float]]  # made so far, with their scales

    def __init__(
        self,
        trainer: Trainer,
        plane: Plane | None = None,
        look: Look = DEFAULT_LOOK,
        since: int = 0,
        after_steps: tuple[EpochSteps, int] | None = None,
        beside: Sequence[Snapshot] = (),
    ):
        network, rows = trainer.network, trainer.rows(since).copy()
        if after_steps:
            steps, taken = after_steps
            network = Network(
                steps.weights[taken - 1], trainer.recipe.activation, trainer.recipe.output
            )
        for array in (*network.weights, rows):
            array.flags.writeable = False
        vars(self).update(
            recipe=trainer.recipe, epoch=trainer.epoch, network=network, rows=rows,
            plane=plane.with_data(trainer.dataset) if plane else Plane(trainer), look=look,
            beside=tuple(beside), _unit_maps={},
        )  # fmt: skip

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a snapshot cannot be changed; got another {name}")

    def on(self, grid: Grid) -> Snapshot:
        """The same snapshot on another grid of the plane, such as a finer one."""
        other = copy.copy(self)
        vars(other).pop("field", None)
        vars(other).update(plane=self.plane.on(grid), _unit_maps={})
        return other

    def with_beside(self, beside: Sequence[Snapshot]) -> Snapshot:
        """The same snapshot with others in the place of those beside it."""
        other = copy.copy(self)
        vars(other)["beside"] = tuple(beside)
        return other

    @property
    def moment(self) -> Moment:
        return Moment(self.recipe, self.epoch, self.look)

    @property
    def dataset(self) -> Dataset:
        return self.plane.dataset

    @property
    def preparation(self) -> Preparation:
        return self.plane.preparation

    @property
    def extent(self) -> Extent:
        return self.plane.extent

    @property
    def labels(self) -> NDArray[np.integer]:
        """The class of every sample, training part first."""
        return self.plane.labels

    @cached_property
    def history(self) -> np.recarray[Any, Any]:
        """Metrics of the epochs from ``since`` to this one; see :attr:`Trainer.history`."""
        return self.rows.view(dtype=[(name, np.float64) for name in METRICS])[:, 0].view(
            np.recarray
        )

    # --- field, lines and predictions ---------------------------------------------------

    @cached_property
    def field(self) -> Field:
        return self.plane.grid.field(self.network)

    def evaluating(self, unit: tuple[int, int] | None = None) -> Work[None]:
        """Make the field, and the map of a unit if one is named (layer, unit), with pauses.

        What is needed before its turn is made without a pause.
        """
        if "field" not in vars(self):
            vars(self)["field"] = yield from self.plane.grid.evaluating(self.network)
        if unit is not None and unit not in self._unit_maps:
            mapping = self.plane.maps.mapping(self.network, *unit)
            self._unit_maps[unit] = yield from mapping

    def lines(self, look: Look) -> list[NDArray[np.float64]]:
        """The decision boundary, at the look's threshold."""
        return self.lines_at(look.decision_threshold)

    def lines_at(self, threshold: float) -> list[NDArray[np.float64]]:
        """The decision boundary; the threshold applies to two classes only."""
        network = self.network
        log_odds = network.output.log_odds(threshold) if network.n_classes == 2 else 0.0
        return boundary_lines(self.field, log_odds)

    def predicted(self, look: Look) -> NDArray[np.integer]:
        """The class predicted for every sample, training part first, at the look's threshold."""
        return self.predicted_at(look.decision_threshold)

    def predicted_at(self, threshold: float) -> NDArray[np.integer]:
        """The class predicted for every sample, training part first."""
        return self.network.predict(self.plane.inputs, threshold)

    def probabilities(self, point: tuple[float, float]) -> Array:
        """Class probabilities ``(n_classes,)`` at a point of the plane."""
        return self.outputs(point)[1]

    def outputs(self, point: tuple[float, float]) -> tuple[Array, Array]:
        """Logits ``(n_outputs,)`` and class probabilities ``(n_classes,)`` at a point."""
        return self.plane.outputs(self.network, point)

    # --- units --------------------------------------------------------------------------

    def chosen_map(self, look: Look) -> Array | None:
        """The map of the unit that the look chooses, −1…1 of its scale, or None."""
        return None if look.unit is None else self.unit_map(*look.unit)[0]

    def unit_map(self, layer: int, unit: int) -> tuple[Array, float]:
        """The map of a unit over the plane, ``(n, n)`` in −1…1 of its scale; the scale."""
        key = layer, unit
        if key not in self._unit_maps:
            self._unit_maps[key] = self.plane.maps.large(self.network, layer, unit)
        return self._unit_maps[key]

    @cached_property
    def maps(self) -> tuple[list[Array], list[float]]:
        """Small maps of all units, ``(units, n, n)`` a layer in −1…1 of its scale; the scales."""
        return self.plane.maps.small(self.network)

    @property
    def inputs(self) -> list[str]:
        """The names of the units of the first layer."""
        return [INPUTS[name].label for name in self.recipe.inputs]

    @property
    def centre(self) -> tuple[float, float]:
        return sum(self.extent.x1) / 2, sum(self.extent.x2) / 2

    @property
    def advice(self) -> str | None:
        """A line about a hidden layer whose units hardly learn, with a remedy; None without one."""
        if not len(self.dataset.train):
            return None
        activation = ACTIVATIONS[self.recipe.activation]
        inputs = self.preparation.apply(self.dataset.train)
        with np.errstate(all="ignore"):  # the numbers of a diverged run overflow
            layers = pre_activations(self.network, inputs)
            return advice(activation, [health(activation, z) for z in layers])

    # --- in words -----------------------------------------------------------------------

    @property
    def caption(self) -> str:
        """Data, network, training, epoch, losses, accuracies and seeds in one line."""
        return self.caption_of(DEFAULT_LOOK)

    def caption_of(self, look: Look, with_plane: bool = True) -> str:
        """The same for a look: accuracies at its threshold and, for a picture with the plane,
        what is shown of it and the view if it is not the default."""
        recipe = self.recipe
        settings = recipe.settings_at(0)
        units = "–".join(map(str, recipe.sizes))
        inner = [ACTIVATIONS[recipe.activation].label] if recipe.hidden else []
        batch = settings["batch_size"]
        return " · ".join(
            [
                self._data(),
                " ".join([units, ", ".join([*inner, OUTPUTS[recipe.output].label])]),
                f"{OPTIMISERS[settings['optimiser']].label}, η {settings['learning_rate']:g}, "
                + (f"batches of {batch}" if batch else "full batch"),
                *self._changes(),
                f"epoch {self.epoch}",
                *self._scores(look),
                f"seeds: data {recipe.data_seed}, weights {recipe.seed}",
                *(self._seen(look) if with_plane else []),
            ]
        )

    @property
    def common_caption(self) -> str:
        """What the runs side by side share: the epoch, and data and seeds if they are the same."""
        recipes = [self.recipe, *(other.recipe for other in self.beside)]
        data = {(recipe.data, recipe.samples, recipe.noise) for recipe in recipes}
        parts = [self._data()] if len(data) == 1 else []
        parts.append(f"epoch {self.epoch}")
        seeds = {(recipe.data_seed, recipe.seed) for recipe in recipes}
        if len(seeds) == 1:
            parts.append(f"seeds: data {self.recipe.data_seed}, weights {self.recipe.seed}")
        return " · ".join(parts)

    def _data(self) -> str:
        recipe = self.recipe
        if recipe.table:
            return ", ".join(filter(None, [recipe.table.summary, recipe.table.note]))
        if recipe.source.is_measured:
            return recipe.source.label
        if not recipe.source.is_sampled:
            return f"{recipe.source.label}, {recipe.n_classes} classes"
        return f"{recipe.source.label}, {recipe.samples} points, noise {recipe.noise:g}"

    def _changes(self) -> list[str]:
        """What was changed during the run so far, or the number of changes where there are many."""
        edits = [edit for edit in self.recipe.edits if edit.field != POINTS]
        made = [
            f"weight set at epoch {edit.epoch}"
            if edit.at
            else f"from epoch {edit.epoch} {field_title(edit.field)} "
            + LIVE_FIELDS[edit.field].write(edit.value)
            for edit in edits
            if (edit.epoch <= self.epoch if edit.at else 0 < edit.epoch < self.epoch)
        ]
        if len(made) > MOST_CHANGES:
            made = [f"{len(made)} changes during the run"]
        return [*made, *self._drawn()]

    def _drawn(self) -> list[str]:
        """How many points were drawn, moved or erased until now, and since when."""
        numbers, initial = self.dataset.numbers, self.dataset.initial
        if numbers is None or initial is None:
            return []
        n = len(initial.at_start)
        before = np.column_stack(
            [initial.at_start, np.concatenate([initial.train_labels, initial.test_labels])]
        )
        old = numbers < n
        moved = np.column_stack([self.plane.samples, self.labels])[old] != before[numbers[old]]
        counts = {
            "drawn": len(numbers) - old.sum(), "moved": moved.any(axis=1).sum(),
            "erased": n - old.sum(),
        }  # fmt: skip
        done = ", ".join(f"{what} {count}" for what, count in counts.items() if count)
        first = next(edit.epoch for edit in self.recipe.edits if edit.field == POINTS)
        return [f"points from epoch {first} on: {done}"] if done else []

    def _seen(self, look: Look) -> list[str]:
        if look.unit is not None and look == look.painted(self.network.sizes):
            layer, number = look.unit
            name = notation.unit(number + 1, layer) if layer else self.inputs[number]
            scale = self.maps[1][layer]
            return [f"map of {name}, colours −{scale:.3g} … {scale:.3g}"]
        look = look.painted(self.network.sizes)
        view = VIEWS[look.view]
        chosen = {
            None: "",
            "class": f": {self.dataset.class_names[look.class_index]}",
            "threshold": f": {look.threshold_text()}",
        }
        return [] if look.view == DEFAULT_LOOK.view else [view.label + chosen[view.parameter]]

    def _scores(self, look: Look) -> list[str]:
        if not len(self.dataset.train):
            return ["no training points" if len(self.dataset.test) else "no points"]
        row = self.history[-1]
        losses = [f"{row.train_loss:.4g}", f"{row.test_loss:.4g}"]
        correct = self.predicted(look) == self.labels
        n_train = len(self.dataset.train)
        shares = [f"{part.mean():.1%}".replace("%", " %") if len(part) else ""
                  for part in (correct[:n_train], correct[n_train:])]  # fmt: skip
        scores = [("loss", losses), (look.accuracy_label(), shares)]
        if majority := self.dataset.majority:
            k, *accuracies = majority
            name = f"always {self.dataset.class_names[k]}:"
            scores.append((name, [f"{share:.1%}".replace("%", " %") for share in accuracies]))
        return [
            f"{name} {train} train, {test} test" if len(self.dataset.test) else f"{name} {train}"
            for name, (train, test) in scores
        ]
