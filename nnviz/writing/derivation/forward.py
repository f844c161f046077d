"""From the input to the loss: parts 1 to 4."""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.step import Walk
from ...choices.inputs import INPUTS
from ...notation import factor, matrix, number, plain, superscript, symbols
from .blocks import Block, Formula, Paragraph, equation, weights
from .last_layer import derived, own_probability


def target_and_input(walk: Walk) -> Iterator[Block]:
    values = " and ".join(
        f"{name} = {plain(value)}" for name, value in zip(walk.features, walk.raw, strict=True)
    )
    yield Paragraph(
        f"Training point {walk.sample + 1} has {values}, and is of {walk.spoken_class(walk.label)}."
    )
    preparation = walk.preparation
    if preparation.shift != (0.0, 0.0) or preparation.scale != (1.0, 1.0):
        yield Paragraph(
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
    yield Paragraph("The input carries a 1 in front, which the biases are multiplied by.")
    names = symbols(["1", *(INPUTS[name].latex for name in walk.recipe.inputs)])
    yield Formula(f"x^{{(1)}} = {names} = {matrix(walk.told.layers[0].x)}")
    others = ", ".join(walk.class_names)
    if len(walk.told.y) == 1:
        zero, one = walk.spoken_class(0), walk.spoken_class(1)
        yield Paragraph(f"The target is 1 for {one} and 0 for {zero}.")
        yield Formula(f"y = {number(walk.told.y[0])}")
    else:
        yield Paragraph(f"The target is one-hot: a row a class ({others}), 1 in its own, else 0.")
        yield Formula(f"y = {matrix(walk.told.y)}")


def layer_forward(walk: Walk, layer: int) -> Iterator[Block]:
    told = walk.told.layers[layer - 1]
    inputs, units = ["1", *walk.units(layer - 1)], walk.units(layer)
    if layer == 1:
        yield Paragraph(
            "$W$ has a column a unit; its first row holds the biases. The number of the layer "
            "stands in brackets."
        )
    else:
        yield Paragraph(
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
        yield Paragraph("What a unit gives, $a = \\varphi(z)$, is the lecture's $o = \\phi(z)$.")
    yield Formula(walk.network.activation.latex)
    yield from equation(
        rf"a^{{({layer})}} = \varphi({z}) = <a>",
        a=(told.o, f"a{superscript(layer)}", units, None),
    )


def output_of_network(walk: Walk) -> Iterator[Block]:
    output, z = walk.network.output, walk.told.layers[-1].z
    yield Formula(output.latex)
    yield from derived(walk, output.derivation.output)
    (chosen,) = output.classes(z[:, None])
    verdict = "right" if chosen == walk.label else f"wrong: it is {walk.class_name}"
    yield Paragraph(f"The network says {walk.class_names[chosen]}, which is {verdict}.")


def loss(walk: Walk) -> Iterator[Block]:
    output = walk.network.output
    yield Formula(output.loss_latex)
    yield from derived(walk, output.derivation.loss)
    share = own_probability(walk)
    if output.graded and (share < 1e-300 or share == 1.0):
        yield Paragraph(
            "So near to 0 or 1, J is worked out from $z$, which still tells it exactly."
        )
