"""Every number of every part, read back from its LaTeX and compared with independent ones."""

import re
from itertools import product

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.sample import finite_difference
from nnviz.analysis.step import worked_example, worked_points
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.writing.derivation import Formula, NumberTable, Paragraph, check, parts, point_parts
from nnviz.writing.derivation.blocks import MOST_NUMBERS
from tests import by_hand, latex


def trainer_at(epoch, **fields):
    trainer = Trainer(Recipe(**{"samples": 30, "hidden": (4, 3), "learning_rate": 0.05} | fields))
    trainer.advance(epoch)
    return trainer


def part(found, key):
    (one,) = [one for one in parts(found) if one.key == key]
    return one.blocks()


def formulas(blocks):
    return [block.latex for block in blocks if isinstance(block, Formula)]


def text_of(blocks):
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph))


def matrices(blocks):
    return [m for formula in formulas(blocks) for m in latex.matrices(formula)]


def _all_latex(one):
    return " ".join(formulas(one.blocks()))


# --- the numbers ------------------------------------------------------------------------

CASES = [
    *({"activation": a, "output": o} for a, o in product(ACTIVATIONS, ("softmax", "sigmoid"))),
    *({"optimiser": o, "batch_size": b} for o, b in product(OPTIMISERS, (None, 5, 1))),
    *({"l1": l1, "l2": l2} for l1, l2 in ((0.01, 0.0), (0.0, 0.1), (0.01, 0.1))),
    {"output": "step", "hidden": (), "data": "linear"},
    {"hidden": (), "data": "iris", "inputs": ("x1", "x2sq", "sinx1"), "standardise": False},
]


@pytest.mark.parametrize("fields", CASES, ids=str)
def test_every_matrix_shown_has_the_engines_numbers(fields):
    trainer = trainer_at(3, **fields)
    for sample in (0, 11):
        found = worked_example(trainer, sample)
        assert not re.search(r"- *-", " ".join(map(_all_latex, parts(found))))
        expected = by_hand.matrices(by_hand.numbers(trainer, sample), trainer.recipe.output)
        assert [one.key for one in parts(found)] == sorted(expected, key=_order(found))
        for one in parts(found):
            shown = matrices(one.blocks())
            assert len(shown) == len(expected[one.key]), one.key
            for number, (values, right) in enumerate(zip(shown, expected[one.key], strict=True)):
                assert latex.shows(values, right), (one.key, number)


def _order(found):
    keys = [one.key for one in parts(found)]
    return lambda key: keys.index(key)


@pytest.mark.parametrize("output", ["softmax", "sigmoid", "step"])
@pytest.mark.parametrize("sample", [0, 1, 2, 3])
def test_output_and_loss_end_in_the_engines_numbers(output, sample):
    hidden = () if output == "step" else (4,)
    trainer = trainer_at(3, output=output, hidden=hidden, data="linear", noise=0.4)
    found, expected = worked_example(trainer, sample), by_hand.numbers(trainer, sample)
    assert latex.shows(latex.result(formulas(part(found, "loss"))[-1]), expected.loss)
    shown = formulas(part(found, "output"))
    if output == "softmax":
        assert latex.shows(latex.result(shown[1]), expected.z[-1].max())
        total = np.exp(expected.z[-1] - expected.z[-1].max()).sum()
        assert latex.shows(latex.result(shown[2]), total)
    else:
        assert latex.shows(latex.result(shown[-1]), expected.y_hat[0])
        assert latex.shows(latex.result(formulas(part(found, "input"))[-1]), expected.y[0])


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_weight_shown_in_detail_ends_at_its_new_value(name):
    trainer = trainer_at(3, optimiser=name, l2=0.01)
    found = worked_example(trainer, 4)
    expected = by_hand.numbers(trainer, 4)
    lines = [f for f in formulas(part(found, "update_1")) if r"\leftarrow" in f]
    optimiser = OPTIMISERS[name]
    assert [line.split()[0] for line in lines] == [*optimiser.memory, "w"]
    for line, slot in zip(lines, expected.memory, strict=False):
        assert latex.shows(latex.result(line), slot[0][1, 0])
    values, tolerance = latex.result(lines[-1])
    assert latex.shows((values, tolerance), expected.after[0][1, 0])
    assert tolerance < 1e-7  # enough digits for a step to show
    assert not any("<" in line for line in lines)


def test_standardised_features_are_computed_from_the_raw_ones():
    trainer = trainer_at(0, data="iris")
    blocks = part(worked_example(trainer, 8), "input")
    x1, x2 = trainer.preparation.apply(trainer.dataset.train)[8]
    first, second = formulas(blocks)[:2]
    assert latex.shows(latex.result(first), x1)
    assert latex.shows(latex.result(second), x2)
    assert "petal length (cm) = " in text_of(blocks)
    raw = trainer_at(0, data="iris", standardise=False)
    assert "standardised" not in text_of(part(worked_example(raw, 8), "input"))


