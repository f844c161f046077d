"""Shapes of the data sets, their seeds, and the split into training and test part."""

import numpy as np
import pytest
import sklearn.datasets
from sklearn.datasets import load_iris, load_wine

from nnviz.choices.datasets import SOURCES, Dataset, make_dataset

GENERATED = [name for name, source in SOURCES.items() if source.is_sampled]
MEASURED = [name for name, source in SOURCES.items() if source.is_measured]
WITH_POINTS = {name: source for name, source in SOURCES.items() if not source.frame}
OF_MANY_CLASSES = [
    (name, k)
    for name, source in WITH_POINTS.items()
    for k in range(source.n_classes[0], source.n_classes[1] + 1)
]


def make(name, *, n=120, k=None, noise=0.1, test_share=0.25, seeds=(0, 0), features=None):
    source = SOURCES[name]
    return make_dataset(
        source,
        features=features or source.default_features,
        n_samples=n,
        n_classes=k or source.n_classes[0],
        noise=noise,
        test_share=test_share,
        data_rng=np.random.default_rng(seeds[0]),
        split_rng=np.random.default_rng(seeds[1]),
    )


def everything(dataset):
    """All samples and labels, in one order whatever the split was."""
    points = np.concatenate([dataset.train, dataset.test])
    labels = np.concatenate([dataset.train_labels, dataset.test_labels])
    rows = np.column_stack([points, labels])
    return rows[np.lexsort(rows.T)]


def polar(points):
    return np.hypot(*points.T), np.arctan2(points[:, 1], points[:, 0])


def test_the_list_of_data_sets_is_the_one_promised():
    assert GENERATED == ["circles", "moons", "xor", "blobs", "spirals", "checkerboard", "linear"]
    assert MEASURED == ["iris", "wine"]
    assert list(SOURCES) == [*GENERATED, *MEASURED, "drawing"]
    assert SOURCES["blobs"].n_classes == (2, 6)
    assert SOURCES["spirals"].n_classes == (2, 5)


# --- draws ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", WITH_POINTS)
def test_the_same_seeds_make_the_same_data(name):
    first, again = make(name), make(name)
    np.testing.assert_array_equal(first.train, again.train)
    np.testing.assert_array_equal(first.train_labels, again.train_labels)
    np.testing.assert_array_equal(first.test, again.test)
    np.testing.assert_array_equal(first.test_labels, again.test_labels)


@pytest.mark.parametrize("name", GENERATED)
def test_another_data_seed_draws_other_points(name):
    assert not np.isin(make(name).train, make(name, seeds=(1, 0)).train).any()


@pytest.mark.parametrize("name", WITH_POINTS)
def test_another_split_seed_splits_the_same_points_differently(name):
    first, other = make(name), make(name, seeds=(0, 1))
    np.testing.assert_array_equal(everything(first), everything(other))
    assert not np.array_equal(first.test, other.test)


@pytest.mark.parametrize(("name", "k"), OF_MANY_CLASSES)
def test_every_class_has_points_and_a_name(name, k):
    dataset = make(name, k=k)
    assert dataset.shared_unit == SOURCES[name].shared_unit
    assert dataset.n_classes == k == len(dataset.class_names) == len(set(dataset.class_names))
    np.testing.assert_array_equal(np.unique(dataset.train_labels), np.arange(k))


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("n", [10, 11, 250])
def test_generated_sets_have_as_many_points_as_asked_for(name, n):
    dataset = make(name, n=n)
    assert len(dataset.train) + len(dataset.test) == n
    assert dataset.train.shape[1] == dataset.test.shape[1] == 2


@pytest.mark.parametrize("name", GENERATED)
def test_noise_is_a_spread_added_to_the_points(name):
    exact = np.abs(everything(make(name, n=400, noise=0.0))[:, :2]).max()
    noisy = np.abs(everything(make(name, n=400, noise=0.5))[:, :2]).max()
    assert exact < 2.1  # near [−1, 1]²
    assert noisy > exact + 0.3


