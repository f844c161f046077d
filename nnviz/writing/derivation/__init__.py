"""One step in the lecture's notation, part by part: formula in symbols, with numbers, result.

Text only: a part is a title and blocks of words, formulas (LaTeX) and tables, for whoever
draws them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ...analysis.step import Walk
from .backward import check, delta, gradient, slopes
from .blocks import Block, Formula, NumberTable, Paragraph, Part, spoken
from .forward import layer_forward, loss, output_of_network, target_and_input
from .update import mean, update

__all__ = ["Block", "Formula", "NumberTable", "Paragraph", "Part", "check", "parts"]


def parts(walk: Walk) -> list[Part]:
    """Every part of the walk, in the order of the lecture; the check is :func:`check`."""
    layers = range(1, walk.n_hidden + 2)
    found: list[Part] = []

    def add(key: str, title: str, tell: Callable[..., Iterator[Block]], *layer: int) -> None:
        if layer:
            key, title = f"{key}_{layer[0]}", title.format(spoken(walk, *layer))
        opened = key in ("input", "forward_1")
        found.append(Part(key, group, title, lambda: _quietly(tell(walk, *layer)), opened))

    group = "Forward: from the input to the loss"
    add("input", "1 · Target and input", target_and_input)
    for layer in layers:
        steps = "z = Wᵀx, a = φ(z)" if layer <= walk.n_hidden else "z = Wᵀx"
        add("forward", "2 · {}: " + steps, layer_forward, layer)
    add("output", f"3 · Output: {walk.network.output.label}", output_of_network)
    add("loss", "4 · Loss J of this point", loss)

    group = "Backward: the chain rule"
    add("slopes", "5 · Slopes of the loss: ∂J/∂ŷ, ∂ŷ/∂z, ŷ − y", slopes)
    for layer in reversed(layers):
        add("delta", "6 · {}: δ = ∂J/∂z", delta, layer)
    for layer in reversed(layers):
        add("gradient", "7 · {}: gradient ∂J/∂W", gradient, layer)

    group = f"Update: {walk.step.settings.optimiser.label}"
    add("mean", "8 · The mean over the batch, and the rule", mean)
    for layer in layers:
        add("update", "8 · {}: old weights → new weights", update, layer)
    return found


@np.errstate(all="ignore")  # where the run diverges, numbers run over
def _quietly(blocks: Iterator[Block]) -> list[Block]:
    return list(blocks)
