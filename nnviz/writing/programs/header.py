"""What a program says of itself, as the docstring at its top."""

from __future__ import annotations

from textwrap import fill

from ...choices.activations import ACTIVATIONS
from ...choices.outputs import OUTPUTS
from .plan import ProgramPlan

WIDTH = 80
_LEFT = (
    "Leaves losses and test_losses, a mean for every epoch from 0 on; weights, a matrix a layer "
    "with the biases in row 0; and predict_proba(points)."
)
_SAME = "The losses are the same but for rounding."


def header(
    plan: ProgramPlan, label: str, packages: tuple[str, ...], differences: list[str], body: str
) -> str:
    """What run it is, what to install, what differs, and what is left behind."""
    if "sklearn" in body:
        packages = (*packages, "scikit-learn")
    needed = " ".join(dict.fromkeys(packages))
    paragraphs = [
        _run(plan),
        f"A run of nnviz once more, with {label}: from the same points and first weights. "
        + (f"Not as there: {' '.join(differences)}" if differences else _SAME),
        f"To install: pip install {needed}",
        _LEFT,
    ]
    return '"""' + "\n\n".join(fill(text, WIDTH) for text in paragraphs) + '\n"""\n\n'


def _run(plan: ProgramPlan) -> str:
    recipe = plan.recipe
    layers = "-".join(map(str, recipe.sizes))
    functions = [OUTPUTS[recipe.output].label]
    if recipe.hidden:
        functions.insert(0, ACTIVATIONS[recipe.activation].label)
    epochs = (
        "untrained" if not plan.last else "1 epoch" if plan.last == 1 else f"{plan.last} epochs"
    )
    rules = ", then ".join(optimiser.label for optimiser in plan.optimisers)
    trained = f"{epochs} of {rules}" if rules else epochs
    return f"{recipe.source.label}, {layers} network, {' and '.join(functions)}, {trained}."
