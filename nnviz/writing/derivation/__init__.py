"""The derivation of one step in the lecture's notation: formulas in symbols and with numbers.

Text only: a part is a title and blocks, which are paragraphs, formulas (LaTeX) and tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ...analysis.step import WorkedExample
from .backward import check, delta, gradient, slopes
from .blocks import Block, Formula, NumberTable, Paragraph, Part, layer_title
from .forward import layer_forward, loss, output_of_network, target_and_input
from .update import mean, update

__all__ = ["Block", "Formula", "NumberTable", "Paragraph", "Part", "check", "parts"]


def parts(example: WorkedExample) -> list[Part]:
    """All parts of the derivation, in the order of the lecture; see also :func:`check`."""
    layers = range(1, example.n_hidden + 2)
    found: list[Part] = []

    def add(key: str, title: str, write: Callable[..., Iterator[Block]], *layer: int) -> None:
        if layer:
            key, title = f"{key}_{layer[0]}", title.format(layer_title(example, *layer))
        opened = key in ("input", "forward_1")
        found.append(
            Part(key, group, title, lambda: _without_warnings(write(example, *layer)), opened)
        )

    group = "Forward: from the input to the loss"
    add("input", "1 · Target and input", target_and_input)
    for layer in layers:
        steps = "z = Wᵀx, a = φ(z)" if layer <= example.n_hidden else "z = Wᵀx"
        add("forward", "2 · {}: " + steps, layer_forward, layer)
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


@np.errstate(all="ignore")  # the numbers of a diverged run overflow
def _without_warnings(blocks: Iterator[Block]) -> list[Block]:
    return list(blocks)
