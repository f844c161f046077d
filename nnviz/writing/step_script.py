"""One training step as a NumPy program, with all arrays in full precision.

A reader runs it to reproduce the page's numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..analysis.step import WorkedExample
from ..notation import literal


def step_script(example: WorkedExample) -> str:
    """A program that computes ``z``, ``a``, ``y_hat``, ``J``, δ, gradients and new weights.

    Names end in the number of their layer: ``W1``, ``z1``, ``delta1``, ``gradient1``,
    ``W1_new``; ``x1`` is the input with a 1 in front. Needs only NumPy.
    """
    n_layers = len(example.network.weights)
    lines = [
        *_arrays(example),
        *_forward(example, n_layers),
        *_backward(example, n_layers),
        *_update(example, n_layers),
    ]
    return "\n".join(lines) + "\n"


def _arrays(example: WorkedExample) -> Iterator[str]:
    step = example.step
    yield (
        f"# {example.recipe.source.name}, epoch {example.epoch}: "
        f"training point {example.sample + 1} "
        f"({example.class_phrase(example.label)}),"
    )
    yield f"# in batch {step.batch} of {step.n_batches} of the next epoch"
    yield "import numpy as np"
    yield ""
    x = example.explanation.layers[0].x
    yield f"x1 = {literal(x)}  # a 1 in front, then {_inputs(example)}"
    yield f"y = {literal(example.explanation.y)}  # {_targets(example)}"
    for layer, w in enumerate(example.network.weights, start=1):
        yield f"W{layer} = {literal(w)}  # row 0: biases; one column per unit"
    yield ""


def _inputs(example: WorkedExample) -> str:
    return ", ".join(example.units(0))


def _targets(example: WorkedExample) -> str:
    if len(example.explanation.y) == 1:
        return f"1 for {example.class_names[1]}, 0 for {example.class_names[0]}"
    return f"one-hot: {', '.join(example.class_names)}"


def _forward(example: WorkedExample, n_layers: int) -> Iterator[str]:
    activation, output = example.network.activation, example.network.output
    yield "# forward"
    for layer in range(1, n_layers):
        yield f"z = z{layer} = W{layer}.T @ x{layer}"
        yield f"a = a{layer} = {activation.code}  # {activation.label}"
        yield f"slope{layer} = {activation.slope_code}  # its slope at z"
        yield f"x{layer + 1} = np.concatenate([[1.0], a{layer}])"
    yield f"z = z{n_layers} = W{n_layers}.T @ x{n_layers}"
    yield output.code
    yield output.loss_code
    yield ""


def _backward(example: WorkedExample, n_layers: int) -> Iterator[str]:
    yield "# backward"
    yield f"delta{n_layers} = y_hat - y"
    for layer in range(n_layers - 1, 0, -1):
        above = layer + 1
        yield f"delta{layer} = (W{above}[1:] @ delta{above}) * slope{layer}  # without the biases"
    for layer in range(1, n_layers + 1):
        yield f"gradient{layer} = np.outer(x{layer}, delta{layer})"
    yield ""


def _update(example: WorkedExample, n_layers: int) -> Iterator[str]:
    step, settings = example.step, example.step.settings
    n, rules = len(step.samples), settings.optimiser.rules
    yield f"# step of {settings.optimiser.label}, with the mean gradient of {n} points"
    yield f"n, eta, t = {n}, {settings.learning_rate!r}, {step.t}"
    for layer in range(1, n_layers + 1):
        yield f"g = gradient{layer}.copy()"
        if n > 1:
            rest = literal(example.rest[layer - 1])
            yield f"rest{layer} = {rest}  # sum of the gradients of the other points"
            yield f"g = (gradient{layer} + rest{layer}) / n"
        if settings.l1:
            yield f"g[1:] += {settings.l1!r} * np.sign(W{layer}[1:])  # L1"
        if settings.l2:
            yield f"g[1:] += {settings.l2!r} * W{layer}[1:]  # L2"
        yield f"w, g{layer} = W{layer}, g"
        for name, slot in zip(settings.optimiser.memory, step.memory_before, strict=True):
            yield f"{name} = {literal(slot[layer - 1])}  # from the previous step"
        for rule in rules:
            yield f"{rule.target} = {rule.code}"
        yield f"W{layer}_new = w"
