"""The docstring of a program."""

from __future__ import annotations

from textwrap import fill

from ...choices.activations import ACTIVATIONS
from ...choices.outputs import OUTPUTS
from .plan import ProgramPlan

WIDTH = 80
_NAMES = (
    "Defines losses and test_losses, one mean per epoch from epoch 0; weights, one matrix per "
    "layer with the biases in row 0; and predict_proba(points)."
)
_SAME = "The losses are the same except for rounding."


def header(
    plan: ProgramPlan, label: str, packages: tuple[str, ...], differences: list[str], body: str
) -> str:
    """Describe the run, differences from nnviz's, what to install, and the names defined."""
    if "sklearn" in body:
        packages = (*packages, "scikit-learn")
    needed = " ".join(dict.fromkeys(packages))
    paragraphs = [
        _run(plan),
        f"Repeats a run of nnviz with {label}, from the same points and initial weights. "
        + (f"Differences: {' '.join(differences)}" if differences else _SAME),
        f"To install: pip install {needed}",
        _NAMES,
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
    data = recipe.source.label.replace("\\", "/").replace('"', "'")  # this is a docstring
    return f"{data}, {layers} network, {' and '.join(functions)}, {trained}."
