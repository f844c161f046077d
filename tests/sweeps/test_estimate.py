"""The estimate of a sweep's time: a trial of a few runs, never of all of them."""

from nnviz import Recipe, Trainer
from nnviz.sweeps import estimate
from nnviz.sweeps.plan import make_plan


def test_it_trains_a_part_of_a_few_combinations(monkeypatch):
    made = []
    start = Trainer.__init__

    def noted(self, recipe):
        made.append(recipe)
        start(self, recipe)

    monkeypatch.setattr(Trainer, "__init__", noted)
    monkeypatch.setattr(estimate, "_SECONDS", 0.001)
    plan = make_plan(Recipe(samples=40), {"noise": "0..0.5:100"}, seeds=50, epoch=1_000_000)
    assert estimate.seconds_of_a_run(plan) > 1.0  # a million epochs
    assert len(made) <= 6


def test_a_run_of_no_epochs_takes_the_time_of_its_data():
    assert 0 < estimate.seconds_of_a_run(make_plan(Recipe(samples=40), {}, epoch=0)) < 60