@pytest.mark.parametrize(("name", "k"), OF_MANY_CLASSES)
def test_the_code_written_down_is_what_the_data_set_does(name, k):
    source, written = SOURCES[name], {"np": np}
    if source.sklearn_name:
        written[source.sklearn_name] = getattr(sklearn.datasets, source.sklearn_name)
    lines = [line.format(n=50, noise=0.2, k=k, rng=7) for line in source.code]
    exec("\n".join(lines), written)
    if source.is_measured:
        points, labels = source.load()
        expected = written["table"]
    else:
        points, labels = source.generate(50, 0.2, k, np.random.default_rng(7))
        expected = written["points"]
    np.testing.assert_allclose(points, expected, rtol=1e-12)
    np.testing.assert_array_equal(labels, written["labels"])
    assert labels.dtype.kind == "i"


# --- shapes, without noise ------------------------------------------------------------


def drawn(name, k=2):
    dataset = make(name, n=300, k=k, noise=0.0, test_share=0.0)
    return dataset.train, dataset.train_labels


def test_circles_have_radius_1_outside_and_a_half_inside():
    points, labels = drawn("circles")
    np.testing.assert_allclose(polar(points)[0], np.where(labels == 0, 1.0, 0.5))


def test_moons_are_an_upper_and_a_lower_half_circle_of_radius_1():
    points, labels = drawn("moons")
    upper, lower = points[labels == 0], points[labels == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1.0)
    assert (upper[:, 1] > -1e-9).all()
    assert (lower[:, 1] < 0.5 + 1e-9).all()


def test_xor_joins_opposite_quarters():
    points, labels = drawn("xor")
    np.testing.assert_array_equal(labels, points.prod(axis=1) < 0)


def test_checkerboard_has_four_by_four_squares_whose_neighbours_differ():
    points, labels = drawn("checkerboard")
    dark = np.sin(2 * np.pi * points[:, 0]) * np.sin(2 * np.pi * points[:, 1]) < 0
    np.testing.assert_array_equal(labels, dark)


def test_linear_is_parted_by_the_diagonal_with_a_gap_on_either_side():
    points, labels = drawn("linear")
    distance = points.sum(axis=1) / np.sqrt(2)
    np.testing.assert_array_equal(labels, distance > 0)
    assert np.abs(distance).min() > 0.2 / np.sqrt(2) - 1e-12


@pytest.mark.parametrize("k", [2, 3, 6])
def test_blobs_lie_around_centres_evenly_spread_on_the_unit_circle(k):
    points, labels = drawn("blobs", k)
    centres = np.array([points[labels == c].mean(axis=0) for c in range(k)])
    radius, angle = polar(centres)
    np.testing.assert_allclose(radius, 1.0, atol=0.1)
    gaps = np.diff(angle) % (2 * np.pi)
    np.testing.assert_allclose(gaps, 2 * np.pi / k, atol=0.2)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_spirals_arms_turn_with_the_radius_and_are_evenly_spread(k):
    points, labels = drawn("spirals", k)
    radius, angle = polar(points)
    # undo the winding of one and a quarter turns: what is left shows the arm
    arm = (angle / (2 * np.pi) - 1.25 * radius) * k
    np.testing.assert_allclose((arm - labels + k / 2) % k, k / 2, atol=1e-9)
    assert radius.max() <= 1


# --- measured -------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "load"), [("iris", load_iris), ("wine", load_wine)])
def test_measured_sets_are_two_columns_of_scikit_learns_table(name, load):
    table, features = load(), (SOURCES[name].features[3], SOURCES[name].features[1])
    rows = np.column_stack([table.data[:, [3, 1]], table.target])
    dataset = make(name, features=features)
    np.testing.assert_array_equal(everything(dataset), rows[np.lexsort(rows.T)])
    assert dataset.features == features


def test_iris_features_and_classes_have_scikit_learns_names():
    assert SOURCES["iris"].features == tuple(load_iris().feature_names)
    assert SOURCES["iris"].class_names == tuple(load_iris().target_names)


def test_every_column_of_wine_has_a_different_name():
    assert len(set(SOURCES["wine"].features)) == len(load_wine().feature_names) == 13


# --- what is found in the samples -----------------------------------------------------


