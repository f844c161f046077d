"""Classifiers side by side."""

import itertools

import numpy as np
import pytest
from displays import draw, legends, pixels, refuses, texts
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from nnviz.display import compare
from nnviz.estimator import NeuralNetworkClassifier


def three():
    return [
        ("network", NeuralNetworkClassifier(tol=1e-2, random_state=1)),
        ("machine", SVC()),
        ("nearest & more", KNeighborsClassifier(3)),
    ]


def test_comparisons_share_axes_and_have_one_legend(moons):
    X, y, _ = moons
    figure = compare(three(), X, y, eps=0.5)
    layout = figure.layout
    axes = [layout[f"{letter}axis{n}"] for letter, n in itertools.product("xy", ("", 2, 3))]
    ranges = {letter: {tuple(a.range) for a in axes if a.matches == letter} for letter in "xy"}
    for letter, column in zip("xy", X.T, strict=True):
        assert ranges[letter] == {(column.min() - 0.5, column.max() + 0.5)}
    assert legends(figure) == ["class 0", "class 1"]
    assert len([name for name in layout if name.startswith("legend")]) == 1
    assert len(layout.images) == 3
    assert len(figure.data) == 6
    assert len({trace.xaxis for trace in figure.data}) == 3
    assert [axis.title.text for axis in axes] == ["x₁"] * 3 + ["x₂", "", ""]


def test_names_and_accuracies_are_above_the_planes(moons):
    X, y, _ = moons
    machine = SVC().fit(X[:40], y[:40])
    nearest = KNeighborsClassifier(3)
    figure = compare([("fitted", machine), ("a <b>", nearest)], X, y)
    accuracy = KNeighborsClassifier(3).fit(X, y).score(X, y)
    assert texts(figure) == [
        "<b>fitted</b>", f"accuracy {100 * machine.score(X, y):.1f} %",
        "<b>a &lt;b&gt;</b>", f"accuracy {100 * accuracy:.1f} %, fitted to these points",
    ]  # fmt: skip
    assert not hasattr(nearest, "classes_")
    assert machine.n_features_in_ == 2
    assert machine.shape_fit_ == (40, 2)


def test_a_network_fitted_to_these_points_before_is_noted_as_such(moons):
    X, y, _ = moons
    own, other = (NeuralNetworkClassifier(tol=1e-2, random_state=1) for _ in "ab")
    own.fit(X, y)
    other.fit(X[:40], y[:40])
    first, second = (text for text in texts(compare([("own", own), ("other", other)], X, y))
                     if text.startswith("accuracy"))  # fmt: skip
    assert first.endswith(" %, fitted to these points")
    assert second.endswith(" %")


@pytest.mark.parametrize("name", ["legend", "legend2", "x", "name", "", "test: hollow", "%{x}"])
def test_a_class_can_have_any_name(moons, name):
    X, y, _ = moons
    y = np.array([name, "zebra"])[y]
    figure = compare([("one", SVC()), ("other", GaussianNB())], X, y)
    shown = [trace for trace in figure.data if trace.showlegend]
    assert sorted(trace.name.replace("&#123;", "{") for trace in shown) == sorted([name, "zebra"])
    assert {trace.legend for trace in shown} == {"legend"}
    own = draw(SVC().fit(X, y), X, y=y).plot()
    assert len(legends(own)) == 2


def test_each_plane_shows_its_own_classifier(moons):
    X, y, _ = moons
    trees = [(str(depth), DecisionTreeClassifier(max_depth=depth)) for depth in (1, 4)]
    figure = compare(trees, X, y, theme="dark", grid_resolution=50)
    for number, (_, tree) in enumerate(trees):
        alone = draw(tree.fit(X, y), X, y=y, grid_resolution=50).plot(theme="dark")
        np.testing.assert_array_equal(pixels(figure, number), pixels(alone))
        assert figure.layout.shapes[number].path == alone.layout.shapes[0].path


@pytest.mark.parametrize(
    ("n", "columns", "shape"),
    [(1, None, (1, 1)), (4, None, (1, 4)), (5, None, (2, 3)), (9, None, (3, 3)), (3, 2, (2, 2))],
)
def test_rows_are_even(moons, n, columns, shape):
    X, y, estimator = moons
    figure = compare([(str(i), estimator) for i in range(n)], X, y, columns=columns,
                     grid_resolution=5)  # fmt: skip
    domains = {
        letter: {
            tuple(figure.layout[name].domain)
            for name in figure.layout
            if name.startswith(f"{letter}axis")
        }
        for letter in "xy"
    }
    assert (len(domains["y"]), len(domains["x"])) == shape
    bottoms = [name for name in figure.layout if name.startswith("xaxis")
               if figure.layout[name].showticklabels]  # fmt: skip
    assert len(bottoms) == shape[1]


def test_a_comparison_of_a_given_size_has_room_for_its_texts(iris):
    X, y = iris
    figure = compare([("Bayes", GaussianNB())], X, y, size=(500, 400), title="Iris")
    assert (figure.layout.width, figure.layout.height) == (500, 400)
    assert texts(figure)[:2] == [
        "Fixed: petal length (cm) = 3.758, petal width (cm) = 1.199.", "<b>Iris</b>"
    ]  # fmt: skip
    low, high = figure.layout.yaxis.domain
    assert 400 * low > 60
    assert 400 * (1 - high) > 90


@pytest.mark.parametrize(
    ("estimators", "options", "message"),
    [
        ([], {}, "estimators must be one or more pairs; got none"),
        ([SVC()], {}, "estimators must be pairs of a name and an estimator; got SVC()"),
        ([("a", SVC())], {"columns": 0}, "columns must be a whole number 1 or above; got 0"),
        ([("a", SVC())], {"theme": "sepia"}, "theme must be one of light, dark; got sepia"),
    ],
)
def test_invalid_comparisons_raise(moons, estimators, options, message):
    X, y, _ = moons
    with refuses(ValueError, message):
        compare(estimators, X, y, **options)


def test_classes_must_be_the_same_for_all(moons):
    X, y, estimator = moons
    other = GaussianNB().fit(X, np.arange(80) % 3)
    with refuses(ValueError, "estimators must have the same classes, class 0, class 1; "
                       "got class 0, class 1, class 2 for other"):  # fmt: skip
        compare([("one", estimator), ("other", other)], X, y)


def test_one_plane_is_wide_enough_for_the_names_of_its_classes(iris):
    names = ["quite a long name", "another long name", "the longest name of all"]
    X, labels = iris
    y = np.array(names)[np.unique(labels, return_inverse=True)[1]]
    figure = compare([("Bayes", GaussianNB())], np.asarray(X)[:, :2], y)
    letters = sum(map(len, names))
    assert figure.layout.width > 7 * letters  # pixels
    (low, high), (bottom, top) = figure.layout.xaxis.domain, figure.layout.yaxis.domain
    across, up = (high - low) * figure.layout.width, (top - bottom) * figure.layout.height
    assert across == pytest.approx(up)
