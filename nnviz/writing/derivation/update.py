"""From the gradients of a batch to new weights: part 8."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...analysis.step import Walk
from ...notation import DIGITS, factor, fill, number, superscript
from ...training.network import penalty_slope
from .blocks import Array, Block, Formula, Named, Paragraph, lines, weights


def mean(walk: Walk) -> Iterator[Block]:
    step, settings = walk.step, walk.step.settings
    n = len(step.samples)
    if step.n_batches == 1:
        yield Paragraph(
            f"The batch is full: one step an epoch, along the mean gradient of all {n} training "
            f"points. This point's gradient enters it with the weight 1/{n}."
        )
    elif n == 1:
        yield Paragraph(
            f"Epoch {walk.epoch + 1} takes the training points one by one in a new order, a step "
            f"each; this point is number {step.batch} of {step.n_batches}, and the mean is its "
            "own gradient."
        )
    else:
        numbers = ", ".join(str(sample + 1) for sample in step.samples[:40])
        more = "" if n <= 40 else f" and {n - 40} more"
        yield Paragraph(
            f"Epoch {walk.epoch + 1} takes the training points in a new order, in "
            f"{step.n_batches} batches; this point is in batch {step.batch} of {step.n_batches}, "
            f"with weight 1/{n}. The batch: {numbers}{more}."
        )
    formula = r"g = \frac{1}{n} \sum_{i=1}^{n} \frac{\partial J^{(i)}}{\partial W}"
    strengths = []
    if settings.l1:
        formula += r" + \lambda_1 \operatorname{sign} W"
        strengths.append(rf"$\lambda_1 = {number(settings.l1)}$")
    if settings.l2:
        formula += r" + \lambda_2 W"
        strengths.append(rf"$\lambda_2 = {number(settings.l2)}$")
    yield Formula(rf"{formula} \qquad n = {n}")
    if strengths:
        yield Paragraph(f"The penalties ({', '.join(strengths)}) pull at weights, never at biases.")
    yield Paragraph(f"Then {settings.optimiser.label} moves every weight $w$ by its own $g$:")
    for rule in settings.optimiser.rules:
        yield Formula(rf"{rule.target} \leftarrow {fill(rule.latex, _SYMBOLS)}")
    at = rf"\eta = {number(settings.learning_rate)}"
    if any("<t>" in rule.latex for rule in settings.optimiser.rules):
        at += rf", \; t = {step.t}"
        yield Paragraph(f"with ${at}$, where $t$ counts the steps from 1.")
    else:
        yield Paragraph(f"with ${at}$.")


_SYMBOLS = {name: name for name in "wgmvst"} | {"eta": r"\eta"}


def update(walk: Walk, layer: int) -> Iterator[Block]:
    yield from _mean_of_layer(walk, layer)
    yield Paragraph(f"Written out for one weight, {walk.weight(layer - 1, 1, 0)}:")
    yield from _one_weight(walk, layer)
    yield Paragraph("and so for all of them:")
    yield from _all_weights(walk, layer)


def _mean_of_layer(walk: Walk, layer: int) -> Iterator[Block]:
    step, n = walk.step, len(walk.step.samples)
    mark, named = superscript(layer), partial(_named, walk, layer)
    said = "This point's gradient"
    if n > 1:
        said += " and the sum of all others in the batch"
    if step.settings.l1 or step.settings.l2:
        said += ", then the slope of the penalties, 0 for biases"
    yield Paragraph(f"{said}:")
    arrays = {"own": named(walk.told.layers[layer - 1].gradient, f"this point's ∂J/∂W{mark}")}
    told = [r"g &= <own>"]
    if n > 1:
        arrays["rest"] = named(walk.rest[layer - 1], f"sum of the others'{mark}")
        told = [rf"g &= \frac{{1}}{{{n}}} \Bigl( <own>", r"&\quad + <rest> \Bigr)"]
    if step.settings.l1 or step.settings.l2:
        before = step.before[layer - 1]
        slope = np.zeros_like(before)
        slope[1:] = penalty_slope(before[1:], step.settings.l1, step.settings.l2)
        arrays["penalty"] = named(slope, f"slope of the penalties{mark}")
        told.append(r"&\quad + <penalty>")
    arrays["g"] = named(step.gradient[layer - 1], f"g{mark}")
    yield from lines([*told, r"&= <g>"], arrays)


def _one_weight(walk: Walk, layer: int) -> Iterator[Block]:
    """The rules with the numbers of the weight from the first input to the first unit."""
    step, optimiser = walk.step, walk.step.settings.optimiser
    at = layer - 1
    old = {"w": step.before, "g": step.gradient}
    old |= dict(zip(optimiser.memory, step.memory_before, strict=True))
    new = {"w": step.after} | dict(zip(optimiser.memory, step.memory_after, strict=True))
    texts = {name: factor(matrices[at][1, 0], _digits(name)) for name, matrices in old.items()}
    texts |= {"eta": factor(step.settings.learning_rate), "t": str(step.t)}
    for rule in optimiser.rules:
        result = new[rule.target][at][1, 0]
        shown = number(result, _digits(rule.target))
        yield Formula(rf"{rule.target} \leftarrow {fill(rule.latex, texts)} = {shown}")
        texts[rule.target] = factor(result)  # the next line goes on with the new one


def _digits(name: str) -> int:
    """A step is short beside its weight: it shows in more digits."""
    return 8 if name == "w" else DIGITS


def _all_weights(walk: Walk, layer: int) -> Iterator[Block]:
    step, mark = walk.step, superscript(layer)
    named = partial(_named, walk, layer)
    memory = dict(zip(step.settings.optimiser.memory, step.memory_after, strict=True))
    arrays = {name: named(slot[layer - 1], f"{name}{mark}, new") for name, slot in memory.items()}
    arrays["old"] = named(step.before[layer - 1], f"W{mark}, old")
    arrays["new"] = named(step.after[layer - 1], f"W{mark}, new")
    told = [rf"{name} &= <{name}> \quad" for name in memory]
    told += [rf"{weights(layer, when)} &= <{when}> \quad" for when in ("old", "new")]
    yield from lines(told, arrays)


def _named(walk: Walk, layer: int, values: Array, caption: str) -> Named:
    return values, caption, ["bias", *walk.units(layer - 1)], walk.units(layer)
