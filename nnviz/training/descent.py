"""Gradient descent, one epoch at a time, on arrays laid out once.

Everything an epoch changes lives in one flat ``state`` vector — weights, the optimiser's
memory, a perceptron's corrections, the step count — so a copy of that vector is a copy of the run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..choices.activations import Activation
from ..choices.optimisers import MOST_SLOTS, Optimiser, Rate
from ..choices.outputs import Output
from .batches import Batches
from .network import Pass, matrices, penalty_slope
from .passes import SamplePass, plan_of
from .pieces import Work, done

Array = NDArray[Any]

MOST_RECORDED = 16  # epochs whose metrics are worked out together
RECORDED_NUMBERS = 16_000  # logits kept for that


@dataclass(frozen=True)
class Settings:
    """What may change between two epochs. ``batch_size`` None is the whole training part."""

    optimiser: Optimiser
    learning_rate: float
    batch_size: int | None
    l1: float
    l2: float


@dataclass(frozen=True, eq=False)
class Step:
    """One step of an epoch, as :meth:`Descent.step_with` finds it.

    Lists hold one ``(n_in + 1, n_out)`` matrix per layer, and ``memory`` one such list for each
    slot the optimiser uses. ``gradient`` is the mean over the batch, penalties included.
    """

    batch: int  # its number in the epoch, from 1
    n_batches: int
    samples: NDArray[np.intp]  # training samples of the batch, (n,)
    before: list[Array]  # weights
    after: list[Array]
    gradient: list[Array]
    memory_before: list[list[Array]]
    memory_after: list[list[Array]]
    t: int  # number of the step in the optimiser's own count, from 1
    settings: Settings


@dataclass(frozen=True, eq=False)
class EpochSteps:
    """All training steps of one epoch, in their order."""

    samples: list[NDArray[np.intp]]  # training samples of the step's batch, (n,)
    weights: list[list[Array]]  # after the step
    corrections: list[int]  # samples corrected in the epoch so far; 0 unless a perceptron

    def __len__(self) -> int:
        return len(self.samples)


class Descent:
    """Trains ``weights`` on the first ``n_train`` columns of ``inputs``.

    The other columns are only evaluated.

    ``inputs`` has shape ``(1 + n_inputs, n)`` with the constant 1 in row 0, ``labels`` ``(n,)``.
    """

    def __init__(
        self,
        weights: list[Array],
        activation: Activation,
        output: Output,
        inputs: Array,
        labels: Array,
        n_train: int,
        n_classes: int,
    ):
        self.sizes = (weights[0].shape[0] - 1, *(w.shape[1] for w in weights))
        self.inputs, self.labels, self.n_train = inputs, labels, n_train
        self.n_test = inputs.shape[1] - n_train
        self.targets = output.targets(labels, n_classes)
        self._n_classes = n_classes
        self._activation, self._output = activation, output

        self._n_weights = n = sum(w.size for w in weights)
        self.state = np.zeros((1 + MOST_SLOTS) * n + 2)
        self._flat = self.state[:n]
        self._memory = self.state[n:-2].reshape(MOST_SLOTS, n)
        self.weights = matrices(self._flat, self.sizes)
        for view, w in zip(self.weights, weights, strict=True):
            view[:] = w
        self._gradient = np.zeros(n)
        self._gradients = matrices(self._gradient, self.sizes)
        self._is_weight = np.ones(n)  # 0 for biases, which are never regularised
        for view in matrices(self._is_weight, self.sizes):
            view[0] = 0.0

        self._zeros = np.zeros(n)
        counts = (n_train, self.n_test)
        # which of training and test part there are, and the first sample of each
        self._parts = slice(0 if n_train else 1, 2 if self.n_test else 1)
        self._starts = np.array([0, n_train], dtype=np.intp)[self._parts]
        self._counts = np.array(counts, dtype=float)[self._parts]
        self._train_targets = np.ascontiguousarray(self.targets[:, :n_train])
        self._batches: Batches | None = None  # of the size they had last
        units, n_samples = self.sizes[-1], inputs.shape[1]
        # the epochs that can be recorded in one go
        self.longest = max(1, min(MOST_RECORDED, RECORDED_NUMBERS // max(units * n_samples, 1)))
        self._sample_passes = []  # the first one holds the samples that are learnt from
        for start, stop, block in plan_of(self.sizes, n_samples, n_train, output):
            learn, size = max(n_train - start, 0), stop - start
            run = Pass(self.sizes, size, activation, output, learn=learn, block=block)
            self._sample_passes.append(SamplePass(run, inputs[:, start:stop], self.longest))
        self._passed = False  # whether they hold a forward pass of these very weights

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles are made anew, since weights and memory are views of the state."""
        made_of = (self.weights, self._activation, self._output, self.inputs, self.labels,
                   self.n_train, self._n_classes)  # fmt: skip
        return type(self), made_of, self.state.copy()

    def __setstate__(self, state: Array) -> None:
        self.load(state)

    def load(self, state: Array) -> None:
        """Go back to a copied ``state``."""
        self.state[:] = state
        self._passed = False

    def epochs_since(self, state: Array, settings: Settings) -> int:
        """Epochs that are over since a copied ``state``, all with these settings."""
        size = min(settings.batch_size or self.n_train, self.n_train)
        return int(self.state[-1] - state[-1]) // -(-self.n_train // size)

    def forget(self) -> None:
        """Clear the optimiser's memory, as for a new optimiser."""
        self._memory[:] = 0.0
        self.state[-1] = 0.0  # steps

    @property
    def corrections(self) -> int | None:
        """Samples that were wrong when a step was made for them; None for graded outputs."""
        return None if self._output.graded else int(self.state[-2])

    def set_weight(self, layer: int, row: int, column: int, value: float) -> None:
        self.weights[layer][row, column] = value
        self._passed = False

    def epoch(self, settings: Settings, shuffle_seed: Sequence[int]) -> None:
        """Train one epoch: one step on the whole training part, or one a batch, shuffled.

        The shuffle is a function of its seed alone, so a replay needs no generator's state.
        A short last batch counts with its own mean.
        """
        done(self.steps(settings, shuffle_seed))

    def steps(self, settings: Settings, shuffle_seed: Sequence[int]) -> Work[None]:
        """Train one epoch, with a pause after each step."""
        size, rate = settings.batch_size, np.array(settings.learning_rate)
        if not self.n_train:  # all points are erased: there is nothing to learn from
            return
        if size is None or size >= self.n_train:
            self._forward()
            yield
            learnt = self._sample_passes[0]
            learnt.backward(self.weights, learnt.inputs, self._train_targets, self._gradients)
            self._step(settings, rate, learnt)
            yield
        else:
            batches = self._batches_of(size)
            batches.shuffle(self._order(size, shuffle_seed))
            for run, inputs, targets in batches:
                run.forward(self.weights, inputs)
                run.backward(self.weights, inputs, targets, self._gradients)
                self._step(settings, rate, run)
                yield
        self._passed = False

    def step_with(self, sample: int, settings: Settings, shuffle_seed: Sequence[int]) -> Step:
        """The step of the coming epoch in which training ``sample`` takes part.

        The epoch is trained, then the state before it is restored.
        """
        size = min(settings.batch_size or self.n_train, self.n_train)
        order = self._order(size, shuffle_seed)
        number = int(np.flatnonzero(order == sample)[0]) // size
        kept = self.state.copy()
        wanted = int(kept[-1]) + number + 1
        seen: list[Array] = []

        def update(w: Array, g: Array, memory: Array, rate: Rate, t: int) -> None:
            if t == wanted:
                seen.extend([w.copy(), memory.copy(), g.copy()])  # a rule may write over g
            settings.optimiser.update(w, g, memory, rate, t)
            if t == wanted:
                seen.extend([w.copy(), memory.copy()])

        spied = replace(settings.optimiser, update=update)
        try:
            self.epoch(replace(settings, optimiser=spied), shuffle_seed)
        finally:
            self.load(kept)
        before, memory_before, gradient, after, memory_after = seen
        slots = settings.optimiser.slots
        return Step(
            batch=number + 1,
            n_batches=-(-self.n_train // size),
            samples=order[number * size : (number + 1) * size],
            before=matrices(before, self.sizes),
            after=matrices(after, self.sizes),
            gradient=matrices(gradient, self.sizes),
            memory_before=[matrices(slot, self.sizes) for slot in memory_before[:slots]],
            memory_after=[matrices(slot, self.sizes) for slot in memory_after[:slots]],
            t=wanted,
            settings=settings,
        )

    def steps_of_epoch(self, settings: Settings, shuffle_seed: Sequence[int]) -> EpochSteps:
        """Train the next epoch, collect its steps, and restore the state before it."""
        if not self.n_train:
            return EpochSteps([], [], [])
        size = min(settings.batch_size or self.n_train, self.n_train)
        order = self._order(size, shuffle_seed)
        kept = self.state.copy()
        weights: list[Array] = []
        corrections: list[int] = []

        def update(w: Array, g: Array, memory: Array, rate: Rate, t: int) -> None:
            settings.optimiser.update(w, g, memory, rate, t)
            weights.append(w.copy())
            corrections.append(int(self.state[-2] - kept[-2]))

        try:
            spied = replace(settings.optimiser, update=update)
            self.epoch(replace(settings, optimiser=spied), shuffle_seed)
        finally:
            self.load(kept)
        batches = [order[start : start + size] for start in range(0, self.n_train, size)]
        return EpochSteps(batches, [matrices(w, self.sizes) for w in weights], corrections)

    def train(self, settings: Settings, shuffle_seeds: Sequence[Sequence[int]]) -> Array:
        """Train one epoch for each of up to ``longest`` seeds; the metrics at the end of each.

        A row of four an epoch: mean loss of train and test, then accuracy of train and test;
        test values are NaN where there is no test part.

        Recording costs little: the forward pass it takes is the one the next whole-batch epoch
        starts with, and the metrics of all epochs are worked out together at the end.
        """
        return done(self.training(settings, shuffle_seeds))

    def training(self, settings: Settings, shuffle_seeds: Sequence[Sequence[int]]) -> Work[Array]:
        """Train as :meth:`train` does, with pauses within an epoch and between epochs.

        If it is called off, the state is that of the pause, and has to be loaded again.
        """
        return self._metrics((yield from self._train(settings, shuffle_seeds, None)))

    def train_for_losses(
        self,
        settings: Settings,
        shuffle_seeds: Sequence[Sequence[int]],
        after: Callable[[], None] | None = None,
    ) -> Array:
        """Train as :meth:`train` does; the mean loss of the training part at the end of each.

        ``after`` is called at the end of each epoch, where it may read ``weights``.
        """
        recorded = done(self._train(settings, shuffle_seeds, after))[..., : self.n_train]
        logits, outputs = recorded.transpose(1, 2, 0, 3)
        losses = self._output.losses(logits, outputs, self._train_targets[:, None])
        return np.add.reduceat(losses, [0], axis=1)[:, 0] / self.n_train  # summed as metrics are

    def evaluate(self) -> Array:
        """The row of metrics of the weights as they are now."""
        self._forward()
        return self._metrics(_side_by_side([each.latest for each in self._sample_passes]))[0]

    def is_finite(self, rows: Array) -> bool:
        """Whether the losses in ``rows`` of metrics and all weights are numbers still."""
        return self.are_finite(rows[:, self._parts])

    def are_finite(self, losses: Array) -> bool:
        """Whether these losses and all weights are numbers still."""
        return math.isfinite(losses.sum() + np.dot(self._flat, self._zeros))  # ∞ · 0 is NaN

    def _train(
        self,
        settings: Settings,
        shuffle_seeds: Sequence[Sequence[int]],
        after: Callable[[], None] | None,
    ) -> Work[Array]:
        """Logits and outputs at the end of each epoch, ``(epochs, 2, units, n)``."""
        for epoch, seed in enumerate(shuffle_seeds):
            yield from self.steps(settings, seed)
            for each in self._sample_passes:
                each.write_to(epoch)
            self._forward()
            if after:
                after()
        return _side_by_side([each.recorded[: len(shuffle_seeds)] for each in self._sample_passes])

    def _metrics(self, recorded: Array) -> Array:
        """Of logits and outputs ``(epochs, 2, units, n)``."""
        logits, outputs = recorded.transpose(1, 2, 0, 3)  # (units, epochs, n) each
        rows = np.full((logits.shape[1], 2, 2), math.nan)
        if len(self._starts):  # each epoch's sums over the parts that there are
            losses = self._output.losses(logits, outputs, self.targets[:, None])
            correct = self._output.classes(logits) == self.labels
            sums = np.add.reduceat(np.concatenate([losses, correct]), self._starts, axis=1)
            means = sums.reshape(2, len(rows), -1) / self._counts
            rows[:, :, self._parts] = means.swapaxes(0, 1)
        return rows.reshape(-1, 4)

    def _forward(self) -> None:
        if not self._passed:
            for each in self._sample_passes:
                each.forward(self.weights)
            self._passed = True

    def _order(self, size: int, shuffle_seed: Sequence[int]) -> NDArray[np.intp]:
        """Training samples in the order an epoch goes through them, in batches of ``size``."""
        if size == self.n_train:
            return np.arange(size)
        return np.random.default_rng(shuffle_seed).permutation(self.n_train)

    def _batches_of(self, size: int) -> Batches:
        if self._batches is None or self._batches.size != size:
            inputs = self.inputs[:, : self.n_train]
            self._batches = Batches(size, inputs, self._train_targets, self._pass_over)
        return self._batches

    def _pass_over(self, size: int) -> Pass:
        return Pass(self.sizes, size, self._activation, self._output)

    def _step(self, settings: Settings, rate: Array, run: Pass | SamplePass) -> None:
        """A step after the backward pass ``run``.

        ``rate`` is the learning rate as an array, taken up sooner than a Python number.
        """
        if not self._output.graded:
            self.state[-2] += run.n_wrong
        np.multiply(self._gradient, run.share, self._gradient)  # the mean over samples
        if settings.l1 or settings.l2:
            slope = penalty_slope(self._flat, settings.l1, settings.l2)
            slope *= self._is_weight
            self._gradient += slope
        self.state[-1] = t = int(self.state[-1]) + 1
        settings.optimiser.update(self._flat, self._gradient, self._memory, rate, t)


def _side_by_side(columns: Sequence[Array]) -> Array:
    return columns[0] if len(columns) == 1 else np.concatenate(columns, axis=-1)
