"""One point, and the step that a training point takes part in: the numbers of the maths panel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..choices.inputs import INPUTS, Preparation
from ..notation import output, unit
from ..recipe.recipe import Recipe
from ..training.descent import Step
from ..training.network import Network
from ..training.trainer import Trainer
from .sample import Explanation, explain

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WorkedPoint:
    """Any point of the plane: its forward pass, and its backward pass as one of class ``label``."""

    recipe: Recipe
    epoch: int
    label: int
    class_names: tuple[str, ...]
    features: tuple[str, str]
    raw: Array  # (2,)
    preparation: Preparation
    network: Network  # with the weights before the step
    x: Array  # the network's inputs, (n_inputs,)
    explanation: Explanation

    @property
    def class_name(self) -> str:
        return self.class_names[self.label]

    def class_phrase(self, label: int) -> str:
        """``class inner``, or ``class 0`` if that is the class's name."""
        name = self.class_names[label]
        return name if name.startswith("class ") else f"class {name}"

    @property
    def n_hidden(self) -> int:
        return len(self.network.weights) - 1

    def units(self, layer: int) -> list[str]:
        """Names of the units of a layer: 0 the inputs, then hidden layers, then outputs."""
        n = self.network.sizes[layer]
        if layer == 0:
            return [INPUTS[name].label for name in self.recipe.inputs]
        if layer <= self.n_hidden:
            return [unit(i, layer) for i in range(1, n + 1)]
        return [output(i, n) for i in range(1, n + 1)]

    def weight(self, layer: int, row: int, column: int) -> str:
        """A description of ``network.weights[layer][row, column]``."""
        to = self.units(layer + 1)[column]
        return f"from {self.units(layer)[row - 1]} to {to}" if row else f"bias of {to}"


@dataclass(frozen=True, eq=False)
class WorkedExample(WorkedPoint):
    """A training point, with the step it takes part in.

    ``rest`` is the sum of the gradients of all other points in the batch, one matrix per layer, so
    that the mean is ``(own + rest) / n`` before penalties.
    """

    sample: int  # from 0
    step: Step
    rest: list[Array]


@np.errstate(all="ignore")  # the numbers of a diverged run overflow
def worked_points(trainer: Trainer, point: ArrayLike) -> list[WorkedPoint]:
    """A ``point`` of the plane, (2,), as a sample of each class in turn, at the trainer's epoch."""
    data, recipe = trainer.dataset, trainer.recipe
    raw = np.asarray(point, dtype=np.float64)
    network, x = trainer.network, trainer.preparation.apply(raw[None])[0]
    return [
        WorkedPoint(
            recipe=recipe,
            epoch=trainer.epoch,
            label=label,
            class_names=data.class_names,
            features=data.features,
            raw=raw,
            preparation=trainer.preparation,
            network=network,
            x=x,
            explanation=explain(network, x, label),
        )
        for label in range(len(data.class_names))
    ]


def nearest_training_point(trainer: Trainer, point: ArrayLike) -> int:
    """The training point, from 0, that is nearest to a ``point`` (2,), as the plot shows them."""
    data = trainer.dataset
    size = np.ptp(data.train, axis=0)
    offsets = (data.train - np.asarray(point)) / np.where(size > 0, size, 1.0)
    return int((offsets**2).sum(axis=1).argmin())


@np.errstate(all="ignore")  # the numbers of a diverged run overflow
def worked_example(trainer: Trainer, sample: int) -> WorkedExample:
    """Training ``sample``, from 0, in its step in the next epoch of ``trainer``.

    The trainer is not changed. Raises ``ValueError`` for a sample out of range.
    """
    step, sample = trainer.step_with(sample), int(sample)
    data, recipe = trainer.dataset, trainer.recipe
    label = int(data.train_labels[sample])
    network = Network(step.before, recipe.activation, recipe.output)
    x = trainer.preparation.apply(data.train[sample : sample + 1])[0]
    others = step.samples[step.samples != sample]
    rest = [np.zeros_like(w) for w in network.weights]
    if len(others):
        inputs = trainer.preparation.apply(data.train[others])
        _, means = network.loss_and_gradients(inputs, data.train_labels[others])
        rest = [len(others) * mean for mean in means]
    return WorkedExample(
        recipe=recipe,
        epoch=trainer.epoch,
        sample=sample,
        label=label,
        class_names=data.class_names,
        features=data.features,
        raw=data.train[sample],
        preparation=trainer.preparation,
        network=network,
        x=x,
        explanation=explain(network, x, label),
        step=step,
        rest=rest,
    )
