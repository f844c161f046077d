"""The flavour with scikit-learn's ``MLPClassifier``: each call of ``partial_fit`` is one step.

Its arrays are views of the script's ``weights``, which it changes in place. The script computes
the loss from the logits: ``MLPClassifier`` has no method for logits, and clips the probabilities
in its own loss.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...choices.activations import ACTIVATIONS
from ...choices.optimisers import OPTIMISERS, Optimiser
from ...choices.outputs import OUTPUTS
from . import columns, data, drawing, loop
from .plan import Change, NotExpressible, ProgramPlan

_EMPTY = (
    "scikit-learn's MLPClassifier needs points to begin with, and this run has none at epoch 0; "
    "the NumPy script needs none"
)


def write(plan: ProgramPlan) -> str:
    """The script; raises ``NotExpressible`` for what ``MLPClassifier`` does not have."""
    if plan.starts_empty:
        raise NotExpressible(_EMPTY)
    missing = list(_missing(plan))
    if missing:
        text = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
        raise NotExpressible(f"scikit-learn's MLPClassifier has no {text}; the NumPy script has")
    lines = [
        *data.IMPORTS,
        *data.loaders(plan.recipe),
        "from sklearn.neural_network import MLPClassifier",
        "",
        *data.points(plan, counted=True),
        *data.inputs(plan),
        *data.samples(plan),
        *data.targets(plan),
        *drawing.draw_function(plan, "inputs(points)", drawing.targets_in_columns(plan)),
        *data.first_weights(plan),
        *_network(plan),
        *_logits(plan),
        *columns.evaluate(plan, ["z = logits(x)"]),
        *_predict_proba(plan),
        "# --- training",
        *_settings(plan),
        *loop.loop(plan, _epoch(plan), lambda change: _change(plan, change)),
    ]
    return "\n".join(lines) + "\n"


def _missing(plan: ProgramPlan) -> Iterator[str]:
    recipe = plan.recipe
    activation, output = ACTIVATIONS[recipe.activation], OUTPUTS[recipe.output]
    if recipe.hidden and activation.sklearn is None:
        yield f"{activation.label} activation"
    if output.sklearn is None:
        yield f"{output.label} output"
    for optimiser in plan.optimisers:
        if optimiser.sklearn is None:
            yield optimiser.label
    if any(plan.values("l1")):
        yield "L1 penalty"


def differences(plan: ProgramPlan) -> list[str]:
    """How scikit-learn's update rules differ."""
    return [o.sklearn.difference for o in plan.optimisers if o.sklearn and o.sklearn.difference]


# --- the classifier -------------------------------------------------------------------


def _network(plan: ProgramPlan) -> Iterator[str]:
    recipe = plan.recipe
    options: dict[str, object] = {"hidden_layer_sizes": recipe.hidden}
    if recipe.hidden:
        options["activation"] = ACTIVATIONS[recipe.activation].sklearn
    options |= _options(OPTIMISERS[plan.start["optimiser"]]) if plan.last else {}
    options["learning_rate_init"] = plan.start["learning_rate"]
    yield "# --- network"
    yield from _rows(plan)
    yield "net = MLPClassifier("
    for name, value in options.items():
        yield f"    {name}={_quoted(value)},"
    yield "    batch_size=n,"
    yield f"    alpha={_alpha(plan, plan.start['l2'])},{_WHY_N if _full_l2(plan) else ''}"
    yield "    shuffle=False,"
    yield ")"
    yield "# a first step creates its arrays, which are then replaced by views of weights"
    padded = _is_padded(plan)
    classes = list(range(recipe.n_classes + padded))
    yield f"net.partial_fit(X, {_labels(plan)}, classes={classes})"
    if any(optimiser.memory for optimiser in plan.optimisers[:1]):
        yield "del net._optimizer  # discard the memory of that step"
    layers = "weights"
    if padded:
        layers = "layers"
        yield from _PADDING
    yield f"net.coefs_ = [w[1:] for w in {layers}]"
    yield f"net.intercepts_ = [w[0] for w in {layers}]"
    yield ""
    yield ""


def _rows(plan: ProgramPlan) -> Iterator[str]:
    """``X`` of the training part; where points are drawn, ``k`` and ``n`` too."""
    yield "X = x[1:].T  # scikit-learn has samples in rows and separate biases"
    if plan.strokes:
        one_unit = OUTPUTS[plan.recipe.output].one_unit
        yield f"k = {'y[0]' if one_unit else 'y.argmax(axis=0)'}  # the class of each"
        yield "n = len(X)"


