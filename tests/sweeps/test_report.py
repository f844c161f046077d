"""The report: one page without a network that holds every run, with links to each."""

import html
import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from nnviz import Moment, Recipe
from nnviz.choices.palette import CLASS_STYLES, channels
from nnviz.problems import RecipeError
from nnviz.sweeps import markup
from nnviz.sweeps import report as module
from nnviz.sweeps.pictures import FIGURES, left_out
from nnviz.sweeps.plan import make_plan
from nnviz.sweeps.portrait import SIDE, portrait_of
from nnviz.sweeps.report import report, run_at, shown_runs
from nnviz.sweeps.run import Run, row_of
from nnviz.sweeps.summary import summarise
from tests.node import evaluate

PLAN = make_plan(
    Recipe(samples=40), {"hidden": [(), (3,)], "learning_rate": [0.1, 1.0]}, seeds=3, epoch=20,
    page="https://example.org/<nn>/",
)  # fmt: skip


def page_of(rows):
    summary = summarise(rows)
    portraits = [portrait_of(run_at(summary, number)) for number in shown_runs(summary)]
    return summary, report(summary, {each.key: each for each in portraits}).decode()


@pytest.fixture(scope="module")
def made():
    return page_of([PLAN.completed(row_of(run)) for run in PLAN])


def data_of(page):
    return json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', page)[1]
    )


def test_every_run_is_there_with_its_link(made):
    summary, page = made
    data = data_of(page)
    links = data["links"]
    assert links == summary.links
    assert len(links) == 12
    assert (data["texts"], data["experiments"]["runs"]) == ({}, [])
    for link in links:
        escaped = link.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert page.count(f'href="{escaped}"') >= 2  # its picture and its row
    assert "<nn>" not in page


def test_it_is_small_and_needs_no_network(made):
    _, page = made
    assert len(page) < 2_600_000
    assert not re.search(r'(src|href)="(?!https://example\.org|data:)', page)


def test_five_hundred_runs_stay_below_5_megabytes(made):
    portrait = portrait_of(Run(Recipe(noise=0.5), 100))
    picture = len(portrait.picture) * 4 / 3 + 2 * len(PLAN.completed(row_of(Run(
        next(iter(PLAN)).recipe, 1)))["link"])  # fmt: skip
    curves = len(json.dumps(portrait.curves["test_loss"])) + 300
    row = 1500
    plotly = len(module._packed_plotly())
    assert plotly + 500 * (picture + curves + row) < 5_000_000


def own(n, name="own.csv"):
    """A recipe of a table with so many rows."""
    rng = np.random.default_rng(n)
    return Recipe.from_table(rng.normal(size=(n, 2)).round(3), rng.integers(2, size=n), name=name)


def report_of(plan):
    """The summary and the report of a plan, of whose runs only the first is trained."""
    row, portrait = plan.completed(row_of(next(iter(plan)))), portrait_of(next(iter(plan)))
    rows = []
    for number, run in enumerate(plan):
        changed = {"seed": run.recipe.seed, "recipe": run.key, "test_loss": 1 / (2 + number)}
        rows.append(row | changed)
    summary = summarise(rows)
    drawn = {run.key: replace(portrait, key=run.key) for run in plan}
    return summary, report(summary, drawn).decode()


OPENED = """
  const page = { getElementById: () => ({ textContent: DATA }), querySelectorAll: () => [] };
  return new Function("document", SCRIPT + "; return " + WHAT)(page);
"""


def opened(page, what):
    """The value of an expression among the functions of the page's script."""
    (script,) = re.findall(r"<script>\n(.*?)draw\(\);\s+</script>", page, re.S)
    data = data_of(page) | {"figures": {}, "draggable": {}, "columns": {}}
    parts = {"DATA": json.dumps(data), "SCRIPT": script, "WHAT": what}
    return evaluate(re.sub("DATA|SCRIPT|WHAT", lambda m: json.dumps(parts[m[0]]), OPENED))


ALL_LINKS = "links.map((_, run) => linkOf(run))"


def test_five_hundred_runs_of_own_data_stay_below_5_megabytes():
    recipe = own(1000)
    plan = make_plan(recipe, {}, seeds=500, epoch=1)
    summary, page = report_of(plan)
    assert len(summary.links[0]) > 5000
    assert len(page) < 5_000_000
    assert page.count(recipe.table.text.split(":")[-1]) == 1


