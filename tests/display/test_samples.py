"""Tables of samples: feature names, planes through the samples, and fixed features."""

import numpy as np
import pandas as pd
import pytest
from displays import draw, legends, refuses, texts
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier


def test_a_frame_names_the_axes_and_its_classifier_gets_frames(iris):
    X, y = iris
    X = X.iloc[:, :2]
    figure = draw(KNeighborsClassifier().fit(X, y), X, y=y).plot()  # would warn if given arrays
    assert figure.layout.xaxis.title.text == "sepal length (cm)"
    assert figure.layout.yaxis.title.text == "sepal width (cm)"
    own = draw(KNeighborsClassifier().fit(X, y), X, y=y, xlabel="", ylabel="b").plot()
    assert (own.layout.xaxis.title.text, own.layout.yaxis.title.text) == ("", "b")


def test_names_are_shown_literally(moons):
    X, y, _ = moons
    X = pd.DataFrame(X, columns=["a<b>", "%{y}&d"])
    y = np.array(["<i>", "e"])[y]
    display = draw(GaussianNB().fit(X, y), X, y=y, class_of_interest="<i>")
    figure = display.plot()
    assert (display.xlabel, display.ylabel) == ("a<b>", "%{y}&d")
    assert figure.layout.xaxis.title.text == "a&lt;b&gt;"  # what Plotly shows as a<b>
    assert figure.layout.yaxis.title.text == "%&#123;y}&amp;d"
    assert legends(figure) == ["&lt;i&gt;", "e"]
    assert texts(figure) == ["Probability of &lt;i&gt;."]


@pytest.mark.parametrize(
    ("slice_at", "fixed"),
    [
        ("mean", (5.843333, 3.758)),
        ("median", (5.8, 4.35)),
        ([5.0, 0.0, 2.5, 0.0], (5.0, 2.5)),
        ({"petal length (cm)": 2.0}, (5.843333, 2.0)),
        ({0: 6.5, 2: 1}, (6.5, 1.0)),
    ],
)
@pytest.mark.parametrize("features", [(3, 1), ("petal width (cm)", "sepal width (cm)")])
def test_other_features_are_fixed(iris, slice_at, fixed, features):
    X, y = iris
    estimator = GaussianNB().fit(X, y)
    display = draw(estimator, X, features=features, slice_at=slice_at, grid_resolution=11)
    points = np.column_stack(
        [np.full(121, fixed[0]), display.xx1.ravel(), np.full(121, fixed[1]), display.xx0.ravel()]
    )
    p = estimator.predict_proba(pd.DataFrame(points, columns=X.columns))
    np.testing.assert_allclose(display.response.reshape(121, 3), p, rtol=1e-5, atol=1e-12)
    assert display.extent.x1 == (X.iloc[:, 3].min() - 1, X.iloc[:, 3].max() + 1)


def test_fixed_features_are_listed_under_the_picture(iris):
    X, y = iris
    display = draw(GaussianNB().fit(X, y), X, features=(0, 2), slice_at={1: 3, 3: 0.25})
    assert texts(display.plot()) == ["Fixed: sepal width (cm) = 3, petal width (cm) = 0.25."]
    assert texts(display.plot(caption="")) == []
    wide = np.random.default_rng(0).normal(size=(30, 13))
    wide = draw(GaussianNB().fit(wide, wide[:, 0] > 0), wide)
    assert wide.note == "The other 11 features are fixed."


def test_columns_of_strings_and_missing_values_can_be_fixed():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=60), "hue": pd.Categorical(["red", "blue"] * 30),
                      "b": rng.normal(size=60), "c": [np.nan, 1.0, 3.0] * 20})  # fmt: skip
    y = (X.a + 3 * (X.hue == "red") > 1).astype(int)
    columns = make_column_transformer(
        (OneHotEncoder(), ["hue"]), (SimpleImputer(), ["c"]), remainder="passthrough"
    )
    estimator = make_pipeline(columns, DecisionTreeClassifier(random_state=0)).fit(X, y)
    for hue, share in (("red", 0.5), ("blue", 0.1)):
        display = draw(estimator, X, y=y, features=("a", "b"), slice_at={"hue": hue})
        assert (display.response.mean() > 0.5) == (share > 0.4)
    assert "hue = blue, c = 2." in display.note
    with refuses(ValueError, "slice_at must have a value for hue, which has no mean"):
        draw(estimator, X, features=("a", "b"))


def test_samples_without_a_coordinate_are_left_out(moons):
    X, y, _ = moons
    holes = X.copy()
    holes[3, 0] = np.nan
    display = draw(make_pipeline(SimpleImputer(), LogisticRegression()).fit(holes, y), holes, y=y)
    assert np.isfinite(display.response).all()
