"""Valid parameters of :class:`nnviz.estimator.NeuralNetworkClassifier`.

Names come from the engine's tables; numbers have no upper bound, as in scikit-learn. ``RULES`` is
checked when a fit begins: by scikit-learn's conventions parameters are not checked before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np

from ..choices.activations import ACTIVATIONS
from ..choices.initialisers import INITIALISERS
from ..choices.optimisers import OPTIMISERS
from ..choices.outputs import OUTPUTS
from ..problems import short_text

AUTO = "auto"
AUTO_BATCH = 200  # largest batch for batch_size="auto", as in scikit-learn

# scikit-learn's names of activations that have another name in the table
ALIASES = {a.sklearn: a.name for a in ACTIVATIONS.values() if a.sklearn and a.sklearn != a.name}


@dataclass(frozen=True)
class Requirement:
    """A rule for a value: ``text`` completes "must be …", ``holds(value)`` checks it."""

    text: str
    holds: Callable[[Any], bool]


def _one_of(*names: str) -> Requirement:
    return Requirement(f"one of {', '.join(names)}", lambda v: isinstance(v, str) and v in names)


def _is_whole(value: Any, low: int) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= low


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


_NOT_NEGATIVE = Requirement("a number 0 or above", lambda v: _is_number(v) and v >= 0)
_FLAG = Requirement("true or false", lambda v: isinstance(v, bool | np.bool))
_COUNT = Requirement("a whole number 1 or above", lambda v: _is_whole(v, 1))

RULES: Mapping[str, Requirement] = {
    "activation": _one_of(*ACTIVATIONS, *ALIASES),
    "output": _one_of(AUTO, *(name for name, output in OUTPUTS.items() if output.graded)),
    "solver": _one_of(*OPTIMISERS),
    "init": _one_of(*INITIALISERS),
    "learning_rate_init": Requirement("a number above 0", lambda v: _is_number(v) and v > 0),
    "batch_size": Requirement(
        "None for all samples, auto, or a whole number 1 or above",
        lambda v: v is None or (isinstance(v, str) and v == AUTO) or _is_whole(v, 1),
    ),
    "max_iter": _COUNT,
    "alpha": _NOT_NEGATIVE,
    "l1": _NOT_NEGATIVE,
    "tol": _NOT_NEGATIVE,
    "n_iter_no_change": Requirement(
        "a whole number 1 or above, or infinity",
        lambda v: _is_whole(v, 1) or (isinstance(v, Real) and v == math.inf),
    ),
    "warm_start": _FLAG,
    "verbose": Requirement(
        "true or false, or a whole number 0 or above",
        lambda v: isinstance(v, bool | np.bool) or _is_whole(v, 0),
    ),
}


def check_parameters(values: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` with one sentence for each value that breaks its rule."""
    problems = [
        f"{name} must be {rule.text}; got {short_text(str(values[name]))}"
        for name, rule in RULES.items()
        if not rule.holds(values[name])
    ]
    if problems:
        raise ValueError("; ".join(problems))


def hidden_units(value: Any) -> tuple[int, ...]:
    """``hidden_layer_sizes`` as a tuple; a number is one layer. Raises ``ValueError``."""
    if isinstance(value, str) or not isinstance(value, Iterable | Real):
        raise ValueError(
            "hidden_layer_sizes must be a whole number or a sequence of them; "
            f"got {short_text(str(value))}"
        )
    units: list[Any] = list(value) if isinstance(value, Iterable) else [value]
    for layer, unit in enumerate(units, start=1):
        if not _is_whole(unit, 1):
            raise ValueError(
                "hidden_layer_sizes must be whole numbers 1 or above; "
                f"got {short_text(str(unit))} in layer {layer}"
            )
    return tuple(map(int, units))


def activation_name(value: str) -> str:
    """The table's name of ``activation``."""
    return ALIASES.get(value, value)


def output_name(value: str, n_classes: int) -> str:
    """The name of the output layer for ``output`` and ``n_classes``. Raises ``ValueError``."""
    if value == AUTO:
        return "softmax" if n_classes > 2 else "sigmoid"
    if OUTPUTS[value].one_unit and n_classes > 2:
        raise ValueError(f"output must be softmax for {n_classes} classes; got {value}")
    return value


def samples_per_step(value: int | str | None, n_samples: int) -> int:
    """``batch_size`` as a number of samples, at most ``n_samples``."""
    if value is None:
        return n_samples
    return min(AUTO_BATCH if isinstance(value, str) else int(value), n_samples)
