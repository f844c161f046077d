"""The texts of the panels, in Markdown: the same on the served page and on the site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..analysis.health import health, remedy, sentence
from ..analysis.step import WorkedExample, WorkedPoint
from ..choices.activations import ACTIVATIONS, Activation
from ..notation import counted
from .escaping import escape_markdown

Worked = TypeVar("Worked", bound=WorkedPoint)

LOOK_INSIDE = "Look inside"
TITLES = {"maths": "Maths of one step", "gallery": "Activation functions", "sweep": "Sweep"}

AT_EPOCH = "Numbers of epoch {epoch}. They do not change while the run plays; pause to update them."
REPLAYING = "Replaying the run to epoch {goal}: at epoch {epoch}"

# --- the maths of a step ------------------------------------------------------------------

NO_POINTS = "There are no training points at this epoch: draw some."
ROUNDED = (
    "Numbers are shown rounded: to six digits where something is calculated from them, to four "
    "where they are the result."
)
NEVER_LEARNED = (
    "This is no training point: the network never learns from it. Below is what the network "
    "computes for it, and which loss and gradient it would have in each class."
)
NEAREST = "Show training point {number}, the nearest"
POINT, POINT_HELP = "Training point", "Its number, 1…{n}. Or click any point in the plot."
OTHER_POINT = "The training points are numbered 1…{n}; this is point {number}."
CHECK_AND_COPY = "Check and copy"
CHECK = "9 · Check one weight by a finite difference"
COPY = "Copy as NumPy"
COPY_HELP = "A complete program: every array with all digits, and the formulas above in code."
MOST_CODE = 150_000  # characters of code that are shown; a longer program can only be downloaded
TOO_LONG = "The program is too long to show: {kilobytes:,} kB."
WEIGHT = {  # the choices of one weight
    "Layer": "The layer of the weight.",
    "From": "The input that the weight multiplies.",
    "To": "The unit that the weight belongs to.",
}


def in_markdown(found: Worked) -> Worked:
    """The same with names that Markdown shows as they are: users give those of their own data."""
    first, second = map(escape_markdown, found.features)
    names = tuple(map(escape_markdown, found.class_names))
    return replace(found, class_names=names, features=(first, second))


def pinned(features: Iterable[str], pin: tuple[float, float]) -> str:
    """The heading over the parts of a point that nothing is trained on."""
    return f"**Pinned point: {_values(map(escape_markdown, features), pin)}**"


def heading(found: WorkedExample) -> str:
    """That over the parts of a training point, from :func:`in_markdown`."""
    values = _values(found.features, found.raw)
    return f"**Point {found.sample + 1}: {found.class_phrase(found.label)}, {values}**"


def batch(found: WorkedExample) -> str | None:
    """Which step of its epoch it is, where there are several."""
    step = found.step
    if step.batch > 1:
        before = step.batch - 1
        return (
            f"Batch {step.batch} of {step.n_batches}: the weights below are those after "
            f"{before} step{'s' if before > 1 else ''} of epoch {found.epoch + 1}, which are used "
            "for this point."
        )
    if step.n_batches > 1:
        return f"Batch 1 of {step.n_batches}, the first step of epoch {found.epoch + 1}."
    return None


def weight_names(found: WorkedExample, layer: int) -> tuple[list[str], list[str]]:
    """The names of the rows and of the columns of a layer's weights; layers count from 0."""
    return ["1 (bias)", *found.units(layer)], found.units(layer + 1)


def layer_names(found: WorkedExample) -> list[str]:
    return [f"Layer {i}" for i in range(1, found.n_hidden + 2)]


def script_name(found: WorkedExample) -> str:
    """Of the file with the program of a step."""
    return f"step-epoch-{found.epoch}-point-{found.sample + 1}.py"


def _values(features: Iterable[str], point: Iterable[float]) -> str:
    pairs = zip(features, point, strict=True)
    return ", ".join(f"{name} = {value:.4g}" for name, value in pairs).replace("-", "−")


# --- activation functions -----------------------------------------------------------------

OF_THIS_RUN = "The hidden layers of this run"
NO_LAYERS = "This network has no hidden layers, so it uses no activation function."
ALL_FUNCTIONS = "All activation functions"
GALLERY_ALT = "Every activation function, solid, and its slope, dashed: " + "; ".join(
    f"{a.label}: {a.purpose}" for a in ACTIVATIONS.values()
)


def function(activation: Activation) -> str:
    """φ and its slope, as LaTeX."""
    return rf"{activation.latex} \qquad {activation.slope_latex}"


def layer_heading(layer: int, z: NDArray[np.float64]) -> str:
    """That of a hidden layer, from 1, with its ``z``, ``(units, n_samples)``."""
    units, points = counted(len(z), "unit"), counted(z.shape[1], "point")
    return f"**Layer {layer}: z of {units} at {points}**"


def layer_warning(activation: Activation, layer: int, z: NDArray[np.float64]) -> str | None:
    """That most of a layer hardly learns, and what helps."""
    warning = sentence(activation, layer, health(activation, z))
    return f"{warning} {remedy(activation)}" if warning else None


def layer_alt(activation: Activation, layer: int, z: NDArray[np.float64]) -> str:
    """The chart of a layer in words."""
    warning = sentence(activation, layer, health(activation, z))
    return (
        f"{activation.label} and its slope over z, and below them how often each z "
        f"occurs in layer {layer}, from {z.min():.3g} to {z.max():.3g}. {warning or ''}"
    )
