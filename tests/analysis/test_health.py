"""Dead and saturated units, by a rule that is checked on layers built to be so."""

import numpy as np
import pytest

from nnviz import Network, Recipe, Trainer
from nnviz.analysis.health import (
    FLAT,
    MOST,
    RULE,
    advice,
    health,
    is_flat,
    largest_slope,
    pre_activations,
    remedy,
    sentence,
    slopes_at,
)
from nnviz.choices.activations import ACTIVATIONS

RNG = np.random.default_rng(2)
N = 100


def found(name, *rows):
    return health(ACTIVATIONS[name], np.array(rows, dtype=float))


def sentence_for(name, *rows, layer=1):
    return sentence(ACTIVATIONS[name], layer, found(name, *rows))


def share(off, on, n_off):
    """A row of z with ``n_off`` samples at ``off``, the others at ``on``."""
    return [off] * n_off + [on] * (N - n_off)


# --- the numbers ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_pre_activations_are_what_a_person_would_work_out(name):
    weights = [RNG.normal(size=shape) for shape in ((3, 4), (5, 2), (3, 3))]
    X = RNG.normal(size=(7, 2))
    first, second = pre_activations(Network(weights, name), X)
    z = weights[0][0] + X @ weights[0][1:]
    np.testing.assert_allclose(first, z.T)
    below = ACTIVATIONS[name].value(z, None)
    np.testing.assert_allclose(second, (weights[1][0] + below @ weights[1][1:]).T)


def test_without_hidden_layers_there_is_nothing_to_look_at():
    assert pre_activations(Network([RNG.normal(size=(3, 2))]), [[0.0, 1.0]]) == []


@pytest.mark.parametrize(
    ("name", "largest"),
    [("tanh", 1), ("sigmoid", 1 / 4), ("relu", 1), ("leaky_relu", 1), ("elu", 1),
     ("softplus", 1), ("sine", 1), ("identity", 1), ("step", 0)],
)  # fmt: skip
def test_the_largest_slope_of_each(name, largest):
    assert largest_slope(name) == pytest.approx(largest, abs=1e-4)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_at_whole_numbers_are_those_at_the_same_real_ones(name):
    z = np.array([-2, -1, 1, 2])
    at_reals = slopes_at(ACTIVATIONS[name], z.astype(float))
    np.testing.assert_array_equal(slopes_at(ACTIVATIONS[name], z), at_reals)
    np.testing.assert_array_equal(z, [-2, -1, 1, 2])


def test_slopes_at_infinity_come_without_a_warning():
    assert np.isnan(slopes_at(ACTIVATIONS["sine"], np.array([np.inf]))).all()


def test_a_slope_of_exactly_5_percent_is_not_flat():
    assert is_flat(ACTIVATIONS["relu"], np.array([0.05, 0.0499, 0.0])).tolist() == [
        False,
        True,
        True,
    ]


def test_a_step_is_flat_everywhere():
    assert is_flat(ACTIVATIONS["step"], np.zeros(3)).all()


# --- the rule ---------------------------------------------------------------------------


def test_a_relu_is_dead_only_where_every_sample_is_below_0():
    result = found("relu", share(-1, 2, 100), share(-1, 2, 99), share(-1, 2, 89))
    assert result.dead.tolist() == [True, False, False]
    assert result.saturated.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("name", "flat", "steep"),  # slopes at these: just under and just over 5 % of the largest
    [
        ("tanh", 2.19, 2.17),
        ("sigmoid", -4.37, -4.34),
        ("elu", -3.0, -2.99),
        ("softplus", -2.95, -2.94),
        ("sine", np.pi / 2 - 0.0499, np.pi / 2 - 0.0501),
        ("leaky_relu", -0.1, 0.1),
    ],
)
def test_a_unit_is_saturated_where_nine_in_ten_samples_have_a_flat_slope(name, flat, steep):
    result = found(name, share(flat, steep, 90), share(flat, steep, 89), share(flat, steep, 0))
    assert result.saturated.tolist() == [True, False, False]
    assert not result.dead.any()


def test_the_identity_is_never_dead_nor_saturated():
    result = found("identity", share(-1e6, 1e6, 50), share(0, 0, 0))
    assert not (result.dead | result.saturated).any()


