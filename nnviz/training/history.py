"""The metrics of every epoch of a run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

METRICS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")

BLOCK = 512  # epochs


class History:
    """Rows of metrics by epoch, in the order of ``METRICS``.

    They are stored in blocks: a long run then takes memory little by little. One array that is
    copied to a larger one leaves holes, and a browser's WebAssembly never gives memory back.
    """

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.float64]] = []  # each (BLOCK, 4)

    def __copy__(self) -> History:
        other = History()
        other._blocks = [block.copy() for block in self._blocks]
        return other

    @property
    def nbytes(self) -> int:
        """Bytes of all blocks."""
        return sum(block.nbytes for block in self._blocks)

    def put(self, epoch: int, rows: NDArray[np.float64]) -> None:
        """Write ``rows`` ``(n, 4)`` from ``epoch`` on, which is at most the first not known."""
        while len(rows):
            number, at = divmod(epoch, BLOCK)
            if number == len(self._blocks):
                self._blocks.append(np.empty((BLOCK, len(METRICS))))
            room = BLOCK - at
            self._blocks[number][at : at + len(rows)] = rows[:room]
            epoch, rows = epoch + room, rows[room:]

    def rows(self, start: int, stop: int) -> NDArray[np.float64]:
        """Those of the epochs from ``start`` up to ``stop``, ``(n, 4)``; a view if it can be."""
        if start >= stop:
            return np.empty((0, len(METRICS)))
        first = start // BLOCK
        blocks = self._blocks[first : (stop - 1) // BLOCK + 1]
        joined = np.concatenate(blocks) if len(blocks) > 1 else blocks[0]
        return joined[start - first * BLOCK : stop - first * BLOCK]
