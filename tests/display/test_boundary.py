"""One classifier's display: its arrays, figures, notes and errors."""

import re

import numpy as np
import plotly.io
import pytest
from displays import NAMES, draw, grid, legends, pixels, refuses, texts
from scipy.sparse import csr_matrix
from sklearn.datasets import make_blobs
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from nnviz.choices.palette import CLASS_STYLES, channels
from nnviz.choices.views import STRENGTH


def test_only_the_class_of_interest_is_shaded():
    X, labels = make_blobs(90, centers=3, cluster_std=2.0, random_state=2)
    y = NAMES[labels]
    estimator = GaussianNB().fit(X, y)
    points, _, _ = grid(X, 25)
    display = draw(estimator, X, y=y, grid_resolution=25, class_of_interest="cat")
    own = estimator.predict_proba(points)[:, 2]
    np.testing.assert_allclose(display.response.ravel(), own)
    assert display.n_classes == 2
    figure = display.plot()
    shown = pixels(figure).reshape(-1, 4)
    assert {tuple(colour) for colour in shown[:, :3]} == {channels(CLASS_STYLES[2].colour)}
    np.testing.assert_allclose(shown[:, 3], 255 * STRENGTH * own, atol=1.5)
    assert texts(figure) == ["Probability of cat."]


@pytest.mark.parametrize(("label", "sign"), [(0, -1), (1, 1)])
def test_scores_of_two_classes_are_signed_for_the_class_of_interest(moons, label, sign):
    X, _, estimator = moons
    display = draw(estimator, X, class_of_interest=label, grid_resolution=20)
    scores = estimator.decision_function(grid(X, 20)[0])
    np.testing.assert_allclose(display.response.ravel(), sign * scores)
    p = estimator.predict_proba(grid(X, 20)[0])[:, label]
    np.testing.assert_allclose(
        pixels(display.plot()).reshape(-1, 4)[:, 3] / 255 / STRENGTH, p, atol=0.01
    )


def test_with_predict_the_class_of_interest_is_shaded_where_it_is_predicted(moons):
    X, _, estimator = moons
    display = draw(estimator, X, class_of_interest=1, response_method="predict")
    predicted = estimator.predict(grid(X)[0]).reshape(100, 100)
    np.testing.assert_array_equal(pixels(display.plot())[..., 3] > 0, predicted == 1)
    assert display.note == "Shaded where class 1 is predicted."


def test_with_more_classes_than_colours_one_is_shown_against_all_others():
    X, labels = make_blobs(160, centers=10, random_state=4)
    y = NAMES[labels]
    estimator = GaussianNB().fit(X, y)
    display = draw(estimator, X, y=y, class_of_interest="fox")
    np.testing.assert_allclose(
        display.response.ravel(), estimator.predict_proba(grid(X)[0])[:, 5], atol=1e-12
    )
    figure = display.plot()
    assert legends(figure) == ["fox", "other classes"]
    np.testing.assert_array_equal(figure.data[0].x, X[y == "fox", 0])
    predicted = estimator.predict(grid(X)[0]) == "fox"
    np.testing.assert_array_equal(np.argmax(display.field.scores, axis=0).ravel() == 0, predicted)


def test_without_y_there_are_no_points_but_a_legend(moons):
    X, _, estimator = moons
    figure = draw(estimator, X).plot()
    assert legends(figure) == ["class 0", "class 1"]
    assert all(np.isnan(trace.x).all() for trace in figure.data)


def test_a_display_is_computed_once_and_drawn_any_number_of_times(moons):
    X, y, _ = moons
    calls = []

    class Counting(LogisticRegression):
        def decision_function(self, X):
            calls.append(len(X))
            return super().decision_function(X)

    display = draw(Counting().fit(X, y), X, y=y)
    light, dark = display.plot(), display.plot(theme="dark", size=(400, 300), title="<b> & co")
    assert calls == [10_000]
    assert display.figure_ is dark
    assert light is not dark
    assert (dark.layout.width, dark.layout.height) == (400, 300)
    assert texts(dark) == ["<b>&lt;b&gt; &amp; co</b>"]
    assert texts(display.plot(caption="mine")) == ["mine"]


def test_scores_of_pairs_of_classes_are_not_used(iris):
    X, y = iris
    estimator = SVC(decision_function_shape="ovo").fit(X, y)
    assert draw(estimator, X).response_method == "predict"
    pipeline = make_pipeline(StandardScaler(), estimator).fit(X, y)
    with refuses(ValueError, "decision_function must score classes, not pairs of them –"):
        draw(pipeline, X, response_method="decision_function")


