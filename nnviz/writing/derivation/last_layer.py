"""The derivation of the output and the loss, with the numbers of the point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...analysis.step import WorkedExample
from ...notation import factor, fill, matrix, near_one, number
from .blocks import Block, Formula, Paragraph


def derived(example: WorkedExample, lines: Sequence[str]) -> Iterator[Block]:
    """Fill the ``lines`` of a :class:`nnviz.choices.outputs.Derivation` in for this point."""
    numbers = _numbers(example)
    for line in lines:
        text = fill(line, numbers)
        yield Formula(text.removeprefix("$$")) if line.startswith("$$") else Paragraph(text)


def own_probability(example: WorkedExample) -> float:
    """ŷ of the point's class."""
    y_hat = example.explanation.y_hat
    if len(y_hat) > 1:
        return float(y_hat[example.label])
    return float(y_hat[0] if example.label else 1.0 - y_hat[0])


def _numbers(example: WorkedExample) -> dict[str, str]:
    """All numbers that a line can name, as LaTeX; vectors have names in the plural."""
    explanation, z = example.explanation, example.explanation.layers[-1].z
    own = rf"\hat y_{{{example.label + 1}}}"
    if example.network.output.one_unit:
        own = r"\hat y" if example.label else r"(1 - \hat y)"
    numbers = {
        "symbol": rf"z^{{({example.n_hidden + 1})}}",
        "class": example.class_name,
        "z": number(z[0]),
        "z_factor": factor(z[0]),
        "sign": r"\ge" if z[0] >= 0 else "<",
        "y": number(explanation.y[0]),
        "y_hat": number(explanation.y_hat[0]),
        "y_hats": matrix(explanation.y_hat),
        "own": own,
        "share": near_one(own_probability(example)),
        "J": number(explanation.loss),
    }
    if explanation.shift is not None and explanation.exponentials is not None:
        numbers["m"] = number(explanation.shift)
        numbers["exponentials"] = matrix(explanation.exponentials)
        numbers["sum"] = number(explanation.exponentials.sum())
    if explanation.loss_slope is not None and explanation.jacobian is not None:
        numbers["side"] = r"-\frac{1}{\hat y}" if explanation.y[0] else r"\frac{1}{1 - \hat y}"
        numbers["loss_slope"] = number(explanation.loss_slope[0])
        numbers["loss_slopes"] = matrix(explanation.loss_slope)
        numbers["slope"] = number(explanation.jacobian[0, 0])
        numbers["jacobian"] = matrix(explanation.jacobian)
    return numbers
