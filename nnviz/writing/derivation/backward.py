"""From the loss back to every weight by the chain rule: parts 5 to 7, and the check of one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...analysis.sample import STEP, nudged_losses
from ...analysis.step import Walk
from ...notation import matrix, number, plain, superscript
from .blocks import Block, Formula, Paragraph, equation, weights
from .last_layer import derived


def slopes(walk: Walk) -> Iterator[Block]:
    told = walk.told
    error = told.y_hat - told.y
    difference = rf"\hat y - y = {matrix(told.y_hat)} - {matrix(told.y)} = {matrix(error)}"
    yield from derived(walk, walk.network.output.derivation.slopes)
    if told.loss_slope is None or told.jacobian is None:
        yield Formula(difference)
        return
    product = told.jacobian.T @ told.loss_slope
    yield Paragraph("The chain rule multiplies the two:")
    yield Formula(
        r"\frac{\partial J}{\partial z} = \left(\frac{\partial \hat y}{\partial z}\right)^{\!\top}"
        rf"\frac{{\partial J}}{{\partial \hat y}} = {matrix(told.jacobian.T)}\,"
        rf"{matrix(told.loss_slope)} = {matrix(product)}"
    )
    yield Paragraph("and all of it comes down to")
    yield Formula(difference)
    gap = float(np.abs(product - error).max())
    if np.isfinite(gap):
        yield Paragraph(
            f"The two are equal: the largest difference is {plain(gap)}, "
            + ("none at all." if gap == 0 else "the rounding of the last digits.")
        )
    else:
        yield Paragraph(
            "Here a $\\hat y$ is so small that $1/\\hat y$ runs over, and the product with it; "
            "$\\hat y - y$ does not, which is why training uses it."
        )


def delta(walk: Walk, layer: int) -> Iterator[Block]:
    told = walk.told.layers[layer - 1]
    name, units = rf"\delta^{{({layer})}}", walk.units(layer)
    shown = (told.delta, f"δ{superscript(layer)}", units, None)
    if told.slope is None:
        yield Paragraph("In the output layer δ is the error itself, as just seen.")
        yield from equation(rf"{name} = \frac{{\partial J}}{{\partial z^{{({layer})}}}} "
                             rf"= \hat y - y = <d>", d=shown)  # fmt: skip
        return
    above = walk.told.layers[layer]
    yield Formula(walk.network.activation.slope_latex)
    yield from equation(
        rf"\varphi'(z^{{({layer})}}) = <s>",
        s=(told.slope, f"φ′(z{superscript(layer)})", units, None),
    )
    yield Paragraph(
        f"The δ of layer {layer + 1} comes back through its weights, without the row of biases "
        r"($\bar W$), and each unit multiplies it by its own slope ($\odot$, number by number)."
    )
    yield from equation(
        rf"{name} = \bar W^{{({layer + 1})}} \delta^{{({layer + 1})}} \odot "
        rf"\varphi'(z^{{({layer})}}) = <W>\,<e> \odot <s> = <d>",
        W=(above.W[1:], f"W{superscript(layer + 1)} without biases", units, walk.units(layer + 1)),
        e=(above.delta, f"δ{superscript(layer + 1)}", walk.units(layer + 1), None),
        s=(told.slope, f"φ′(z{superscript(layer)})", units, None),
        d=shown,
    )
    if not told.slope.any():
        yield Paragraph("Every slope is 0, so nothing comes back to this layer from this point.")


def gradient(walk: Walk, layer: int) -> Iterator[Block]:
    told = walk.told.layers[layer - 1]
    units, rows = walk.units(layer), ["bias", *walk.units(layer - 1)]
    yield from equation(
        rf"\frac{{\partial J}}{{\partial {weights(layer)}}} "
        rf"= x^{{({layer})}} \delta^{{({layer})\top}} = <x>\,<d> = <g>",
        x=(told.x, f"x{superscript(layer)}", ["1", *rows[1:]], None),
        d=(told.delta[None, :], f"δᵀ{superscript(layer)}", ["δᵀ"], units),
        g=(told.gradient, f"∂J/∂W{superscript(layer)}", rows, units),
    )


@np.errstate(all="ignore")  # where the run diverges, numbers run over
def check(walk: Walk, at: tuple[int, int, int]) -> list[Block]:
    """Central difference and analytic slope of this point's J for the weight ``at``."""
    layer, row, column = at
    above, below = nudged_losses(walk.network, walk.x, walk.label, at)
    quotient = (above - below) / (2 * STEP)
    analytic = float(walk.told.layers[layer].gradient[row, column])
    w = float(walk.network.weights[layer][row, column])
    blocks: list[Block] = [
        Paragraph(
            f"The weight {walk.weight(layer, row, column)} is $w = {number(w)}$. Moved up and "
            f"down by $h = {number(STEP)}$, with all others held:"
        ),
        Formula(rf"\frac{{J(w + h) - J(w - h)}}{{2h}} = \frac{{{number(above, 12)} - "
                rf"{number(below, 12)}}}{{{number(2 * STEP)}}} = {number(quotient)}"),
        Formula(rf"\left(\frac{{\partial J}}{{\partial {weights(layer + 1)}}}\right)_{{{row},"
                rf"{column + 1}}} = {number(analytic)}"),
        Paragraph(f"The difference between the two is {plain(abs(quotient - analytic))}."),
    ]  # fmt: skip
    if walk.network.activation.kinked and walk.n_hidden:
        blocks.append(Paragraph(
            f"{walk.network.activation.label} has a corner or a jump at 0: where a $z$ lies "
            "within $h$ of it, the two sides differ and so do the two numbers."
        ))  # fmt: skip
    return blocks
