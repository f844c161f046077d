"""Every kind of classifier: its response, its boundary, and the colours of the picture."""

import numpy as np
import pytest
from displays import NAMES, draw, grid, legends, pixels
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import make_blobs
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from nnviz.choices.palette import CLASS_STYLES, THEMES, channels
from nnviz.choices.views import STRENGTH
from nnviz.estimator import NeuralNetworkClassifier


class NearestMean(ClassifierMixin, BaseEstimator):
    """A classifier whose only method is ``predict``."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.means_ = np.array([X[y == label].mean(axis=0) for label in self.classes_])
        return self

    def predict(self, X):
        distances = ((np.asarray(X)[:, None] - self.means_) ** 2).sum(axis=2)
        return self.classes_[distances.argmin(axis=1)]


KINDS = {
    "forest": RandomForestClassifier(20, random_state=0),
    "tree": DecisionTreeClassifier(random_state=0),
    "nearest": KNeighborsClassifier(4),  # an even number, so that there are ties
    "SVC": SVC(break_ties=True),
    "linear SVC": LinearSVC(),
    "ridge": RidgeClassifier(),
    "boosting": GradientBoostingClassifier(n_estimators=10, random_state=0),
    "Bayes": GaussianNB(),
    "pipeline": make_pipeline(StandardScaler(), LogisticRegression()),
    "search": GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2),
    "network": NeuralNetworkClassifier(tol=1e-2, random_state=1),
    "nearest mean": NearestMean(),
}


@pytest.fixture(params=[2, 3, 6], ids="{} classes".format)
def samples(request):
    X, labels = make_blobs(90, centers=request.param, cluster_std=3.0, random_state=2)
    return X / 5, NAMES[labels]


@pytest.fixture(params=KINDS)
def fitted(request, samples):
    kind = KINDS[request.param]
    return clone(kind).fit(*samples), *samples


def test_the_response_is_the_estimators_output_on_the_grid(fitted):
    estimator, X, _ = fitted
    points, _, _ = grid(X, 30, 0.5)
    for method in ("decision_function", "predict_proba", "predict"):
        if not hasattr(estimator, method):
            continue
        display = draw(estimator, X, grid_resolution=30, eps=0.5, response_method=method)
        output = getattr(estimator, method)(points)
        if method == "predict":
            output = np.array([list(estimator.classes_).index(label) for label in output])
        elif output.ndim == 2 and output.shape[1] == 2:
            output = output[:, 1]
        np.testing.assert_allclose(display.xx0.ravel(), points[:, 0], rtol=1e-12)
        np.testing.assert_allclose(display.xx1.ravel(), points[:, 1], rtol=1e-12)
        np.testing.assert_allclose(
            display.response, output.reshape(30, 30, *output.shape[1:]), atol=1e-7
        )
        assert display.response_method == method


def test_the_line_passes_between_all_points_of_different_predictions_and_no_others(fitted):
    estimator, X, _ = fitted
    display = draw(estimator, X, grid_resolution=40)
    points, corner, step = grid(X, 40)
    classes = estimator.predict(points).reshape(40, 40)
    expected = {("across", j, i)
                for j, i in np.argwhere(classes[:, 1:] != classes[:, :-1]).tolist()}  # fmt: skip
    expected |= {("up", j, i) for j, i in np.argwhere(classes[1:] != classes[:-1]).tolist()}
    found = set()
    for x, y in (np.concatenate(display.lines) - corner) / step:
        on_row, on_column = abs(y - round(y)) < 1e-11, abs(x - round(x)) < 1e-11
        if on_row and not on_column:
            found.add(("across", round(y), int(x)))
        elif on_column and not on_row:
            found.add(("up", int(y), round(x)))
    assert found == expected


def test_the_pixels_have_the_colours_of_the_classes(fitted):
    estimator, X, y = fitted
    figure = draw(estimator, X, y=y).plot()
    points, _, _ = grid(X)
    shown, chosen = pixels(figure).reshape(-1, 4), np.arange(0, 10_000, 97)
    styles = CLASS_STYLES[: len(estimator.classes_)]
    colours = np.array([channels(style.colour) for style in styles])
    if hasattr(estimator, "predict_proba"):
        p = estimator.predict_proba(points[chosen])
        mixed = p @ colours[: p.shape[1]]
        k = p.shape[1]
        opacity = 255 * STRENGTH * (p.max(axis=1) - 1 / k) / (1 - 1 / k)
        np.testing.assert_allclose(shown[chosen, :3], mixed, atol=2.5)
        np.testing.assert_allclose(shown[chosen, 3], opacity, atol=2.5)
    elif hasattr(estimator, "decision_function"):  # strong colours are near the predicted class's
        strong = chosen[shown[chosen, 3] > 100]
        nearest = np.abs(shown[strong, None, :3] - colours).sum(axis=2).argmin(axis=1)
        assert len(strong) > 5
        assert (estimator.classes_[nearest] == estimator.predict(points[strong])).all()
        assert shown[:, 3].max() > 0.9 * 255 * STRENGTH
    else:
        predicted = np.searchsorted(estimator.classes_, estimator.predict(points[chosen]))
        np.testing.assert_array_equal(shown[chosen, :3], colours[predicted])


@pytest.mark.parametrize("theme", THEMES)
def test_points_and_legend_are_of_the_classes(samples, theme):
    X, y = samples
    figure = draw(GaussianNB().fit(X, y), X, y=y).plot(theme=theme)
    classes = np.unique(y)
    assert legends(figure) == list(classes)
    for trace, label, style in zip(figure.data, classes, CLASS_STYLES, strict=False):
        np.testing.assert_array_equal(np.column_stack([trace.x, trace.y]), X[y == label])
        assert (trace.marker.color, trace.marker.symbol) == (style.colour, style.symbol)
    assert figure.layout.paper_bgcolor == THEMES[theme].paper
    assert figure.layout.shapes[0].line.color == THEMES[theme].ink
