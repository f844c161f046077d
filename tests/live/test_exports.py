"""Exports over the live socket: real files of the current moment."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nnviz import Moment, Recipe, Trainer
from nnviz.export.data_files import DATA_FILES
from nnviz.export.pictures import PICTURES
from nnviz.live import exports
from nnviz.recipe.look import Look
from nnviz.writing.programs import FLAVOURS, program

RECIPE = Recipe(data="moons", samples=40, hidden=[4])


@pytest.fixture
def run(visitor):
    """A visitor five epochs into ``RECIPE``, and a trainer there."""
    visitor.open(**json.loads(RECIPE.to_json()))
    visitor.ask("frame", epochs=5)
    trainer = Trainer(RECIPE)
    trainer.seek(5)
    return visitor, trainer


def export(visitor, what, **fields):
    header, arrays = visitor.ask("export", what=what, **fields)
    assert (header["type"], header["what"]) == ("exported", what), header
    return header, arrays["file"].tobytes() if "file" in arrays else None


def test_an_export_changes_nothing(run):
    visitor, _ = run
    before = visitor.look()
    for what in exports.EXPORTS:
        export(visitor, what, text="hello")
    assert visitor.look() == before


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_is_a_plotly_figure_of_the_requested_size(run, name, theme):
    visitor, _ = run
    header, file = export(visitor, "picture", picture=name, theme=theme, size=[900, 600])
    layout = json.loads(file)["layout"]
    assert (layout["width"], layout["height"]) == (900, 600)
    assert header["size"] == [900, 600]
    assert header["name"].startswith("moons-2-4-2-tanh-epoch-5")
    assert "epoch 5" in header["caption"]


@pytest.mark.parametrize("look", [{}, {"unit": [1, 0]}], ids=["field", "unit"])
def test_a_large_picture_is_made_in_pieces_and_can_be_left(run, monkeypatch, look):
    monkeypatch.setattr("nnviz.live.session.PIECE_SECONDS", 0.0)
    visitor, _ = run
    message = {"op": "export", "what": "picture", "size": [900, 900], "look": look}
    blocks = 800 * 800 // 10_000  # of points, at least
    assert sum(1 for _ in visitor.session.work(message)) >= (2 if look else 1) * blocks
    work = visitor.session.work(message)
    next(work)
    work.close()
    assert visitor.ask("frame", epochs=1)[0]["epoch"] == 6


def texts(file):
    return " ".join(a["text"] for a in json.loads(file)["layout"].get("annotations", []))


def test_a_caption_is_the_default_or_another_or_none(run):
    visitor, _ = run
    assert "2–4–2 tanh, softmax" in texts(export(visitor, "picture")[1])
    assert "My <title>".replace("<", "&lt;").replace(">", "&gt;") in texts(
        export(visitor, "picture", caption="My <title>")[1]
    )
    assert "Moons" not in texts(export(visitor, "picture", caption="")[1])


def test_the_picture_has_the_requested_look(run):
    visitor, _ = run

    def image(**look):
        file = export(visitor, "picture", look=look)[1]
        return json.loads(file)["layout"]["images"][0]["source"]

    found = {
        image(),
        image(view="regions"),
        image(view="class", **{"class": 1}),
        image(view="entropy"),
        image(view="threshold", threshold=0.9),
        image(view="threshold", threshold=0.1),
        image(unit=[1, 2]),
    }
    assert len(found) == 7


def test_history_is_that_of_the_run(run):
    visitor, trainer = run
    _, file = export(visitor, "history")
    rows = list(csv.reader(io.StringIO(file.decode())))
    assert [float(row[1]) for row in rows[1:]] == trainer.history.train_loss.tolist()


def test_weights_are_those_shown(run):
    visitor, trainer = run
    header, file = export(visitor, "weights")
    assert header["name"] == "moons-2-4-2-tanh-epoch-5-weights.npz"
    with np.load(io.BytesIO(file)) as found:
        np.testing.assert_array_equal(found["W1"], trainer.network.weights[0])


def test_every_data_file_can_be_exported(run):
    visitor, _ = run
    for name, table in DATA_FILES.items():
        header, file = export(visitor, name)
        assert file
        assert header["name"].endswith(table.suffix)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_script_is_the_one_of_this_moment(run, flavour):
    visitor, _ = run
    header, file = export(visitor, flavour)
    assert file.decode() == program(RECIPE, 5, flavour)
    assert header["name"] == f"moons-2-4-2-tanh-epoch-5-{flavour}.py"
    assert isinstance(header["differences"], list)


@pytest.mark.parametrize(("n_rows", "reads"), [(500, None), (501, "points")])
def test_a_script_names_the_file_that_it_reads(visitor, n_rows, reads):
    data = Recipe.from_table(np.arange(2.0 * n_rows).reshape(-1, 2), np.arange(n_rows) % 2)
    visitor.open(data=data.to_values()["data"])
    assert export(visitor, "numpy")[0].get("reads") == reads


def test_a_script_that_cannot_be_written_is_a_problem(visitor):
    visitor.open(activation="sine")
    header, file = export(visitor, "sklearn")
    assert file is None
    assert "sine" in header["problem"]


def test_the_link_names_the_moment(run):
    visitor, _ = run
    header, _ = export(visitor, "link")
    assert Moment.from_query(header["query"]) == Moment(RECIPE, 5)


def test_the_link_holds_the_edits(run):
    visitor, _ = run
    visitor.ask("edit", field="learning_rate", value=0.1)
    edited = Moment.from_query(export(visitor, "link")[0]["query"]).recipe
    assert [(e.epoch, e.field, e.value) for e in edited.edits] == [(5, "learning_rate", 0.1)]


def test_link_and_experiment_hold_the_look(run):
    visitor, _ = run
    look = {"view": "threshold", "threshold": 0.8, "unit": [1, 3], "probe": [0.5, 1]}
    seen = {"look": look}
    expected = Moment(RECIPE, 5, Look("threshold", threshold=0.8, unit=(1, 3), probe=(0.5, 1)))
    assert Moment.from_query(export(visitor, "link", **seen)[0]["query"]) == expected
    assert Moment.from_json(export(visitor, "experiment", **seen)[1]) == expected


def test_a_qr_code_is_an_svg(run):
    visitor, _ = run
    _, file = export(visitor, "qr", text="http://localhost:8501/?data=iris")
    assert ET.fromstring(file.decode()).tag.endswith("svg")


def test_a_link_that_is_too_long_has_no_qr_code(run):
    visitor, _ = run
    header, file = export(visitor, "qr", text="x" * 3000)
    assert file is None
    assert header["problem"].startswith("The link has 3000 bytes, and a QR code holds 2900")


WRONG = [
    ({}, "what must be one of picture, layer, "),
    ({"what": "house"}, "what must be one of picture, layer, "),
    ({"what": "picture", "picture": "x"}, "picture must be one of boundary, "),
    ({"what": "picture", "theme": "blue"}, "theme must be one of light, dark; got blue"),
    ({"what": "picture", "size": [10, 10]}, "size must be two whole numbers 200…4000; got [10"),
    ({"what": "picture", "size": [1000.5, 500]}, "size must be two whole numbers 200…4000; got "),
    ({"what": "picture", "caption": "x" * 501}, "caption must be a text of 500 characters at most"),
    ({"what": "picture", "look": 3}, "look must be a JSON object; got 3"),
    ({"what": "picture", "look": {"view": "x"}}, "view must be one of blend, "),
    ({"what": "picture", "look": {"class": 2}}, "class must be 0…1; got 2"),
    ({"what": "picture", "look": {"colour": 1}}, "look must be an object with only view, class, "),
    ({"what": "picture", "look": {"threshold": 1}}, "threshold must be 0.01…0.99; got 1"),
    ({"what": "picture", "look": {"points": "x"}}, "points must be one of both, train, test"),
    (
        {"what": "picture", "look": {"unit": [1, 9]}},
        "unit must be one of layers of 2, 4, 2 units; got 1,9",
    ),
    ({"what": "qr"}, "text must be a text; got None"),
    ({"what": "qr", "text": "\ud800"}, "text must be one that can be written in UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "message"), WRONG, ids=lambda value: str(value)[:60])
def test_an_invalid_export_is_refused_with_a_sentence(run, fields, message):
    visitor, _ = run
    header, arrays = visitor.ask("export", **fields)
    assert header["type"] == "error"
    assert header["message"].startswith(message)
    assert not arrays


def test_a_view_for_two_classes_is_refused_for_three(visitor):
    visitor.open(data="iris")
    header, _ = visitor.ask("export", what="picture", look={"view": "threshold"})
    assert header["message"] == "view must be one for 3 classes; got threshold"


def test_nothing_can_be_exported_before_a_run_is_open(visitor):
    assert visitor.ask("export", what="link")[0]["message"] == "open must come before export"


def test_a_link_that_cannot_hold_the_data_says_so(visitor):
    rng = np.random.default_rng(0)
    recipe = Recipe.from_table(rng.normal(size=(3000, 2)), rng.integers(2, size=3000), name="a.csv")
    visitor.open(**json.loads(recipe.to_json()))
    header, _ = export(visitor, "link")
    assert header["problem"] == recipe.too_long
    assert Moment.from_json(export(visitor, "experiment")[1]).recipe == recipe
