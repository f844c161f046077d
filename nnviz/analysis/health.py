"""Which hidden units still learn: those whose slope φ′ is not flat at the training points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..choices.activations import ACTIVATIONS, Activation
from ..notation import counted
from ..training.network import Network

Array = NDArray[np.float64]

FLAT = 0.05  # of φ's largest slope; below it a slope counts as flat
MOST = 0.9  # of the samples, for which a saturated unit is flat
_FLAT, _MOST = f"{100 * FLAT:g} %", "nine in ten"  # both in words

RULE = (
    "A unit is dead if its slope φ′(z) is 0 for every training point: it passes no gradient. "
    f"It is saturated if its slope is below {_FLAT} of φ's largest slope for at least {_MOST} "
    "training points: it hardly learns."
)


@dataclass(frozen=True, eq=False)
class Health:
    """The units of one hidden layer, ``(units,)`` each: dead, or else saturated, by ``RULE``.

    Units of the identity, whose slope is 1 everywhere, are neither.
    """

    dead: NDArray[np.bool_]
    saturated: NDArray[np.bool_]


def pre_activations(network: Network, X: ArrayLike) -> list[Array]:
    """z of every hidden layer, ``(units, n_samples)``, for inputs ``(n_samples, n_inputs)``."""
    return network.forward(X).z


def health(activation: Activation, z: Array) -> Health:
    """Which units of a layer are dead or saturated, from its ``z``, ``(units, n_samples)``."""
    slopes = slopes_at(activation, z)
    dead = (slopes == 0).all(axis=1)
    saturated = is_flat(activation, slopes).mean(axis=1) >= MOST
    return Health(dead, saturated & ~dead)


def sentence(activation: Activation, layer: int, found: Health) -> str | None:
    """A warning about hidden ``layer``, from 1; None unless over half of it hardly learns."""
    n, dead, saturated = len(found.dead), int(found.dead.sum()), int(found.saturated.sum())
    if 2 * (dead + saturated) <= n:
        return None
    if not activation.passes_gradient:
        none = "its unit does not learn" if n == 1 else f"none of its {n} units learns"
        return (
            f"Layer {layer}: the slope of a {activation.label} is 0 everywhere, so no gradient "
            f"passes and {none}."
        )
    silent = "has slope 0 for every training point, so that its weights no longer change"
    flat = (
        f"lies where φ is flat (a slope under {_FLAT} of its largest) for {_MOST} training points "
        "or more, so that it hardly learns"
    )
    if not saturated:
        return f"Layer {layer}: {_part(dead, n, 'dead')}. A dead unit {silent}."
    if not dead:
        return f"Layer {layer}: {_part(saturated, n, 'saturated')}. A saturated unit {flat}."
    return (
        f"Layer {layer}: of {counted(n, 'unit')}, {dead} dead and {saturated} saturated. "
        f"A dead unit {silent}; a saturated one {flat}."
    )


def _part(number: int, n: int, kind: str) -> str:
    return f"its unit is {kind}" if n == 1 else f"{number} of {n} units {kind}"


def remedy(activation: Activation) -> str:
    """What helps a layer of which :func:`sentence` warns."""
    if not activation.passes_gradient:
        return "Choose another activation."
    return "Try a smaller learning rate, a new start or another activation."


def advice(activation: Activation, layers: Sequence[Health]) -> str | None:
    """One line about the first hidden layer that hardly learns, with a remedy; None without one."""
    for layer, found in enumerate(layers, start=1):
        if sentence(activation, layer, found) is not None:
            return f"Layer {layer} {_failing(activation, found)}. {remedy(activation)}"
    return None


def _failing(activation: Activation, found: Health) -> str:
    n, dead, saturated = len(found.dead), int(found.dead.sum()), int(found.saturated.sum())
    if not activation.passes_gradient:
        return f"cannot learn: the slope of a {activation.label} is 0 everywhere"
    kinds = [kind for kind, count in (("dead", dead), ("saturated", saturated)) if count]
    units = "its unit is" if n == 1 else f"{dead + saturated} of {n} units are"
    return f"hardly learns: {units} {' or '.join(kinds)}"


def slopes_at(activation: Activation, z: Array) -> Array:
    """φ′ at ``z``, which is left as it is; same shape."""
    z = np.array(z, dtype=np.float64)
    with np.errstate(all="ignore"):
        return np.asarray(activation.slope(z, activation.value(z, None), None), dtype=np.float64)


def is_flat(activation: Activation, slopes: Array) -> NDArray[np.bool_]:
    """Where ``slopes`` are flat; everywhere for a φ without any slope."""
    largest = largest_slope(activation.name)
    return np.abs(slopes) < FLAT * largest if largest else np.full(slopes.shape, True)


@cache
def largest_slope(name: str) -> float:
    """The largest |φ′| of the activation ``name``."""
    grid = np.linspace(-10.0, 10.0, 2001)  # with 0, where the bell-shaped slopes are highest
    return float(np.abs(slopes_at(ACTIVATIONS[name], grid)).max())
