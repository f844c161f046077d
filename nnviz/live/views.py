"""What a reply shows of a trainer at its epoch: arrays for the browser to draw."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..boundary import Extent, Field, Grid, boundary_lines
from ..fields import shortly
from ..interior import Space, UnitMaps
from ..network import Network
from ..training import Trainer
from .requests import Look, RequestError

Arrays = dict[str, NDArray[Any]]
Header = dict[str, Any]


class View:
    """The plane of a trainer's data and what can be seen there; made once for a run."""

    def __init__(self, trainer: Trainer):
        data = trainer.dataset
        self.extent = Extent.around(data)
        self.grid = Grid(self.extent, trainer.preparation)
        self._maps, self._space = UnitMaps(self.grid), Space(self.grid)
        self._samples = np.concatenate([data.train, data.test])
        self._inputs = trainer.preparation.apply(self._samples)

    def check(self, look: Look, sizes: Sequence[int]) -> None:
        """Raise :class:`RequestError` where ``look`` names a unit the network does not have."""
        if look.unit:
            _check_units("unit", look.unit[0], look.unit[1:], sizes)
        if look.space:
            _check_units("space", look.space[0], look.space[1:], sizes)
        if look.windows is not None:
            fits = len(look.windows) == len(sizes)
            if not fits or any(
                first + number > size
                for (first, number), size in zip(look.windows, sizes, strict=True)
            ):
                got = shortly(look.windows)
                raise RequestError(
                    f"network must name units of layers of {list(sizes)} units; got {got}"
                )

    def picture(self, network: Network, look: Look) -> tuple[Header, Arrays]:
        """All that was asked for; ``check`` comes first."""
        log_odds = network.output.log_odds(look.threshold) if network.n_classes == 2 else 0.0
        field = self.grid.field(network)
        lines = boundary_lines(field, log_odds)
        header: Header = {}
        arrays = _planes(field) | _lines(lines)
        if look.called:
            header["threshold"] = look.threshold
            arrays["called"] = network.predict(self._inputs, look.threshold).astype("u1")
        if look.unit:
            said, scale = self._maps.large(network, *look.unit)
            arrays["unit"] = _signed_bytes(said)
            bias = _bias(network, look.unit)
            header["unitSeen"] = {"at": look.unit, "scale": scale, "bias": bias}
        if look.windows is not None:
            maps, scales = self._maps.small(network)
            shown = [m[a : a + n] for m, (a, n) in zip(maps, look.windows, strict=True)]
            arrays["maps"] = _signed_bytes(np.concatenate(shown))
            arrays["weights"] = np.concatenate(list(_shown_weights(network, look.windows)))
            header["network"] = {"windows": look.windows, "scales": scales}
        if look.space:
            arrays |= self._bent(network, lines, look.space)
            header["space"] = look.space
        return header, arrays

    def _bent(
        self, network: Network, lines: list[NDArray[np.float64]], space: Sequence[int]
    ) -> Arrays:
        layer, *units = space
        ends = np.concatenate([*lines, np.empty((0, 2))])
        places = {
            "spaceMesh": self._space.mesh(network, layer, units),
            "spacePoints": self._space.points(network, self._samples, layer, units),
            "spaceLines": self._space.points(network, ends, layer, units),
        }
        return {name: _cut(place) for name, place in places.items()}


def _shown_weights(network: Network, windows: Sequence[tuple[int, int]]) -> Iterator[NDArray[Any]]:
    """Each layer's weights between the units shown, the bias row first, row by row."""
    for w, ((below, rows), (above, columns)) in zip(
        network.weights, pairwise(windows), strict=True
    ):
        part = w[:, above : above + columns]
        yield _cut(np.concatenate([part[:1], part[1 + below : 1 + below + rows]])).ravel()


def _bias(network: Network, unit: Sequence[int]) -> float | None:
    layer, index = unit
    return finite(float(network.weights[layer - 1][0, index])) if layer else None


def _check_units(name: str, layer: int, units: Sequence[int], sizes: Sequence[int]) -> None:
    if layer >= len(sizes) or max(units) >= sizes[layer]:
        got = shortly([layer, *units])
        raise RequestError(f"{name} must name units of layers of {list(sizes)} units; got {got}")


def _cut(numbers: NDArray[Any]) -> NDArray[Any]:
    """As float32, without running over."""
    largest = float(np.finfo(np.float32).max)
    return np.clip(numbers, -largest, largest).astype("<f4")


def _signed_bytes(said: NDArray[Any]) -> NDArray[np.uint8]:
    """−1…1 as 1…255, so that 128 is exactly 0."""
    return (np.clip(said, -1.0, 1.0) * 127.0 + 128.5).astype("u1")


def _planes(field: Field) -> Arrays:
    """Probabilities as bytes, 255 for 1; with two classes only class 1, as class 0 is the rest."""
    planes = field.probabilities[1:] if len(field.probabilities) == 2 else field.probabilities
    return {"planes": (planes * np.float32(255) + np.float32(0.5)).astype("u1")}


def _lines(lines: list[NDArray[np.float64]]) -> Arrays:
    """Boundary polylines end to end, and where each starts."""
    starts = list(accumulate((len(line) for line in lines), initial=0))[:-1]
    return {
        "lines": np.concatenate([*lines, np.empty((0, 2))]).astype("<f4"),
        "lineStarts": np.array(starts, dtype="<u4"),
    }


def finite(value: float) -> float | None:
    """What JSON can carry: NaN stands for no test part, infinity for a run that overflowed."""
    return value if math.isfinite(value) else None
