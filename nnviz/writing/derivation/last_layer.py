"""What an output's record says of its derivation, with the numbers of the point put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...analysis.step import Walk
from ...notation import factor, fill, matrix, near_one, number
from .blocks import Block, Formula, Paragraph


def derived(walk: Walk, lines: Sequence[str]) -> Iterator[Block]:
    """The ``lines`` of a :class:`nnviz.choices.outputs.Derivation` for this point."""
    numbers = _numbers(walk)
    for line in lines:
        text = fill(line, numbers)
        yield Formula(text.removeprefix("$$")) if line.startswith("$$") else Paragraph(text)


def own_probability(walk: Walk) -> float:
    """ŷ of the point's own class."""
    y_hat = walk.told.y_hat
    if len(y_hat) > 1:
        return float(y_hat[walk.label])
    return float(y_hat[0] if walk.label else 1.0 - y_hat[0])


def _numbers(walk: Walk) -> dict[str, str]:
    """Everything a line may name, as LaTeX; vectors have names in the plural."""
    told, z = walk.told, walk.told.layers[-1].z
    own = rf"\hat y_{{{walk.label + 1}}}"
    if walk.network.output.one_unit:
        own = r"\hat y" if walk.label else r"(1 - \hat y)"
    numbers = {
        "symbol": rf"z^{{({walk.n_hidden + 1})}}",
        "class": walk.class_name,
        "z": number(z[0]),
        "z_factor": factor(z[0]),
        "sign": r"\ge" if z[0] >= 0 else "<",
        "y": number(told.y[0]),
        "y_hat": number(told.y_hat[0]),
        "y_hats": matrix(told.y_hat),
        "own": own,
        "share": near_one(own_probability(walk)),
        "J": number(told.loss),
    }
    if told.shift is not None and told.exponentials is not None:
        numbers["m"] = number(told.shift)
        numbers["exponentials"] = matrix(told.exponentials)
        numbers["sum"] = number(told.exponentials.sum())
    if told.loss_slope is not None and told.jacobian is not None:
        numbers["side"] = r"-\frac{1}{\hat y}" if told.y[0] else r"\frac{1}{1 - \hat y}"
        numbers["loss_slope"] = number(told.loss_slope[0])
        numbers["loss_slopes"] = matrix(told.loss_slope)
        numbers["slope"] = number(told.jacobian[0, 0])
        numbers["jacobian"] = matrix(told.jacobian)
    return numbers
