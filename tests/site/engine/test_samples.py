"""The stand-ins for scikit-learn's data sets, against scikit-learn."""

import sys

import numpy as np
import pytest
import sklearn.datasets
from hypothesis import given
from hypothesis import strategies as st

from nnviz.choices.datasets import SOURCES
from nnviz.site import archive
from nnviz.site.engine import samples

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(2, 400)
NOISES = st.floats(0, 1)


def assert_same(ours, theirs):
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, other)


@given(SIZES, NOISES, st.floats(0.05, 0.95), SEEDS)
def test_circles_are_the_same(n, noise, factor, seed):
    chosen = {"noise": noise, "factor": factor, "random_state": seed}
    assert_same(samples.make_circles(n, **chosen), sklearn.datasets.make_circles(n, **chosen))


@given(SIZES, NOISES, SEEDS)
def test_moons_are_the_same(n, noise, seed):
    chosen = {"noise": noise, "random_state": seed}
    assert_same(samples.make_moons(n, **chosen), sklearn.datasets.make_moons(n, **chosen))


@given(SIZES, NOISES, st.integers(1, 6), SEEDS)
def test_blobs_are_the_same(n, noise, k, seed):
    centres = np.random.default_rng(seed).uniform(-1, 1, (k, 2))
    chosen = {"centers": centres, "cluster_std": noise, "random_state": seed}
    assert_same(samples.make_blobs(n, **chosen), sklearn.datasets.make_blobs(n, **chosen))


@pytest.mark.parametrize("name", ["iris", "wine"])
def test_measured_sets_are_the_same(name, tmp_path, monkeypatch):
    files = dict(archive._tables())
    (tmp_path / f"{name}.csv").write_bytes(files[f"{archive.TABLES}/{name}.csv"])
    monkeypatch.setattr(samples, "FOLDER", tmp_path)
    assert_same(
        getattr(samples, f"load_{name}")(return_X_y=True),
        getattr(sklearn.datasets, f"load_{name}")(return_X_y=True),
    )


def test_they_stand_in_for_all_that_data_sets_use(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", sklearn.datasets)
    samples.stand_in()
    assert sys.modules["sklearn.datasets"] is samples
    names = {source.sklearn_name for source in SOURCES.values()} - {""}
    assert all(callable(getattr(samples, name)) for name in names)
