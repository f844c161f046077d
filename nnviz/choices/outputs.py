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

from ..problems import short_text

Array = NDArray[np.floating]

LARGE_LOGIT = 40.0  # e^(2 · 40) is still a float32
_LEADS = np.array([[-1.0, 1.0], [1.0, -1.0]])  # times (z_0, z_1): by how much the other one leads
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
    y, y_hat = np.asarray(y), np.asarray(y_hat, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return float(-np.log(y_hat[y != 0]) @ y[y != 0])  # 0 · log 0 counts as 0


def cross_entropy_slope(y: ArrayLike, y_hat: ArrayLike) -> Array:
    """``∂J/∂ŷ_j⁽ⁱ⁾ = −y_j⁽ⁱ⁾ / ŷ_j⁽ⁱ⁾``, same shape as ``y``."""
    return -np.asarray(y, dtype=np.float64) / np.asarray(y_hat)


# --- output layers of the training loop -----------------------------------------------


@dataclass(frozen=True)
class Slopes:
    """The two factors of the chain rule at the last layer, of one sample, each ``(k,)``.

    ``loss(y_hat, y)`` is ``∂J/∂ŷ``, ``(k,)``; ``jacobian(z, y_hat)`` is ``∂ŷ_i/∂z_j``, ``(k, k)``.
    """

    loss: Callable[[Array, Array], Array]
    jacobian: Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Derivation:
    """How an output is derived for one sample: lines of Markdown, a formula where one starts
    with ``$$``.

    Names in angle brackets stand for numbers of the sample, as
    :mod:`nnviz.writing.derivation` has them.
    """

    output: tuple[str, ...]  # from z to ŷ
    loss: tuple[str, ...]  # from ŷ to J
    slopes: tuple[str, ...]  # ∂J/∂ŷ and ∂ŷ/∂z; without Slopes, what stands in their place


@dataclass(frozen=True)
class TorchOutput:
    """Source text in PyTorch: ``target`` of ``labels`` with {part}, "" or indices in brackets, and
    expressions in logits ``z`` and such a target ``y``: mean loss, correct samples, probabilities.
    """

    target: str
    loss: str
    right: str
    probabilities: str


@dataclass(frozen=True)
class Output:
    """One choice of last layer.

    ``activate(z, out)`` turns logits into outputs, and may overflow on the way to the right
    result, so callers ignore that (``np.errstate(over="ignore")``).
    ``losses(z, y_hat, y)`` gives each sample's loss ``(n_samples,)``; ``slopes`` are the factors
    of its slope ŷ − y, None where there are none.
    ``code`` and ``loss_code`` are NumPy statements for one sample, for people to read and copy: the
    first makes ``y_hat`` of ``z``, the second ``J``. Where they do not serve many samples in
    columns, ``J`` their sum, ``columns_code`` and ``columns_loss_code`` do. ``sklearn`` is the
    name scikit-learn has for it, if it has it.

    ``one_unit`` outputs have a single row for class 1 and serve two classes only. ``graded``
    outputs are probabilities; others are 0 or 1. ``shifts``: the largest logit is subtracted before
    the exponential. ``of_difference`` names the output of one unit that gives the
    probability of the second of two classes, from the difference of their logits.
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
    derivation: Derivation
    torch: TorchOutput
    columns_code: str = ""
    columns_loss_code: str = ""
    slopes: Slopes | None = None
    sklearn: str | None = None
    one_unit: bool = False
    graded: bool = True
    allows_hidden: bool = True  # whether there may be hidden layers below
    shifts: bool = False
    of_difference: str = ""

    def units(self, n_classes: int) -> int:
        return 1 if self.one_unit else n_classes

    def targets(self, labels: NDArray[np.integer], n_classes: int) -> Array:
        """Labels as columns of shape ``(units, n_samples)``: one-hot, or 0/1 for one unit."""
        columns = one_hot(labels, n_classes).T
        return np.ascontiguousarray(columns[1:2] if self.one_unit else columns)

    def classes(self, logits: Array, log_odds: float = 0.0) -> NDArray[np.integer]:
        """The predicted class of each column; a tie goes to the lower class for softmax.

        Two classes are separated at a threshold, see :meth:`log_odds`.
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
        """The lead of class 1's logit at which p₁ reaches the threshold t: ln t/(1 − t).

        0 for outputs that are 0 or 1, on the same side of every threshold. Raises ``ValueError``
        for a threshold that is not between 0 and 1.
        """
        number = np.asarray(threshold)
        if number.ndim or number.dtype.kind not in "fiu" or not 0.0 < (t := float(number)) < 1.0:
            raise ValueError(f"threshold must lie between 0 and 1; got {short_text(threshold)}")
        return math.log(t / (1.0 - t)) if self.graded else 0.0

    def probabilities(self, outputs: Array) -> Array:
        """Outputs as one row per class, ``(n_classes, n_samples)``."""
        return np.concatenate([1.0 - outputs, outputs]) if self.one_unit else outputs


def _softmax(z: Array, out: Array) -> Array:
    if len(z) == 2:  # s_i = 1 / (1 + e^(z_j − z_i)) with j the other class
        if z.dtype == _LEADS.dtype and out.flags.c_contiguous:
            _LEADS.dot(z, out)  # rounded once too, in a third of the time
        else:
            np.subtract(z[::-1], z, out)
        np.exp(out, out)
        np.add(out, _ONE, out)
        return np.divide(_ONE, out, out)
    if not np.vdot(z, z) < LARGE_LOGIT**2:
        # s is unchanged by a shift of z, which keeps e^z from overflowing
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


# --- slopes of one sample, for the chain rule -----------------------------------------


def _softmax_loss_slope(y_hat: Array, y: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0.0, cross_entropy_slope(y, y_hat))


def _softmax_jacobian(z: Array, y_hat: Array) -> Array:
    return softmax_jacobian(z)


def _sigmoid_loss_slope(y_hat: Array, y: Array) -> Array:
    with np.errstate(divide="ignore"):  # of J = −y log ŷ − (1 − y) log(1 − ŷ)
        return -1.0 / y_hat if y[0] else 1.0 / (1.0 - y_hat)


def _sigmoid_jacobian(z: Array, y_hat: Array) -> Array:
    return np.diag(y_hat * (1.0 - y_hat))  # σ′ = σ (1 − σ)


# --- the table --------------------------------------------------------------------------

_CROSS_ENTROPY = (r"$$J = -\log <own> = -\log <share> = <J>", r"$\log$ is the natural logarithm.")

_LABELS_AS_NUMBERS = "torch.from_numpy(labels{part}).double()"
_RIGHT_SIDE = "(z[0] >= 0) == y"

OUTPUTS: dict[str, Output] = {
    record.name: record
    for record in (
        Output(
            "softmax", "softmax", _softmax, _softmax_losses,
            r"\hat y_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", r"J = -\sum_i y_i \log \hat y_i",
            "e = np.exp(z - z.max())  # this shift changes no quotient\ny_hat = e / e.sum()",
            "J = np.log(e.sum()) - y @ (z - z.max())  # −Σ y log ŷ, also where a ŷ is as good as 0",
            "One unit for each class; the outputs are probabilities that add up to 1.",
            Derivation(
                output=(
                    ("A large $z$ would make $e^z$ overflow. Subtracting the same number $m$ from "
                    "every $z$ multiplies numerator and denominator by $e^{-m}$, which does not "
                    "change $\\hat y$; if $m$ is the largest $z$, no exponent is above 0."),
                    r"$$m = \max_j z_j = <m>",
                    (r"$$e^{z - m} = \exp\left(<zs> - <shift>\right) = <exponentials> \qquad "
                    r"\sum_j e^{z_j - m} = <sum>"),
                    (r"$$\hat y = \operatorname{softmax}(<symbol>) "
                    r"= \frac{e^{z - m}}{\sum_j e^{z_j - m}} "
                    r"= \frac{1}{<divisor>} <factors> = <y_hats>"),
                ),
                loss=(
                    "Only the term of the point's class, <class>, has a $y$ that is not 0.",
                    *_CROSS_ENTROPY,
                ),
                slopes=(
                    (r"$$\frac{\partial J}{\partial \hat y_i} = -\frac{y_i}{\hat y_i} \qquad "
                    r"\frac{\partial J}{\partial \hat y} = <loss_slopes>"),
                    (r"$$\frac{\partial \hat y_i}{\partial z_j} "
                    r"= \hat y_i\,(\delta_{ij} - \hat y_j) \qquad "
                    r"\frac{\partial \hat y}{\partial z} = <jacobian>"),
                    r"with $\delta_{ij} = 1$ where $i = j$, and 0 elsewhere.",
                ),
            ),
            TorchOutput(
                "torch.from_numpy(labels{part}).long()",
                "torch.nn.functional.cross_entropy(z.T, y)",
                "z.argmax(dim=0) == y",
                "torch.softmax(z, dim=0)",
            ),
            columns_code="e = np.exp(z - z.max(axis=0))  # this shift changes no quotient\n"
            "y_hat = e / e.sum(axis=0)",
            columns_loss_code="J = (np.logaddexp.reduce(z) - (y * z).sum(axis=0)).sum()"
            "  # −Σ y log ŷ",
            slopes=Slopes(_softmax_loss_slope, _softmax_jacobian),
            sklearn="softmax", shifts=True,
            # s_1 = e^{z_1} / (e^{z_0} + e^{z_1}) = σ(z_1 − z_0)
            of_difference="sigmoid",
        ),
        Output(
            "sigmoid", "sigmoid", _sigmoid, _sigmoid_losses, r"\hat y = \frac{1}{1 + e^{-z}}",
            r"J = -y \log \hat y - (1 - y) \log (1 - \hat y)",
            "y_hat = 0.5 * (1 + np.tanh(z / 2))  # σ(z), which overflows for no z",
            "J = np.logaddexp(0, (1 - 2 * y) * z).sum()  # −y log ŷ − (1 − y) log(1 − ŷ)",
            "One unit for two classes; with no hidden layer this is logistic regression.",
            Derivation(
                output=(r"$$\hat y = \frac{1}{1 + e^{-<z_factor>}} = <y_hat>",),
                loss=_CROSS_ENTROPY,
                slopes=(
                    r"$$\frac{\partial J}{\partial \hat y} = <side> = <loss_slope>",
                    r"$$\frac{\partial \hat y}{\partial z} = \hat y\,(1 - \hat y) = <slope>",
                ),
            ),
            TorchOutput(
                _LABELS_AS_NUMBERS,
                "torch.nn.functional.binary_cross_entropy_with_logits(z[0], y)",
                _RIGHT_SIDE,
                "torch.sigmoid(z[0])",
            ),
            slopes=Slopes(_sigmoid_loss_slope, _sigmoid_jacobian),
            sklearn="logistic", one_unit=True,
        ),
        Output(
            "step", "step (perceptron)", _step, _step_losses,
            r"\hat y = 1 \text{ if } z \ge 0 \text{ else } 0", r"J = (\hat y - y)\,z",
            "y_hat = np.where(z >= 0, 1.0, 0.0)",
            "J = ((y_hat - y) * z).sum()  # how far a wrong sample lies on the wrong side",
            "The perceptron: one layer, trained by the perceptron rule; its output is 0 or 1.",
            Derivation(
                output=(r"$$z = <z> <sign> 0 \;\Rightarrow\; \hat y = <y_hat>",),
                loss=(
                    r"$$J = (<y_hat> - <y>) \cdot <z_factor> = <J>",
                    "The perceptron criterion: 0 if the prediction is correct, otherwise $|z|$.",
                ),
                slopes=(
                    ("The step function jumps from 0 to 1 and is flat everywhere else. Its slope "
                    "is 0, so the chain rule gives no direction. The perceptron rule uses the "
                    r"error instead, which is the slope of the criterion $J = (\hat y - y)\,z$ "
                    r"with $\hat y$ fixed."),
                ),
            ),
            TorchOutput(
                _LABELS_AS_NUMBERS,
                "(((z[0] >= 0).double() - y) * z[0]).mean()  # how far on the wrong side",
                _RIGHT_SIDE,
                "(z[0] >= 0).double()",
            ),
            one_unit=True, graded=False, allows_hidden=False,
        ),
    )
}  # fmt: skip
