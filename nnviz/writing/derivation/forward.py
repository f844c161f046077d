"""Forward, from the input to the loss: parts 1 to 4."""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.step import WorkedExample, WorkedPoint
from ...choices.inputs import INPUTS
from ...notation import (
    OPERAND_DIGITS,
    agreeing,
    factor,
    matrix,
    number,
    of_layer,
    plain,
    rounded,
    symbols,
)
from .blocks import Block, Formula, Paragraph, equation, weights
from .last_layer import derived, own_probability


def target_and_input(example: WorkedExample) -> Iterator[Block]:
    yield Paragraph(
        f"Training point {example.sample + 1} has {_values(example)}. It belongs to "
        f"{example.class_phrase(example.label)}."
    )
    yield from _input(example)
    yield from target(example)


def input_alone(example: WorkedPoint) -> Iterator[Block]:
    yield Paragraph(f"The point has {_values(example)}.")
    yield from _input(example)


def _values(example: WorkedPoint) -> str:
    return " and ".join(
        f"{name} = {plain(value)}"
        for name, value in zip(example.features, example.raw, strict=True)
    )


def _input(example: WorkedPoint) -> Iterator[Block]:
    preparation = example.preparation
    if preparation.shift != (0.0, 0.0) or preparation.scale != (1.0, 1.0):
        yield Paragraph(
            "Both features are standardised: the mean of the training points is subtracted, and "
            "the result is divided by their standard deviation."
        )
        scaled = (example.raw - preparation.shift) / preparation.scale
        for axis in (0, 1):
            raw, shift, scale = example.raw[axis], preparation.shift[axis], preparation.scale[axis]
            digits = int(agreeing(scaled[axis], (rounded(raw) - rounded(shift)) / rounded(scale)))
            yield Formula(
                rf"x_{axis + 1} \leftarrow \frac{{{number(raw, OPERAND_DIGITS)} - "
                rf"{factor(shift, OPERAND_DIGITS)}}}{{{number(scale, OPERAND_DIGITS)}}} = "
                rf"{number(scaled[axis], digits)}"
            )
    yield Paragraph("The input vector begins with a 1, by which the biases are multiplied.")
    names = symbols(["1", *(INPUTS[name].latex for name in example.recipe.inputs)])
    yield Formula(f"x^{{[1]}} = {names} = {matrix(example.explanation.layers[0].x)}")


def target(example: WorkedPoint) -> Iterator[Block]:
    others = ", ".join(example.class_names)
    if len(example.explanation.y) == 1:
        zero, one = example.class_phrase(0), example.class_phrase(1)
        yield Paragraph(f"The target is 1 for {one} and 0 for {zero}.")
        yield Formula(f"y = {number(example.explanation.y[0])}")
    else:
        yield Paragraph(
            f"The target is one-hot: one row for each class ({others}), 1 for the point's class "
            "and 0 for the others. Rows are counted from 1, as the outputs are: $\\hat y_1$ is "
            f"that of {example.class_phrase(0)}."
        )
        yield Formula(f"y = {matrix(example.explanation.y)}")


def layer_forward(example: WorkedPoint, layer: int) -> Iterator[Block]:
    numbers = example.explanation.layers[layer - 1]
    inputs, units = ["1", *example.units(layer - 1)], example.units(layer)
    if layer == 1:
        yield Paragraph(
            "$W$ has one column per unit; its first row holds the biases. The number in square "
            "brackets is the layer's."
        )
    else:
        yield Paragraph(
            f"The input of this layer is the output of layer {layer - 1}, with a 1 in front."
        )
    z, transposed = rf"z^{{[{layer}]}}", r"\top"
    yield from equation(
        rf"{z} = {weights(layer, above=transposed)} x^{{[{layer}]}} = <W>\,<x> = <z>",
        by=lambda W, x: W @ x,
        W=(numbers.W.T, f"Wᵀ{of_layer(layer)}", units, ["bias", *inputs[1:]]),
        x=(numbers.x, f"x{of_layer(layer)}", inputs, None),
        z=(numbers.z, f"z{of_layer(layer)}", units, None),
    )
    if layer > example.n_hidden:
        return
    if layer == 1:
        yield Paragraph(
            "The output of a unit, $a = \\varphi(z)$, is $o = \\phi(z)$ in the lecture."
        )
    activation = example.network.activation
    yield Formula(activation.latex)
    yield from equation(
        rf"a^{{[{layer}]}} = \varphi({z}) = \varphi <z> = <a>",
        by=lambda z: activation.value(z, None),
        z=(numbers.z, f"z{of_layer(layer)}", units, None),
        a=(numbers.o, f"a{of_layer(layer)}", units, None),
    )


def output_of_network(example: WorkedPoint) -> Iterator[Block]:
    output, z = example.network.output, example.explanation.layers[-1].z
    yield Formula(output.latex)
    yield from derived(example, output.derivation.output)
    (chosen,) = output.classes(z[:, None])
    predicted = f"The network predicts {example.class_names[chosen]}"
    if not isinstance(example, WorkedExample):
        yield Paragraph(f"{predicted}.")
    elif chosen == example.label:
        yield Paragraph(f"{predicted}, which is correct.")
    else:
        yield Paragraph(f"{predicted}, which is wrong: the class is {example.class_name}.")


def loss(example: WorkedPoint) -> Iterator[Block]:
    output = example.network.output
    yield Formula(output.loss_latex)
    yield from derived(example, output.derivation.loss)
    share = own_probability(example)
    if output.graded and (share < 1e-300 or share == 1.0):
        yield Paragraph(
            "A probability so close to 0 or 1 is not precise enough; J is computed from $z$."
        )