def test_links_of_own_data_are_whole_again_in_the_page():
    drawn = "~".join(f"{300 + i}_{i % 2}_{i / 10}_-0.25" for i in range(20))
    edits = [(0, "points", drawn), (1, "weight", 0.5, (1, 0, 0)), (2, "points", "305")]
    for recipe in (own(300, "häufig, 50 % & <mehr>.csv"), replace(own(300), edits=edits)):
        summary, page = report_of(make_plan(recipe, {"learning_rate": [0.1, 1.0]}, epoch=3))
        assert opened(page, ALL_LINKS) == summary.links
        assert data_of(page)["links"] != summary.links
        for link, moment in zip(summary.links, map(summary.moment, (0, 1)), strict=True):
            assert Moment.from_query(link.partition("?")[2]) == moment


def test_without_a_script_a_link_of_own_data_says_what_it_does_not_hold():
    _, page = report_of(make_plan(own(300), {}, epoch=1))
    (link,) = set(re.findall('<a href="(.*?)"', page))
    with pytest.raises(RecipeError, match=r"^the link names own\.csv, but does not hold it"):
        Moment.from_query(html.unescape(link).partition("?")[2])


def test_a_run_that_no_link_holds_opens_from_a_file():
    recipe = replace(own(3000), edits=[(2, "learning_rate", 1.0)])
    summary, page = report_of(make_plan(recipe, {"l2": [0.0, 0.5]}, epoch=3))
    files = opened(page, "links.map((_, run) => experimentOf(run))")
    assert [Moment.from_json(file["text"]) for file in files] == list(map(summary.moment, (0, 1)))
    assert [file["name"] for file in files] == [
        "own-2-10-2-tanh-epoch-3-l2-0.nnviz.json", "own-2-10-2-tanh-epoch-3-l2-0.5.nnviz.json"
    ]  # fmt: skip
    assert page.count(recipe.table.text.split(":")[-1]) == 1
    said = re.findall("<p>(.*?)</p>", page)
    assert (
        "own.csv takes 15 kB, and a link holds 7.5, so a click on such a run saves it as a file; "
        'dropped on the plot of <a href="http://localhost:8501/">the page</a>, it opens the run.'
    ) in said


def test_of_two_tables_one_may_be_too_long_for_links():
    short, long = own(100, "short.csv"), own(3000, "long.csv")
    plan = make_plan(short, {"data": [short.table, long.table]}, epoch=3)
    summary, page = report_of(plan)
    assert opened(page, "links.map((_, run) => isUnlinked(run))") == [False, True]
    assert opened(page, ALL_LINKS) == summary.links
    assert Moment.from_json(opened(page, "experimentOf(1).text")) == summary.moment(1)
    assert "<p>long.csv takes 15 kB" in page


def test_the_picture_in_front_is_the_median_run(made):
    summary, page = made
    cells = re.findall(r"<td><a href=\"(.*?)\" title", page)
    groups = summary.groups(["hidden", "learning_rate"])
    fronts = [summary.links[summary.median_run(runs)] for runs in groups.values()]
    assert [cell.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
            for cell in cells] == fronts  # fmt: skip
    assert page.count('<div class="others">') == 4
    assert page.count("(3 runs)") == 4


def test_heat_maps_hold_medians_and_say_over_how_many(made):
    summary, page = made
    heat = data_of(page)["figures"]["loss"]["data"][0]
    runs = summary.groups(["hidden", "learning_rate"])["3", "1"]
    losses = summary.metrics["test_loss"][runs]
    assert heat["z"][1][1] == pytest.approx(float(np.median(losses)))
    assert heat["customdata"][1][1] == summary.median_run(runs)
    assert heat["hovertext"][1][1].startswith("median test loss of 3 runs: ")
    title = data_of(page)["figures"]["loss"]["layout"]["title"]["text"]
    assert title == "median test loss of 3 runs each"


def test_curves_hold_every_run_and_the_quartiles(made):
    _, page = made
    traces = data_of(page)["figures"]["curves"]["data"]
    singles = [trace for trace in traces if "customdata" in trace]
    assert {run for trace in singles for run in trace["customdata"]} == set(range(12))
    assert [t["name"] for t in traces if t.get("showlegend")] == [
        "hidden none (median of 6)", "hidden 3 (median of 6)",
    ]  # fmt: skip


def test_diverged_runs_are_counted():
    rows = [PLAN.completed(row_of(run)) for run in PLAN]
    rows[0]["diverged"] = "The loss is no longer finite at epoch 21: because."
    _, page = page_of(rows)
    assert "1 of 12 runs diverged, and is in no average." in page
    assert "(2 runs, 1 diverged)" in page
    heat = data_of(page)["figures"]["loss"]
    assert heat["layout"]["title"]["text"] == "median test loss of 2…3 runs each"
    assert heat["data"][0]["text"] == [["<br>of 2", "<br>of 3"], ["<br>of 3", "<br>of 3"]]
    assert "over\n11 runs" in page
    assert data_of(page)["columns"]["test accuracy"][0] is None


