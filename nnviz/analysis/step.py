"""One training point and the step it takes part in: the numbers that the maths panel shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..choices.inputs import INPUTS, Preparation
from ..notation import output, unit
from ..recipe.recipe import Recipe
from ..training.descent import Step
from ..training.network import Network
from ..training.trainer import Trainer
from .sample import Explanation, explain

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WorkedExample:
    """A training point, its forward and backward pass, and the step it takes part in.

    ``rest`` is the sum of the gradients of all other points in the batch, one matrix per layer, so
    that the mean is ``(own + rest) / n`` before penalties.
    """

    recipe: Recipe
    epoch: int
    sample: int  # from 0
    label: int
    class_names: tuple[str, ...]
    features: tuple[str, str]
    raw: Array  # (2,)
    preparation: Preparation
    network: Network  # with the weights before the step
    x: Array  # the network's inputs, (n_inputs,)
    explanation: Explanation
    step: Step
    rest: list[Array]

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
