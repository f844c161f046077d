"""The flavour with PyTorch: autograd finds the gradients, ``torch.optim`` makes the steps.

Its tensors share memory with our matrices, so that ``weights`` holds what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..activations import LEAK
from ..losses import OUTPUTS
from ..optimisers import BETA_1, BETA_2, DECAY, EPSILON, MOMENTUM
from . import data, loop
from .plan import Change, Plan, entry

_ACTIVATIONS = {
    "tanh": "torch.tanh(z)",
    "sigmoid": "torch.sigmoid(z)",
    "relu": "torch.relu(z)",
    "leaky_relu": f"torch.nn.functional.leaky_relu(z, {LEAK})",
    "elu": "torch.nn.functional.elu(z)",
    # PyTorch takes z itself from 20 on, which is 2e-9 off
    "softplus": "torch.nn.functional.softplus(z, threshold=40)",
    "sine": "torch.sin(z)",
    "identity": "z",
    "step": "(z >= 0).double() + 0 * z  # with slope 0",
}


@dataclass(frozen=True)
class Output:
    """Source text: ``target`` of integer ``labels``, and three expressions in ``z`` and it, y."""

    target: str
    loss: str
    right: str
    probabilities: str


_ONE_UNIT = Output(
    "torch.from_numpy(labels[{}]).double()",
    "torch.nn.functional.binary_cross_entropy_with_logits(z[0], y)",
    "(z[0] >= 0) == y",
    "torch.sigmoid(z[0])",
)
_OUTPUTS = {
    "softmax": Output(
        "torch.from_numpy(labels[{}]).long()",
        "torch.nn.functional.cross_entropy(z.T, y)",
        "z.argmax(dim=0) == y",
        "torch.softmax(z, dim=0)",
    ),
    "sigmoid": _ONE_UNIT,
    "step": Output(
        _ONE_UNIT.target,
        "(((z[0] >= 0).double() - y) * z[0]).mean()  # how far on the wrong side",
        _ONE_UNIT.right,
        "(z[0] >= 0).double()",
    ),
}

_OPTIMISERS = {
    "sgd": "torch.optim.SGD(tensors, lr={})",
    "momentum": f"torch.optim.SGD(tensors, lr={{}}, momentum={MOMENTUM})",
    "nesterov": f"torch.optim.SGD(tensors, lr={{}}, momentum={MOMENTUM}, nesterov=True)",
    "rmsprop": f"torch.optim.RMSprop(tensors, lr={{}}, alpha={DECAY}, eps={EPSILON})",
    "adam": f"torch.optim.Adam(tensors, lr={{}}, betas=({BETA_1}, {BETA_2}), eps={EPSILON})",
}
_SPEEDS = ("momentum", "nesterov")  # PyTorch remembers v / −η, nnviz v itself


def write(plan: Plan) -> str:
    """The script; raises ``NotExpressible`` where a table here lacks an entry."""
    lines = [
        *data.IMPORTS,
        "import torch",
        *data.loaders(plan.recipe),
        "",
        "torch.set_num_threads(1)  # for so small a network one is the fastest",
        "",
        *data.points(plan, counted=plan.in_batches),
        *data.inputs(plan),
        *_samples(plan),
        *data.first_weights(plan),
        "# PyTorch trains them where they are",
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


def differences(plan: Plan) -> list[str]:
    """None: PyTorch's rules, set up as here, are ours."""
    return []


def _samples(plan: Plan) -> Iterator[str]:
    target = entry(_OUTPUTS, plan.recipe.output, "the output").target
    for suffix, part in data.parts(plan):
        yield f"x{suffix} = torch.from_numpy(inputs(points[{part}]))"
    for suffix, part in data.parts(plan):
        yield f"y{suffix} = {target.format(part)}"
    yield ""


