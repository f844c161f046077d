"""Update rules. Each works in place on flat vectors: weights, gradient, and its own memory.

A rule's memory is a ``(slots, n)`` array that starts at 0, and the number t of the step,
which starts at 1. Nothing else is remembered, so copying both copies the optimiser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

MOMENTUM = 0.9
DECAY = 0.9  # RMSProp's memory of squared gradients
BETA_1, BETA_2 = 0.9, 0.999  # Adam's two memories
EPSILON = 1e-8


@dataclass(frozen=True)
class Rule:
    """One line of an update: ``target ← …``, for one weight ``w`` and its gradient ``g``.

    ``latex`` has each variable in angle brackets, ``<w>``, ``<g>``, ``<eta>``, ``<t>`` and the
    memory's own, so that symbols or numbers can be put there; ``code`` is the same in NumPy.
    """

    target: str
    latex: str
    code: str


@dataclass(frozen=True)
class Optimiser:
    """``update(w, g, memory, rate, t)`` moves ``w`` one step; it may overwrite ``g``.

    ``memory`` names the slots, and ``rules`` write down what ``update`` does, line by line.
    """

    name: str
    label: str
    memory: tuple[str, ...]
    update: Callable[[Vector, Vector, Vector, float, int], None]
    rules: tuple[Rule, ...]
    purpose: str

    @property
    def slots(self) -> int:
        return len(self.memory)


def _sgd(w: Vector, g: Vector, memory: Vector, rate: float, t: int) -> None:
    g *= rate
    w -= g


def _momentum(w: Vector, g: Vector, memory: Vector, rate: float, t: int) -> None:
    v = memory[0]
    v *= MOMENTUM
    g *= rate
    v -= g
    w += v


def _nesterov(w: Vector, g: Vector, memory: Vector, rate: float, t: int) -> None:
    v = memory[0]
    v *= MOMENTUM
    g *= rate
    v -= g
    w += MOMENTUM * v
    w -= g


def _rmsprop(w: Vector, g: Vector, memory: Vector, rate: float, t: int) -> None:
    s = memory[0]
    s *= DECAY
    s += (1.0 - DECAY) * g * g
    g *= rate
    g /= np.sqrt(s) + EPSILON
    w -= g


def _adam(w: Vector, g: Vector, memory: Vector, rate: float, t: int) -> None:
    m, v = memory[0], memory[1]
    m *= BETA_1
    m += (1.0 - BETA_1) * g
    v *= BETA_2
    v += (1.0 - BETA_2) * g * g
    # both memories start at 0; dividing by 1 − βᵗ takes that bias out
    denominator = np.sqrt(v / (1.0 - BETA_2**t))
    denominator += EPSILON
    np.multiply(m, rate / (1.0 - BETA_1**t), out=g)
    g /= denominator
    w -= g


_SPEED = Rule("v", r"0.9 \cdot <v> - <eta> \cdot <g>", "0.9 * v - eta * g")

OPTIMISERS: dict[str, Optimiser] = {
    record.name: record
    for record in (
        Optimiser(
            "sgd", "SGD", (), _sgd,
            (Rule("w", r"<w> - <eta> \cdot <g>", "w - eta * g"),),
            "Plain gradient descent (Robbins and Monro 1951): straight down the slope.",
        ),
        Optimiser(
            "momentum", "momentum", ("v",), _momentum,
            (_SPEED, Rule("w", r"<w> + <v>", "w + v")),
            "Heavy ball (Polyak 1964): keeps its speed through flat stretches.",
        ),
        Optimiser(
            "nesterov", "Nesterov", ("v",), _nesterov,
            (_SPEED, Rule("w", r"<w> + 0.9 \cdot <v> - <eta> \cdot <g>", "w + 0.9 * v - eta * g")),
            "Nesterov 1983, in the form of Bengio et al. 2013: momentum that looks ahead.",
        ),
        Optimiser(
            "rmsprop", "RMSProp", ("s",), _rmsprop,
            (
                Rule("s", r"0.9 \cdot <s> + 0.1 \cdot <g>^2", "0.9 * s + 0.1 * g**2"),
                Rule("w", r"<w> - \frac{<eta> \cdot <g>}{\sqrt{<s>} + 10^{-8}}",
                     "w - eta * g / (np.sqrt(s) + 1e-8)"),
            ),
            "Hinton 2012: scales each weight's step by its recent gradients.",
        ),
        Optimiser(
            "adam", "Adam", ("m", "v"), _adam,
            (
                Rule("m", r"0.9 \cdot <m> + 0.1 \cdot <g>", "0.9 * m + 0.1 * g"),
                Rule("v", r"0.999 \cdot <v> + 0.001 \cdot <g>^2", "0.999 * v + 0.001 * g**2"),
                Rule(
                    "w",
                    r"<w> - <eta> \cdot \frac{<m> / (1 - 0.9^{<t>})}"
                    r"{\sqrt{<v> / (1 - 0.999^{<t>})} + 10^{-8}}",
                    "w - eta * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)",
                ),
            ),
            "Kingma and Ba 2015, algorithm 1: momentum and scaling together; try a rate near 0.01.",
        ),
    )
}  # fmt: skip

MOST_SLOTS = max(optimiser.slots for optimiser in OPTIMISERS.values())