def _labels(plan: ProgramPlan) -> str:
    return "k" if plan.strokes else "labels[train]"


_WHY_N = "  # scikit-learn divides this by the batch size"

_PADDING = (
    "# for two classes it would use one sigmoid unit; a third class without samples makes it",
    "# use softmax: with weights 0 and a very negative bias, its e^z is and stays 0",
    "third = np.zeros((len(weights[-1]), 1))",
    "third[0] = -1e100",
    "layers = [*weights[:-1], np.hstack([weights[-1], third])]",
    "weights[-1] = layers[-1][:, :2]",
)


def _is_padded(plan: ProgramPlan) -> bool:
    return plan.recipe.n_classes == 2 and not OUTPUTS[plan.recipe.output].one_unit


def _options(optimiser: Optimiser) -> dict[str, object]:
    return dict(optimiser.sklearn.options) if optimiser.sklearn else {}


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _full_l2(plan: ProgramPlan) -> bool:
    """Whether there is an L2 penalty and all steps have ``n`` samples."""
    return any(plan.values("l2")) and not plan.in_batches


def _alpha(plan: ProgramPlan, l2: float) -> str:
    return f"{l2!r} * n" if _full_l2(plan) else "0.0"


# --- evaluating -----------------------------------------------------------------------


def _logits(plan: ProgramPlan) -> Iterator[str]:
    yield "def logits(x):"
    yield '    """z of the last layer, which scikit-learn has no method for."""'
    if plan.recipe.hidden:
        yield "    for w in weights[:-1]:"
        yield "        z = w.T @ x"
        yield f"        {columns.activation_of(plan)}"
        yield "        x = np.vstack([np.ones(z.shape[1]), a])"
    yield "    return weights[-1].T @ x"
    yield ""
    yield ""


def _predict_proba(plan: ProgramPlan) -> Iterator[str]:
    two = "[:, :2]  # without the third class" if _is_padded(plan) else ""
    yield "def predict_proba(points):"
    yield '    """Class probabilities of raw points (n, 2), one column per class."""'
    yield f"    return net.predict_proba(inputs(points)[1:].T){two}"
    yield ""
    yield ""


# --- training -------------------------------------------------------------------------


def _settings(plan: ProgramPlan) -> Iterator[str]:
    if plan.in_batches:
        yield f"batch_size = {plan.batch_size(plan.start['batch_size'])}"
        if any(plan.values("l2")):
            yield f"l2 = {plan.start['l2']!r}"


def _epoch(plan: ProgramPlan) -> Iterator[str]:
    def step(batch: str, count: str) -> Iterator[str]:
        if not batch:
            yield f"net.partial_fit(X, {_labels(plan)})"
            return
        l2 = any(plan.values("l2"))
        alpha = f", alpha=l2 * {count}" if l2 else ""
        yield f"net.set_params(batch_size={count}{alpha}){_WHY_N if l2 else ''}"
        yield f"net.partial_fit(X[{batch}], {_labels(plan)}[{batch}])"

    return loop.over_batches(plan, step)


def _change(plan: ProgramPlan, change: Change) -> Iterator[str]:
    settings = change.settings
    if change.stroke:
        yield from _drawn(plan, change)
    if plan.in_batches and "batch_size" in settings:
        yield f"batch_size = {plan.batch_size(settings['batch_size'])}"
    if "l2" in settings:
        alpha = f"net.set_params(alpha={_alpha(plan, settings['l2'])})"
        yield f"l2 = {settings['l2']!r}" if plan.in_batches else alpha
    rate = settings.get("learning_rate")
    if change.restarts and (change.restarts.memory or "optimiser" in settings):
        options = _options(change.restarts) if "optimiser" in settings else {}
        options |= {"learning_rate_init": rate} if rate else {}
        if options:
            given = ", ".join(f"{name}={_quoted(value)}" for name, value in options.items())
            yield f"net.set_params({given})"
        yield "del net._optimizer  # the next step creates a new one, with an empty memory"
    elif rate:
        yield f"net.set_params(learning_rate_init={rate!r})"
        yield "net._optimizer.learning_rate_init = net.learning_rate_init"
        yield "net._optimizer.learning_rate = net.learning_rate_init"


def _drawn(plan: ProgramPlan, change: Change) -> Iterator[str]:
    yield from drawing.change(plan, change)
    yield from _rows(plan)
    if not plan.in_batches:
        l2 = plan.recipe.settings_at(change.epoch)["l2"]
        alpha = f", alpha={_alpha(plan, l2)}" if _full_l2(plan) else ""
        yield f"net.set_params(batch_size=n{alpha})"