@pytest.mark.parametrize("fields", CASES, ids=str)
def test_a_calculation_with_the_digits_shown_ends_in_the_digits_shown(fields):
    trainer = trainer_at(3, **fields)
    recipe = trainer.recipe
    activation = ACTIVATIONS[recipe.activation]
    for sample in (0, 11):
        found = worked_example(trainer, sample)

        def shown(key, found=found):
            return matrices(part(found, key))

        layers = range(1, len(recipe.hidden) + 2)
        for layer in layers:
            (w, _), (x, _), z, *hidden = shown(f"forward_{layer}")
            assert latex.shows(z, w @ x)
            if hidden:
                (z_again, _), a = hidden
                assert latex.shows(a, activation.value(z_again.copy(), None))
                (w, _), (above, _), (slope, _), delta = shown(f"delta_{layer}")[-4:]
                assert latex.shows(delta, (w @ above) * slope)
            (x, _), (delta, _), gradient = shown(f"gradient_{layer}")
            assert latex.shows(gradient, x @ delta)
            g = shown(f"update_{layer}")[: 1 + 1 + (found.step.n_batches != 24)]
            if len(g) == 3 and not (recipe.l1 or recipe.l2):
                (own, _), (rest, _), mean = g
                assert latex.shows(mean, (own + rest) / len(found.step.samples))
        (y_hat, _), (y, _), error = shown("slopes")[-3:]
        assert latex.shows(error, y_hat - y)
        if recipe.output == "softmax":
            (z, _), e, (factors, _), y_hat = shown("output")
            assert latex.shows(e, np.exp(z - z.max()))
            total = latex.result(formulas(part(found, "output"))[2])
            assert latex.shows(total, e[0].sum())
            assert latex.shows(y_hat, factors / factors.sum())


def test_results_that_cancel_have_the_digits_that_are_left():
    edits = [[0, "weight", value, [0, row, 0]] for row, value in enumerate((1.23456e4, -9e3, 7e3))]
    trainer = trainer_at(0, hidden=(2,), edits=edits)
    (w, _), (x, _), z, *_ = matrices(part(worked_example(trainer, 3), "forward_1"))
    assert latex.shows(z, w @ x)


# --- the text ---------------------------------------------------------------------------


def test_parts_follow_the_lecture_with_the_layers_in_order():
    keys = [one.key for one in parts(worked_example(trainer_at(0), 0))]
    assert keys == [
        "input", "forward_1", "forward_2", "forward_3", "output", "loss", "slopes",
        "delta_3", "delta_2", "delta_1", "gradient_3", "gradient_2", "gradient_1",
        "mean", "update_1", "update_2", "update_3",
    ]  # fmt: skip
    assert [int(one.title.split()[0]) for one in parts(worked_example(trainer_at(0), 0))] == (
        [1, 2, 2, 2, 3, 4, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8, 8]
    )


def test_the_text_states_which_class_the_first_output_is_of():
    for data, first in (("linear", "class 0"), ("iris", "class setosa")):
        found = worked_example(trainer_at(0, data=data), 0)
        assert rf"$\hat y_1$ is that of {first}." in text_of(part(found, "input"))


def test_the_text_states_that_both_forms_of_the_error_are_equal():
    assert "The two are equal" in text_of(part(worked_example(trainer_at(3), 0), "slopes"))


def test_a_product_that_overflows_is_not_described_as_equal():
    edits = [[0, "weight", 1e5, [0, 1, 0]], [0, "weight", -1e5, [0, 1, 1]]]
    trainer = trainer_at(0, hidden=(), edits=edits)
    labels = trainer.dataset.train_labels
    wrong = [
        sample
        for sample in range(24)
        if worked_example(trainer, sample).explanation.y_hat[labels[sample]] == 0
    ]
    blocks = part(worked_example(trainer, wrong[0]), "slopes")
    assert "overflows" in text_of(blocks)
    assert "equal" not in text_of(blocks)


def test_the_text_states_that_a_step_has_no_slope():
    found = worked_example(trainer_at(2, output="step", hidden=(), data="linear"), 0)
    assert "Its slope is 0" in text_of(part(found, "slopes"))


def test_a_layer_below_a_hidden_step_gets_no_gradient():
    found = worked_example(trainer_at(2, activation="step"), 0)
    assert "gets no gradient" in text_of(part(found, "delta_1"))


def test_in_batches_the_batch_is_named_and_its_points_are_listed():
    trainer = trainer_at(2, batch_size=5)
    found = worked_example(trainer, 7)
    text = text_of(part(found, "mean"))
    assert f"this point is in batch {found.step.batch} of 5, with weight 1/" in text
    listed = text.partition("The batch: ")[2].partition(".")[0].split(", ")
    assert sorted(map(int, listed)) == sorted(found.step.samples + 1)
    assert "8" in listed
    full = text_of(part(worked_example(trainer_at(2), 7), "mean"))
    assert "the mean gradient of all 24 training points" in full
    assert "one by one" in text_of(part(worked_example(trainer_at(2, batch_size=1), 7), "mean"))


