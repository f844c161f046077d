"""The batches of an epoch, laid out once and filled anew for each epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .network import Pass

Array = NDArray[Any]


class Batches:
    """The batches of an epoch, as views of arrays that every epoch fills anew.

    Iterating gives a :class:`Pass`, inputs ``(1 + n_inputs, size)`` and targets ``(units, size)``
    for each; the last one may be short.
    """

    def __init__(self, size: int, inputs: Array, targets: Array, pass_over: Callable[[int], Pass]):
        # samples in rows, to be gathered row by row
        self._inputs = np.ascontiguousarray(inputs.T)
        self._targets = np.ascontiguousarray(targets.T)
        self._taken_inputs = np.empty_like(self._inputs)
        n, units = self._targets.shape
        whole = n - n % size  # samples in batches of the full size
        room = np.empty(n * units)
        # each batch's targets lie together, so that NumPy goes through them in one loop
        self._blocks = room[: whole * units].reshape(-1, units, size)
        self._rest = room[whole * units :].reshape(units, n - whole)
        passes = {each: pass_over(each) for each in (size, n - whole) if each}
        parts = [*self._blocks, self._rest][: -(-n // size)]
        self._parts = [
            (passes[part.shape[1]], self._taken_inputs[i * size : (i + 1) * size].T, part)
            for i, part in enumerate(parts)
        ]
        self.size = size

    def shuffle(self, order: NDArray[np.intp]) -> None:
        """Put the samples in this order."""
        self._inputs.take(order, axis=0, out=self._taken_inputs, mode="clip")  # without a copy
        targets, (n_blocks, units, size) = self._targets[order], self._blocks.shape
        whole = n_blocks * size
        self._blocks[:] = targets[:whole].reshape(n_blocks, size, units).swapaxes(1, 2)
        self._rest[:] = targets[whole:].T

    def __iter__(self) -> Iterator[tuple[Pass, Array, Array]]:
        return iter(self._parts)
