"""A descent on somebody's own samples, epoch by epoch, until its loss settles."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from ..descent import Descent, Settings
from ..network import Network, penalty
from ..training import SHUFFLE


class End(Enum):
    """Why training ended."""

    SETTLED = "the loss no longer fell"
    UNSETTLED = "no more epochs were asked for"
    INTERRUPTED = "a key was pressed"


@dataclass
class Fitting:
    """Trains ``descent`` further; ``losses`` holds the objective after every epoch so far.

    The objective is the mean loss over the training samples plus the penalties of ``settings``.
    ``seed`` decides the shuffles, each by the number of its epoch, as in a ``Trainer``.
    """

    descent: Descent
    settings: Settings
    seed: int
    losses: list[float] = field(default_factory=list)
    verbose: bool = False

    def epoch(self) -> float:
        """Train one epoch, whole or not at all; the objective after it.

        Raises ``ValueError`` where it is no longer finite.
        """
        before = self.descent.state.copy()
        try:
            loss = self._epoch()
        except BaseException:
            self.descent.load(before)
            raise
        self.losses.append(loss)
        if self.verbose:
            print(f"epoch {len(self.losses)}, loss {loss:.8f}")
        return loss

    def settle(self, most: int, tolerance: float, patience: float) -> End:
        """Train until the loss settles, for ``most`` epochs at most.

        It has settled when it was not ``tolerance`` below the best one for more than
        ``patience`` epochs on end. An interruption before the first epoch is over is raised.
        """
        best, idle = math.inf, 0
        for trained in range(most):
            try:
                loss = self.epoch()
            except KeyboardInterrupt:
                if not trained:
                    raise
                return End.INTERRUPTED
            idle = idle + 1 if loss > best - tolerance else 0
            best = min(best, loss)
            if idle > patience:
                return End.SETTLED
        return End.UNSETTLED

    def _epoch(self) -> float:
        settings = self.settings
        with np.errstate(all="ignore"):  # what overflows is told by the loss
            rows = self.descent.train(settings, [(self.seed, SHUFFLE, len(self.losses))])
            loss = float(rows[0, 0])
            loss += sum(penalty(w[1:], settings.l1, settings.l2) for w in self.descent.weights)
            if self.descent.is_finite(rows) and math.isfinite(loss):
                return loss
        raise ValueError(
            f"the loss must stay finite; got {loss:g} in epoch {len(self.losses) + 1}: learning "
            f"rate {settings.learning_rate:g} is probably too large for these features, which "
            "may want scaling"
        )


def check_fits(network: Network, sizes: tuple[int, ...], output: str) -> None:
    """Raise ``ValueError`` where a network cannot be trained on with these parameters."""
    if sizes[1:-1] != network.sizes[1:-1]:
        raise ValueError(
            f"hidden_layer_sizes must be {network.sizes[1:-1]} to go on with the network there is; "
            f"got {sizes[1:-1]}"
        )
    if output != network.output.name:
        raise ValueError(
            f"output must be {network.output.name} to go on with the network there is; got {output}"
        )
