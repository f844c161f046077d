"""The contents of the page that plays a run; its behaviour is tested in a browser."""

import base64
import dataclasses
import io
import json
import re
import zlib
from importlib import resources

import numpy as np
import pytest
from PIL import Image
from plotly.offline import get_plotlyjs

from nnviz import Recipe, Trainer
from nnviz.choices.palette import THEMES, channels
from nnviz.choices.views import shade
from nnviz.export.animation import AnimationPlan, animate
from nnviz.figures.plane import LINE, RING, RING_LINE
from nnviz.recipe.look import Look


def run_in(page):
    return json.loads(re.search(r'type="application/json">(.*?)</script>', page.decode())[1])


def planes_of(run, frame):
    data = zlib.decompress(base64.b64decode(run["frames"][frame]["planes"]))
    grid = run["grid"]
    shape = grid["planes"], grid["rows"], grid["columns"]
    return np.frombuffer(data, np.uint8).reshape(shape).cumsum(axis=-1) % 256


@pytest.mark.parametrize(
    "fields", [{"data": "circles", "hidden": [8]}, {"data": "iris", "hidden": [8]}]
)
def test_probabilities_are_those_of_the_network_in_bytes(fields):
    trainer = Trainer(Recipe(**fields))
    run = run_in(animate(trainer, AnimationPlan(last=40, count=3), "html"))
    assert [frame["epoch"] for frame in run["frames"]] == [0, 20, 40]
    planes = planes_of(run, 2) / 255
    x0, x1, y0, y1 = run["extent"]
    for row, column in [(0, 0), (99, 99), (20, 70), (55, 31)]:
        point = np.array([[x0 + (x1 - x0) * column / 99, y0 + (y1 - y0) * row / 99]])
        expected = trainer.network.predict_proba(trainer.preparation.apply(point))[0]
        expected = expected[1:] if len(expected) == 2 else expected
        assert planes[:, row, column] == pytest.approx(expected, abs=0.5 / 255 + 1e-5)


def picture_of(frame):
    content = base64.b64decode(frame["field"].removeprefix("data:image/webp;base64,"))
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(float)


