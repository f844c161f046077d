"""The flavour in plain NumPy, with every formula in the lecture's notation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from ...choices.activations import ACTIVATIONS
from ...choices.optimisers import Optimiser
from ...choices.outputs import OUTPUTS
from . import columns, data, drawing, loop
from .plan import Change, ProgramPlan

_SETTINGS = {"learning_rate": "eta", "batch_size": "batch_size", "l1": "l1", "l2": "l2"}


def write(plan: ProgramPlan) -> str:
    """The script; raises ``NotExpressible`` for a data set without source text."""
    lines = [
        *data.IMPORTS,
        *data.loaders(plan.recipe),
        "",
        *data.points(plan, counted=plan.in_batches),
        *data.inputs(plan),
        *data.samples(plan),
        *data.targets(plan),
        *drawing.draw_function(plan, "inputs(points)", drawing.targets_in_columns(plan)),
        *data.first_weights(plan),
        "",
        "# --- network",
        *_forward(plan),
        *columns.output_function(plan),
        *columns.evaluate(plan, _logits(plan)),
        *_predict_proba(plan),
        *_training(plan),
    ]
    return "\n".join(lines) + "\n"


def differences(plan: ProgramPlan) -> list[str]:
    """None: the run is the same."""
    return []


def _forward(plan: ProgramPlan) -> Iterator[str]:
    yield "def forward(x):"
    if plan.recipe.hidden:
        yield '    """The input x of every layer, with its 1 in front, and z = Wᵀx."""'
        yield "    xs, zs = [x], [weights[0].T @ x]"
        yield "    for w in weights[1:]:"
        yield "        z = zs[-1]"
        yield f"        {columns.activation_of(plan)}"
        yield "        xs.append(np.vstack([np.ones(z.shape[1]), a]))"
        yield "        zs.append(w.T @ xs[-1])"
        yield "    return xs, zs"
    else:
        yield '    """The only layer: z = Wᵀx."""'
        yield "    return weights[0].T @ x"
    yield ""
    yield ""


def _logits(plan: ProgramPlan) -> list[str]:
    """Statements that compute ``z``, the logits of ``x``."""
    return ["_, zs = forward(x)", "z = zs[-1]"] if plan.recipe.hidden else ["z = forward(x)"]


def _predict_proba(plan: ProgramPlan) -> Iterator[str]:
    output = OUTPUTS[plan.recipe.output]
    yield "def predict_proba(points):"
    yield '    """Class probabilities of raw points (n, 2), one column per class."""'
    if plan.recipe.hidden:
        yield "    _, zs = forward(inputs(points))"
        yield f"    y_hat = {output.name}(zs[-1])"
    else:
        yield f"    y_hat = {output.name}(forward(inputs(points)))"
    yield "    return " + ("np.vstack([1 - y_hat, y_hat]).T" if output.one_unit else "y_hat.T")
    yield ""
    yield ""


# --- training -------------------------------------------------------------------------


def _training(plan: ProgramPlan) -> Iterator[str]:
    if plan.last:
        yield from _backward(plan)
        for optimiser in plan.optimisers:
            yield from _rule(optimiser)
        yield "# --- training"
        yield from _settings(plan)
    yield from loop.loop(plan, _epoch(plan), lambda change: _change(plan, change))


def _backward(plan: ProgramPlan) -> Iterator[str]:
    output = plan.recipe.output
    yield "def backward(x, y):"
    yield '    """∂J/∂W of every layer, averaged over these samples."""'
    if not plan.recipe.hidden:
        yield f"    delta = {output}(forward(x)) - y  # δ = ∂J/∂z = ŷ − y"
        yield "    g = x @ delta.T / y.shape[1]  # ∂J/∂W = x δᵀ"
        yield from _penalties(plan, "weights[0]", "    ")
        yield "    return [g]"
    else:
        yield "    xs, zs = forward(x)"
        yield f"    delta = {output}(zs[-1]) - y  # δ = ∂J/∂z = ŷ − y"
        yield "    gradients = []"
        yield "    for i in reversed(range(len(weights))):"
        yield "        g = xs[i] @ delta.T / y.shape[1]  # ∂J/∂W = x δᵀ"
        yield from _penalties(plan, "weights[i]", "        ")
        yield "        gradients.insert(0, g)"
        yield "        if i > 0:  # δ of the layer below: W δ · φ′(z), without biases"
        yield from _slope(plan)
        yield "    return gradients"
    yield ""
    yield ""


def _slope(plan: ProgramPlan) -> Iterator[str]:
    code = ACTIVATIONS[plan.recipe.activation].slope_code
    if _uses(code, "z"):
        yield "            z = zs[i - 1]"
    if _uses(code, "a"):
        yield "            a = xs[i][1:]"
    slope = code if isinstance(ast.parse(code, mode="eval").body, ast.Call) else f"({code})"
    yield f"            delta = (weights[i][1:] @ delta) * {slope}"


def _penalties(plan: ProgramPlan, w: str, spaces: str) -> Iterator[str]:
    if any(plan.values("l1")):
        yield f"{spaces}g[1:] += l1 * np.sign({w}[1:])  # L1, not for biases"
    if any(plan.values("l2")):
        yield f"{spaces}g[1:] += l2 * {w}[1:]  # L2, not for biases"


def _rule(optimiser: Optimiser) -> Iterator[str]:
    yield f"def {optimiser.name}(gradients):"
    yield f'    """One step of {optimiser.label}."""'
    yield "    for i, (w, g) in enumerate(zip(weights, gradients)):"
    memory = "|".join(optimiser.memory)
    for rule in optimiser.rules:
        code = re.sub(rf"\b({memory})\b", r"\1[i]", rule.code) if memory else rule.code
        target = "weights" if rule.target == "w" else rule.target
        yield f"        {target}[i] = {code}"
    yield ""
    yield ""


def _settings(plan: ProgramPlan) -> Iterator[str]:
    for field, name in _needed(plan).items():
        yield f"{name} = {_value(plan, field, plan.start[field])}{_COMMENTS.get(field, '')}"
    yield from _empty_memory(plan, *plan.optimisers)
    if len(plan.optimisers) > 1:
        yield f"update = {plan.start['optimiser']}"


_COMMENTS = {"learning_rate": "  # learning rate"}


def _needed(plan: ProgramPlan) -> dict[str, str]:
    """The live fields that need a variable in the script, and its name."""
    return {
        field: name
        for field, name in _SETTINGS.items()
        if (field == "batch_size" and plan.in_batches)
        or (field != "batch_size" and any(plan.values(field)))
    }


def _value(plan: ProgramPlan, field: str, value: Any) -> str:
    return plan.batch_size(value) if field == "batch_size" else repr(value)


def _empty_memory(plan: ProgramPlan, *optimisers: Optimiser) -> Iterator[str]:
    """Empty memory, and a step count if a rule uses one."""
    for name in dict.fromkeys(slot for optimiser in optimisers for slot in optimiser.memory):
        yield f"{name} = [np.zeros_like(w) for w in weights]  # memory"
    if any(_counts(optimiser) for optimiser in optimisers):
        yield "t = 0  # number of steps"


def _counts(optimiser: Optimiser) -> bool:
    return any(_uses(rule.code, "t") for rule in optimiser.rules)


def _uses(code: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", code) is not None


def _epoch(plan: ProgramPlan) -> Iterator[str]:
    def step(batch: str, count: str) -> Iterator[str]:
        samples = f"x[:, {batch}], y[:, {batch}]" if batch else "x, y"
        if any(map(_counts, plan.optimisers)):
            yield "t += 1"
        name = "update" if len(plan.optimisers) > 1 else plan.optimisers[0].name
        yield f"{name}(backward({samples}))"

    return loop.over_batches(plan, step)


def _change(plan: ProgramPlan, change: Change) -> Iterator[str]:
    needed = _needed(plan)
    yield from drawing.change(plan, change)
    for field, value in change.settings.items():
        if field in needed:
            yield f"{needed[field]} = {_value(plan, field, value)}"
    if change.restarts:
        if "optimiser" in change.settings:
            yield f"update = {change.restarts.name}"
        yield from _empty_memory(plan, change.restarts)
