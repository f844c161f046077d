"""The picture in a reply: arrays of a run at its epoch for the browser to draw."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.field import Field, Grid
from ..analysis.snapshot import Plane, Snapshot
from ..choices.inputs import INPUTS
from ..problems import Problem
from ..recipe.look import has_units
from ..training.descent import EpochSteps
from ..training.history import METRICS
from ..training.network import Network
from ..training.trainer import Trainer
from .requests import Arrays, Header, Request, RequestError


def check(request: Request, sizes: Sequence[int]) -> None:
    """Raise :class:`RequestError` if a request names units that the network does not have."""
    for name in ("unit", "space"):
        place = request[name]
        if place is not None and not has_units(sizes, *place):
            raise _no_units(name, list(place), sizes)
    windows = request.values.get("network")
    if windows is not None and not _are_valid(windows, sizes):
        raise _no_units("network", windows, sizes)


def picture(snapshot: Snapshot, request: Request) -> tuple[Header, Arrays]:
    """Header and arrays of the picture requested; the request has passed :func:`check`."""
    network, threshold, unit = snapshot.network, request["threshold"], request["unit"]
    lines = snapshot.lines_at(threshold)
    header: Header = {}
    arrays = _planes(snapshot.field) | _lines(lines)
    if request["predicted"]:
        header["threshold"] = threshold
        arrays["predicted"] = snapshot.predicted_at(threshold).astype("u1")
    if unit is not None:
        activations, scale = snapshot.unit_map(*unit)
        arrays["unit"] = _signed_bytes(activations)
        header["unitSeen"] = {"at": unit, "scale": scale, "bias": _bias(network, unit)}
    if (windows := request["network"]) is not None:
        maps, scales = snapshot.maps
        shown = [m[a : a + n] for m, (a, n) in zip(maps, windows, strict=True)]
        arrays["maps"] = _signed_bytes(np.concatenate(shown))
        arrays["weights"] = np.concatenate(list(_shown_weights(network, windows)))
        header["network"] = {"windows": windows, "scales": scales}
    if (space := request["space"]) is not None:
        arrays |= _hidden_space(snapshot, lines, space)
        header["space"] = space
    return header, arrays


def metrics(trainer: Trainer) -> Header:
    """Losses and accuracies of this epoch, by name."""
    latest = trainer.rows(trainer.epoch)[0].tolist()
    return {name: finite_or_none(value) for name, value in zip(METRICS, latest, strict=True)}


def probe(snapshot: Snapshot, point: tuple[float, float]) -> Header:
    """The outputs of the network at a point."""
    logits, probabilities = snapshot.outputs(point)
    return {
        "at": point,
        "logits": list(map(finite_or_none, logits.tolist())),
        "probabilities": list(map(finite_or_none, probabilities.tolist())),
    }


def scene(trainer: Trainer, plane: Plane) -> Header:
    """What stays the same over all epochs: the axes, the classes and the layers."""
    data, recipe = trainer.dataset, trainer.recipe
    return {
        "features": data.features,
        "classNames": data.class_names,
        "nAtStart": len(data.at_start),
        "extent": [plane.extent.x1, plane.extent.x2],
        "sharedUnit": data.shares_scale,
        "sizes": recipe.sizes,
        "inputs": [INPUTS[name].label for name in recipe.inputs],
    }


def points(trainer: Trainer) -> tuple[Header, Arrays]:
    """The points of this epoch; where any were drawn, their name and the points' numbers too."""
    data = trainer.dataset
    header: Header = {"data": trainer.data_key}
    arrays = {
        "trainPoints": data.train.astype("<f4"),
        "trainLabels": data.train_labels.astype("u1"),
        "testPoints": data.test.astype("<f4"),
        "testLabels": data.test_labels.astype("u1"),
    }
    if data.numbers is not None:
        arrays["numbers"] = data.numbers.astype("<u4")
    return header, arrays


def steps_taken(after_steps: tuple[EpochSteps, int], trainer: Trainer) -> Header:
    """Steps of the next epoch that the picture includes, and the training samples of the last."""
    steps, taken = after_steps
    last, before = steps.corrections[taken - 1], steps.corrections[taken - 2] if taken > 1 else 0
    return {
        "steps": taken, "samples": steps.samples[taken - 1].tolist(), "wrong": last > before,
        "corrections": (trainer.corrections or 0) + last,
    }  # fmt: skip


