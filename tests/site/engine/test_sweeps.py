"""Sweeps on the site: the form, the runs that a worker trains, and what the panel shows of them."""

import base64
import csv
import importlib
import io
import json
import re
import sys

import pytest

from nnviz import Recipe
from nnviz.site.engine import sweeps as panel
from nnviz.site.engine.page import Page
from nnviz.site.engine.sweeper import Sweeper, order_of, plan_of
from nnviz.sweeps import estimate, threads
from nnviz.sweeps.chosen import Chosen
from nnviz.sweeps.plan import make_plan
from nnviz.sweeps.run import row_of

SMALL = {"samples": "30", "hidden": "2"}
HERE = "https://lecture.test/nnviz/"


@pytest.fixture(autouse=True)
def packages(monkeypatch):
    """A worker has stand-ins for packages; other tests have the packages."""
    for name in ("sklearn.datasets", "PIL", "PIL.Image", "threadpoolctl"):
        monkeypatch.setitem(sys.modules, name, importlib.import_module(name))
    threads._libraries.cache_clear()
    yield
    threads._libraries.cache_clear()


@pytest.fixture
def page():
    page = Page(SMALL, {"page": HERE, "workers": 2, "theme": "light"})
    page.handle({"visit": SMALL})
    page.handle({"panel": "sweep"})
    items(page)
    return page


def change(page, **values):
    for name, value in values.items():
        page.handle({"sweep": {"changed": {f"sweep_{name}": value}}})
        items(page)


def items(page, kind=None):
    while (shown := page.shown()["panel"])["replaying"]:
        pass
    found = json.loads(json.dumps(shown["items"], allow_nan=False))
    return [item for item in found if kind in (None, item["kind"])]


def text(page):
    return re.sub(r"<[^>]*>", "", " ".join(item.get("html", "") for item in items(page)))


def buttons(page):
    return {b["text"]: b["message"] for row in items(page, "buttons") for b in row["buttons"]}


def widgets(page):
    return {w["key"]: w for form in items(page, "form") for w in form["groups"][0]["widgets"]}


def started(page):
    """The order of the Start button, reported to the page as its workers do."""
    order = buttons(page)["Start"]["sweepers"]["order"]
    send_progress(page, order)
    return order


def send_progress(page, order, outcomes=(), state="running", **more):
    message = {"order": order, "outcomes": list(outcomes), "state": state, "seconds": 1.0}
    page.handle({"sweep": {**message, "problem": None, **more}})


def outcomes_of(order, numbers):
    worker = Sweeper(order)
    return [finished(worker, number) for number in numbers]


def finished(worker, number):
    while not (outcome := worker.go_on(number)[1]):
        pass
    return outcome


def test_the_form_makes_the_plan_of_the_command_line(page):
    names = widgets(page)["sweep_fields"]["options"]
    change(page, fields=[names.index("Hidden layers"), names.index("Activation")])
    change(page, values_hidden="2;3,3", values_activation="tanh,relu", seeds="5..7")
    change(page, data_seeds="2", epoch=40, stop_patience="9", target="train_loss=0.2")
    assert "24 runs, about " in text(page)
    assert "on 2 web workers" in text(page)
    command = buttons(page)["Start"]["sweepers"]
    plan = plan_of(command["order"], HERE)
    assert command["total"] == len(plan) == 24
    assert [run.key for run in plan] == [run.key for run in make_plan(
        Recipe(samples=30, hidden=(2,)), {"hidden": "2;3,3", "activation": "tanh,relu"},
        seeds=(5, 6, 7), data_seeds=2, epoch=40, stop_patience=9)]  # fmt: skip
    assert "epochs_to_train_loss_0.2" in plan.columns
    assert (plan.epoch, plan.look.stop_patience) == (40, 9)


def test_what_is_wrong_is_one_sentence_and_nothing_starts(page):
    for key, typed, sentence in (
        ("values_learning_rate", "fast", "learning rate must be 1e-05…10; got fast"),
        ("seeds", "many", "seed must be a whole number 0…4294967295; got many"),
        ("sample", "half", "sample must be a whole number 1…1000000; got 0"),
        ("stop_loss", "low", "stop loss must be none or a number 0 or more; got low"),
        ("target", "loss=1", "target must be one of train_loss, test_loss, train_accuracy"),
        ("seeds", "5000", "must have at most 3000 runs on the page, and any number by nnviz sweep"),
    ):
        before = widgets(page)[f"sweep_{key}"]["value"]
        change(page, **{key: typed})
        assert sentence in text(page)
        assert "Start" not in buttons(page)
        change(page, **{key: before})
    assert "Start" in buttons(page)


def test_values_that_no_widget_can_have_are_ignored(page):
    before = widgets(page)
    change(page, epoch=-1, seeds=7, nonsense="x", values_learning_rate="1" * 3000)
    assert widgets(page) == before


def test_a_sample_of_combinations_and_those_left_out(page):
    names = widgets(page)["sweep_fields"]["options"]
    change(page, values_learning_rate="0.01..1:log:50", sample="4", seeds="3")
    assert "12 runs" in text(page)
    change(page, sample="", fields=[names.index("Output"), names.index("Hidden layers")])
    change(page, values_output="softmax,step", values_hidden="none;2")
    assert "1 of 4 combinations are left out, such as hidden=2, output=step" in text(page)


