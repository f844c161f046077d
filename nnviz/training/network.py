"""A feed-forward network in the lecture's convention, and one pass through it and back.

A layer is one matrix ``W`` of shape ``(n_in + 1, n_out)`` whose row 0 is the bias ``w_0``;
its input carries a 1 in front, and ``z = Wᵀx``. Public arrays have samples in rows; inside
a :class:`Pass` samples stand in columns, because NumPy then works along long rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..choices.activations import ACTIVATIONS, Activation
from ..choices.inputs import with_ones
from ..choices.outputs import OUTPUTS, Output

Array = NDArray[Any]
# logits, outputs, and those of them that are learnt from
OutputBuffers = tuple[Array, Array, Array]

CACHE_LINE = 64  # bytes
SMALL = 1_000_000  # multiplications; OpenBLAS takes two thirds of the time a piece for fewer


class Pass:
    """Buffers for one forward and backward pass over ``n`` samples, made once, used often.

    ``sizes`` are the units of every layer, inputs first. Only the first ``learn`` columns
    take part in the backward pass (all by default); the others are only evaluated.

    A forward pass leaves ``logits`` and ``outputs`` of the last layer. With ``keep`` it leaves
    ``z`` and ``units`` of every hidden layer too, ``(n_out, n)`` and, with the constant 1 in
    row 0, ``(n_out + 1, n)``. Without it, layers share what memory they can, so that a deep
    network fits into the processor's cache. ``block`` is the number of columns that wide layers
    are multiplied at a time, all by default.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        n: int,
        activation: Activation,
        output: Output,
        *,
        learn: int | None = None,
        keep: bool = False,
        block: int | None = None,
        dtype: Any = np.float64,
    ):
        self.activation, self.output = activation, output
        self.learn = n if learn is None else learn
        self._block = block or max(n, 1)
        self.share = np.array(1.0 / max(self.learn, 1))  # of one sample in the mean loss
        hidden, learns = sizes[1:-1], self.learn > 0
        # a hidden layer's outputs with the constant 1 in row 0, ready for the next layer
        in_use = len(hidden) if keep or learns else 2  # one is read and the next is written
        self.units = _buffers([size + 1 for size in hidden], n, in_use, dtype)
        for units in self.units:
            units[0] = 1.0
        # in the backward pass φ′(z) is written over z
        in_use = len(hidden) if keep or (learns and activation.slope_reads_z) else 1
        self.z = _buffers(hidden, n, in_use, dtype)
        # errors ∂J/∂z of every layer. Columns that are not learnt from have error 0 in the last
        # layer, and so in all: their loss is no part of J
        width = n if learns else 0
        self._errors = [*_buffers(hidden, width, 2, dtype), aligned((sizes[-1], width), dtype)]
        self._take_views()
        self.write_to(self.buffers_in(aligned((2, sizes[-1], n), dtype)))

    @property
    def n_wrong(self) -> int:
        """After a backward pass: how many training samples have an output other than the target."""
        return int(np.count_nonzero(self._learnt_error.any(axis=0)))

    def _take_views(self) -> None:
        """Take the views that every pass needs; in small batches that costs as much as a pass."""
        self._weights: Sequence[Array] | None = None  # whose views are held
        self._values = [units[1:] for units in self.units]
        self._learnt_error = self._errors[-1][:, : self.learn]
        # of a hidden layer's inputs and z; the first layer has few inputs
        pairs = zip(self.units, self.z[1:], strict=False)
        self._blocks = [[], *(self._blocks_of(below, z) for below, z in pairs)]
        turned = [error.T for error in self._errors]
        self._lowest_error = turned[0]
        blocks = [self._blocks_of(above, own) for own, above in pairwise(self._errors)]
        # of every hidden layer from the last one down: its units, values and z; its own error and
        # that of the layer above, in blocks and turned too; and the number of the layer above
        layers = zip(self.units, self._values, self.z, self._errors, self._errors[1:], blocks,
                     turned[1:], range(1, len(self._errors)), strict=False)  # fmt: skip
        self._downwards = list(layers)[::-1]

    def _blocks_of(self, right: Array, out: Array) -> list[tuple[Array, Array]]:
        """Both in blocks of columns, where a product ``out = W right`` is to be made in such."""
        n = out.shape[1]
        if n <= self._block or len(right) * out.size <= SMALL:
            return []
        cuts = [slice(start, start + self._block) for start in range(0, n, self._block)]
        return [(right[:, cut], out[:, cut]) for cut in cuts]

    def _cache_views(self, weights: Sequence[Array]) -> None:
        """Take views of the weights: turned, and without the biases."""
        self._weights = weights
        self._turned = [w.T for w in weights]
        self._unbiased = [w[1:] for w in weights]

    def __getstate__(self) -> dict[str, Any]:
        """All buffers, copied; a copy takes views of its own, see :meth:`__setstate__`."""
        made_of = ("activation", "output", "learn", "share", "_block")
        own = {name: getattr(self, name) for name in made_of}
        own |= {name: [a.copy() for a in getattr(self, name)] for name in ("units", "z", "_errors")}
        return own | {"room": np.stack([self.logits, self.outputs])}

    def __setstate__(self, state: dict[str, Any]) -> None:
        room = state.pop("room")
        vars(self).update(state)
        self._take_views()
        self.write_to(self.buffers_in(room))

    def buffers_in(self, room: Array) -> OutputBuffers:
        """``room`` for logits and outputs, ``(2, units, n)``, as :meth:`write_to` takes it."""
        logits, outputs = room
        return logits, outputs, outputs[:, : self.learn]

    def write_to(self, buffers: OutputBuffers) -> None:
        """Where the next forward pass leaves logits and outputs."""
        self.logits, self.outputs, self._learnt_outputs = buffers

    def forward(self, weights: Sequence[Array], inputs: Array) -> Array:
        """Outputs ``(units, n)`` for inputs ``(1 + n_in, n)`` with the constant 1 in row 0.

        If the same list is passed again, it must hold the same arrays; their values may have
        changed.
        """
        if weights is not self._weights:
            self._cache_views(weights)
        below, value = inputs, self.activation.value
        for w, blocks, z, units, values in zip(
            self._turned, self._blocks, self.z, self.units, self._values, strict=False
        ):
            for part, out in blocks:  # z = Wᵀx
                np.matmul(w, part, out)
            if not blocks:
                w.dot(below, z)
            value(z, values)
            below = units
        self._turned[-1].dot(below, self.logits)
        return self.output.activate(self.logits, self.outputs)

    def backward(
        self, weights: Sequence[Array], inputs: Array, targets: Array, gradients: Sequence[Array]
    ) -> None:
        """Write the gradient of the summed loss by every weight into ``gradients``.

        Follows a :meth:`forward` with the same weights and inputs. ``targets`` has shape
        ``(units, learn)``.
        """
        np.subtract(self._learnt_outputs, targets, self._learnt_error)  # ∂J/∂z = ŷ − y
        if weights is not self._weights:
            self._cache_views(weights)
        slope = self.activation.slope
        for units, values, z, error, above, blocks, turned, layer in self._downwards:
            units.dot(turned, gradients[layer])  # ∂J/∂W = x (∂J/∂z)ᵀ
            slope(z, values, z)
            # ∂J/∂z = W ∂J/∂z of the layer above · φ′(z), without the bias row
            for part, out in blocks:
                np.matmul(self._unbiased[layer], part, out)
            if not blocks:
                self._unbiased[layer].dot(above, error)
            np.multiply(error, z, error)
        inputs.dot(self._lowest_error, gradients[0])


