"""Which passes are made over all samples: the quickest with the numbers of a single one."""

import numpy as np
import pytest

from nnviz.choices.outputs import OUTPUTS
from nnviz.training import passes


@pytest.fixture(autouse=True)
def _untried():
    """Each test tries the plans anew."""
    passes._first_like_the_last.cache_clear()
    yield
    passes._first_like_the_last.cache_clear()


PLANS = [
    [(0, 256, 128), (256, 500, 128)],
    [(0, 256, 128), (256, 500, None)],
    [(0, 256, None), (256, 500, None)],
    [(0, 500, 128)],
    [(0, 500, None)],
]  # the quickest first


@pytest.mark.parametrize("n_off", range(len(PLANS)))
def test_of_the_plans_with_the_numbers_of_one_pass_the_quickest_is_taken(monkeypatch, n_off):
    def tried(plan, *_):
        """As on a machine that rounds otherwise by the first plans."""
        return [np.array(1e-16 if plan in PLANS[:n_off] else 0.0)]

    monkeypatch.setattr(passes, "_tried", tried)
    assert passes.plan_of((2, 64, 64, 2), 500, 250, OUTPUTS["softmax"]) == PLANS[n_off]


def test_samples_whose_logits_are_shifted_all_or_none_are_not_split(monkeypatch):
    monkeypatch.setattr(passes, "_tried", lambda *_: [np.zeros(1)])
    for name, units, plan in (("softmax", 3, PLANS[3]), ("sigmoid", 1, PLANS[0])):
        assert passes.plan_of((2, 64, 64, units), 500, 250, OUTPUTS[name]) == plan


def test_a_plan_is_tried_on_the_products_of_its_network():
    def numbers(plan, n_train=250):
        return passes._tried(plan, (2, 64, 64, 2), n_train, OUTPUTS["softmax"])

    single = numbers(PLANS[-1])
    assert [each.shape for each in single] == [(2, 500), (3, 64), (65, 64), (65, 2)]
    for plan in PLANS[:-1]:
        for one, two in zip(numbers(plan), single, strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-9)
    assert not np.allclose(numbers(PLANS[-1], 256)[1], single[1])  # who is learnt from matters


@pytest.mark.parametrize("hidden", [(64, 64), (64, 1, 64), (1,)])
def test_the_numbers_of_a_trial_are_of_the_size_of_a_trained_networks(hidden):
    logits, *gradients = passes._tried(PLANS[-1], (1, *hidden, 2), 250, OUTPUTS["softmax"])
    assert 0.1 < logits.std() < 2  # as saturated units round alike in all plans
    assert all(np.isfinite(gradient).all() for gradient in gradients)


@pytest.mark.parametrize(
    ("hidden", "n", "n_train", "worth"),
    [
        ((64,), 500, 250, True),
        ((64, 64), 500, 384, False),  # 116 samples
        ((32,), 506, 250, True),  # of 250 samples 32 outputs are 8,000
        ((32,), 505, 250, False),
        ((64, 8), 500, 250, True),
        ((8, 64), 500, 250, True),
    ],
)
def test_a_second_pass_is_worth_it_for_8000_outputs_of_a_layer(
    monkeypatch, hidden, n, n_train, worth
):
    monkeypatch.setattr(passes, "_tried", lambda *_: [np.zeros(1)])
    plan = passes.plan_of((2, *hidden, 2), n, n_train, OUTPUTS["softmax"])
    assert (len(plan) == 2) == worth


@pytest.mark.parametrize(("n", "block"), [(500, None), (501, 128)])
def test_blocks_are_worth_it_for_products_of_more_than_a_million_multiplications(
    monkeypatch, n, block
):
    monkeypatch.setattr(passes, "_tried", lambda *_: [np.zeros(1)])
    plan = passes.plan_of((2, 50, 40, 2), n, n, OUTPUTS["softmax"])  # 2,000 a sample
    assert plan == [(0, n, block)]


def test_narrow_layers_are_not_worth_a_second_pass():
    assert passes.plan_of((2, 10, 2), 500, 250, OUTPUTS["softmax"]) == [(0, 500, None)]


def test_plans_are_tried_once_and_not_for_very_many_samples(monkeypatch):
    tried = []
    monkeypatch.setattr(passes, "_tried", lambda plan, *_: tried.append(plan) or [np.zeros(1)])
    plans = [passes.plan_of((2, 64, 64, 2), 500, 250, OUTPUTS["softmax"]) for _ in range(2)]
    assert (plans, len(tried)) == ([PLANS[0]] * 2, 2)  # a single pass, and the quickest
    assert passes.plan_of((2, 64, 64, 2), 5_001, 250, OUTPUTS["softmax"]) == [(0, 5_001, None)]
    assert len(tried) == 2
    assert len(passes.plan_of((2, 64, 64, 2), 5_000, 250, OUTPUTS["softmax"])) == 2


@pytest.mark.parametrize(
    ("sizes", "deeper", "alike"),
    [
        ((2, 64, 64, 2), (2, 64, 64, 64, 2), True),
        ((2, 64, 64, 2), (2, 64, 64, 64, 64, 64, 2), True),
        ((64, 64, 2), (64, 64, 64, 2), True),
        ((2, 64, 2), (2, 64, 64, 2), False),  # a product of 64 by 64 is another one
        ((2, 64, 64, 2), (2, 64, 64, 63, 2), False),
    ],
)
def test_layers_of_a_product_that_was_tried_need_no_other_trial(monkeypatch, sizes, deeper, alike):
    tried = []
    monkeypatch.setattr(passes, "_tried", lambda plan, *_: tried.append(plan) or [np.zeros(1)])
    for each in (sizes, deeper):
        assert passes.plan_of(each, 500, 250, OUTPUTS["softmax"]) == PLANS[0]
    assert len(tried) == (2 if alike else 4)