def test_a_large_sweep_asks_for_a_yes(page, monkeypatch):
    monkeypatch.setattr(estimate, "MOST_RUNS", 30)
    assert items(page, "buttons")[-1]["isOff"]
    change(page, yes=True)
    assert not items(page, "buttons")[-1]["isOff"]


def test_a_worker_trains_the_runs_of_the_command_line_piece_by_piece(monkeypatch):
    chosen = Chosen(Recipe(samples=30, hidden=(2,)), {"learning_rate": "0.1,1"}, epoch=300)
    plan = chosen.plan(chosen.read()[0], HERE)
    order = order_of(chosen)
    assert list(plan_of(order)) == list(plan)
    monkeypatch.setattr("nnviz.site.engine.sweeper.PIECE_SECONDS", 0.0)
    worker = Sweeper(order)
    assert worker.go_on(9)[1] == ""  # it can be paused after this piece
    number, row, portrait = json.loads(finished(worker, 9))
    runs = list(plan)
    assert number == 9
    assert {**row, "seconds": 0} == {**row_of(runs[9]), "seconds": 0}
    assert portrait["key"] == runs[9].key
    assert base64.b64decode(portrait["picture"]).startswith(b"\x89PNG")


def test_cells_fill_as_runs_end_and_the_charts_come_last(page):
    change(page, values_learning_rate="0.1,1", seeds="2", epoch=20)
    order = started(page)
    assert items(page, "progress")[0]["text"].startswith("learning rate: 0 of 4 runs, Python is")
    send_progress(page, order, outcomes_of(order, [2]))
    assert items(page, "progress")[0]["text"].startswith("learning rate: 1 of 4 runs, about ")
    assert json.dumps(items(page)).count("data:image/png") == 1
    assert list(buttons(page)) == ["Pause", "Stop"]
    send_progress(page, order, outcomes_of(order, [0, 3]), "paused", problem="A worker has ended.")
    assert list(buttons(page)) == ["Go on", "Stop"]
    assert "A worker has ended." in text(page)
    assert items(page, "figure") == []
    send_progress(page, order, outcomes_of(order, [1]), "over")
    assert (len(items(page, "figure")), len(items(page, "axes"))) == (4, 1)
    assert items(page, "progress")[0]["share"] == 1
    assert text(page).count("open") >= 4
    link = f'href="{HERE}?v=1&amp;data=circles'
    assert json.dumps(items(page)).replace('\\"', '"').count(link) >= 8
    light = json.dumps(items(page, "html"))
    page.handle({"sweep": {"theme": "dark"}})
    assert json.dumps(items(page, "html")) != light
    page.handle({"results": "csv"})
    file = page.shown()["download"]
    rows = list(csv.DictReader(io.StringIO(file["text"])))
    assert file["name"] == "sweep.csv"
    assert sorted((r["learning_rate"], r["seed"]) for r in rows) == [
        ("0.1", "0"), ("0.1", "1"), ("1.0", "0"), ("1.0", "1")
    ]  # fmt: skip
    page.handle({})
    assert page.shown()["download"] is None
    page.handle({"results": "html", "plotly": "its script"})
    report = page.shown()["download"]
    assert report["name"] == "sweep.html"
    assert report["text"].count("data:image/png") == 4
    assert '<script type="text/plain" id="plotly">its script</script>' in report["text"]
    data = json.loads(re.search(r'id="data">(.*?)</script>', report["text"])[1])
    assert sorted(data["links"]) == sorted(row["link"] for row in rows)


def test_a_page_that_was_started_anew_shows_the_sweep_again(page):
    change(page, values_learning_rate="0.1,1", seeds="1", epoch=5)
    order = started(page)
    send_progress(page, order, outcomes_of(order, [0]), "paused")
    before = items(page)
    other = Page(SMALL, {"page": HERE, "workers": 2, "theme": "light"})
    send_progress(other, order, outcomes_of(order, [0]), "paused")
    send_progress(other, order, outcomes_of(order, [0]), "paused")  # each run counts once
    other.handle({"panel": "sweep"})
    timeless = [re.sub(r"\d+(\.\d+)? s\b", "", json.dumps(each)) for each in (before, items(other))]
    assert timeless[0] == timeless[1]
    send_progress(other, None, state="over")
    assert "Start" in buttons(other)


def test_ready_made_sweeps_start_at_once(page):
    command = buttons(page)["How often do 3 hidden units solve XOR? 80 runs"]["sweepers"]
    plan = plan_of(command["order"], HERE)
    assert (command["total"], len(plan)) == (80, 80)
    assert plan.combinations[0].data == "xor"


def test_more_cells_than_can_be_drawn_are_noted(page, monkeypatch):
    monkeypatch.setattr(panel, "MOST_CELLS", 3)
    change(page, values_learning_rate="0.1,1", seeds="2", epoch=5)
    order = started(page)
    send_progress(page, order, outcomes_of(order, [0]))
    assert "More than 3 cells are not drawn" in text(page)
