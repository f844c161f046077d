"""The panels of the site, as what the page is to show."""

import json

import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.step import nearest_training_point
from nnviz.site.engine import panels
from nnviz.site.engine.page import Page
from nnviz.stage.files import FOLDER


def opened(panel, **params):
    page = Page(params)
    page.handle({"visit": params})
    page.handle({"panel": panel})
    return page


def report(page, recipe, epoch, **more):
    state = page.state
    page.handle({"report": {
        "page": state.page, "heard": state.number, "number": state.heard + 1, "epoch": epoch,
        "recipe": json.loads(recipe.to_json()), "sample": None, "point": None,
        "experiment": None, **more,
    }})  # fmt: skip


def shown(page):
    """The panel, when its numbers are there."""
    while (panel := page.shown()["panel"])["replaying"]:
        pass
    return json.loads(json.dumps(panel, allow_nan=False))


def items(panel, kind):
    return [item for item in panel["items"] if item["kind"] == kind]


def parts(panel):
    return {item["key"]: item for item in items(panel, "part")}


def text(panel):
    return json.dumps(panel, ensure_ascii=False)


def test_no_panel_is_open_at_first_and_one_closes_again():
    page = Page({})
    assert page.shown()["panel"] is None
    page.handle({"panel": "maths"})
    assert shown(page)["name"] == "maths"
    page.handle({"panel": None})
    assert page.shown()["panel"] is None
    assert not page.shown()["message"]["follow"]


def test_the_stage_hears_of_the_panel_and_its_point():
    message = opened("maths").shown()["message"]
    assert (message["follow"], message["sample"]) == (True, 0)
    message = opened("gallery").shown()["message"]
    assert (message["follow"], message["sample"]) == (True, None)


def test_its_numbers_are_those_of_the_epoch_at_which_the_run_rests():
    page = opened("maths", samples="40")
    recipe = Recipe(samples=40)
    report(page, recipe, 25)
    panel = shown(page)
    assert "Numbers of epoch 25." in text(panel)
    trainer = Trainer(recipe)
    trainer.advance(25)
    first = trainer.dataset.train[0]
    assert f"x₁ = {first[0]:.4g}".replace("-", "−") in text(panel)


def test_a_long_way_goes_in_pieces_and_says_how_far_it_is(monkeypatch):
    monkeypatch.setattr(panels, "PIECE_SECONDS", 0.0)
    page = opened("maths", samples="40", batch_size="1")
    report(page, Recipe(samples=40, batch_size=1), 3)
    first = page.shown()["panel"]
    assert first["replaying"]
    (bar,) = first["items"]
    assert bar["text"].startswith("Replaying the run to epoch 3: at epoch ")
    page.handle({"panel": "gallery"})
    assert "Numbers of epoch 3." in text(shown(page))


def test_another_run_or_epoch_on_the_way_is_the_one_that_counts(monkeypatch):
    monkeypatch.setattr(panels, "PIECE_SECONDS", 0.0)
    page = opened("maths", samples="40")
    report(page, Recipe(samples=40), 500)
    assert page.shown()["panel"]["replaying"]
    report(page, Recipe(samples=40), 2)
    assert "Numbers of epoch 2." in text(shown(page))


def test_a_part_is_computed_once_it_is_open():
    page = opened("maths")
    before = parts(shown(page))
    assert before["input"]["items"]
    assert before["loss"]["items"] == []
    page.handle({"part": ["loss", True]})
    page.handle({"part": ["input", False]})
    after = parts(shown(page))
    assert after["loss"]["open"]
    assert after["loss"]["items"]
    assert not after["input"]["open"]
    assert after["input"]["items"] == []


def test_a_chosen_training_point_is_shown_and_sent_to_the_stage():
    page = opened("maths", samples="40")
    page.handle({"point": 7})
    assert items(shown(page), "point")[0]["value"] == 8
    assert "Point 8:" in text(shown(page))
    assert page.shown()["message"]["sample"] == 7
    page.handle({"point": 4000})  # there are 32: the last that exists stays
    assert "this is point 8" in text(shown(page))


def test_a_pinned_point_has_its_own_parts_and_the_nearest_training_point():
    page = opened("maths")
    report(page, Recipe(), 0, point=[0.1, 0.2])
    panel = shown(page)
    assert "Pinned point: x₁ = 0.1, x₂ = 0.2" in text(panel)
    (nearest,) = items(panel, "nearest")
    assert nearest["point"] == nearest_training_point(Trainer(Recipe()), (0.1, 0.2))
    page.handle({"point": nearest["point"]})
    assert items(shown(page), "nearest") == []


def test_the_weight_to_check_is_chosen_among_those_that_there_are():
    page = opened("maths", hidden="3")
    page.handle({"part": ["check", True]})
    (choice,) = (i for i in parts(shown(page))["check"]["items"] if i["kind"] == "weight")
    assert [len(box["options"]) for box in choice["boxes"]] == [2, 3, 3]
    page.handle({"weight": [2, 2]})
    page.handle({"weight": [0, 1]})
    (choice,) = (i for i in parts(shown(page))["check"]["items"] if i["kind"] == "weight")
    assert [box["value"] for box in choice["boxes"]] == [1, 1, 0]
    assert [len(box["options"]) for box in choice["boxes"]] == [2, 4, 2]


def test_the_program_of_the_step_can_be_taken_away():
    page = opened("maths", hidden="3")
    page.handle({"part": ["copy", True]})
    (program,) = (i for i in parts(shown(page))["copy"]["items"] if i["kind"] == "program")
    assert program["name"] == "step-epoch-0-point-1.py"
    exec(compile(program["text"], program["name"], "exec"), {})


@pytest.mark.parametrize(("hidden", "charts"), [("none", 1), ("4,3", 3)])
def test_the_gallery_has_a_chart_for_each_hidden_layer_and_one_of_all(hidden, charts):
    figures = items(shown(opened("gallery", hidden=hidden)), "figure")
    assert len(figures) == charts
    assert all(figure["alt"] for figure in figures)
    assert "tanh" in json.dumps(figures[-1])


def test_every_kind_of_item_is_one_that_the_page_can_draw():
    found = set()
    for panel, toggled in (("maths", ("check", "copy")), ("gallery", ())):
        page = opened(panel, hidden="64,64")
        for key in (*toggled, "forward_2"):
            page.handle({"part": [key, True]})
        pending = shown(page)["items"]
        while pending:
            item = pending.pop()
            found.add(item["kind"])
            pending += item.get("items", [])
    script = (FOLDER / "host" / "panel-items.js").read_text("utf-8")
    table = script[script.index("const DRAW") :]
    assert {"heading", "text", "part", "table", "formula", "figure", "weight"} <= found
    assert all(f"\n  {kind}" in table for kind in found | {"progress", "nearest"})
