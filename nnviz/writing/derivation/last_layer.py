"""The derivation of the output and the loss, with the numbers of the point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...analysis.step import WorkedPoint
from ...notation import OPERAND_DIGITS, agreeing, factor, fill, matrix, near_one, number, rounded
from .blocks import Block, Formula, Paragraph


def derived(example: WorkedPoint, lines: Sequence[str]) -> Iterator[Block]:
    """Fill the ``lines`` of a :class:`nnviz.choices.outputs.Derivation` in for this point."""
    numbers = _numbers(example)
    for line in lines:
        text = fill(line, numbers)
        yield Formula(text.removeprefix("$$")) if line.startswith("$$") else Paragraph(text)


def own_probability(example: WorkedPoint) -> float:
    """ŷ of the point's class."""
    y_hat = example.explanation.y_hat
    if len(y_hat) > 1:
        return float(y_hat[example.label])
    return float(y_hat[0] if example.label else 1.0 - y_hat[0])


def _numbers(example: WorkedPoint) -> dict[str, str]:
    """All numbers that a line can name, as LaTeX; vectors have names in the plural."""
    explanation, z = example.explanation, example.explanation.layers[-1].z
    y, y_hat, own_share = explanation.y, explanation.y_hat, own_probability(example)
    shown_z, shown_y_hat = rounded(z), rounded(y_hat)
    shown_share = 1 - rounded(1 - own_share) if 0 < 1 - own_share < 1e-3 else rounded(own_share)
    output = example.network.output
    own = rf"\hat y_{{{example.label + 1}}}"
    if output.one_unit:
        own = r"\hat y" if example.label else r"(1 - \hat y)"
    numbers = {
        "symbol": rf"z^{{[{example.n_hidden + 1}]}}",
        "class": example.class_name,
        "z": number(z[0], OPERAND_DIGITS),
        "zs": matrix(z, OPERAND_DIGITS),
        "z_factor": factor(z[0], OPERAND_DIGITS),
        "sign": r"\ge" if z[0] >= 0 else "<",
        "y": number(y[0]),
        "own": own,
        "share": near_one(own_share, OPERAND_DIGITS),
        "J": _result(
            explanation.loss, -np.log(shown_share) if output.graded else (y_hat - y)[0] * shown_z[0]
        ),
    }
    if output.one_unit:
        numbers["y_hat"] = _result(y_hat[0], _sigmoid(shown_z[0]) if output.graded else y_hat[0])
    if explanation.shift is not None and explanation.exponentials is not None:
        e, m = explanation.exponentials, explanation.shift
        digits = agreeing(e, np.exp(shown_z - rounded(m)))
        added = sum(float(f"{value:.{n - 1}e}") for value, n in zip(e, digits, strict=True))
        numbers["m"], numbers["shift"] = number(m, OPERAND_DIGITS), factor(m, OPERAND_DIGITS)
        numbers["exponentials"] = matrix(e, digits)
        numbers["sum"] = _result(e.sum(), added)
        numbers["factors"] = matrix(e, OPERAND_DIGITS)
        numbers["divisor"] = number(e.sum(), OPERAND_DIGITS)
        numbers["y_hats"] = matrix(y_hat, agreeing(y_hat, rounded(e) / rounded(e.sum())))
    if explanation.loss_slope is not None and explanation.jacobian is not None:
        slope, jacobian = explanation.loss_slope, explanation.jacobian
        numbers["side"] = r"-\frac{1}{\hat y}" if y[0] else r"\frac{1}{1 - \hat y}"
        numbers["loss_slope"] = _result(slope[0], np.sign(slope[0]) / shown_share)
        numbers["loss_slopes"] = matrix(slope, agreeing(slope, -y / shown_share))
        numbers["slope"] = _result(jacobian[0, 0], shown_y_hat[0] * (1 - shown_y_hat[0]))
        from_shown = np.diag(shown_y_hat) - np.outer(shown_y_hat, shown_y_hat)
        numbers["jacobian"] = matrix(jacobian, agreeing(jacobian, from_shown))
    return numbers


def _result(value: float, recomputed: Any) -> str:
    return number(value, int(agreeing(value, recomputed)))


def _sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))