def test_only_runs_that_the_table_lists_open_by_a_mark_of_the_page(monkeypatch):
    plan = make_plan(Recipe(samples=40), {}, seeds=2, epoch=5)
    summary = summarise([plan.completed(row_of(run)) for run in plan])
    assert markup.how_to_open(summary).startswith("Click a cell or a line to open its run. ")
    monkeypatch.setattr(markup, "MOST_ROWS", 1)
    assert " its run if it is among the 1 listed below. " in markup.how_to_open(summary)


def test_a_single_run_is_in_the_singular(monkeypatch):
    plan = make_plan(Recipe(samples=40), {}, seeds=2, epoch=5)
    rows = [plan.completed(row_of(run)) for run in plan]
    monkeypatch.setattr(markup, "MOST_ROWS", 1)
    _, page = page_of(rows)
    assert "<p>1 run with a higher loss is not listed.</p>" in page
    _, page = page_of(rows[:1])
    assert "<h1>1 run: one recipe</h1>" in page
    assert "<p>1 run, to epoch 5.</p>" in page
    rows[0]["diverged"] = "The loss is no longer finite at epoch 6: because."
    _, page = page_of(rows)
    assert "1 of 2 runs diverged, and is in no average." in page
    assert "over\n1 run that" in page


def gone(rows, count):
    """The rows, of which the first ones diverged."""
    why = {"diverged": "The loss is no longer finite at epoch 21: because."}
    return [row | why if number < count else row for number, row in enumerate(rows)]


def test_diverged_runs_are_in_no_median_of_the_curves():
    _, page = page_of(gone([PLAN.completed(row_of(run)) for run in PLAN], 8))
    traces = data_of(page)["figures"]["curves"]["data"]
    assert [t["name"] for t in traces if t.get("showlegend")] == [
        "hidden none (6 diverged)", "hidden 3 (median of 4, 2 diverged)",
    ]  # fmt: skip
    assert {run for trace in traces for run in trace.get("customdata", ())} == set(range(12))


ROWS_SHOWN = """
  const element = { textContent: DATA };
  const rows = RUNS.map((run) => ({ hidden: false, dataset: { run: String(run) } }));
  const page = { getElementById: () => element, querySelectorAll: () => rows };
  const filtersTable = new Function("document", SCRIPT + "; return filtersTable;")(page);
  let brushed;
  const labels = Object.keys(JSON.parse(DATA).columns);
  const dimensions = RANGES.map((constraintrange, i) => ({ label: labels[i], constraintrange }));
  filtersTable({ data: [{ dimensions }], on: (_, listener) => { brushed = listener; } });
  brushed();
  return rows.filter((row) => !row.hidden).map((row) => Number(row.dataset.run));
"""


def shown_rows(page, ranges):
    """The runs whose rows of the table are shown where these parts of the axes are chosen."""
    (script,) = re.findall(r"<script>\n(.*?)draw\(\);\s+</script>", page, re.S)
    parts = {
        "DATA": json.dumps(data_of(page)), "SCRIPT": script, "RANGES": ranges,
        "RUNS": [int(run) for run in re.findall(r'<tr data-run="(\d+)">', page)],
    }  # fmt: skip
    return evaluate(
        re.sub(r"DATA|SCRIPT|RANGES|RUNS", lambda m: json.dumps(parts[m[0]]), ROWS_SHOWN)
    )


def test_diverged_runs_are_not_on_the_axes_to_be_dragged_and_chosen_by_no_loss():
    rows = gone([PLAN.completed(row_of(run)) for run in PLAN], 4)
    _, page = page_of(rows)
    axes = data_of(page)["draggable"]["data"][0]["dimensions"]
    assert {len(axis["values"]) for axis in axes} == {8}
    assert "4 diverged runs are not drawn." in page
    whole = [None] * len(axes)
    assert sorted(shown_rows(page, whole)) == list(range(12))
    losses = [row["test_loss"] for row in rows]
    low = sorted(losses[4:])[2]
    lowest = [*whole[:-2], [0, low], None]
    assert shown_rows(page, lowest) == sorted(range(4, 12), key=losses.__getitem__)[:3]
    first = [[[0, 0.5], [0.8, 0.9]], *whole[1:]]  # of the field, which diverged runs have, too
    assert sorted(shown_rows(page, first)) == list(range(6))


def test_what_axes_to_be_dragged_leave_out_is_said():
    rows = [PLAN.completed(row_of(run)) for run in PLAN]
    assert left_out(summarise(rows)) == ""
    assert left_out(summarise(gone(rows, 1))) == "1 diverged run is not drawn."
    rows[-1] |= {"test_loss": None, "test_accuracy": None}  # of a run without a test part
    assert left_out(summarise(gone(rows, 2))) == "3 runs without a test loss are not drawn."


