"""A snapshot: a trainer at its epoch, as the arrays and words that pictures are drawn from."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import notation
from ..activations import ACTIVATIONS
from ..boundary import Extent, Field, Grid, boundary_lines
from ..fields import spoken
from ..inputs import INPUTS
from ..interior import UnitMaps
from ..losses import OUTPUTS
from ..moments import Moment
from ..network import Network
from ..optimisers import OPTIMISERS
from ..recipe import LIVE_FIELDS
from ..training import Trainer
from ..views import VIEWS, Look

Array = NDArray[Any]

MOST_TOLD = 3  # changes made during a run that a caption names one by one


class Snapshot:
    """What can be shown of ``trainer`` now; what was not asked for is not worked out.

    The trainer may go on afterwards, as long as what is wanted was asked for before. ``look`` and
    ``probe`` are what links and experiment files of it are to show.
    """

    def __init__(
        self,
        trainer: Trainer,
        grid: Grid | None = None,
        look: Look | None = None,
        probe: tuple[float, float] | None = None,
    ):
        self.look, self.probe = look or Look(), probe
        self.recipe, self.epoch = trainer.recipe, trainer.epoch
        self.dataset, self.preparation = trainer.dataset, trainer.preparation
        self.network = Network(
            trainer.network.weights, self.recipe.activation, self.recipe.output
        )  # a copy
        self.grid = grid or grid_of(trainer)
        self._trainer = trainer

    @property
    def moment(self) -> Moment:
        return Moment(self.recipe, self.epoch, self.look, self.probe)

    @property
    def extent(self) -> Extent:
        return self.grid.extent

    @cached_property
    def history(self) -> np.recarray[Any, Any]:
        """Metrics of every epoch from 0 to this one; see :attr:`Trainer.history`."""
        return self._trainer.history

    @cached_property
    def field(self) -> Field:
        return self.grid.field(self.network)

    def lines(self, look: Look) -> list[NDArray[np.float64]]:
        """The decision boundary, at the look's threshold."""
        return boundary_lines(self.field, self._log_odds(look))

    def called(self, look: Look) -> NDArray[np.integer]:
        """The class called for every sample, training part first."""
        samples = np.concatenate([self.dataset.train, self.dataset.test])
        return self.network.predict(self.preparation.apply(samples), look.cut)

    @property
    def labels(self) -> NDArray[np.integer]:
        """The class of every sample, training part first."""
        return np.concatenate([self.dataset.train_labels, self.dataset.test_labels])

    def said(self, look: Look) -> Array | None:
        """The map of the unit looked at, −1…1 of its scale; None where none is."""
        return None if look.unit is None else self._unit_maps.large(self.network, *look.unit)[0]

    @cached_property
    def maps(self) -> tuple[list[Array], list[float]]:
        """Small maps of all units, ``(units, n, n)`` a layer in −1…1 of its scale; the scales."""
        return self._unit_maps.small(self.network)

    @property
    def inputs(self) -> list[str]:
        """What the units of the first layer are called."""
        return [INPUTS[name].label for name in self.recipe.inputs]

    def painted(self, look: Look) -> Look:
        """The look as the plane is painted: an output unit is its class."""
        if look.unit is None or look.unit[0] < len(self.network.weights):
            return look
        klass = look.unit[1] if self.network.sizes[-1] > 1 else 1
        return replace(look, unit=None, view="class", klass=klass)

    def probabilities(self, point: tuple[float, float]) -> Array:
        """Class probabilities ``(n_classes,)`` at a point of the plane."""
        return self.network.predict_proba(self.preparation.apply(np.array([point])))[0]

    @property
    def centre(self) -> tuple[float, float]:
        return sum(self.extent.x1) / 2, sum(self.extent.x2) / 2

    @property
    def caption(self) -> str:
        """Data, network, training, epoch, losses, accuracies and seeds in one line."""
        return self.caption_of(Look())

    def caption_of(self, look: Look, with_plane: bool = True) -> str:
        """The same of what a look shows: accuracies at its threshold, and, of a picture with the
        plane, what is seen of that where it is not the usual."""
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

    def _data(self) -> str:
        recipe = self.recipe
        if recipe.source.is_measured:
            return recipe.source.label
        return f"{recipe.source.label}, {recipe.samples} points, noise {recipe.noise:g}"

    def _changes(self) -> list[str]:
        """What was changed during the run, until now; how much it was where that is a lot."""
        made = [
            f"weight set at epoch {edit.epoch}"
            if edit.at
            else f"from epoch {edit.epoch} {spoken(edit.field)} "
            + LIVE_FIELDS[edit.field].write(edit.value)
            for edit in self.recipe.edits
            if (edit.epoch <= self.epoch if edit.at else 0 < edit.epoch < self.epoch)
        ]
        return made if len(made) <= MOST_TOLD else [f"{len(made)} changes during the run"]

    def _seen(self, look: Look) -> list[str]:
        if look.unit is not None and look == self.painted(look):
            layer, number = look.unit
            name = notation.unit(number + 1, layer) if layer else self.inputs[number]
            scale = self.maps[1][layer]
            return [f"map of {name}, colours −{scale:.3g} … {scale:.3g}"]
        look = self.painted(look)
        view = VIEWS[look.view]
        chosen = {
            None: "",
            "klass": f": {self.dataset.class_names[look.klass]}",
            "threshold": f": {cut_in_words(look)}",
        }
        return [] if look.view == Look().view else [view.label + chosen[view.asks]]

    def _scores(self, look: Look) -> list[str]:
        row = self.history[-1]
        losses = [f"{row.train_loss:.4g}", f"{row.test_loss:.4g}"]
        correct = self.called(look) == self.labels
        n_train = len(self.dataset.train)
        shares = [f"{part.mean():.1%}".replace("%", " %") if len(part) else ""
                  for part in (correct[:n_train], correct[n_train:])]  # fmt: skip
        return [
            f"{name} {train} train, {test} test" if len(self.dataset.test) else f"{name} {train}"
            for name, (train, test) in (("loss", losses), (accuracy_at(look), shares))
        ]

    @cached_property
    def _unit_maps(self) -> UnitMaps:
        return UnitMaps(self.grid)

    def _log_odds(self, look: Look) -> float:
        output = self.network.output
        return output.log_odds(look.cut) if self.network.n_classes == 2 else 0.0


def accuracy_at(look: Look) -> str:
    """What accuracies are called: ``accuracy``, or ``accuracy at 0.80:`` where that is the cut."""
    return "accuracy" if look.cut == Look().cut else f"accuracy at {cut_in_words(look)}:"


def cut_in_words(look: Look) -> str:
    """Two digits, or all there are."""
    return max(f"{look.cut:.2f}", f"{look.cut:g}", key=len)


def grid_of(trainer: Trainer) -> Grid:
    """The grid a run's pictures are taken on; made once for all of its epochs."""
    return Grid(Extent.around(trainer.dataset), trainer.preparation)
