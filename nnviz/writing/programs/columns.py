"""Source text in NumPy, samples in columns, for the flavours that evaluate the network with it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from ...choices.activations import ACTIVATIONS
from ...choices.outputs import OUTPUTS
from .loop import no_samples
from .plan import ProgramPlan


def output_function(plan: ProgramPlan) -> Iterator[str]:
    """The output's function, from logits to ``y_hat``."""
    output = OUTPUTS[plan.recipe.output]
    yield f"def {output.name}(z):"
    *before, last = (output.columns_code or output.code).split("\n")
    for line in before:
        yield f"    {line}"
    yield f"    return {last.removeprefix('y_hat = ')}"
    yield ""
    yield ""


def evaluate(plan: ProgramPlan, logits: list[str]) -> Iterator[str]:
    """``evaluate(x, y)``, mean loss and accuracy; ``logits`` are statements that compute z."""
    output = OUTPUTS[plan.recipe.output]
    loss_code = output.columns_loss_code or output.loss_code
    yield "def evaluate(x, y):"
    yield '    """The mean loss and the accuracy."""'
    yield from no_samples(plan)
    yield from (f"    {line}" for line in logits)
    if "y_hat" in loss_code:
        yield f"    y_hat = {output.name}(z)"
    yield indent(loss_code, "    ")
    right = "(z >= 0) == y" if output.one_unit else "z.argmax(axis=0) == y.argmax(axis=0)"
    yield f"    return J / y.shape[1], ({right}).mean()"
    yield ""
    yield ""


def activation_of(plan: ProgramPlan) -> str:
    """The statement ``a = …``, from ``z``."""
    activation = ACTIVATIONS[plan.recipe.activation]
    comment = "" if activation.label in activation.code else f"  # {activation.label}"
    return f"a = {activation.code}{comment}"
