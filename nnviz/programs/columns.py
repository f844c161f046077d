"""Source text of the network in NumPy, samples in columns, for the flavours that watch with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent

from ..activations import ACTIVATIONS
from ..losses import OUTPUTS
from .plan import NotExpressible, Plan


@dataclass(frozen=True)
class Columns:
    """As ``code`` and ``loss_code`` of an output, but of many samples, and ``J`` their sum."""

    code: str
    loss_code: str


# what the table of outputs writes for a single unit serves any number of samples already
_MANY_UNITS = {
    "softmax": Columns(
        "e = np.exp(z - z.max(axis=0))  # this shift changes no quotient\n"
        "y_hat = e / e.sum(axis=0)",
        "J = (np.logaddexp.reduce(z) - (y * z).sum(axis=0)).sum()  # −Σ y log ŷ",
    ),
}


def output_function(plan: Plan) -> Iterator[str]:
    """A function named as the output: logits to ``y_hat``."""
    yield f"def {plan.recipe.output}(z):"
    *before, last = _output(plan).code.split("\n")
    for line in before:
        yield f"    {line}"
    yield f"    return {last.removeprefix('y_hat = ')}"
    yield ""
    yield ""


def evaluate(plan: Plan, logits: list[str]) -> Iterator[str]:
    """``evaluate(x, y)``: mean loss and accuracy; ``logits`` are the statements that make z."""
    output, loss_code = OUTPUTS[plan.recipe.output], _output(plan).loss_code
    yield "def evaluate(x, y):"
    yield '    """The mean loss, and the share of samples in their own class."""'
    yield from (f"    {line}" for line in logits)
    if "y_hat" in loss_code:
        yield f"    y_hat = {output.name}(z)"
    yield indent(loss_code, "    ")
    right = "(z >= 0) == y" if output.one_unit else "z.argmax(axis=0) == y.argmax(axis=0)"
    yield f"    return J / y.shape[1], ({right}).mean()"
    yield ""
    yield ""


def activation_of(plan: Plan) -> str:
    """``a = …`` of ``z``."""
    activation = ACTIVATIONS[plan.recipe.activation]
    comment = "" if activation.label in activation.code else f"  # {activation.label}"
    return f"a = {activation.code}{comment}"


def _output(plan: Plan) -> Columns:
    output = OUTPUTS[plan.recipe.output]
    if output.one_unit:
        return Columns(output.code, output.loss_code)
    if output.name not in _MANY_UNITS:
        raise NotExpressible(f"there is no source text for the output {output.name} yet")
    return _MANY_UNITS[output.name]