# --- errors -----------------------------------------------------------------------------

REFUSED = {
    "grid_resolution must be greater than 1. Got 1 instead.": {"grid_resolution": 1},
    "grid_resolution must be a whole number 2 or above; got 20.5": {"grid_resolution": 20.5},
    "grid_resolution must be a whole number 2 or above; got many": {"grid_resolution": "many"},
    "eps must be greater than or equal to 0. Got -1 instead.": {"eps": -1},
    "response_method must be one of auto, decision_function, predict_proba, predict. "
    "Got score instead.": {"response_method": "score"},
    "class_of_interest=7 is not a valid label: It should be one of [0 1]": {"class_of_interest": 7},
    "features must be two different numbers 0…1; got (0, 2)": {"features": (0, 2)},
    "features must be two different numbers 0…1; got (1, 1)": {"features": (1, 1)},
    "features must be two different numbers 0…1; got x": {"features": "x"},
    "slice_at must be mean, median, a value for each feature, or a mapping of features to values; "
    "got mode": {"slice_at": "mode"},
    "slice_at must have a value for each of the 2 features; got 3": {"slice_at": [1, 2, 3]},
    "slice_at must name features of X; got 9": {"slice_at": {9: 0}},
    "slice_at must not fix a feature on an axis; got 1": {"slice_at": {1: 0}},
    "Found input variables with inconsistent numbers of samples: [80, 2]": {"y": [0, 1]},
    "y must hold classes of [0, 1]; got [5]": {"y": [5] * 40 + [0] * 40},
}  # fmt: skip


@pytest.mark.parametrize(("message", "options"), REFUSED.items(), ids=str)
def test_invalid_options_raise(moons, message, options):
    X, _, estimator = moons
    with refuses(ValueError, message):
        draw(estimator, X, **options)


def test_invalid_estimators_raise(moons):
    X, y, estimator = moons
    with refuses(NotFittedError, "This SVC instance is not fitted yet –"):
        draw(SVC(), X)
    with refuses(AttributeError, "SVC has none of the following attributes: predict_proba."):
        draw(SVC().fit(X, y), X, response_method="predict_proba")
    with refuses(ValueError, "estimator must be a classifier with classes_; got LinearRegression"):
        draw(LinearRegression().fit(X, y), X)
    with refuses(ValueError, "Multi-label and multi-output multi-class classifiers are not –"):
        draw(KNeighborsClassifier().fit(X, np.column_stack([y, y])), X)
    with refuses(ValueError, "estimator must have 2 or more classes; got 1"):
        draw(GaussianNB().fit(X, np.zeros(80)), X)
    nine = GaussianNB().fit(X, np.arange(80) % 9)
    with refuses(ValueError, "classes must be at most 8, as many as there are colours, unless –"):
        draw(nine, X)
    with refuses(ValueError, "theme must be one of light, dark; got sepia"):
        draw(estimator, X).plot(theme="sepia")


def test_invalid_samples_raise(moons):
    X, y, estimator = moons
    with refuses(TypeError, "Sparse data was passed for X, but dense data is required –"):
        draw(estimator, csr_matrix(X))
    with refuses(ValueError, "n_features must be at least 2. Got 1 instead."):
        draw(GaussianNB().fit(X[:, :1], y), X[:, :1])
    with refuses(ValueError, "eps must be above 0 where a feature has a single value; got 0"):
        draw(estimator, np.ones((4, 2)), eps=0)


# --- in a notebook ----------------------------------------------------------------------


def test_a_notebook_shows_the_picture_without_internet(moons, monkeypatch):
    X, y, estimator = moons
    display = draw(estimator, X, y=y)
    monkeypatch.setattr(plotly.io.renderers, "default", "plotly_mimetype")
    bundle = display._repr_mimebundle_(include=None, exclude=None)
    assert len(bundle["application/vnd.plotly.v1+json"]["data"]) == 2
    monkeypatch.setattr(plotly.io.renderers, "default", None)
    for page in (display._repr_mimebundle_()["text/html"], display._repr_html_()):
        assert "Plotly.newPlot" in page
        assert not re.search(r"<(script|link)[^>]* (src|href)=", page[:2000] + page[-2000:])
    assert repr(display) == "<DecisionBoundaryDisplay of 2 classes by decision_function: x₁ × x₂>"
