"""One sample's way through a network and back, with every number on it.

The numbers a person would write down in the lecture's notation: ``z = Wᵀx``, ``o = φ(z)``,
the softmax with its shift, ``J``, and back by the chain rule, ``∂J/∂ŷ``, the Jacobian, ``δ``
and the gradient of every weight matrix. Written to be read, one sample at a time; the
training loop's own code is in :mod:`nnviz.training.network`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..training.network import Network

Array = NDArray[np.float64]

STEP = 1e-6  # h of the difference; a smaller h loses precision to rounding


@dataclass(frozen=True, eq=False)
class LayerStep:
    """What one layer does to a sample, forwards and backwards."""

    x: Array  # (n_in + 1,), with the constant 1 in front
    W: Array  # (n_in + 1, n_out), row 0 the bias
    z: Array  # Wᵀx, (n_out,)
    o: Array  # φ(z), or ŷ in the last layer, (n_out,)
    slope: Array | None  # φ′(z), (n_out,); None in the last layer, see ``Explanation.jacobian``
    delta: Array  # δ = ∂J/∂z, (n_out,)
    gradient: Array  # ∂J/∂W = x δᵀ, the shape of W


@dataclass(frozen=True, eq=False)
class Explanation:
    """Every number of one sample's pass; ``k`` is the number of output units."""

    y: Array  # the target, one-hot (k,); for a single unit 0 or 1, (1,)
    layers: tuple[LayerStep, ...]
    shift: float | None  # max z, taken off every z before the exponential; None without one
    exponentials: Array | None  # e^(z − shift), (k,); None without a shift
    loss: float  # J of this sample
    loss_slope: Array | None  # ∂J/∂ŷ, (k,); None for a step, which has no slope
    jacobian: Array | None  # ∂ŷ_i/∂z_j, (k, k); None for a step

    @property
    def y_hat(self) -> Array:
        """The output ŷ, ``(k,)``."""
        return self.layers[-1].o


def explain(network: Network, x: ArrayLike, label: int) -> Explanation:
    """One sample ``x`` of shape ``(n_inputs,)`` and its class, through ``network`` and back.

    ``jacobian.T @ loss_slope`` is ``ŷ − y`` by the chain rule, unless a ŷ is so small that
    ``1/ŷ`` overflows; δ of the last layer is ŷ − y as it is.
    Raises ``ValueError`` where the shape or the label does not fit the network.
    """
    inputs = np.asarray(x)
    if inputs.shape != (network.sizes[0],):
        raise ValueError(f"x must have shape ({network.sizes[0]},); got {inputs.shape}")
    if not 0 <= label < network.n_classes:
        raise ValueError(f"label must be 0…{network.n_classes - 1}; got {label}")
    y = network.output.targets(np.array([label]), network.n_classes)[:, 0]
    xs, zs, outs, slopes = _forward(network, inputs)
    deltas = _deltas(network.weights, outs[-1] - y, slopes)
    output, z, y_hat = network.output, zs[-1], outs[-1]
    shift = float(z.max()) if output.shifts else None
    loss = output.losses(z[:, None], y_hat[:, None], y[:, None])
    return Explanation(
        y=y,
        layers=tuple(
            LayerStep(x, w, z, o, slope, delta, np.outer(x, delta))
            for x, w, z, o, slope, delta in zip(
                xs, network.weights, zs, outs, [*slopes, None], deltas, strict=True
            )
        ),
        shift=shift,
        exponentials=np.exp(z - shift) if shift is not None else None,
        loss=float(loss[0]),
        loss_slope=output.slopes.loss(y_hat, y) if output.slopes else None,
        jacobian=output.slopes.jacobian(z, y_hat) if output.slopes else None,
    )


def finite_difference(
    network: Network,
    x: ArrayLike,
    label: int,
    at: tuple[int, int, int],
    h: float = STEP,
) -> float:
    """``(J(w + h) − J(w − h)) / 2h`` of one sample for the weight ``at`` (layer, row, column).

    It leaves the network as it is, and comes within some ``h²`` of the gradient, where J bends
    smoothly. Raises ``IndexError`` for a weight that is not there.
    """
    above, below = nudged_losses(network, x, label, at, h)
    return (above - below) / (2 * h)


def nudged_losses(
    network: Network, x: ArrayLike, label: int, at: tuple[int, int, int], h: float = STEP
) -> tuple[float, float]:
    """``J(w + h)`` and ``J(w − h)`` of one sample; see :func:`finite_difference`."""
    layer, row, column = at
    losses = []
    for step in (h, -h):
        weights = [w.copy() for w in network.weights]
        weights[layer][row, column] += step
        moved = Network(weights, network.activation.name, network.output.name)
        losses.append(explain(moved, x, label).loss)
    return losses[0], losses[1]


def _forward(
    network: Network, inputs: Array
) -> tuple[list[Array], list[Array], list[Array], list[Array]]:
    """Inputs, z and o of every layer, and φ′(z) of the hidden ones."""
    run = network.forward(inputs[None])
    xs = [np.array([1.0, *inputs]), *(units[:, 0] for units in run.units)]
    zs = [z[:, 0] for z in (*run.z, run.logits)]
    outs = [*(x[1:] for x in xs[1:]), run.outputs[:, 0]]
    slopes = [network.activation.slope(z, o, None) for z, o in zip(zs, outs[:-1], strict=False)]
    return xs, zs, outs, slopes


def _deltas(weights: Sequence[Array], last: Array, slopes: Sequence[Array]) -> list[Array]:
    """δ of every layer from that of the last: W δ of the layer above, times φ′(z)."""
    deltas = [last]
    for w, slope in zip(reversed(weights[1:]), reversed(slopes), strict=True):
        deltas.insert(0, (w[1:] @ deltas[0]) * slope)  # without the bias, which has no unit below
    return deltas
