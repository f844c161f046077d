"""Ways to look at the plane: modes of the field, mistakes, parts, a surface, a warped space."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from nnviz import Trainer
from nnviz.analysis.field import Extent, Grid
from nnviz.analysis.units import unit_outputs
from nnviz.choices.palette import CLASS_STYLES
from tests.browser.carriers import on_both_carriers

COLOURS = np.array([[int(s.colour[i : i + 2], 16) for i in (1, 3, 5)] for s in CLASS_STYLES])


def look_at(stage: Any, mode: str) -> None:
    stage.root.get_by_label("View", exact=True).select_option(mode)
    stage.settled()


def pixels(stage: Any) -> Any:
    """The picture of the field, first row lowest: colours (…, 3) and opacity in 0…1."""
    data = base64.b64decode(stage.picture.split(",")[1])
    picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))[::-1].astype(float)
    return picture[..., :3], picture[..., 3] / 255


def probabilities(stage: Any) -> Any:
    trainer, size = stage.trainer(), pixels(stage)[1].shape[::-1]
    grid = Grid(Extent.around(trainer.dataset), trainer.preparation, size)
    return grid.field(trainer.network).probabilities


def iris(open_stage: Any, fresh: bool = False) -> Any:
    stage = open_stage("?data=iris", fresh=fresh)
    stage.play_to(60)
    return stage


def test_regions_have_the_colour_of_the_most_probable_class(open_stage: Any) -> None:
    stage = iris(open_stage)
    look_at(stage, "regions")
    p = np.sort(probabilities(stage), axis=0)
    sure = p[-1] - p[-2] > 0.02  # the browser has bytes, and a transparent pixel rounds its colour
    colours, alpha = pixels(stage)
    expected = COLOURS[probabilities(stage).argmax(axis=0)]
    assert np.abs(colours - expected)[sure].max() <= 2
    assert np.ptp(alpha) == 0


def test_one_class_is_the_stronger_the_more_probable(open_stage: Any) -> None:
    stage = iris(open_stage)
    look_at(stage, "class")
    stage.root.get_by_label("Class", exact=True).select_option(label="virginica")
    stage.settled()
    colours, alpha = pixels(stage)
    p = probabilities(stage)[2]
    np.testing.assert_allclose(alpha / alpha.max(), p / p.max(), atol=0.02)
    assert np.abs(colours - COLOURS[2])[p > 0.5].max() <= 2


def test_confidence_is_the_largest_probability(open_stage: Any) -> None:
    stage = iris(open_stage)
    look_at(stage, "confidence")
    _, alpha = pixels(stage)
    certainty = (probabilities(stage).max(axis=0) - 1 / 3) / (2 / 3)
    np.testing.assert_allclose(alpha / 0.62, certainty, atol=0.02)


def test_entropy_is_large_where_the_network_cannot_tell(open_stage: Any) -> None:
    stage = iris(open_stage)
    look_at(stage, "entropy")
    _, alpha = pixels(stage)
    p = probabilities(stage).astype(float) + 1e-12
    entropy = -(p * np.log(p)).sum(axis=0) / np.log(3)
    np.testing.assert_allclose(alpha / 0.62, entropy, atol=0.03)


@pytest.mark.parametrize(
    ("view", "text"), [("entropy", "entropy 0 log 3"), ("confidence", "confidence 1/3 1")]
)
def test_a_view_of_a_quantity_has_a_scale(open_stage: Any, view: str, text: str) -> None:
    stage = open_stage("?data=iris")
    scale = stage.root.locator(".nnviz-scale")
    expect(scale).to_be_hidden()
    look_at(stage, view)
    assert " ".join(scale.inner_text().split()) == text
    look_at(stage, "regions")
    expect(scale).to_be_hidden()


def test_the_blend_is_of_all_classes_and_clear_where_unsure(open_stage: Any) -> None:
    stage = iris(open_stage)
    look_at(stage, "blend")
    colours, alpha = pixels(stage)
    p = probabilities(stage)
    expected = np.einsum("kij,kc->ijc", p, COLOURS[:3].astype(float))
    visible = alpha > 0.3
    assert np.abs(colours - expected)[visible].max() <= 4


@on_both_carriers
def test_a_threshold_moves_boundary_regions_matrix_and_accuracy_together(open_stage: Any) -> None:
    stage = open_stage("?data=moons&noise=0.3")
    stage.play_to(30)
    look_at(stage, "threshold")
    before = stage.boundary
    stage.root.get_by_label("Threshold", exact=True).fill("0.8")
    stage.settled()
    assert stage.boundary != before
    trainer: Trainer = stage.trainer()
    colours, _ = pixels(stage)
    p = probabilities(stage)[1]
    clear = np.abs(p - 0.8) > 0.01
    expected = COLOURS[(p >= 0.8).astype(int)]
    assert np.abs(colours - expected)[clear].max() <= 2
    data = trainer.dataset
    for part, points, labels in [
        ("train", data.train, data.train_labels), ("test", data.test, data.test_labels),
    ]:  # fmt: skip
        predicted = trainer.network.predict_proba(trainer.preparation.apply(points))[:, 1] > 0.8
        matrix = [[int(((labels == i) & (predicted == j)).sum()) for j in (0, 1)] for i in (0, 1)]
        table = stage.root.locator(".nnviz-confusion table").filter(has_text=part)
        shown = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
        assert [[int(n) for n in row] for row in shown] == matrix
        percent = float(stage.shown(f"{part}_accuracy").removesuffix(" %"))
        assert percent == pytest.approx(100 * (predicted == labels).mean(), abs=0.0501)


def test_three_classes_have_no_threshold(open_stage: Any) -> None:
    stage = open_stage("?data=moons")
    look_at(stage, "threshold")
    stage.page.get_by_role("combobox", name="Data set").click()
    stage.page.get_by_role("option", name="Iris").click()
    stage.wait_for_url(data="iris")
    stage.settled()
    expect(stage.root.get_by_label("View", exact=True)).to_have_value("blend")
    expect(stage.root.locator(".nnviz-confusion")).to_be_hidden()


@on_both_carriers
def test_mistakes_are_ringed_on_request(open_stage: Any) -> None:
    stage = open_stage("?data=moons&noise=0.4")
    stage.play_to(30)
    stage.root.get_by_label("Ring mistakes").check()
    stage.settled()
    trainer = stage.trainer()
    data = trainer.dataset
    points, labels = np.vstack([data.train, data.test]), [*data.train_labels, *data.test_labels]
    wrong = points[trainer.network.predict(trainer.preparation.apply(points)) != labels]
    ends = np.array(right_ends(stage.path("rings")))
    assert len(ends) == len(wrong) > 3
    width = ends - wrong[:, 0]
    assert width.min() > 0
    np.testing.assert_allclose(width, width[0], atol=1e-3)
    stage.root.get_by_label("Points", exact=True).select_option("test")
    stage.settled()
    on_test = trainer.network.predict(trainer.preparation.apply(data.test)) != data.test_labels
    assert len(right_ends(stage.path("rings"))) == on_test.sum()


def right_ends(rings: str) -> list[float]:
    return [float(ring.split(",")[0]) for ring in rings.split("M")[1:]]


@pytest.mark.parametrize(
    ("parts", "train", "test"),
    [("both", True, True), ("train", True, False), ("test", False, True)],
)
def test_points_of_either_part_or_both(
    open_stage: Any, parts: str, train: bool, test: bool
) -> None:
    stage = open_stage()
    stage.root.get_by_label("Points", exact=True).select_option(parts)
    stage.settled()
    visible = stage.chart("boundary", "chart._fullData.slice(0, 4).map(({ visible }) => visible)")
    assert visible == [train, train, test, test]


def test_a_surface_has_the_class_s_probability_as_its_height(open_stage: Any) -> None:
    stage = iris(open_stage, fresh=True)  # a page that has drawn one stays slow
    look_at(stage, "surface")
    stage.root.get_by_label("Class", exact=True).select_option(label="versicolor")
    stage.wait("stage.querySelector('.nnviz-surface').data?.length === 4")
    stage.settled()
    heights = np.array(stage.chart("surface", "chart.data[0].z"))
    p = probabilities(stage)[1]
    rows, columns = (np.floor(np.linspace(0, n - 1, 51) + 0.5).astype(int) for n in p.shape)
    expected = p[np.ix_(rows, columns)]
    np.testing.assert_allclose(heights, expected, atol=1 / 255)
    assert stage.chart("surface", "chart.data[0].type") == "surface"
    levels = stage.chart("surface", "chart.data.slice(1).map(({ z }) => z[0])")
    assert levels == [0, 1, 0]  # the points, those of the class at the top
    title = stage.chart("surface", "chart.layout.annotations[0].text")
    assert title == "height: probability of versicolor"
    assert stage.errors == []


# --- warped space -----------------------------------------------------------------------


@on_both_carriers
def test_the_warped_space_shows_points_where_the_layer_puts_them(open_stage: Any) -> None:
    stage = open_stage("?hidden=6,3")
    stage.play_to(40)
    stage.root.get_by_role("tab", name="Warped space").click()
    stage.root.get_by_label("Unit up").select_option("2")
    stage.settled()
    assert stage.root.get_by_label("Layer", exact=True).input_value() == "2"
    trainer = stage.trainer()
    inputs = trainer.preparation.columns(trainer.dataset.train)
    a = unit_outputs(trainer.network, inputs, 2)[2][[0, 2]].T
    # the path of class 0: one point after the other, each with the outline of a circle behind
    path = stage.root.locator(".nnviz-warp svg svg path").nth(2).get_attribute("d")
    places = np.array(
        [[float(n) for n in part.split("m")[0].split(",")] for part in path.split("M")[1:]]
    )
    mine = a[trainer.dataset.train_labels == 0]
    for axis, sign in ((0, 1), (1, -1)):  # up is down on a screen
        fit = np.polyfit(mine[:, axis], places[:, axis], 1)
        np.testing.assert_allclose(np.polyval(fit, mine[:, axis]), places[:, axis], atol=0.2)
        assert fit[0] * sign > 0


@on_both_carriers
@pytest.mark.parametrize(
    ("query", "layer"),
    [("?hidden=5,2&data=moons", "layer 2"), ("?hidden=none&inputs=x1sq,x2sq", "inputs")],
)
def test_the_boundary_is_straight_where_the_last_layer_has_two_units(
    open_stage: Any, query: str, layer: str
) -> None:
    stage = open_stage(query)
    stage.play_to(150)
    stage.root.get_by_role("tab", name="Warped space").click()
    stage.settled()
    assert stage.root.get_by_label("Layer", exact=True).locator(":checked").inner_text() == layer
    expect(stage.root.locator(".nnviz-space .nnviz-explanation")).to_contain_text(
        "straight here: only"
    )
    path = stage.root.locator(".nnviz-warp .warped").get_attribute("d")
    line = np.array(
        [[float(n) for n in at.split(",")] for at in path.replace("M", "L").split("L")[1:]]
    )
    _, spread, _ = np.linalg.svd(line - line.mean(axis=0))
    assert len(line) > 20
    assert spread[1] < 0.05 * spread[0]


def test_a_space_that_is_hidden_is_not_asked_for(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    stage.page.evaluate(
        """() => { const { send } = WebSocket.prototype;
          window.asked = [];
          WebSocket.prototype.send = function (text) {
            asked.push(JSON.parse(text));
            send.call(this, text);
          }; }"""
    )
    stage.play_to(20)
    asked = stage.page.evaluate("asked")
    assert asked
    assert not any("space" in request or "network" in request for request in asked)
    stage.root.get_by_role("tab", name="Warped space").click()
    stage.settled()
    assert stage.page.evaluate("asked.some(({ space }) => space)")
