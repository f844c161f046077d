"""Output layers and their losses: from logits z to probabilities ŷ and a loss J.

Inside the training loop samples stand in columns: logits, probabilities and targets have
shape ``(units, n_samples)``, or ``(units, epochs, n_samples)`` where several epochs are
looked at together. All three outputs share one identity, which is why the
network needs no case for each: the slope of a sample's loss by its logits is ŷ − y.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .fields import shortly

Array = NDArray[np.floating]

LARGE_LOGIT = 40.0  # e^(2 · 40) is still a float32
_ONE = np.array(1.0)  # an array is taken up in half the time a Python number needs
SMALLEST = 1e-300  # below this a float64 loses digits, and its logarithm with them


# --- the lecture's formulas, one sample at a time -------------------------------------


def softmax(z: ArrayLike, axis: int = -1) -> Array:
    """Softmax ``s_i = e^{z_i} / Σ_j e^{z_j}`` along ``axis``; same shape as ``z``."""
    z = np.asarray(z, dtype=np.float64)
    exponentials = np.exp(z - z.max(axis=axis, keepdims=True))  # s is unchanged by a shift of z
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def softmax_jacobian(z: ArrayLike) -> Array:
    """``∂s_i/∂z_j = s_i (δ_ij − s_j)`` of one sample: ``z`` of shape (k,), a (k, k) matrix back."""
    s = softmax(z)
    if s.ndim != 1:
        raise ValueError(f"z must be one sample of shape (k,); got shape {s.shape}")
    return np.diag(s) - np.outer(s, s)


def one_hot(labels: ArrayLike, n_classes: int) -> Array:
    """Rows ``y`` with 1 in the column of the label; ``(n_samples, n_classes)``."""
    labels = np.asarray(labels)
    if labels.size and not 0 <= labels.min() <= labels.max() < n_classes:
        raise ValueError(f"labels must be 0…{n_classes - 1}; got {labels.min()}…{labels.max()}")
    return np.eye(n_classes)[labels]


def cross_entropy(y: ArrayLike, y_hat: ArrayLike) -> float:
    """``J = −Σ_ij y_j⁽ⁱ⁾ log ŷ_j⁽ⁱ⁾``, the lecture's sum over samples; both ``(n_samples, k)``."""
    y, y_hat = np.asarray(y, dtype=np.float64), np.asarray(y_hat, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return float(-np.log(y_hat[y != 0]) @ y[y != 0])  # 0 · log 0 counts as 0


def cross_entropy_slope(y: ArrayLike, y_hat: ArrayLike) -> Array:
    """``∂J/∂ŷ_j⁽ⁱ⁾ = −y_j⁽ⁱ⁾ / ŷ_j⁽ⁱ⁾``, same shape as ``y``."""
    return -np.asarray(y, dtype=np.float64) / np.asarray(y_hat, dtype=np.float64)


# --- output layers of the training loop -----------------------------------------------


@dataclass(frozen=True)
class Output:
    """One choice of last layer.

    ``activate(z, out)`` turns logits into outputs, and may overflow on the way to the right
    answer, so whoever calls it ignores that (``np.errstate(over="ignore")``).
    ``code`` and ``loss_code`` are NumPy statements for one sample, to be read and pasted: the
    first makes ``y_hat`` of ``z``, the second ``J``.
    ``losses(z, y_hat, y)`` gives each sample's loss ``(n_samples,)``. ``one_unit`` outputs
    have a single row for class 1 and serve two classes only. ``graded`` outputs are
    probabilities; others are 0 or 1.
    """

    name: str
    label: str
    activate: Callable[[Array, Array], Array]
    losses: Callable[[Array, Array, Array], Array]
    latex: str
    loss_latex: str
    code: str
    loss_code: str
    purpose: str
    one_unit: bool = False
    graded: bool = True

    def units(self, n_classes: int) -> int:
        return 1 if self.one_unit else n_classes

    def targets(self, labels: NDArray[np.integer], n_classes: int) -> Array:
        """Labels as columns of shape ``(units, n_samples)``: one-hot, or 0/1 for one unit."""
        columns = one_hot(labels, n_classes).T
        return np.ascontiguousarray(columns[1:2] if self.one_unit else columns)

    def classes(self, logits: Array, log_odds: float = 0.0) -> NDArray[np.integer]:
        """The predicted class of each column; a tie goes to the lower class for softmax.

        Two classes are told apart at a threshold, see :meth:`log_odds`.
        """
        if self.one_unit:
            return (logits[0] >= log_odds).astype(np.intp)
        if len(logits) == 2:
            if log_odds:
                return np.greater(logits[1] - logits[0], log_odds).view(np.int8)
            # the same answer as argmax, in a third of the time
            return np.greater(logits[1], logits[0]).view(np.int8)
        return logits.argmax(axis=0)

    def log_odds(self, threshold: float) -> float:
        """By how much class 1's logit must lead for p₁ to reach the threshold: ln t/(1 − t).

        0 for outputs that are 0 or 1, on the same side of every threshold. Raises ``ValueError``
        for a threshold that is not between 0 and 1.
        """
        number = np.asarray(threshold)
        if number.ndim or number.dtype.kind not in "fiu" or not 0.0 < (t := float(number)) < 1.0:
            raise ValueError(f"threshold must lie between 0 and 1; got {shortly(threshold)}")
        return math.log(t / (1.0 - t)) if self.graded else 0.0

    def probabilities(self, outputs: Array) -> Array:
        """Outputs as one row a class, ``(n_classes, n_samples)``."""
        return np.concatenate([1.0 - outputs, outputs]) if self.one_unit else outputs


def _softmax(z: Array, out: Array) -> Array:
    if len(z) == 2:  # s_i = 1 / (1 + e^(z_j − z_i)) with j the other class
        np.exp(np.subtract(z[::-1], z, out=out), out=out)
        np.add(out, _ONE, out=out)
        return np.divide(_ONE, out, out=out)
    if not np.vdot(z, z) < LARGE_LOGIT**2:
        # s is unchanged by a shift of z, which keeps e^z from running over
        np.exp(np.subtract(z, z.max(axis=0), out=out), out=out)
    else:
        np.exp(z, out=out)
    out *= 1.0 / _over_rows(np.add, out)
    return out


def _softmax_losses(z: Array, y_hat: Array, y: Array) -> Array:
    own = _over_rows(np.add, y_hat * y)  # ŷ of each sample's own class
    if own.min() > SMALLEST:
        return np.negative(np.log(own, out=own), out=own)
    # log Σe^z = max z − log max ŷ, exact for any z because max ŷ ≥ 1/k never underflows
    exact = z.max(axis=0) - np.log(y_hat.max(axis=0)) - (z * y).sum(axis=0)
    tiny = own <= SMALLEST
    own[tiny] = 1.0
    return np.where(tiny, exact, -np.log(own))


def _over_rows(combine: np.ufunc, rows: Array) -> Array:
    """``combine.reduce(rows, axis=0)``, twice as fast for the few rows there are here."""
    return functools.reduce(combine, rows)


def _sigmoid(z: Array, out: Array) -> Array:
    np.multiply(z, 0.5, out=out)  # σ(z) = ½ (1 + tanh(z/2)), which overflows for no z
    np.tanh(out, out=out)
    out += 1.0
    out *= 0.5
    return out


def _sigmoid_losses(z: Array, y_hat: Array, y: Array) -> Array:
    # −log σ(z) for y = 1, −log σ(−z) for y = 0; −log σ(m) = log(1 + e^−m), stable for any m
    return np.logaddexp(0.0, (1.0 - 2.0 * y[0]) * z[0])


def _step(z: Array, out: Array) -> Array:
    return np.greater_equal(z, 0.0, out=out)


def _step_losses(z: Array, y_hat: Array, y: Array) -> Array:
    # the perceptron criterion: how far a wrong sample lies on the wrong side, else 0
    return (y_hat[0] - y[0]) * z[0]


OUTPUTS: dict[str, Output] = {
    record.name: record
    for record in (
        Output(
            "softmax", "softmax", _softmax, _softmax_losses,
            r"s_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", r"J = -\sum_i y_i \log \hat y_i",
            "e = np.exp(z - z.max())  # this shift changes no quotient\ny_hat = e / e.sum()",
            "J = np.log(e.sum()) - y @ (z - z.max())  # −Σ y log ŷ, also where a ŷ is as good as 0",
            "One unit a class; the outputs are probabilities that add up to 1.",
        ),
        Output(
            "sigmoid", "sigmoid", _sigmoid, _sigmoid_losses, r"\hat y = \frac{1}{1 + e^{-z}}",
            r"J = -y \log \hat y - (1 - y) \log (1 - \hat y)",
            "y_hat = 0.5 * (1 + np.tanh(z / 2))  # σ(z), which overflows for no z",
            "J = np.logaddexp(0, (1 - 2 * y) * z).sum()  # −y log ŷ − (1 − y) log(1 − ŷ)",
            "One unit for two classes; with no hidden layer this is logistic regression.",
            one_unit=True,
        ),
        Output(
            "step", "step (perceptron)", _step, _step_losses,
            r"\hat y = 1 \text{ if } z \ge 0 \text{ else } 0", r"J = (\hat y - y)\,z",
            "y_hat = np.where(z >= 0, 1.0, 0.0)",
            "J = ((y_hat - y) * z).sum()  # how far a wrong sample lies on the wrong side",
            "The perceptron: one layer, trained by the perceptron rule; says only yes or no.",
            one_unit=True, graded=False,
        ),
    )
}  # fmt: skip