class Network:
    """Weights, an activation for every hidden layer, and an output.

    ``weights`` is one ``(n_in + 1, n_out)`` matrix per layer; ``activation`` and ``output``
    are names from their tables. Raises ``ValueError`` where shapes or names do not fit.
    """

    def __init__(
        self, weights: Sequence[ArrayLike], activation: str = "tanh", output: str = "softmax"
    ):
        self.weights = [np.array(w, dtype=np.float64) for w in weights]
        self.activation = _entry(ACTIVATIONS, "activation", activation)
        self.output = _entry(OUTPUTS, "output", output)
        self.sizes = _sizes_of(self.weights)
        if self.output.one_unit and self.sizes[-1] != 1:
            raise ValueError(
                f"the last layer must have 1 unit for a {output} output; got {self.sizes[-1]}"
            )
        if not self.output.one_unit and self.sizes[-1] < 2:
            raise ValueError(f"the last layer must have 2 or more units for {output}; got 1")

    def __getstate__(self) -> dict[str, Any]:
        """What it is made of; a copy has weights of its own."""
        return vars(self) | {"weights": [w.copy() for w in self.weights]}

    @property
    def n_classes(self) -> int:
        return 2 if self.output.one_unit else self.sizes[-1]

    def forward(self, X: ArrayLike) -> Pass:
        """A forward pass over ``X``, ``(n_samples, n_inputs)``; its samples stand in columns.

        Numbers that overflow are infinite or NaN in it, without a warning. Raises ``ValueError``
        where the shape does not fit the network.
        """
        return self._pass(self._columns(X), learn=0)

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Class probabilities ``(n_samples, n_classes)`` of ``X``, ``(n_samples, n_inputs)``."""
        return np.ascontiguousarray(self.output.probabilities(self.forward(X).outputs).T)

    def predict(self, X: ArrayLike, threshold: float = 0.5) -> NDArray[np.integer]:
        """The class predicted for each sample of ``X``, ``(n_samples,)``.

        The most probable one; of two classes class 1 where its probability is above
        ``threshold``, between 0 and 1 (for a single unit: at it or above, as ``z ≥ 0`` is).
        Raises ``ValueError`` for any other threshold.
        """
        log_odds = self.output.log_odds(threshold)
        return self.output.classes(self.forward(X).logits, log_odds)

    def loss_and_gradients(
        self, X: ArrayLike, y: ArrayLike, l1: float = 0.0, l2: float = 0.0
    ) -> tuple[float, list[NDArray[np.float64]]]:
        """The objective and its gradient, one array per weight matrix.

        ``y`` holds integer labels ``(n_samples,)``. The objective is the mean loss over the
        samples plus ``l1 Σ|w| + ½ l2 Σw²`` over all weights but the biases.
        """
        inputs = self._columns(X)
        labels = np.asarray(y)
        if labels.shape != (inputs.shape[1],):
            raise ValueError(f"y must have shape ({inputs.shape[1]},); got {labels.shape}")
        if labels.dtype.kind not in "iu":
            raise ValueError(f"y must hold integer labels; got {labels.dtype}")
        if not len(labels):
            raise ValueError("X must hold at least one sample; got 0")
        targets = self.output.targets(labels, self.n_classes)
        run = self._pass(inputs, learn=len(labels))
        gradients = [np.empty_like(w) for w in self.weights]
        with np.errstate(over="ignore", invalid="ignore"):
            run.backward(self.weights, inputs, targets, gradients)
            loss = float(self.output.losses(run.logits, run.outputs, targets).mean())
        for w, gradient in zip(self.weights, gradients, strict=True):
            loss += penalty(w[1:], l1, l2)
            gradient /= len(labels)
            gradient[1:] += penalty_slope(w[1:], l1, l2)
        return loss, gradients

    def _pass(self, inputs: Array, learn: int) -> Pass:
        run = Pass(
            self.sizes, inputs.shape[1], self.activation, self.output, learn=learn, keep=True
        )
        with np.errstate(all="ignore"):
            run.forward(self.weights, inputs)
        return run

    def _columns(self, X: ArrayLike) -> NDArray[np.float64]:
        X = np.asarray(X, dtype=np.float64)
        if X.ndim != 2 or X.shape[1] != self.sizes[0]:
            raise ValueError(f"X must have shape (n_samples, {self.sizes[0]}); got {X.shape}")
        return with_ones(X)


def penalty(w: Array, l1: float, l2: float) -> float:
    """``l1 Σ|w| + ½ l2 Σw²`` of weights without biases; infinite where that overflows."""
    with np.errstate(over="ignore"):
        lasso = l1 * np.abs(w).sum() if l1 else 0.0  # 0 · ∞ would be no number
        ridge = 0.5 * l2 * np.square(w).sum() if l2 else 0.0
    return float(lasso + ridge)


def penalty_slope(w: Array, l1: float, l2: float) -> Array:
    """``l1 sign(w) + l2 w``; at w = 0 the L1 part is 0, so a weight can leave 0 again."""
    return l1 * np.sign(w) + l2 * w


def aligned(shape: tuple[int, ...], dtype: Any = np.float64) -> Array:
    """Zeros that start at the start of a cache line, where NumPy writes up to twice as fast."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    room = np.zeros(size + CACHE_LINE, np.uint8)
    start = -room.__array_interface__["data"][0] % CACHE_LINE
    return room[start : start + size].view(dtype).reshape(shape)