def test_where_every_run_diverged_no_axis_is_to_be_dragged():
    _, page = page_of(gone([PLAN.completed(row_of(run)) for run in PLAN], 12))
    data = data_of(page)
    assert data["draggable"]["data"][0]["dimensions"][0]["values"] == []
    runs = {run for trace in data["figures"]["parallel"]["data"] for run in trace["customdata"]}
    assert runs == set(range(12))


def test_targets_are_counted():
    plan = make_plan(Recipe(samples=40), {}, seeds=3, epoch=5)
    rows = [plan.completed(row_of(run)) for run in plan]
    rows = [
        row | {"epochs_to_test_accuracy_0.9": at}
        for row, at in zip(rows, (2, None, 4), strict=True)
    ]
    _, page = page_of(rows)
    assert "<p>2 of 3 reach a test accuracy of 0.9, half of them by epoch 3.</p>" in page
    assert "3 runs: seed" in page


def test_runs_that_diverged_after_a_target_are_counted_and_named():
    plan = make_plan(Recipe(samples=40), {}, seeds=4, epoch=5)
    rows = [
        plan.completed(row_of(run)) | {"epochs_to_test_accuracy_0.9": at}
        for run, at in zip(plan, (1, None, 3, 4), strict=True)
    ]
    _, page = page_of(gone(rows, 2))
    said = "3 of 4 reach a test accuracy of 0.9, half of them by epoch 3; 1 of them diverged later."
    assert f"<p>{said}</p>" in page


def test_a_target_that_no_run_reaches_comes_with_the_best_of_them():
    plan = make_plan(Recipe(samples=40), {"hidden": [(2,), (3,)]}, seeds=2, epoch=5)
    rows = [plan.completed(row_of(run)) for run in plan]
    accuracies = (0.5, 0.925, None, 0.75)
    rows = [
        row | {"test_accuracy": at, "epochs_to_test_accuracy_0.95": None}
        for row, at in zip(rows, accuracies, strict=True)
    ]
    _, page = page_of(rows)
    best = "0 of 4 reach a test accuracy of 0.95; the best of them ends at 0.925."
    assert f"<p>{best}</p>" in page
    assert "By hidden" not in page


def test_of_too_many_runs_those_in_front_are_drawn(made, monkeypatch):
    summary, _ = made
    monkeypatch.setattr(module, "MOST_RUNS", 6)
    shown = shown_runs(summary)
    fronts = {summary.median_run(r) for r in summary.groups(["hidden", "learning_rate"]).values()}
    assert len(shown) == 6
    assert fronts < set(shown)


def test_a_portrait_shows_the_field_and_the_boundary():
    recipe = Recipe(data="linear", hidden=(), learning_rate=2.0)
    portrait = portrait_of(Run(recipe, 100))
    picture = Image.open(io.BytesIO(portrait.picture))
    assert (picture.format, picture.size) == ("WEBP", (SIDE, SIDE))
    pixels = np.asarray(picture.convert("RGB")).astype(float)
    assert (pixels.sum(axis=2) < 150).sum() >= SIDE // 2  # a line across
    for style in CLASS_STYLES[:2]:
        assert (np.abs(pixels - channels(style.colour)).max(axis=2) < 70).any()
    assert len(portrait.curves["epoch"]) <= 40
    dark = np.asarray(Image.open(io.BytesIO(portrait.dark)).convert("RGB")).astype(float)
    assert (dark.sum(axis=2) > 500).sum() >= SIDE // 2  # the same line in the ink of a dark page
    assert np.median(dark) < np.median(pixels) - 40


def test_axes_can_be_dragged_where_there_is_webgl_and_are_drawn_where_there_is_none(made):
    summary, page = made
    data = data_of(page)
    (lines,) = data["draggable"]["data"]
    assert lines["type"] == "parcoords"
    assert [axis["label"] for axis in lines["dimensions"]][-2:] == ["test loss", "test accuracy"]
    drawn = data["figures"]["parallel"]["data"]
    assert {trace["type"] for trace in drawn} == {"scatter"}
    runs = {run for trace in drawn for run in trace.get("customdata", ())}
    assert runs == set(range(len(summary)))
    script = page[page.rindex("<script>") :]
    assert ".no-webgl" in script


def test_every_figure_can_be_drawn_alone(made):
    summary, _ = made
    portraits = {n: portrait_of(run_at(summary, n)) for n in range(4)}
    drawn = {name: record.draw(summary, portraits) for name, record in FIGURES.items()}
    assert len(drawn["boundaries"].layout.images) >= 1
    assert all(len(figure.data) or name == "boundaries" for name, figure in drawn.items())
