"""Training on any samples, several epochs at a time, until the loss settles."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from ..training.descent import Descent, Settings
from ..training.network import Network, penalty
from ..training.trainer import SHUFFLE


class End(Enum):
    """Why training ended."""

    SETTLED = "the loss stopped falling"
    UNSETTLED = "the largest number of epochs was reached"
    INTERRUPTED = "a KeyboardInterrupt was raised"


@dataclass
class Fitting:
    """Trains ``descent``; ``losses`` holds the objective after every epoch so far.

    The objective is the mean loss over the training samples plus the penalties of ``settings``.
    ``seed`` and the number of an epoch determine its shuffle, as in a ``Trainer``.
    """

    descent: Descent
    settings: Settings
    seed: int
    losses: list[float] = field(default_factory=list)
    verbose: bool = False

    @property
    def longest(self) -> int:
        """Largest number of epochs of a stride: 1 if each is printed as soon as it is trained."""
        return 1 if self.verbose else self.descent.longest

    def settle(self, most: int, tolerance: float, patience: float) -> End:
        """Train until the loss settles, for ``most`` epochs at most.

        It has settled when it has not been ``tolerance`` below the best one for more than
        ``patience`` consecutive epochs. A ``KeyboardInterrupt`` in the first epoch is raised.
        """
        best, idle = math.inf, 0
        start = len(self.losses)
        while (trained := len(self.losses) - start) < most:
            # the loss cannot settle before the last of these epochs
            epochs = int(min(most - trained, self.longest, patience - idle + 1))
            try:
                losses = self.stride(epochs)
            except KeyboardInterrupt:
                if len(self.losses) == start:
                    raise
                return End.INTERRUPTED
            for loss in losses:
                idle = idle + 1 if loss > best - tolerance else 0
                best = min(best, loss)
            if idle > patience:
                return End.SETTLED
        return End.UNSETTLED

    def stride(self, epochs: int) -> list[float]:
        """Train up to ``epochs`` more epochs, at least 1; return the objective after each.

        ``epochs`` is at most ``longest``. A ``KeyboardInterrupt`` keeps the complete epochs.
        Raises ``ValueError`` if the objective is not finite after the first of them.
        """
        before = self.descent.state.copy()
        try:
            losses, finite = self._train(epochs)
        except BaseException as reason:
            complete = self.descent.epochs_since(before, self.settings)
            self.descent.load(before)
            if complete and isinstance(reason, KeyboardInterrupt):
                self.stride(complete)  # repeat only these
            raise
        if finite:
            return self._append(losses)
        self.descent.load(before)
        if epochs > 1:
            return self.stride(epochs // 2)
        raise ValueError(
            f"the loss must stay finite; got {losses[0]:g} in epoch {len(self.losses) + 1}: "
            f"learning rate {self.settings.learning_rate:g} is probably too large for these "
            "features, which may need scaling"
        )

    def _train(self, epochs: int) -> tuple[list[float], bool]:
        """Train ``epochs`` epochs; return the objective after each, and whether all is finite."""
        descent, l1, l2 = self.descent, self.settings.l1, self.settings.l2
        penalties: list[float] = []

        def append_penalty() -> None:
            penalties.append(sum(penalty(w[1:], l1, l2) for w in descent.weights))

        seeds = [(self.seed, SHUFFLE, len(self.losses) + i) for i in range(epochs)]
        after = append_penalty if l1 or l2 else None
        with np.errstate(all="ignore"):  # the loss shows an overflow
            losses = descent.train_for_losses(self.settings, seeds, after)
            if penalties:
                losses += penalties
            return losses.tolist(), descent.are_finite(losses)

    def _append(self, losses: list[float]) -> list[float]:
        for loss in losses:
            self.losses.append(loss)
            if self.verbose:
                print(f"epoch {len(self.losses)}, loss {loss:.8f}")
        return losses


def check_fits(network: Network, sizes: tuple[int, ...], output: str) -> None:
    """Raise ``ValueError`` if training of a network cannot continue with these parameters."""
    if sizes[1:-1] != network.sizes[1:-1]:
        raise ValueError(
            f"hidden_layer_sizes must be {network.sizes[1:-1]} to continue with the same network; "
            f"got {sizes[1:-1]}"
        )
    if output != network.output.name:
        raise ValueError(
            f"output must be {network.output.name} to continue with the same network; got {output}"
        )
