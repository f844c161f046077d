import pytest
from displays import NAMES
from sklearn.datasets import load_iris, make_moons
from sklearn.linear_model import LogisticRegression


@pytest.fixture(scope="module")
def moons():
    X, y = make_moons(80, noise=0.2, random_state=0)
    return X, y, LogisticRegression().fit(X, y)


@pytest.fixture(scope="module")
def iris():
    bunch = load_iris(as_frame=True)
    return bunch.data, NAMES[bunch.target]
