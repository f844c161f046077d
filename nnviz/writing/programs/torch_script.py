"""The flavour with PyTorch: gradients by autograd, steps by ``torch.optim``.

Its tensors share memory with the script's ``weights``, which are therefore trained too.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...choices.activations import ACTIVATIONS
from ...choices.optimisers import OPTIMISERS
from ...choices.outputs import OUTPUTS
from . import data, drawing, loop
from .plan import Change, ProgramPlan


def write(plan: ProgramPlan) -> str:
    """The script; raises ``NotExpressible`` for a data set without source text."""
    lines = [
        *data.IMPORTS,
        "import torch",
        *data.loaders(plan.recipe),
        "",
        "torch.set_num_threads(1)  # fastest for a network this small",
        "",
        *data.points(plan, counted=plan.in_batches),
        *data.inputs(plan),
        *_samples(plan),
        *drawing.draw_function(plan, "torch.from_numpy(inputs(points))", _target(plan, "")),
        *data.first_weights(plan),
        "# the tensors share memory with weights",
        "tensors = [torch.from_numpy(w).requires_grad_() for w in weights]",
        "",
        "",
        "# --- network",
        *_forward(plan),
        *_loss(plan),
        *_predict_proba(plan),
        "# --- training",
        *_settings(plan),
        *loop.loop(plan, _epoch(plan), lambda change: _change(plan, change)),
    ]
    return "\n".join(lines) + "\n"


def differences(plan: ProgramPlan) -> list[str]:
    """None: with these options PyTorch's update rules are the same."""
    return []


def _samples(plan: ProgramPlan) -> Iterator[str]:
    for suffix, part in data.parts(plan):
        yield f"x{suffix} = torch.from_numpy(inputs(points[{part}]))"
    for suffix, part in data.parts(plan):
        yield f"y{suffix} = {_target(plan, f'[{part}]')}"
    yield ""


def _target(plan: ProgramPlan, part: str) -> str:
    """The targets of ``labels``, or of a ``part`` of them: its indices in brackets."""
    return OUTPUTS[plan.recipe.output].torch.target.format(part=part)


def _forward(plan: ProgramPlan) -> Iterator[str]:
    yield "def forward(x):"
    yield '    """The logits z = Wᵀx of the last layer; samples are columns."""'
    if plan.recipe.hidden:
        yield "    for w in tensors[:-1]:"
        yield "        z = w.T @ x"
        yield f"        a = {ACTIVATIONS[plan.recipe.activation].torch}"
        yield "        x = torch.vstack([torch.ones_like(a[:1]), a])  # a 1 in front"
    yield "    return tensors[-1].T @ x"
    yield ""
    yield ""


def _loss(plan: ProgramPlan) -> Iterator[str]:
    output = OUTPUTS[plan.recipe.output].torch
    yield "def mean_loss(z, y):"
    yield f"    return {output.loss}"
    yield ""
    yield ""
    yield "@torch.no_grad()"
    yield "def evaluate(x, y):"
    yield '    """The mean loss and the accuracy."""'
    yield from loop.no_samples(plan)
    yield "    z = forward(x)"
    yield f"    return mean_loss(z, y).item(), ({output.right}).double().mean().item()"
    yield ""
    yield ""


def _predict_proba(plan: ProgramPlan) -> Iterator[str]:
    output = OUTPUTS[plan.recipe.output]
    yield "@torch.no_grad()"
    yield "def predict_proba(points):"
    yield '    """Class probabilities of raw points (n, 2), one column per class."""'
    yield "    z = forward(torch.from_numpy(inputs(points)))"
    if output.one_unit:
        yield f"    y_hat = {output.torch.probabilities}"
        yield "    return torch.stack([1 - y_hat, y_hat], dim=1).numpy()"
    else:
        yield f"    return {output.torch.probabilities}.T.numpy()"
    yield ""
    yield ""


# --- training -------------------------------------------------------------------------


def _penalties(plan: ProgramPlan) -> list[str]:
    return [name for name in ("l1", "l2") if any(plan.values(name))]


def _settings(plan: ProgramPlan) -> Iterator[str]:
    if plan.in_batches:
        yield f"batch_size = {plan.batch_size(plan.start['batch_size'])}"
    for name in _penalties(plan):
        yield f"{name} = {plan.start[name]!r}"
    if plan.last:
        yield _optimiser(plan.start["optimiser"], plan.start["learning_rate"])


def _optimiser(name: str, rate: float) -> str:
    return f"optimiser = {OPTIMISERS[name].torch.code.format(rate=rate)}"


def _epoch(plan: ProgramPlan) -> Iterator[str]:
    def step(batch: str, count: str) -> Iterator[str]:
        samples = (f"x[:, {batch}]", f"y[{batch}]") if batch else ("x", "y")
        yield f"objective = mean_loss(forward({samples[0]}), {samples[1]})"
        if "l1" in _penalties(plan):
            yield "objective += l1 * sum(w[1:].abs().sum() for w in tensors)  # not for biases"
        if "l2" in _penalties(plan):
            yield "objective += 0.5 * l2 * sum((w[1:] ** 2).sum() for w in tensors)"
        yield "optimiser.zero_grad()"
        yield "objective.backward()"
        yield "optimiser.step()"

    return loop.over_batches(plan, step)


def _change(plan: ProgramPlan, change: Change) -> Iterator[str]:
    settings = change.settings
    yield from drawing.change(plan, change)
    if plan.in_batches and "batch_size" in settings:
        yield f"batch_size = {plan.batch_size(settings['batch_size'])}"
    for name in _penalties(plan):
        if name in settings:
            yield f"{name} = {settings[name]!r}"
    now = plan.recipe.settings_at(change.epoch)
    if change.restarts:
        yield _optimiser(now["optimiser"], now["learning_rate"])
    elif "learning_rate" in settings:
        before = plan.recipe.settings_at(change.epoch - 1)["learning_rate"]
        yield f'optimiser.param_groups[0]["lr"] = {now["learning_rate"]!r}'
        if speed := OPTIMISERS[now["optimiser"]].torch.speed:
            yield "for w in tensors:  # PyTorch stores v / −η; v must not change"
            buffer = f'optimiser.state[w]["{speed}"]'
            yield f"    {buffer} *= {before!r} / {now['learning_rate']!r}"
