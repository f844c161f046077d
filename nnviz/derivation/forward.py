"""From the input to the loss: parts 1 to 4."""

from __future__ import annotations

from collections.abc import Iterator

from ..inputs import INPUTS
from ..notation import factor, matrix, near_one, number, plain, superscript, symbols
from ..walk import Walk
from .blocks import Block, Formula, Words, equation, weights


def target_and_input(walk: Walk) -> Iterator[Block]:
    values = " and ".join(
        f"{name} = {plain(value)}" for name, value in zip(walk.features, walk.raw, strict=True)
    )
    yield Words(
        f"Training point {walk.sample + 1} has {values}, and is of {walk.spoken_class(walk.label)}."
    )
    preparation = walk.preparation
    if preparation.shift != (0.0, 0.0) or preparation.scale != (1.0, 1.0):
        yield Words(
            "Both features are standardised: less the mean of the training points, divided by "
            "their standard deviation."
        )
        scaled = (walk.raw - preparation.shift) / preparation.scale
        for axis in (0, 1):
            raw, shift, scale = walk.raw[axis], preparation.shift[axis], preparation.scale[axis]
            yield Formula(
                rf"x_{axis + 1} \leftarrow \frac{{{number(raw)} - {factor(shift)}}}"
                rf"{{{number(scale)}}} = {number(scaled[axis])}"
            )
    yield Words("The input carries a 1 in front, which the biases are multiplied by.")
    names = symbols(["1", *(INPUTS[name].latex for name in walk.recipe.inputs)])
    yield Formula(f"x^{{(1)}} = {names} = {matrix(walk.told.layers[0].x)}")
    others = ", ".join(walk.class_names)
    if len(walk.told.y) == 1:
        zero, one = walk.spoken_class(0), walk.spoken_class(1)
        yield Words(f"The target is 1 for {one} and 0 for {zero}.")
        yield Formula(f"y = {number(walk.told.y[0])}")
    else:
        yield Words(f"The target is one-hot: a row a class ({others}), 1 in its own, else 0.")
        yield Formula(f"y = {matrix(walk.told.y)}")


def layer_forward(walk: Walk, layer: int) -> Iterator[Block]:
    told = walk.told.layers[layer - 1]
    inputs, units = ["1", *walk.units(layer - 1)], walk.units(layer)
    if layer == 1:
        yield Words(
            "$W$ has a column a unit; its first row holds the biases. The number of the layer "
            "stands in brackets."
        )
    else:
        yield Words(
            f"The outputs of layer {layer - 1} are the input of this one, with a 1 in front."
        )
    z, transposed = rf"z^{{({layer})}}", r"\top"
    yield from equation(
        rf"{z} = {weights(layer, above=transposed)} x^{{({layer})}} = <W>\,<x> = <z>",
        W=(told.W.T, f"Wᵀ{superscript(layer)}", units, ["bias", *inputs[1:]]),
        x=(told.x, f"x{superscript(layer)}", inputs, None),
        z=(told.z, f"z{superscript(layer)}", units, None),
    )
    if layer > walk.n_hidden:
        return
    if layer == 1:
        yield Words("What a unit gives, $a = \\varphi(z)$, is the lecture's $o = \\phi(z)$.")
    yield Formula(walk.network.activation.latex)
    yield from equation(
        rf"a^{{({layer})}} = \varphi({z}) = <a>",
        a=(told.o, f"a{superscript(layer)}", units, None),
    )


def output_of_network(walk: Walk) -> Iterator[Block]:
    told, last = walk.told, walk.told.layers[-1]
    z = rf"z^{{({walk.n_hidden + 1})}}"
    yield Formula(walk.network.output.latex)
    if told.exponentials is None or told.shift is None:
        (value,) = last.z
        if walk.network.output.name == "sigmoid":
            yield Formula(
                rf"\hat y = \frac{{1}}{{1 + e^{{-{factor(value)}}}}} = {number(told.y_hat[0])}"
            )
        else:
            sign = r"\ge" if value >= 0 else "<"
            yield Formula(rf"z = {number(value)} {sign} 0 \;\Rightarrow\; "
                          rf"\hat y = {number(told.y_hat[0])}")  # fmt: skip
        chosen = int(value >= 0)
    else:
        yield Words(
            "A large $z$ would make $e^z$ run over. Taking the same number $m$ off every $z$ "
            "multiplies numerator and denominator by $e^{-m}$, which leaves $s$ as it is; with "
            "the largest $z$ as $m$, no exponent is above 0."
        )
        yield Formula(rf"m = \max_j z_j = {number(told.shift)}")
        yield Formula(rf"e^{{z - m}} = {matrix(told.exponentials)} \qquad "
                      rf"\sum_j e^{{z_j - m}} = {number(told.exponentials.sum())}")  # fmt: skip
        yield Formula(rf"\hat y = s({z}) = \frac{{e^{{z - m}}}}{{\sum_j e^{{z_j - m}}}}"
                      rf" = {matrix(told.y_hat)}")  # fmt: skip
        chosen = int(last.z.argmax())
    verdict = "right" if chosen == walk.label else f"wrong: it is {walk.class_name}"
    yield Words(f"The network says {walk.class_names[chosen]}, which is {verdict}.")


def loss(walk: Walk) -> Iterator[Block]:
    told, name = walk.told, walk.network.output.name
    yield Formula(walk.network.output.loss_latex)
    if name == "step":
        y_hat, y, z = told.y_hat[0], told.y[0], told.layers[-1].z[0]
        yield Formula(rf"J = ({number(y_hat)} - {number(y)}) \cdot {factor(z)}"
                      f" = {number(told.loss)}")  # fmt: skip
        yield Words(
            "The perceptron's criterion: 0 where the answer is right, else how far the point "
            "lies on the wrong side."
        )
        return
    if name == "softmax":
        yield Words(f"Only the term of its own class, {walk.class_name}, has a $y$ that is not 0.")
        own = rf"\hat y_{{{walk.label + 1}}}"
        share = told.y_hat[walk.label]
    else:
        own, share = (r"\hat y", told.y_hat[0]) if told.y[0] else (
            r"(1 - \hat y)", 1.0 - told.y_hat[0])  # fmt: skip
    yield Formula(rf"J = -\log {own} = -\log {near_one(share)} = {number(told.loss)}")
    yield Words("The logarithm is the natural one.")
    if share < 1e-300 or share == 1.0:
        yield Words("So near to 0 or 1, J is worked out from $z$, which still tells it exactly.")
