"""The field of a picture at rest: as fine as the plot, and of the very model shown."""

from typing import Any

import numpy as np
import pytest

from nnviz.analysis.field import Extent, Grid
from tests.browser.test_views import look_at, pixels, probabilities


def plot_size(stage: Any) -> Any:
    """Of the plot's axes, in pixels."""
    axes = "chart._fullLayout"
    return stage.chart("boundary", f"[{axes}.xaxis._length, {axes}.yaxis._length]")


@pytest.mark.parametrize("query", ["?data=moons&hidden=8,8", "?data=iris"])
def test_at_rest_the_field_and_the_boundary_are_as_fine_as_the_plot(
    open_stage: Any, query: str
) -> None:
    stage = open_stage(query)
    stage.play_to(60)
    look_at(stage, "regions")
    rows, columns = pixels(stage)[1].shape
    np.testing.assert_allclose([columns, rows], plot_size(stage), atol=1)
    assert stage.boundary.path.count("L") > 300


def test_while_a_run_plays_the_field_is_coarse(open_stage: Any) -> None:
    stage = open_stage()
    stage.settled()
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 5")
    assert stage.data("fine") == "false"
    stage.do("play")
    stage.settled()
    assert stage.data("fine") == "true"


def test_another_view_and_another_size_of_the_window_are_fine_too(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    stage.play_to(60)
    look_at(stage, "entropy")
    p = probabilities(stage).astype(float) + 1e-12
    _, alpha = pixels(stage)
    np.testing.assert_allclose(alpha / 0.62, -(p * np.log(p)).sum(axis=0) / np.log(2), atol=0.03)
    before = len(alpha)
    stage.page.set_viewport_size({"width": 1100, "height": 600})
    stage.page.wait_for_function(
        "(before) => Math.abs(document.querySelector('.nnviz-boundary')._fullLayout"
        ".yaxis._length - before) > 20",
        arg=before,
    )
    stage.page.wait_for_function(
        "() => Math.abs(document.querySelector('.nnviz-below canvas').height -"
        " document.querySelector('.nnviz-boundary')._fullLayout.yaxis._length) <= 1"
    )


def test_the_field_is_that_of_the_extent_shown(open_stage: Any) -> None:
    stage = open_stage("?data=xor")
    stage.settled()
    extent = Extent.around(stage.trainer().dataset)
    grid = Grid(extent, stage.trainer().preparation, pixels(stage)[1].shape[::-1])
    half = (grid.x1[1] - grid.x1[0]) / 2
    axes, picture = (
        stage.root.locator(f".nnviz-below{part}").bounding_box() for part in ("", " canvas")
    )
    per_pixel = (extent.x1[1] - extent.x1[0]) / axes["width"]
    left = extent.x1[0] + (picture["x"] - axes["x"]) * per_pixel
    np.testing.assert_allclose(
        [left, left + picture["width"] * per_pixel], np.add(extent.x1, (-half, half)),
        atol=half / 10,
    )  # fmt: skip
