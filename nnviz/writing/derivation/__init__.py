"""The derivation of one step in the lecture's notation: formulas in symbols and with numbers.

Text only: a part is a title and blocks, which are paragraphs, formulas (LaTeX) and tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ...analysis.step import WorkedExample, WorkedPoint
from .backward import check, delta, gradient, slopes
from .blocks import Block, Formula, NumberTable, Paragraph, Part, layer_title
from .forward import (
    input_alone,
    layer_forward,
    loss,
    output_of_network,
    target,
    target_and_input,
)
from .update import mean, update

__all__ = ["Block", "Formula", "NumberTable", "Paragraph", "Part", "check", "parts", "point_parts"]


def parts(example: WorkedExample) -> list[Part]:
    """All parts of the derivation, in the order of the lecture; see also :func:`check`."""
    layers = range(1, example.n_hidden + 2)
    found: list[Part] = []

    def add(key: str, title: str, write: Callable[..., Iterator[Block]], *layer: int) -> None:
        if layer:
            key, title = f"{key}_{layer[0]}", title.format(layer_title(example, *layer))
        opened = key in ("input", "forward_1")
        found.append(
            Part(
                key,
                group,
                title,
                partial(_without_warnings, partial(write, example, *layer)),
                opened,
            )
        )

    group = "Forward: from the input to the loss"
    add("input", "1 · Target and input", target_and_input)
    for layer in layers:
        add("forward", "2 · {}: " + _steps(example, layer), layer_forward, layer)
    add("output", f"3 · Output: {example.network.output.label}", output_of_network)
    add("loss", "4 · Loss J of this point", loss)

    group = "Backward: the chain rule"
    add("slopes", "5 · Slopes of the loss: ∂J/∂ŷ, ∂ŷ/∂z, ŷ − y", slopes)
    for layer in reversed(layers):
        add("delta", "6 · {}: δ = ∂J/∂z", delta, layer)
    for layer in reversed(layers):
        add("gradient", "7 · {}: gradient ∂J/∂W", gradient, layer)

    group = f"Update: {example.step.settings.optimiser.label}"
    add("mean", "8 · Mean over the batch, and update rule", mean)
    for layer in layers:
        add("update", "8 · {}: old weights → new weights", update, layer)
    return found


def point_parts(examples: Sequence[WorkedPoint]) -> list[Part]:
    """The parts for a point that nothing is trained on: forward, then backward for each class."""
    example = examples[0]
    found: list[Part] = []

    def add(key: str, title: str, blocks: Callable[..., Iterator[Block]], *of: object) -> None:
        written = partial(_without_warnings, partial(blocks, *of))
        found.append(Part(key, group, title, written, key == "output"))

    group = "Forward: from the input to the output"
    add("input", "1 · Input", input_alone, example)
    for layer in range(1, example.n_hidden + 2):
        title = f"2 · {layer_title(example, layer)}: {_steps(example, layer)}"
        add(f"forward_{layer}", title, layer_forward, example, layer)
    add("output", f"3 · Output: {example.network.output.label}", output_of_network, example)

    group = "Backward: for each class that it might be"
    for one in examples:
        title = f"4 · If it were {one.class_phrase(one.label)}: loss and gradient"
        add(f"class_{one.label}", title, _of_class, one)
    return found


def _of_class(example: WorkedPoint) -> Iterator[Block]:
    """Loss and gradient of a point if it is of the class of ``example``."""
    layers = range(example.n_hidden + 1, 0, -1)
    yield from target(example)
    yield from loss(example)
    yield from slopes(example)
    for write in (delta, gradient):
        for layer in layers:
            yield Paragraph(f"**{layer_title(example, layer)}**")
            yield from write(example, layer)


def _steps(example: WorkedPoint, layer: int) -> str:
    return "z = Wᵀx, a = φ(z)" if layer <= example.n_hidden else "z = Wᵀx"


@np.errstate(all="ignore")  # the numbers of a diverged run overflow
def _without_warnings(blocks: Callable[[], Iterator[Block]]) -> list[Block]:
    return list(blocks())