def test_every_unit_with_a_step_is_dead():
    assert found("step", share(-1, 1, 50), share(3, 3, 0)).dead.all()


# --- in words ---------------------------------------------------------------------------


def test_the_rule_in_words_has_its_numbers():
    assert (FLAT, MOST) == (5 / 100, 9 / 10)
    assert "below 5 % of φ's largest slope for at least nine in ten training points" in RULE


DEAD, ALIVE, SATURATED = share(-1, 2, 100), share(-1, 2, 50), share(-1, 2, 95)


def test_half_a_layer_gets_no_sentence_and_one_unit_more_does():
    assert sentence_for("relu", DEAD, ALIVE) is None
    assert sentence_for("relu", DEAD, DEAD, ALIVE, layer=2) == (
        "Layer 2: 2 of 3 units dead. A dead unit has slope 0 for every training point, "
        "so that its weights no longer change."
    )


def test_saturated_units_count_as_well():
    flat = (
        "lies where φ is flat (a slope under 5 % of its largest) for nine in ten training points "
        "or more, so that it hardly learns."
    )
    assert sentence_for("tanh", share(5, 0, 95)) == (
        f"Layer 1: its unit is saturated. A saturated unit {flat}"
    )
    assert sentence_for("tanh", share(5, 0, 95), share(5, 0, 95)) == (
        f"Layer 1: 2 of 2 units saturated. A saturated unit {flat}"
    )
    mixed = sentence_for("relu", DEAD, SATURATED, ALIVE)
    assert mixed.startswith("Layer 1: of 3 units, 1 dead and 1 saturated. A dead unit has ")
    assert mixed.endswith(f"; a saturated one {flat}")


def test_a_layer_of_steps_gets_a_sentence_that_it_cannot_learn():
    assert sentence_for("step", ALIVE, ALIVE) == (
        "Layer 1: the slope of a step is 0 everywhere, so no gradient passes and none of its "
        "2 units learns."
    )
    assert sentence_for("step", ALIVE).endswith(" passes and its unit does not learn.")


def test_a_run_with_a_rate_far_too_large_kills_its_relus():
    trainer = Trainer(Recipe(activation="relu", hidden=(8,), learning_rate=10.0, seed=1))
    trainer.advance(100)
    X = trainer.preparation.apply(trainer.dataset.train)
    (z,) = pre_activations(trainer.network, X)
    result = health(trainer.network.activation, z)
    assert result.dead.sum() > 4
    # the rule's meaning: a dead unit's weights have no gradient, a living one's have
    _, gradients = trainer.network.loss_and_gradients(X, trainer.dataset.train_labels)
    np.testing.assert_array_equal((gradients[0] == 0).all(axis=0), result.dead)
    assert sentence(trainer.network.activation, 1, result).startswith("Layer 1: ")


# --- one line with a remedy -----------------------------------------------------------------


def test_advice_names_the_first_layer_that_hardly_learns_and_what_helps():
    relu, tanh, step = (ACTIVATIONS[name] for name in ("relu", "tanh", "step"))
    well = found("relu", share(-1, 1, 50), share(-1, 1, 50))
    dead = found("relu", [-1.0] * N, [-2.0] * N, share(-1, 1, 50))
    assert advice(relu, [well]) is None
    assert advice(relu, []) is None
    assert advice(relu, [well, dead, dead]) == (
        "Layer 2 hardly learns: 2 of 3 units are dead. "
        "Try a smaller learning rate, a new start or another activation."
    )
    saturated = found("tanh", share(9, 0, 95))
    assert advice(tanh, [saturated]) == (
        f"Layer 1 hardly learns: its unit is saturated. {remedy(tanh)}"
    )
    mixed = found("relu", DEAD, SATURATED, ALIVE)
    assert advice(relu, [mixed]).startswith(
        "Layer 1 hardly learns: 2 of 3 units are dead or saturated. "
    )
    flat = found("step", share(-1, 1, 50))
    assert advice(step, [flat]) == (
        "Layer 1 cannot learn: the slope of a step is 0 everywhere. Choose another activation."
    )
