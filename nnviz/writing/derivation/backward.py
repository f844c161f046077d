"""Backward by the chain rule, from the loss to every weight: parts 5 to 7, and :func:`check`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...analysis.sample import STEP, nudged_losses
from ...analysis.step import WorkedPoint
from ...notation import OPERAND_DIGITS, agreeing, matrix, number, of_layer, plain, rounded
from .blocks import Block, Formula, Paragraph, equation, weights
from .last_layer import derived


def slopes(example: WorkedPoint) -> Iterator[Block]:
    explanation = example.explanation
    y_hat, y = explanation.y_hat, explanation.y
    error = y_hat - y
    difference = (
        rf"\hat y - y = {matrix(y_hat, OPERAND_DIGITS)} - {matrix(y)} = "
        rf"{matrix(error, agreeing(error, rounded(y_hat) - y))}"
    )
    yield from derived(example, example.network.output.derivation.slopes)
    if explanation.loss_slope is None or explanation.jacobian is None:
        yield Formula(difference)
        return
    jacobian, slope = explanation.jacobian.T, explanation.loss_slope
    product = jacobian @ slope
    digits = agreeing(product, rounded(jacobian) @ rounded(slope))
    yield Paragraph("By the chain rule, their product is")
    yield Formula(
        r"\frac{\partial J}{\partial z} = \left(\frac{\partial \hat y}{\partial z}\right)^{\!\top}"
        rf"\frac{{\partial J}}{{\partial \hat y}} = {matrix(jacobian, OPERAND_DIGITS)}\,"
        rf"{matrix(slope, OPERAND_DIGITS)} = {matrix(product, digits)}"
    )
    yield Paragraph("which simplifies to")
    yield Formula(difference)
    gap = float(np.abs(product - error).max())
    if np.isfinite(gap):
        yield Paragraph(
            f"The two are equal: the largest difference is {plain(gap)}"
            + ("." if gap == 0 else ", from rounding.")
        )
    else:
        yield Paragraph(
            "Here a $\\hat y$ is so small that $1/\\hat y$ overflows, and so does the product. "
            "$\\hat y - y$ does not overflow; therefore training uses it."
        )


def delta(example: WorkedPoint, layer: int) -> Iterator[Block]:
    numbers = example.explanation.layers[layer - 1]
    name, units = rf"\delta^{{[{layer}]}}", example.units(layer)
    shown = (numbers.delta, f"δ{of_layer(layer)}", units, None)
    if numbers.slope is None:
        yield Paragraph("In the output layer, δ is the error, as shown above.")
        yield from equation(rf"{name} = \frac{{\partial J}}{{\partial z^{{[{layer}]}}}} "
                             rf"= \hat y - y = <d>", d=shown)  # fmt: skip
        return
    above, units_above = example.explanation.layers[layer], example.units(layer + 1)
    activation = example.network.activation
    yield Formula(activation.slope_latex)
    yield from equation(
        rf"\varphi'(z^{{[{layer}]}}) = \varphi' <z> = <s>",
        by=lambda z: activation.slope(z, activation.value(z.copy(), None), None),
        z=(numbers.z, f"z{of_layer(layer)}", units, None),
        s=(numbers.slope, f"φ′(z{of_layer(layer)})", units, None),
    )
    yield Paragraph(
        f"The δ of layer {layer + 1} is multiplied by that layer's weights without the row of "
        r"biases ($\bar W$), then element by element ($\odot$) by the slopes of this layer's units."
    )
    yield from equation(
        rf"{name} = \bar W^{{[{layer + 1}]}} \delta^{{[{layer + 1}]}} \odot "
        rf"\varphi'(z^{{[{layer}]}}) = <W>\,<e> \odot <s> = <d>",
        by=lambda W, e, s: (W @ e) * s,
        W=(above.W[1:], f"W{of_layer(layer + 1)} without biases", units, units_above),
        e=(above.delta, f"δ{of_layer(layer + 1)}", units_above, None),
        s=(numbers.slope, f"φ′(z{of_layer(layer)})", units, None),
        d=shown,
    )
    if not numbers.slope.any():
        yield Paragraph("Every slope is 0, so this layer gets no gradient from this point.")


def gradient(example: WorkedPoint, layer: int) -> Iterator[Block]:
    numbers = example.explanation.layers[layer - 1]
    units, rows = example.units(layer), ["bias", *example.units(layer - 1)]
    yield from equation(
        rf"\frac{{\partial J}}{{\partial {weights(layer)}}} "
        rf"= x^{{[{layer}]}} \delta^{{[{layer}]\top}} = <x>\,<d> = <g>",
        by=lambda x, d: np.outer(x, d),
        x=(numbers.x, f"x{of_layer(layer)}", ["1", *rows[1:]], None),
        d=(numbers.delta[None, :], f"δᵀ{of_layer(layer)}", ["δᵀ"], units),
        g=(numbers.gradient, f"∂J/∂W{of_layer(layer)}", rows, units),
    )


@np.errstate(all="ignore")  # the numbers of a diverged run overflow
def check(example: WorkedPoint, at: tuple[int, int, int]) -> list[Block]:
    """Compare the central difference and the derivative of this point's J by the weight ``at``."""
    layer, row, column = at
    above, below = nudged_losses(example.network, example.x, example.label, at)
    quotient = (above - below) / (2 * STEP)
    shown = (rounded(above, 12) - rounded(below, 12)) / (2 * STEP)
    digits = int(agreeing(quotient, shown))
    analytic = float(example.explanation.layers[layer].gradient[row, column])
    w = float(example.network.weights[layer][row, column])
    blocks: list[Block] = [
        Paragraph(
            f"The weight {example.weight(layer, row, column)} is $w = {number(w)}$. Increased and "
            f"decreased by $h = {number(STEP)}$, with all other weights unchanged, it gives"
        ),
        Formula(rf"\frac{{J(w + h) - J(w - h)}}{{2h}} = \frac{{{number(above, 12)} - "
                rf"{number(below, 12)}}}{{{number(2 * STEP)}}} = {number(quotient, digits)}"),
        Formula(rf"\left(\frac{{\partial J}}{{\partial {weights(layer + 1)}}}\right)_{{{row},"
                rf"{column + 1}}} = {number(analytic)}"),
        Paragraph(f"The difference between the two is {plain(abs(quotient - analytic))}."),
    ]  # fmt: skip
    if example.network.activation.kinked and example.n_hidden:
        blocks.append(Paragraph(
            f"{example.network.activation.label} has a corner or a jump at 0: if a $z$ is within "
            "about $h$ of 0, the two numbers can differ."
        ))  # fmt: skip
    return blocks