def detail(trainer: Trainer, plane: Plane, request: Request, stop: int) -> tuple[Header, Arrays]:
    """Rows of the picture on a finer grid, from the ``first`` one up to ``stop``.

    The boundary lines reach down to the row before, where those of the rows below end.
    """
    first, space = request["first"], request["space"]
    below = max(0, first - 1)
    grid = Grid(plane.extent, plane.preparation, request["size"]).band(below, stop)
    snapshot = Snapshot(trainer, plane.on(grid), since=trainer.epoch)
    lines = snapshot.lines_at(request["threshold"]) if stop - below > 1 else []
    header: Header = {"type": "detail", "epoch": trainer.epoch, "first": first}
    own = slice(first - below, None)
    arrays = {"planes": _planes(snapshot.field)["planes"][:, own]} | _lines(lines)
    if request["unit"] is not None:
        activations, _ = snapshot.unit_map(*request["unit"])
        arrays["unit"] = _signed_bytes(activations[own])
    if space is not None:
        arrays["spaceLines"] = _in_space(snapshot, lines, space)
    return header, arrays


def _are_valid(windows: Sequence[tuple[int, int]], sizes: Sequence[int]) -> bool:
    return len(windows) == len(sizes) and all(
        first + number <= size for (first, number), size in zip(windows, sizes, strict=True)
    )


def _no_units(name: str, named: Any, sizes: Sequence[int]) -> RequestError:
    pattern = "{subject} must name units of {rule}; got {offender}"
    rule, listed = "layers of {sizes} units", list(sizes)
    return RequestError(Problem(name, rule, named, pattern=pattern, sizes=listed))


def _hidden_space(
    snapshot: Snapshot, lines: list[NDArray[np.float64]], place: Sequence[int]
) -> Arrays:
    """Mesh, points and boundary lines of the plane in the coordinates of two units."""
    (layer, *units), plane, network = place, snapshot.plane, snapshot.network
    return {
        "spaceMesh": _clipped(plane.space.mesh(network, layer, units)),
        "spacePoints": _clipped(plane.space.points(network, plane.samples, layer, units)),
        "spaceLines": _in_space(snapshot, lines, place),
    }


def _in_space(
    snapshot: Snapshot, lines: list[NDArray[np.float64]], place: Sequence[int]
) -> NDArray[Any]:
    """Points of lines in the coordinates of two units, ``(n, 2)``."""
    (layer, *units), ends = place, np.concatenate([*lines, np.empty((0, 2))])
    return _clipped(snapshot.plane.space.points(snapshot.network, ends, layer, units))


def _shown_weights(network: Network, windows: Sequence[tuple[int, int]]) -> Iterator[NDArray[Any]]:
    """The weights between the units shown, per layer and flattened; row 0 holds the biases."""
    for w, ((below, rows), (above, columns)) in zip(
        network.weights, pairwise(windows), strict=True
    ):
        part = w[:, above : above + columns]
        yield _clipped(np.concatenate([part[:1], part[1 + below : 1 + below + rows]])).ravel()


def _bias(network: Network, unit: Sequence[int]) -> float | None:
    layer, index = unit
    return finite_or_none(float(network.weights[layer - 1][0, index])) if layer else None


def _clipped(numbers: NDArray[Any]) -> NDArray[Any]:
    """As float32; larger numbers become the largest float32."""
    largest = float(np.finfo(np.float32).max)
    return np.clip(numbers, -largest, largest).astype("<f4")


def _signed_bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Values −1…1 as bytes 1…255; 128 is exactly 0."""
    return (np.clip(values, -1.0, 1.0) * 127.0 + 128.5).astype("u1")


def _planes(field: Field) -> Arrays:
    """Probabilities as bytes, 255 for 1; of two classes only class 1."""
    planes = field.probabilities[1:] if len(field.probabilities) == 2 else field.probabilities
    return {"planes": (planes * np.float32(255) + np.float32(0.5)).astype("u1")}


def _lines(lines: list[NDArray[np.float64]]) -> Arrays:
    """Boundary polylines, concatenated, and the index at which each starts."""
    starts = list(accumulate((len(line) for line in lines), initial=0))[:-1]
    return {
        "lines": np.concatenate([*lines, np.empty((0, 2))]).astype("<f4"),
        "lineStarts": np.array(starts, dtype="<u4"),
    }


def finite_or_none(value: float) -> float | None:
    """A number for JSON: NaN (no test part) and infinity (overflow) become None."""
    return value if math.isfinite(value) else None
