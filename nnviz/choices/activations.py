"""Activation functions φ of the hidden units: value, slope and formula in one record each.

Every function works on arrays of any shape and writes into ``out`` where one is given, so
that the training loop allocates nothing. A slope gets both z and a = φ(z), because for most of
these functions it is cheaper to compute from a. In small batches the time goes into NumPy's
calls themselves; ``out`` is cheapest as a positional argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .tanh import tanh

Array = NDArray[np.floating]
Value = Callable[[Array, "Array | None"], Array]
Slope = Callable[[Array, Array, "Array | None"], Array]

_ONE = np.array(1.0)  # an array is taken up in half the time a Python number needs
LEAK = 0.01  # slope of leaky ReLU for z < 0


@dataclass(frozen=True)
class Activation:
    """One choice of φ.

    ``value(z, out=None)`` is φ(z), where ``out`` is not ``z``; ``slope(z, a, out=None)`` is
    dφ/dz at z, given a = φ(z), and may be written over ``z``.
    ``latex`` and ``slope_latex`` are the two formulas; ``code`` and ``slope_code`` are the same
    as NumPy expressions in ``z``, and ``a`` for the slope, to be read and copied; ``torch`` is an
    expression of PyTorch in ``z``, and ``sklearn`` the name scikit-learn has for φ, if it has φ.
    ``bounded``: |φ| has an upper limit; without one, a large learning rate can make the run
    overflow. ``kinked``: it has a corner or a jump at 0. ``straight``: its graph is a line, so
    that hidden layers bend nothing.
    ``passes_gradient`` is false where its slope is 0 everywhere: then no layer below learns.
    ``slope_reads_z``: the slope is computed from z; all others need a only, so z may have been
    overwritten.
    """

    name: str
    label: str
    value: Value
    slope: Slope
    latex: str
    slope_latex: str
    code: str
    slope_code: str
    purpose: str
    torch: str
    sklearn: str | None = None
    bounded: bool = False
    kinked: bool = False
    straight: bool = False
    passes_gradient: bool = True
    slope_reads_z: bool = False


def _empty(z: Array, out: Array | None) -> Array:
    return np.empty_like(z) if out is None else out


def _step(z: Array, out: Array | None = None) -> Array:
    return np.greater_equal(z, 0.0, out=_empty(z, out))


def _step_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = _empty(z, out)
    out.fill(0.0)
    return out


def _identity(z: Array, out: Array | None = None) -> Array:
    out = _empty(z, out)
    np.copyto(out, z)
    return out


def _identity_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = _empty(z, out)
    out.fill(1.0)
    return out


def _sigmoid(z: Array, out: Array | None = None) -> Array:
    # σ(z) = ½ (1 + tanh(z/2)), which overflows for no z
    out = tanh(np.multiply(z, 0.5), out)
    out += 1.0
    out *= 0.5
    return out


def _sigmoid_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.subtract(1.0, a, out=_empty(z, out))  # σ′ = σ (1 − σ)
    out *= a
    return out


def _tanh_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.multiply(a, a, out)  # tanh′ = 1 − tanh²
    return np.subtract(_ONE, out, out)


def _relu(z: Array, out: Array | None = None) -> Array:
    return np.maximum(z, 0.0, out=_empty(z, out))


def _relu_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    return np.greater(a, 0.0, out=_empty(z, out))


def _leaky_relu(z: Array, out: Array | None = None) -> Array:
    out = np.multiply(z, LEAK, out=_empty(z, out))
    return np.maximum(z, out, out=out)


def _leaky_relu_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.greater(a, 0.0, out=_empty(z, out))
    return np.maximum(out, LEAK, out=out)


def _elu(z: Array, out: Array | None = None) -> Array:
    # expm1 sees only z ≤ 0, so it never overflows
    out = np.minimum(z, 0.0, out=_empty(z, out))
    np.expm1(out, out=out)
    out += np.maximum(z, 0.0)
    return out


def _elu_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.minimum(a, 0.0, out=_empty(z, out))  # for z < 0: eᶻ = ELU(z) + 1
    out += 1.0
    return out


def _softplus(z: Array, out: Array | None = None) -> Array:
    return np.logaddexp(0.0, z, out=_empty(z, out))


def _softplus_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.negative(a, out=_empty(z, out))  # σ(z) = 1 − e^(−softplus z)
    np.expm1(out, out=out)
    return np.negative(out, out=out)


def _sine(z: Array, out: Array | None = None) -> Array:
    return np.sin(z, out=_empty(z, out))


def _sine_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    return np.cos(z, out=_empty(z, out))


ACTIVATIONS: dict[str, Activation] = {
    record.name: record
    for record in (
        Activation(
            "tanh", "tanh", tanh, _tanh_slope, r"\varphi(z) = \tanh z",
            r"\varphi'(z) = 1 - a^2", "np.tanh(z)", "1 - a**2",
            "Smooth and centred on 0: the usual first choice for a small network.",
            torch="torch.tanh(z)", sklearn="tanh", bounded=True,
        ),
        Activation(
            "sigmoid", "sigmoid", _sigmoid, _sigmoid_slope, r"\varphi(z) = \frac{1}{1 + e^{-z}}",
            r"\varphi'(z) = a\,(1 - a)", "0.5 * (1 + np.tanh(z / 2))", "a * (1 - a)",
            "The logistic curve, from 0 to 1. It learns slowly where it is flat.",
            torch="torch.sigmoid(z)", sklearn="logistic", bounded=True,
        ),
        Activation(
            "relu", "ReLU", _relu, _relu_slope, r"\varphi(z) = \max(0, z)",
            r"\varphi'(z) = 1 \text{ if } z > 0 \text{ else } 0",
            "np.maximum(z, 0)", "np.where(z > 0, 1.0, 0.0)",
            "Fast, with straight edges. A unit that is always below 0 cannot learn.",
            torch="torch.relu(z)", sklearn="relu", kinked=True,
        ),
        Activation(
            "leaky_relu", "leaky ReLU", _leaky_relu, _leaky_relu_slope,
            rf"\varphi(z) = \max({LEAK}\,z,\; z)",
            rf"\varphi'(z) = 1 \text{{ if }} z > 0 \text{{ else }} {LEAK}",
            f"np.maximum({LEAK} * z, z)", f"np.where(z > 0, 1.0, {LEAK})",
            "ReLU with a small slope below 0, so that no unit dies.",
            torch=f"torch.nn.functional.leaky_relu(z, {LEAK})", kinked=True,
        ),
        Activation(
            "elu", "ELU", _elu, _elu_slope,
            r"\varphi(z) = z \text{ if } z > 0 \text{ else } e^{z} - 1",
            r"\varphi'(z) = 1 \text{ if } z > 0 \text{ else } e^{z}",
            "np.maximum(z, 0) + np.expm1(np.minimum(z, 0))", "np.exp(np.minimum(z, 0))",
            "ReLU with a smooth bend: it approaches −1 for negative z.",
            torch="torch.nn.functional.elu(z)",
        ),
        Activation(
            "softplus", "softplus", _softplus, _softplus_slope, r"\varphi(z) = \ln(1 + e^{z})",
            r"\varphi'(z) = \frac{1}{1 + e^{-z}}",
            "np.logaddexp(0, z)", "0.5 * (1 + np.tanh(z / 2))",
            "A ReLU with the corner rounded off; its slope is the sigmoid.",
            # PyTorch takes z itself from 20 on, which is 2e-9 off
            torch="torch.nn.functional.softplus(z, threshold=40)",
        ),
        Activation(
            "sine", "sine", _sine, _sine_slope, r"\varphi(z) = \sin z",
            r"\varphi'(z) = \cos z", "np.sin(z)", "np.cos(z)",
            "Periodic: it bends many times, fits rings and spirals, and overfits.",
            torch="torch.sin(z)", bounded=True, slope_reads_z=True,
        ),
        Activation(
            "identity", "identity", _identity, _identity_slope, r"\varphi(z) = z",
            r"\varphi'(z) = 1", "1.0 * z", "np.ones_like(z)",
            "No bend at all: however many layers, the boundary stays a straight line.",
            torch="z", sklearn="identity", straight=True,
        ),
        Activation(
            "step", "step", _step, _step_slope,
            r"\varphi(z) = 1 \text{ if } z \ge 0 \text{ else } 0",
            r"\varphi'(z) = 0", "np.where(z >= 0, 1.0, 0.0)", "np.zeros_like(z)",
            "Its slope is 0 everywhere, so hidden layers of steps cannot learn.",
            torch="(z >= 0).double() + 0 * z  # with slope 0",
            bounded=True, kinked=True, passes_gradient=False,
        ),
    )
}  # fmt: skip