def _buffers(sizes: Sequence[int], n: int, in_use: int, dtype: Any) -> list[Array]:
    """One ``(size, n)`` array a size; with ``in_use`` of them at a time, others share memory."""
    rooms = [
        aligned((max(sizes[first::in_use]) * n,), dtype) for first in range(min(in_use, len(sizes)))
    ]
    return [rooms[i % in_use][: size * n].reshape(size, n) for i, size in enumerate(sizes)]


def matrices(flat: Array, sizes: Sequence[int]) -> list[Array]:
    """Views of a flat vector as one ``(n_in + 1, n_out)`` matrix per layer."""
    views, start = [], 0
    for n_in, n_out in pairwise(sizes):
        stop = start + (n_in + 1) * n_out
        views.append(flat[start:stop].reshape(n_in + 1, n_out))
        start = stop
    return views


def _entry(table: dict[str, Any], kind: str, name: str) -> Any:
    if name not in table:
        raise ValueError(f"{kind} must be one of {', '.join(table)}; got {name!r}")
    return table[name]


def _sizes_of(weights: Sequence[Array]) -> tuple[int, ...]:
    if not weights:
        raise ValueError("weights must hold at least one matrix; got none")
    for layer, w in enumerate(weights, start=1):
        if w.ndim != 2 or w.shape[0] < 2 or w.shape[1] < 1:
            raise ValueError(
                f"weights must be (n_in + 1, n_out) matrices; got {w.shape} in layer {layer}"
            )
    for layer, (below, above) in enumerate(pairwise(weights), start=2):
        if above.shape[0] != below.shape[1] + 1:
            raise ValueError(
                f"layer {layer} must have {below.shape[1] + 1} rows, one for the bias and one for "
                f"each unit below; got {above.shape[0]}"
            )
    return (weights[0].shape[0] - 1, *(w.shape[1] for w in weights))
