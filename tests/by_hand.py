"""The numbers of one training step computed from a trainer in other ways than the page's.

Layer by layer with the biases apart, slopes by central differences where there are any, δ as
the slope by the bias, and the new weights by really training.
"""

from dataclasses import dataclass

import numpy as np

from nnviz import Network, Trainer
from nnviz.choices.activations import ACTIVATIONS


@dataclass
class Numbers:
    x: list  # of every layer, with the 1 in front
    z: list
    a: list  # of hidden layers
    slopes: list
    y: np.ndarray
    y_hat: np.ndarray
    loss: float
    deltas: list
    gradients: list
    before: list
    after: list
    g: list
    rest: list
    penalty: list
    memory: list  # after the step, slot by slot
    n: int


def numbers(trainer, sample):
    recipe, data = trainer.recipe, trainer.dataset
    step = trainer.step_with(sample)
    after = step.after
    if step.n_batches == 1:  # then the step is the next epoch
        other = Trainer(recipe)
        other.advance(trainer.epoch + 1)
        after = other.network.weights
    X = trainer.preparation.apply(data.train)
    x, label = X[sample], int(data.train_labels[sample])
    activation = ACTIVATIONS[recipe.activation]
    ins, zs, outs, slopes = [], [], [], []
    below = x
    for w in step.before:
        ins.append(np.array([1.0, *below]))
        zs.append(w[0] + below @ w[1:])
        below = activation.value(zs[-1].copy(), None)
        outs.append(below)
        slopes.append(_slope(activation, zs[-1]))
    network = Network(step.before, recipe.activation, recipe.output)
    loss, gradients = network.loss_and_gradients([x], [label])
    y_hat = network.predict_proba([x])[0]
    y = np.eye(len(y_hat))[label]
    if network.sizes[-1] == 1:
        y, y_hat = y[1:], y_hat[1:]
    n = len(step.samples)
    _, means = network.loss_and_gradients(X[step.samples], data.train_labels[step.samples])
    l1, l2 = step.settings.l1, step.settings.l2
    penalty = [np.vstack([0 * w[:1], l1 * np.sign(w[1:]) + l2 * w[1:]]) for w in step.before]
    return Numbers(
        x=ins, z=zs, a=outs[:-1], slopes=slopes[:-1], y=y, y_hat=y_hat, loss=loss,
        deltas=[g[0] for g in gradients],  # the input of the bias is 1
        gradients=gradients, before=step.before, after=after,
        g=[mean + p for mean, p in zip(means, penalty, strict=True)],
        rest=[n * mean - own for mean, own in zip(means, gradients, strict=True)],
        penalty=penalty, memory=step.memory_after, n=n,
    )  # fmt: skip


def _slope(activation, z):
    h = 1e-6
    near = np.abs(z) < h  # at a kink the side of the formula counts
    plain = (activation.value(z + h, None) - activation.value(z - h, None)) / (2 * h)
    own = activation.slope(z.copy(), activation.value(z, None), None)
    return np.where(near, own, plain)


def matrices(found, output):
    """For every part, by its key, the matrices its formulas show, in order."""
    n_layers = len(found.z)
    s, y, error = found.y_hat, found.y, found.y_hat - found.y
    shown = {"input": [found.x[0]] + ([y] if len(y) > 1 else [])}
    for i in range(n_layers):
        hidden = [found.z[i], found.a[i]] if i < n_layers - 1 else []
        shown[f"forward_{i + 1}"] = [found.before[i].T, found.x[i], found.z[i], *hidden]
    shown["output"], shown["loss"] = [], []
    if output == "softmax":
        jacobian = np.array([[a * ((i == j) - b) for j, b in enumerate(s)]
                             for i, a in enumerate(s)])  # fmt: skip
        slope = np.where(y == 1, -1 / s, 0.0)
        exponentials = np.exp(found.z[-1] - found.z[-1].max())
        shown["output"] = [found.z[-1], exponentials, exponentials, s]
        shown["slopes"] = [slope, jacobian, jacobian, slope, error, s, y, error]
    elif output == "sigmoid":
        jacobian = (s * (1 - s))[:, None]
        slope = -1 / s if y[0] else 1 / (1 - s)
        shown["slopes"] = [jacobian, slope, error, s, y, error]
    else:
        shown["slopes"] = [s, y, error]
    shown[f"delta_{n_layers}"] = [error]
    for i in range(n_layers - 1):
        w, above = found.before[i + 1][1:], found.deltas[i + 1]
        slopes = found.slopes[i]
        shown[f"delta_{i + 1}"] = [found.z[i], slopes, w, above, slopes, found.deltas[i]]
    for i in range(n_layers):
        own, penalty = found.gradients[i], found.penalty[i]
        shown[f"gradient_{i + 1}"] = [found.x[i], found.deltas[i][None], own]
        shown[f"update_{i + 1}"] = [
            own, *([found.rest[i]] if found.n > 1 else []), *([penalty] if penalty.any() else []),
            found.g[i], *(slot[i] for slot in found.memory), found.before[i], found.after[i],
        ]  # fmt: skip
    shown["mean"] = []
    return shown
