"""The classifier: scikit-learn's conventions, the engine's numbers."""

import copy
import os
import pickle
import re
import subprocess
import sys
import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from classifiers import IRIS, PAGE, TUMOURS, assert_same, fitted
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from nnviz.estimator import NeuralNetworkClassifier


def sentence(text):
    return f"^{re.escape(text)}$"


# --- scikit-learn's own checks ----------------------------------------------------------


@parametrize_with_checks(
    [
        NeuralNetworkClassifier(),
        NeuralNetworkClassifier(
            (8, 4), "relu", output="softmax", solver="adam", learning_rate_init=0.02,
            batch_size="auto", init="he", alpha=0.01, warm_start=True,
        ),
        NeuralNetworkClassifier((), batch_size=20, solver="momentum", learning_rate_init=0.05),
    ]
)  # fmt: skip
def test_scikit_learn_finds_nothing_wrong(estimator, check):
    with warnings.catch_warnings():  # scikit-learn's tests ignore these too
        for category in (FutureWarning, ConvergenceWarning, UserWarning):
            warnings.simplefilter("ignore", category)
        check(estimator)


def test_scikit_learn_skips_no_check():
    code = """
import warnings
from sklearn.utils.estimator_checks import check_estimator
from nnviz.estimator import NeuralNetworkClassifier
warnings.simplefilter("ignore")
results = check_estimator(NeuralNetworkClassifier(), on_skip=None)
print({result["status"] for result in results}, len(results) > 40)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"SCIPY_ARRAY_API": "1"},  # otherwise one check is skipped
    )  # fmt: skip
    assert run.stdout == "{'passed'} True\n"


def test_neither_plots_nor_pages_are_imported():
    code = "import sys, nnviz.estimator; print({'plotly', 'streamlit'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


# --- randomness ---------------------------------------------------------------------------


def test_a_whole_number_fixes_the_fit_whatever_its_type():
    X, y = IRIS
    one = fitted(X, y, batch_size=32, random_state=7)
    assert_same(one, fitted(X, y, batch_size=32, random_state=np.int64(7)))
    assert not np.array_equal(one.coefs_[0], fitted(X, y, random_state=8).coefs_[0])


def test_a_generator_is_used():
    X, y = IRIS
    rng = np.random.RandomState(3)
    one, two = fitted(X, y, random_state=rng), fitted(X, y, random_state=rng)
    assert not np.array_equal(one.coefs_[0], two.coefs_[0])
    assert_same(one, fitted(X, y, random_state=np.random.RandomState(3)))


def test_a_generator_is_used_once_per_network():
    X, y = IRIS
    rng = np.random.RandomState(3)
    estimator = NeuralNetworkClassifier(batch_size=32, random_state=rng, **PAGE)
    for _ in range(5):
        estimator.partial_fit(X, y, classes=[0, 1, 2])
    assert_same(estimator, fitted(X, y, 5, batch_size=32, random_state=np.random.RandomState(3)))


@pytest.mark.parametrize("kind", [None, np.random])
def test_numpy_s_global_generator_is_used_by_default(kind):
    X, y = IRIS
    kept = np.random.get_state()  # noqa: NPY002 — scikit-learn's None is this generator
    try:
        np.random.seed(4)  # noqa: NPY002
        one, two = fitted(X, y, random_state=kind), fitted(X, y, random_state=kind)
        np.random.seed(4)  # noqa: NPY002
        assert_same(one, fitted(X, y, random_state=kind))
        assert not np.array_equal(one.coefs_[0], two.coefs_[0])
    finally:
        np.random.set_state(kept)  # noqa: NPY002


def test_an_invalid_random_state_raises_scikit_learn_s_error():
    with pytest.raises(ValueError, match="cannot be used to seed"):
        NeuralNetworkClassifier(random_state="dice").fit(*IRIS)


# --- predicting ---------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_two_classes_can_have_any_names(output):
    X, y = TUMOURS
    names = np.array(["malignant", "benign"])[y]
    estimator = fitted(X, names, 50, output=output)
    assert estimator.classes_.tolist() == ["benign", "malignant"]
    probabilities, margin = estimator.predict_proba(X), estimator.decision_function(X)
    assert probabilities.shape == (len(X), 2)
    np.testing.assert_allclose(probabilities[:, 1], 1 / (1 + np.exp(-margin)), rtol=1e-9)
    predicted = estimator.predict(X)
    assert predicted.dtype == names.dtype
    np.testing.assert_array_equal(predicted == "malignant", margin > 0)
    assert estimator.score(X, names) > 0.97


def test_three_classes_have_a_logit_each():
    X, y = IRIS
    estimator = fitted(X, y * 10 - 7, 50)
    assert estimator.classes_.tolist() == [-7, 3, 13]
    logits = estimator.decision_function(X)
    powers = np.exp(logits)
    np.testing.assert_allclose(
        estimator.predict_proba(X), powers / powers.sum(axis=1, keepdims=True), rtol=1e-12
    )
    np.testing.assert_array_equal(estimator.predict(X), estimator.classes_[logits.argmax(axis=1)])


@pytest.mark.parametrize("data", [IRIS, TUMOURS])
def test_logarithms_of_probabilities_stay_finite_where_those_are_0(data):
    X, y = data
    estimator = fitted(X, y, 50)
    np.testing.assert_allclose(
        np.exp(estimator.predict_log_proba(X)), estimator.predict_proba(X), rtol=1e-12
    )
    for weights in estimator.coefs_:
        weights *= 1e4
    assert (estimator.predict_proba(X) == 0).any()
    assert np.isfinite(estimator.predict_log_proba(X)).all()


@pytest.mark.parametrize("output", ["auto", "softmax"])
def test_a_single_class_is_always_predicted(output):
    X = IRIS[0]
    estimator = fitted(X, np.full(len(X), "iris"), 3, output=output)
    estimator.intercepts_[-1][-1] = 50.0  # the network strongly favours the other unit
    assert set(estimator.predict(X)) == {"iris"}
    np.testing.assert_array_equal(estimator.predict_proba(X), np.ones((len(X), 1)))
    np.testing.assert_array_equal(estimator.predict_log_proba(X), np.zeros((len(X), 1)))


def test_digits_are_classified():
    X, y = load_digits(return_X_y=True)
    train, test, train_labels, test_labels = train_test_split(X, y, random_state=0)
    estimator = NeuralNetworkClassifier(
        (100, 50), "relu", solver="adam", learning_rate_init=0.005, batch_size="auto",
        random_state=0,
    )  # fmt: skip
    model = make_pipeline(StandardScaler(), estimator).fit(train, train_labels)
    assert model.score(test, test_labels) >= 0.95
    sizes = [64, 100, 50, 10]
    assert [w.shape for w in model[-1].coefs_] == list(pairwise(sizes))
    assert [b.shape for b in model[-1].intercepts_] == [(n,) for n in sizes[1:]]
    assert (model[-1].n_layers_, model[-1].n_outputs_) == (4, 10)


# --- among scikit-learn's tools -----------------------------------------------------------


def test_a_grid_search_over_a_pipeline():
    model = make_pipeline(StandardScaler(), NeuralNetworkClassifier(random_state=0))
    grid = {
        "neuralnetworkclassifier__hidden_layer_sizes": [(), 4, (8, 4)],
        "neuralnetworkclassifier__learning_rate_init": np.logspace(-2, 0, 2),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        search = GridSearchCV(model, grid, cv=3).fit(*load_iris(return_X_y=True))
    assert search.best_score_ > 0.94
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


@pytest.mark.parametrize("copied", [lambda e: pickle.loads(pickle.dumps(e)), copy.deepcopy])
def test_a_copy_predicts_and_continues_training_as_the_original(copied):
    X, y = IRIS
    estimator = fitted(X, y, 5, solver="adam", batch_size=32)
    other = copied(estimator)
    np.testing.assert_array_equal(other.predict_proba(X), estimator.predict_proba(X))
    assert_same(other.partial_fit(X, y), estimator.partial_fit(X, y))
    other.coefs_[0][:] = 0.0  # still a view
    assert not other.network_.weights[0][1:].any()


def test_a_clone_has_the_parameters_and_nothing_else():
    estimator = fitted(*IRIS, hidden_layer_sizes=(3, 2), l1=0.1)
    other = clone(estimator)
    assert other.get_params() == estimator.get_params()
    assert not hasattr(other, "network_")
    assert not hasattr(other, "coefs_")
    with pytest.raises(NotFittedError):
        other.predict(IRIS[0])


def test_column_names_are_stored_and_checked_in_predict():
    X, y = load_iris(return_X_y=True, as_frame=True)
    estimator = fitted(X, y, 2)
    assert estimator.feature_names_in_.tolist() == X.columns.tolist()
    with pytest.raises(ValueError, match="feature names should match"):
        estimator.predict(X.rename(columns=str.upper))
    assert isinstance(X, pd.DataFrame)


def test_invalid_samples_raise_scikit_learn_s_errors():
    X, y = IRIS
    with_nan = X.copy()
    with_nan[3, 1] = np.nan
    estimator = fitted(X, y, 2)
    for call in (lambda x: estimator.fit(x, y), estimator.predict, estimator.predict_proba):
        with pytest.raises(TypeError, match=r"^Sparse data was passed for X, but dense data is"):
            call(sparse.csr_array(X))
        with pytest.raises(ValueError, match=r"^Input X contains NaN"):
            call(with_nan)


def test_its_representation_in_a_notebook():
    estimator = NeuralNetworkClassifier(solver="momentum")
    bundle = estimator._repr_mimebundle_()
    assert bundle["text/plain"] == "NeuralNetworkClassifier(solver='momentum')"
    assert "momentum" in bundle["text/html"]
    assert "NeuralNetworkClassifier" in estimator._repr_html_()