def _forward(plan: Plan) -> Iterator[str]:
    yield "def forward(x):"
    yield '    """The logits z = Wᵀx of the last layer; samples are columns."""'
    if plan.recipe.hidden:
        yield "    for w in tensors[:-1]:"
        yield "        z = w.T @ x"
        yield f"        a = {entry(_ACTIVATIONS, plan.recipe.activation, 'the activation')}"
        yield "        x = torch.vstack([torch.ones_like(a[:1]), a])  # a 1 in front"
    yield "    return tensors[-1].T @ x"
    yield ""
    yield ""


def _loss(plan: Plan) -> Iterator[str]:
    output = entry(_OUTPUTS, plan.recipe.output, "the output")
    yield "def mean_loss(z, y):"
    yield f"    return {output.loss}"
    yield ""
    yield ""
    yield "@torch.no_grad()"
    yield "def evaluate(x, y):"
    yield '    """The mean loss, and the share of samples in their own class."""'
    yield "    z = forward(x)"
    yield f"    return mean_loss(z, y).item(), ({output.right}).double().mean().item()"
    yield ""
    yield ""


def _predict_proba(plan: Plan) -> Iterator[str]:
    probabilities = entry(_OUTPUTS, plan.recipe.output, "the output").probabilities
    yield "@torch.no_grad()"
    yield "def predict_proba(points):"
    yield '    """Class probabilities of raw points (n, 2), a column a class."""'
    yield "    z = forward(torch.from_numpy(inputs(points)))"
    if OUTPUTS[plan.recipe.output].one_unit:
        yield f"    y_hat = {probabilities}"
        yield "    return torch.stack([1 - y_hat, y_hat], dim=1).numpy()"
    else:
        yield f"    return {probabilities}.T.numpy()"
    yield ""
    yield ""


# --- training -------------------------------------------------------------------------


def _penalties(plan: Plan) -> list[str]:
    return [name for name in ("l1", "l2") if any(plan.values(name))]


def _settings(plan: Plan) -> Iterator[str]:
    if plan.in_batches:
        yield f"batch_size = {plan.batch_size(plan.start['batch_size'])}"
    for name in _penalties(plan):
        yield f"{name} = {plan.start[name]!r}"
    if plan.last:
        yield _optimiser(plan.start["optimiser"], plan.start["learning_rate"])


def _optimiser(name: str, rate: float) -> str:
    return f"optimiser = {entry(_OPTIMISERS, name, 'the optimiser').format(rate)}"


def _epoch(plan: Plan) -> Iterator[str]:
    def step(batch: str, count: str) -> Iterator[str]:
        samples = (f"x[:, {batch}]", f"y[{batch}]") if batch else ("x", "y")
        yield f"objective = mean_loss(forward({samples[0]}), {samples[1]})"
        if "l1" in _penalties(plan):
            yield "objective += l1 * sum(w[1:].abs().sum() for w in tensors)  # not on biases"
        if "l2" in _penalties(plan):
            yield "objective += 0.5 * l2 * sum((w[1:] ** 2).sum() for w in tensors)"
        yield "optimiser.zero_grad()"
        yield "objective.backward()"
        yield "optimiser.step()"

    return loop.over_batches(plan, step)


def _change(plan: Plan, change: Change) -> Iterator[str]:
    settings = change.settings
    if plan.in_batches and "batch_size" in settings:
        yield f"batch_size = {plan.batch_size(settings['batch_size'])}"
    for name in _penalties(plan):
        if name in settings:
            yield f"{name} = {settings[name]!r}"
    now = plan.recipe.settings_at(change.epoch)
    if change.forgets:
        yield _optimiser(now["optimiser"], now["learning_rate"])
    elif "learning_rate" in settings:
        before = plan.recipe.settings_at(change.epoch - 1)["learning_rate"]
        yield f'optimiser.param_groups[0]["lr"] = {now["learning_rate"]!r}'
        if now["optimiser"] in _SPEEDS:
            yield "for w in tensors:  # PyTorch remembers v / −η, and v is to stay"
            buffer = 'optimiser.state[w]["momentum_buffer"]'
            yield f"    {buffer} *= {before!r} / {now['learning_rate']!r}"
