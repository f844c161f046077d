"""From the gradients of a batch to new weights: part 8."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...analysis.step import WorkedExample
from ...notation import factor, fill, number, of_layer
from ...training.network import penalty_slope
from .blocks import Array, Block, Formula, Named, Paragraph, lines, weights


def mean(example: WorkedExample) -> Iterator[Block]:
    step, settings = example.step, example.step.settings
    n = len(step.samples)
    if step.n_batches == 1:
        yield Paragraph(
            f"The batch is full: each epoch is one step, along the mean gradient of all {n} "
            f"training points. This point's gradient has the weight 1/{n} in it."
        )
    elif n == 1:
        yield Paragraph(
            f"Epoch {example.epoch + 1} takes the training points one by one, in a new order, with "
            f"one step for each. This point is number {step.batch} of {step.n_batches}, and the "
            "mean is its own gradient."
        )
    else:
        numbers = ", ".join(str(sample + 1) for sample in step.samples[:40])
        more = "" if n <= 40 else f" and {n - 40} more"
        yield Paragraph(
            f"Epoch {example.epoch + 1} takes the training points in a new order, in "
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
        yield Paragraph(f"The penalties ({', '.join(strengths)}) are on weights, not on biases.")
    yield Paragraph(f"Then {settings.optimiser.label} changes every weight $w$ by its $g$:")
    for rule in settings.optimiser.rules:
        yield Formula(rf"{rule.target} \leftarrow {fill(rule.latex, _SYMBOLS)}")
    at = rf"\eta = {number(settings.learning_rate)}"
    if any("<t>" in rule.latex for rule in settings.optimiser.rules):
        at += rf", \; t = {step.t}"
        yield Paragraph(f"with ${at}$, where $t$ counts the steps from 1.")
    else:
        yield Paragraph(f"with ${at}$.")


_SYMBOLS = {name: name for name in "wgmvst"} | {"eta": r"\eta"}


# a step is small compared with its weight: more digits than elsewhere, of operands and of results
_MORE_DIGITS = 10
_RESULT_DIGITS = 7


def update(example: WorkedExample, layer: int) -> Iterator[Block]:
    yield from _mean_of_layer(example, layer)
    yield Paragraph(f"In detail for one weight, {example.weight(layer - 1, 1, 0)}:")
    yield from _one_weight(example, layer)
    yield Paragraph("For all weights of the layer:")
    yield from _all_weights(example, layer)


def _mean_of_layer(example: WorkedExample, layer: int) -> Iterator[Block]:
    step, n = example.step, len(example.step.samples)
    mark, named = of_layer(layer), partial(_named, example, layer)
    text = "This point's gradient"
    if n > 1:
        text += " and the sum of all others in the batch"
    if step.settings.l1 or step.settings.l2:
        text += ", then the slope of the penalties, 0 for biases"
    yield Paragraph(f"{text}:")
    own = example.explanation.layers[layer - 1].gradient
    arrays = {"own": named(own, f"this point's ∂J/∂W{mark}")}
    latex = [r"g &= <own>"]
    if n > 1:
        arrays["rest"] = named(example.rest[layer - 1], f"sum of the others'{mark}")
        latex = [rf"g &= \frac{{1}}{{{n}}} \Bigl( <own>", r"&\quad + <rest> \Bigr)"]
    if step.settings.l1 or step.settings.l2:
        before = step.before[layer - 1]
        slope = np.zeros_like(before)
        slope[1:] = penalty_slope(before[1:], step.settings.l1, step.settings.l2)
        arrays["penalty"] = named(slope, f"slope of the penalties{mark}")
        latex.append(r"&\quad + <penalty>")
    arrays["g"] = named(step.gradient[layer - 1], f"g{mark}")
    yield from lines(
        [*latex, r"&= <g>"], arrays,
        by=lambda own, rest=0.0, penalty=0.0: (own + rest) / n + penalty,
    )  # fmt: skip


def _one_weight(example: WorkedExample, layer: int) -> Iterator[Block]:
    """The rules with the numbers of the weight from the first input to the first unit."""
    step, optimiser = example.step, example.step.settings.optimiser
    at = layer - 1
    old = {"w": step.before, "g": step.gradient}
    old |= dict(zip(optimiser.memory, step.memory_before, strict=True))
    new = {"w": step.after} | dict(zip(optimiser.memory, step.memory_after, strict=True))
    texts = {name: factor(matrices[at][1, 0], _MORE_DIGITS) for name, matrices in old.items()}
    texts |= {"eta": factor(step.settings.learning_rate, _MORE_DIGITS), "t": str(step.t)}
    for rule in optimiser.rules:
        result = new[rule.target][at][1, 0]
        shown = number(result, _RESULT_DIGITS)
        yield Formula(rf"{rule.target} \leftarrow {fill(rule.latex, texts)} = {shown}")
        texts[rule.target] = factor(result, _MORE_DIGITS)  # the next rule uses the new value


def _all_weights(example: WorkedExample, layer: int) -> Iterator[Block]:
    step, mark = example.step, of_layer(layer)
    named = partial(_named, example, layer)
    memory = dict(zip(step.settings.optimiser.memory, step.memory_after, strict=True))
    arrays = {name: named(slot[layer - 1], f"{name}{mark}, new") for name, slot in memory.items()}
    arrays["old"] = named(step.before[layer - 1], f"W{mark}, old")
    arrays["new"] = named(step.after[layer - 1], f"W{mark}, new")
    latex = [rf"{name} &= <{name}> \quad" for name in memory]
    latex += [rf"{weights(layer, when)} &= <{when}> \quad" for when in ("old", "new")]
    yield from lines(latex, arrays)


def _named(example: WorkedExample, layer: int, values: Array, caption: str) -> Named:
    return values, caption, ["bias", *example.units(layer - 1)], example.units(layer)