def dataset_of(points=(), labels=(), test=(), test_labels=(), **more):
    def samples(each):
        return np.array(each, dtype=float).reshape(-1, 2)

    return Dataset(
        train=samples(points), train_labels=np.array(labels, dtype=np.intp),
        test=samples(test), test_labels=np.array(test_labels, dtype=np.intp),
        **{"features": ("u", "v"), "class_names": ("a", "b"), "shared_unit": True} | more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "test_labels", "names", "majority"),
    [
        ([0] * 6 + [1] * 4, [1, 1, 0, 1], "ab", (0, 0.6, 0.25)),  # a tenth above the half
        ([0] * 59 + [1] * 41, [0], "ab", None),
        ([1] * 44 + [0] * 28 + [2] * 28, [1, 1, 1], "abc", (1, 0.44, 1.0)),
        ([1] * 43 + [0] * 29 + [2] * 28, [1, 1, 1], "abc", None),
        ([1] * 6 + [0] * 4, [], "abcd", (1, 0.6, None)),
        ([], [0], "ab", None),
    ],
)
def test_a_class_is_in_the_majority_from_a_tenth_above_an_equal_share_on(
    labels, test_labels, names, majority
):
    found = dataset_of(labels=labels, test_labels=test_labels, class_names=tuple(names)).majority
    if majority and majority[2] is None:
        assert np.isnan(found[2])
        found, majority = found[:2], majority[:2]
    assert found == majority


def test_the_axes_go_around_the_points_of_the_start():
    start = dataset_of([[0, 1]], test=[[2, 3]])
    np.testing.assert_array_equal(start.framed, [[0, 1], [2, 3]])
    np.testing.assert_array_equal(dataset_of([[9, 9]], initial=start).framed, [[0, 1], [2, 3]])


@pytest.mark.parametrize(
    ("far", "shared_unit", "shares"),
    [((10, 4.5), True, True), ((10, 4.4), True, False), ((4.4, 10), True, False),
     ((4.5, 10), True, True), ((10, 10), False, False)],
)  # fmt: skip
def test_axes_share_a_scale_where_their_points_fill_such_a_plane(far, shared_unit, shares):
    dataset = dataset_of([[0, 0], [1, 2]], test=[far], shared_unit=shared_unit)
    assert dataset.shares_scale is shares


# --- split ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "n_test"), [(0.0, 0), (0.2, 8), (0.5, 20), (0.9, 36), (0.99, 39), (1.0, 39)]
)
def test_the_test_part_has_its_share_and_at_least_one_sample_trains(share, n_test):
    dataset = make("xor", n=40, test_share=share)
    assert (len(dataset.train), len(dataset.test)) == (40 - n_test, n_test)
    assert len(dataset.train_labels) == 40 - n_test
    assert len(dataset.test_labels) == n_test


@pytest.mark.parametrize("name", WITH_POINTS)
def test_labels_stay_with_their_points_through_the_split(name):
    dataset, whole = make(name), make(name, test_share=0.0)
    np.testing.assert_array_equal(everything(dataset), everything(whole))


@pytest.mark.parametrize("name", SOURCES)
def test_every_record_is_filled_in(name):
    source = SOURCES[name]
    assert source.name == name
    assert source.label
    assert source.purpose.endswith(".")
    assert set(source.default_features) <= set(source.features)
    assert (source.generate is None) != (source.load is None)


# --- without points -------------------------------------------------------------------


@pytest.mark.parametrize("k", range(2, 9))
def test_a_drawing_begins_with_classes_and_a_frame_but_no_points(k):
    dataset = make("drawing", k=k)
    assert dataset.n_classes == k == len(set(dataset.class_names))
    assert dataset.at_start.shape == (0, 2)
    assert len(dataset.train_labels) == len(dataset.test_labels) == 0
    np.testing.assert_array_equal(dataset.framed, [[-1, -1], [1, 1]])
    assert dataset.shares_scale
    assert dataset.majority is None


def test_a_drawing_generates_as_few_labels_as_points():
    points, labels = SOURCES["drawing"].generate(50, 0.1, 2, np.random.default_rng(0))
    assert points.shape == (0, 2)
    assert labels.shape == (0,)
    assert np.issubdtype(labels.dtype, np.integer)
