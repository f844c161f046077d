"""Small pictures of many runs: which class is the most probable, and how clearly."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ..training.pieces import Work
from ..training.trainer import Trainer
from .field import Extent, Grid

SIDE = 32  # grid points along each side
CLEAR = 31  # of a class that is certain; 0 where all classes are as probable


class Miniatures:
    """Makes them; the grid around a run's points is kept as long as the run."""

    def __init__(self) -> None:
        self._grids: WeakKeyDictionary[Trainer, Grid] = WeakKeyDictionary()

    def making(self, trainers: Sequence[Trainer]) -> Work[NDArray[np.uint8]]:
        """``(runs, SIDE, SIDE)``, first row at the bottom: 32 · class + 0…``CLEAR``.

        Pauses after each.
        """
        pictures = np.empty((len(trainers), SIDE, SIDE), dtype=np.uint8)
        for picture, trainer in zip(pictures, trainers, strict=True):
            probabilities = self._grid(trainer).field(trainer.network).probabilities
            most = probabilities.max(axis=0)
            even = 1 / len(probabilities)
            clear = (most - even) / (1 - even) * CLEAR
            picture[:] = probabilities.argmax(axis=0) * (CLEAR + 1) + np.rint(clear)
            yield
        return pictures

    def _grid(self, trainer: Trainer) -> Grid:
        grid = self._grids.get(trainer)
        if grid is None:
            grid = Grid(Extent.around(trainer.dataset), trainer.preparation, SIDE)
            self._grids[trainer] = grid
        return grid