def test_penalties_are_in_the_formula_only_if_there_are_any():
    plain, both = (
        part(worked_example(trainer_at(1, **fields), 0), "mean")
        for fields in ({}, {"l1": 0.1, "l2": 0.2})
    )
    assert r"\lambda" not in formulas(plain)[0]
    assert r"\lambda_1 \operatorname{sign} W + \lambda_2 W" in formulas(both)[0]
    assert r"$\lambda_1 = 0.1$, $\lambda_2 = 0.2$" in text_of(both)


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
@pytest.mark.parametrize("size", [1e100, 1e200, 1e300])
def test_numbers_that_overflow_are_shown_as_such(output, size):
    trainer = trainer_at(0, activation="relu", output=output, optimiser="adam", l2=1.0)
    for w in trainer._descent.weights:
        w *= size
    found = worked_example(trainer, 0)
    latexes = [f for one in parts(found) for f in formulas(one.blocks())]
    assert any(r"\text{NaN}" in f or r"\infty" in f for f in latexes)
    assert check(found, (0, 1, 0))


# --- the check of one weight ------------------------------------------------------------


@pytest.mark.parametrize("at", [(0, 0, 3), (1, 2, 0), (2, 3, 1)])
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_the_check_shows_the_difference_beside_the_analytic_value(at, output):
    trainer = trainer_at(5, output=output)
    found = worked_example(trainer, 2)
    at = (*at[:2], min(at[2], found.network.weights[at[0]].shape[1] - 1))
    blocks = check(found, at)
    difference, analytic = formulas(blocks)
    expected = by_hand.numbers(trainer, 2).gradients[at[0]][at[1:]]
    assert latex.shows(latex.result(analytic), expected)
    quotient = finite_difference(found.network, found.x, found.label, at)
    assert latex.shows(latex.result(difference), quotient)
    assert latex.result(difference)[0] == pytest.approx(expected, rel=1e-3, abs=1e-8)
    assert found.weight(*at) in text_of(blocks)


# --- a point that nothing is trained on -------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"output": "sigmoid"},
        {"data": "iris"},
        {"output": "step", "hidden": (), "data": "linear"},
    ],
    ids=str,
)
def test_any_point_has_a_forward_pass_and_a_loss_and_gradients_for_each_class(fields):
    trainer = trainer_at(3, **fields)
    point = trainer.dataset.train.mean(axis=0) + 0.1
    x = trainer.preparation.apply(point[None])
    network, data = trainer.network, trainer.dataset
    found = worked_points(trainer, point)
    keys = [one.key for one in point_parts(found)]
    assert keys[-len(data.class_names) :] == [f"class_{k}" for k in range(len(data.class_names))]
    blocks = {one.key: one.blocks() for one in point_parts(found)}
    assert "The network predicts" in text_of(blocks["output"])
    assert "correct" not in text_of(blocks["output"])
    for label in range(len(data.class_names)):
        loss, gradients = network.loss_and_gradients(x, [label])
        lines = formulas(blocks[f"class_{label}"])
        start = next(line for line in lines if line.startswith("J = ") and line[-1].isdigit())
        assert latex.shows(latex.result(start), loss)
        for shown, gradient in zip(
            matrices(blocks[f"class_{label}"])[-1:], gradients, strict=False
        ):
            assert latex.shows(shown, gradient)


# --- large arrays -------------------------------------------------------------------------


def test_large_matrices_become_tables_with_every_number():
    trainer = trainer_at(2, hidden=(64, 64))
    found, expected = worked_example(trainer, 0), by_hand.numbers(trainer, 0)
    blocks = part(found, "gradient_2")
    assert matrices(blocks) == []
    x, delta, gradient = [block for block in blocks if isinstance(block, NumberTable)]
    np.testing.assert_array_equal(x.values[:, 0], found.explanation.layers[1].x)
    np.testing.assert_allclose(delta.values[0], expected.deltas[1], atol=1e-15)
    np.testing.assert_allclose(gradient.values, expected.gradients[1], atol=1e-15)
    assert gradient.rows[:2] == ["bias", "a₁[1]"]
    assert gradient.columns[-1] == "a₆₄[2]"
    for one in parts(found):
        for block in one.blocks():
            if isinstance(block, Formula):
                assert sum(v.size for v, _ in latex.matrices(block.latex)) <= MOST_NUMBERS
            if isinstance(block, NumberTable):
                assert block.values.shape == (len(block.rows), len(block.columns))


def test_all_placeholders_of_formulas_are_filled():
    for fields in ({}, {"hidden": (64,)}, {"output": "step", "hidden": ()}, {"optimiser": "adam"}):
        for one in parts(worked_example(trainer_at(1, data="linear", **fields), 0)):
            for formula in formulas(one.blocks()):
                assert "<" not in formula.replace(" < 0", ""), (one.key, formula)
                assert formula.count("{") == formula.count("}")
                assert not re.search(r"\^\{[^{}]*\}\^", formula)  # two superscripts