@pytest.mark.parametrize("view", ["blend", "regions"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_and_the_line_are_as_fine_as_the_size(view, theme):
    trainer = Trainer(Recipe(data="moons", hidden=[8]))
    look, fields = Look(view), {"last": 200, "count": 1, "theme": theme}
    plan = AnimationPlan(size=(600, 500), look=look, **fields)
    run = run_in(animate(trainer, plan, "html"))
    (frame,) = run["frames"]
    picture = picture_of(frame)
    rows, columns, _ = picture.shape
    assert min(rows, columns) > 380
    x0, x1, y0, y1 = run["extent"]
    assert np.ptp(run["edges"][:2]) == pytest.approx((x1 - x0) * columns / (columns - 1))
    assert np.ptp(run["edges"][2:]) == pytest.approx((y1 - y0) * rows / (rows - 1))

    def probabilities(points):
        return trainer.network.predict_proba(trainer.preparation.apply(np.array(points)))

    place = np.array([(20, 30), (columns // 2, rows // 2), (columns - 50, 40), (100, rows - 9)])
    points = [
        (x0 + (x1 - x0) * i / (columns - 1), y1 - (y1 - y0) * j / (rows - 1)) for i, j in place
    ]
    shades = shade(probabilities(points).T[:, None], look, THEMES[theme])[0]
    share = shades[:, 3:] / 255
    expected = share * shades[:, :3] + (1 - share) * channels(THEMES[theme].paper)
    np.testing.assert_allclose(picture[place[:, 1], place[:, 0]], expected, atol=6)

    line = np.array(re.findall(r"[-\d.e]+,[-\d.e]+", frame["path"]))
    corners = np.array([text.split(",") for text in line], float)
    assert np.abs(probabilities(corners)[:, 0] - 0.5).max() < 0.01
    assert 10 < len(corners) < 300
    coarse = animate(trainer, AnimationPlan(size=(300, 250), look=look, **fields), "html")
    assert picture_of(run_in(coarse)["frames"][0]).shape[0] < rows / 2
    assert len(frame["field"]) < 12_000


def test_lines_and_rings_are_those_of_pictures():
    look = Look(rings=True)
    page = animate(
        Trainer(Recipe(data="circles", hidden=[4])), AnimationPlan(count=1, look=look), "html"
    )
    assert run_in(page)["pens"] == {"line": LINE, "ring": RING, "ringLine": RING_LINE}
    script = resources.files("nnviz.export").joinpath("player.js").read_text("utf-8")
    for use in ("run.pens.line", "run.pens.ring", "run.pens.ringLine"):
        assert use in script
    assert str(RING) not in script


def test_sixty_frames_of_six_classes_stay_below_eight_megabytes():
    trainer = Trainer(Recipe(data="blobs", classes=6, hidden=[16, 16]))
    assert len(animate(trainer, AnimationPlan(), "html")) <= 8_000_000


def test_no_text_can_end_its_element():
    trainer = Trainer(Recipe(data="circles", hidden=[4]))
    evil = "</script><script>alert(1)</script><!--"
    trainer.dataset = dataclasses.replace(trainer.dataset, class_names=(evil, "{{script}}"))
    page = animate(trainer, AnimationPlan(last=1, count=1), "html").decode()
    assert evil not in page
    assert page.count("</script>") == 3
    names = [each["name"] for each in run_in(page.encode())["classes"]]
    assert names == [evil, "{{script}}"]


def test_losses_are_those_of_every_part_and_curves_are_thinned():
    trainer = Trainer(Recipe(data="circles", hidden=[4]))
    run = run_in(animate(trainer, AnimationPlan(last=3000, count=2), "html"))
    curves = {curve["name"]: curve for curve in run["losses"]["data"]}
    assert set(curves) == {"train", "test"}
    epochs = curves["train"]["x"]
    assert (epochs[0], epochs[-1], len(epochs)) == (0, 3000, 400)
    assert curves["test"]["y"] == pytest.approx(trainer.history.test_loss[epochs], rel=1e-4)
    trainer = Trainer(Recipe(data="circles", hidden=[4], test_share=0))
    run = run_in(animate(trainer, AnimationPlan(last=5, count=2), "html"))
    assert [curve["name"] for curve in run["losses"]["data"]] == ["train"]
    assert "test" not in run["frames"][0]["caption"]


def test_rings_are_around_the_points_predicted_wrongly():
    trainer = Trainer(Recipe(data="circles", hidden=[4], noise=0.4))
    run = run_in(animate(trainer, AnimationPlan(last=50, count=2, look=Look(rings=True)), "html"))
    data = trainer.dataset
    points = np.concatenate([data.train, data.test])
    labels = np.concatenate([data.train_labels, data.test_labels])
    predicted = trainer.network.predict(trainer.preparation.apply(points))
    wrong = points[predicted != labels]
    assert np.allclose(np.reshape(run["frames"][1]["rings"], (-1, 2)), wrong, rtol=1e-4)
    assert len(wrong) > 3


def test_names_are_shown_literally():
    trainer = Trainer(Recipe(samples=40))
    names, features = ("<b>x</b>", "</script><script>"), ("<i>$a$", '<a href="//b">')
    trainer.dataset = dataclasses.replace(trainer.dataset, class_names=names, features=features)
    page = animate(trainer, AnimationPlan(last=1, count=2), "html")
    run = run_in(page)
    assert [entry["name"] for entry in run["classes"]] == list(names)  # for textContent
    assert run["features"] == list(features)
    ours = page.decode().replace(get_plotlyjs(), "")
    for name in (*names, *features):
        assert name not in ours
    drawn = json.dumps(run["plane"])  # for Plotly
    assert "&lt;b&gt;x&lt;/b&gt;" in drawn
    assert not re.search(r"<(b>|/script|i>|a )|\$", drawn)


def test_each_frame_names_the_points_of_its_epoch():
    edits = [[2, "points", "40_1_1.4_1.25"], [4, "points", "40~0"]]
    trainer = Trainer(Recipe(samples=40, test_share=0.0, edits=edits))
    run = run_in(animate(trainer, AnimationPlan(first=1, last=5), "html"))
    assert [frame["points"] for frame in run["frames"]] == [0, 1, 1, 2, 2]
    counts = [[len(trace["x"]) for trace in points] for points in run["points"]]
    outer, inner = np.bincount(trainer.dataset.initial.train_labels)
    first = trainer.dataset.initial.train_labels[0]
    assert counts == [[outer, inner, 0, 0], [outer, inner + 1, 0, 0],
                      [outer - (first == 0), inner - (first == 1), 0, 0]]  # fmt: skip
    added = run["points"][1][1]
    assert (added["x"][-1], added["y"][-1]) == (1.4, 1.25)
    assert [trace["name"] for trace in run["plane"]["data"]] == ["outer", "inner"]


def test_points_that_come_into_the_test_part_have_a_trace():
    marks = "~".join(f"{i}_{i % 2}_{i / 20}_0" for i in range(20))
    trainer = Trainer(Recipe(data="drawing", classes=2, edits=[[2, "points", marks]]))
    run = run_in(animate(trainer, AnimationPlan(last=2), "html"))
    names = [trace["name"] for trace in run["plane"]["data"]]
    assert names == ["class 0", "class 1", "test: hollow", ""]
    assert sum(len(trace["x"]) for trace in run["points"][0]) == 0
    assert sum(len(trace["x"]) for trace in run["points"][1][2:]) == len(trainer.dataset.test) > 0
