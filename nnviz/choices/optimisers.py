"""Update rules. Each works in place on flat vectors: weights, gradient, and its own memory.

A rule's memory is a ``(slots, n)`` array that starts at 0, and the number t of the step,
which starts at 1. Nothing else is remembered, so copying both copies the optimiser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..notation import number

Vector = NDArray[np.float64]
Rate = float | Vector

MOMENTUM = 0.9
DECAY = 0.9  # RMSProp's memory of squared gradients
BETA_1, BETA_2 = 0.9, 0.999  # Adam's two memories
EPSILON = 1e-8


@dataclass(frozen=True)
class UpdateLine:
    """One line of an update: ``target ← …``, for one weight ``w`` and its gradient ``g``.

    ``latex`` has each variable in angle brackets, ``<w>``, ``<g>``, ``<eta>``, ``<t>`` and the
    memory's own, so that symbols or numbers can be put there; ``code`` is the same in NumPy.
    """

    target: str
    latex: str
    code: str


@dataclass(frozen=True)
class Sklearn:
    """``options`` that make scikit-learn's ``MLPClassifier`` follow the same rule.

    ``difference`` is a sentence on what it does differently, if anything.
    """

    options: Mapping[str, Any] = field(hash=False)
    difference: str = ""


@dataclass(frozen=True)
class TorchOptimiser:
    """``code`` makes PyTorch's optimiser of ``tensors``, {rate} its learning rate.

    ``speed`` is the entry of its memory that holds v / −η where ours is v, if there is one.
    """

    code: str
    speed: str = ""


@dataclass(frozen=True)
class Optimiser:
    """``update(w, g, memory, rate, t)`` moves ``w`` one step; it may overwrite ``g``.

    ``rate`` is a number, or an array of shape ``()``.

    ``memory`` names the slots, and ``rules`` describe ``update`` line by line.
    ``torch`` and ``sklearn`` are the same for other libraries; ``sklearn`` is None where
    scikit-learn has no such rule.
    """

    name: str
    label: str
    memory: tuple[str, ...]
    update: Callable[[Vector, Vector, Vector, Rate, int], None]
    rules: tuple[UpdateLine, ...]
    purpose: str
    torch: TorchOptimiser
    sklearn: Sklearn | None = None

    @property
    def slots(self) -> int:
        return len(self.memory)


def _sgd(w: Vector, g: Vector, memory: Vector, rate: Rate, t: int) -> None:
    g *= rate
    w -= g


def _momentum(w: Vector, g: Vector, memory: Vector, rate: Rate, t: int) -> None:
    v = memory[0]
    v *= MOMENTUM
    g *= rate
    v -= g
    w += v


def _nesterov(w: Vector, g: Vector, memory: Vector, rate: Rate, t: int) -> None:
    v = memory[0]
    v *= MOMENTUM
    g *= rate
    v -= g
    w += MOMENTUM * v
    w -= g


def _rmsprop(w: Vector, g: Vector, memory: Vector, rate: Rate, t: int) -> None:
    s = memory[0]
    s *= DECAY
    s += (1.0 - DECAY) * g * g
    g *= rate
    g /= np.sqrt(s) + EPSILON
    w -= g


def _adam(w: Vector, g: Vector, memory: Vector, rate: Rate, t: int) -> None:
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


def _rest(share: float) -> str:
    """What a share leaves of 1, as text: 0.1 of 0.9."""
    return f"{1.0 - share:g}"


_EPSILON = f"{EPSILON:.0e}".replace("e-0", "e-")  # as people write it: 1e-8
_SPEED = UpdateLine("v", rf"{MOMENTUM} \cdot <v> - <eta> \cdot <g>", f"{MOMENTUM} * v - eta * g")

OPTIMISERS: dict[str, Optimiser] = {
    record.name: record
    for record in (
        Optimiser(
            "sgd", "SGD", (), _sgd,
            (UpdateLine("w", r"<w> - <eta> \cdot <g>", "w - eta * g"),),
            "Plain gradient descent (Robbins and Monro 1951): straight down the slope.",
            TorchOptimiser("torch.optim.SGD(tensors, lr={rate})"),
            Sklearn({"solver": "sgd", "momentum": 0.0}),
        ),
        Optimiser(
            "momentum", "momentum", ("v",), _momentum,
            (_SPEED, UpdateLine("w", r"<w> + <v>", "w + v")),
            "Heavy ball (Polyak 1964): keeps its speed through flat stretches.",
            TorchOptimiser(
                f"torch.optim.SGD(tensors, lr={{rate}}, momentum={MOMENTUM})", "momentum_buffer"
            ),
            Sklearn({"solver": "sgd", "momentum": MOMENTUM, "nesterovs_momentum": False}),
        ),
        Optimiser(
            "nesterov", "Nesterov", ("v",), _nesterov,
            (
                _SPEED,
                UpdateLine(
                    "w",
                    rf"<w> + {MOMENTUM} \cdot <v> - <eta> \cdot <g>",
                    f"w + {MOMENTUM} * v - eta * g",
                ),
            ),
            "Nesterov 1983, in the form of Bengio et al. 2013: momentum that looks ahead.",
            TorchOptimiser(
                f"torch.optim.SGD(tensors, lr={{rate}}, momentum={MOMENTUM}, nesterov=True)",
                "momentum_buffer",
            ),
            Sklearn({"solver": "sgd", "momentum": MOMENTUM, "nesterovs_momentum": True}),
        ),
        Optimiser(
            "rmsprop", "RMSProp", ("s",), _rmsprop,
            (
                UpdateLine(
                    "s",
                    rf"{DECAY} \cdot <s> + {_rest(DECAY)} \cdot <g>^2",
                    f"{DECAY} * s + {_rest(DECAY)} * g**2",
                ),
                UpdateLine(
                    "w",
                    rf"<w> - \frac{{<eta> \cdot <g>}}{{\sqrt{{<s>}} + {number(EPSILON)}}}",
                    f"w - eta * g / (np.sqrt(s) + {_EPSILON})",
                ),
            ),
            "Hinton 2012: scales each weight's step by its recent gradients.",
            TorchOptimiser(
                f"torch.optim.RMSprop(tensors, lr={{rate}}, alpha={DECAY}, eps={EPSILON})"
            ),
        ),
        Optimiser(
            "adam", "Adam", ("m", "v"), _adam,
            (
                UpdateLine(
                    "m",
                    rf"{BETA_1} \cdot <m> + {_rest(BETA_1)} \cdot <g>",
                    f"{BETA_1} * m + {_rest(BETA_1)} * g",
                ),
                UpdateLine(
                    "v",
                    rf"{BETA_2} \cdot <v> + {_rest(BETA_2)} \cdot <g>^2",
                    f"{BETA_2} * v + {_rest(BETA_2)} * g**2",
                ),
                UpdateLine(
                    "w",
                    rf"<w> - <eta> \cdot \frac{{<m> / (1 - {BETA_1}^{{<t>}})}}"
                    rf"{{\sqrt{{<v> / (1 - {BETA_2}^{{<t>}})}} + {number(EPSILON)}}}",
                    f"w - eta * (m / (1 - {BETA_1}**t)) / "
                    f"(np.sqrt(v / (1 - {BETA_2}**t)) + {_EPSILON})",
                ),
            ),
            "Kingma and Ba 2015: momentum and scaling together. Try η near 0.01.",
            TorchOptimiser(
                f"torch.optim.Adam(tensors, lr={{rate}}, betas=({BETA_1}, {BETA_2}), "
                f"eps={EPSILON})"
            ),
            Sklearn(
                {"solver": "adam", "beta_1": BETA_1, "beta_2": BETA_2, "epsilon": EPSILON},
                f"In Adam, scikit-learn adds ε = {_EPSILON} to √v before the bias correction of v, "
                "nnviz after it: where gradients are tiny, the first steps are shorter.",
            ),
        ),
    )
}  # fmt: skip

MOST_SLOTS = max(optimiser.slots for optimiser in OPTIMISERS.values())
