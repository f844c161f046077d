"""The sweep panel: what is typed becomes a plan, and its runs are shown and opened."""

import csv
import io
import json
import re
from types import SimpleNamespace
from typing import ClassVar

import pytest

from nnviz import Moment, Recipe
from nnviz.live import sweeping
from nnviz.live.hosting import Hosting
from nnviz.live.sweep_worker import Trials
from nnviz.live.sweeping import Sweep
from nnviz.sweeps import estimate
from nnviz.sweeps.chosen import offered
from nnviz.sweeps.errors import SweepError
from nnviz.sweeps.offers import READY_MADE
from nnviz.sweeps.plan import make_plan
from nnviz.ui import sweep_form, sweep_panel
from tests.ui.test_own_data import brings, field

SMALL = {"samples": "30", "hidden": "2"}


class Sweepers:
    """As those of a server, without processes: a sweep has as many outcomes as a test wants."""

    count = 2

    def __init__(self, hosting):
        self.hosting, self.started, self.refusal = hosting, [], None
        self.seconds = 0.5  # of a run
        self._known = {}

    check = sweeping.Sweepers.check

    def estimate(self, plan, seconds):  # noqa: ARG002
        return self.seconds

    def start(self, plan, is_wanted, address):  # noqa: ARG002
        if self.refusal:
            raise SweepError(self.refusal)
        assert is_wanted()
        self.started.append(Sweep(plan, is_wanted))
        self._known[self.started[-1].name] = self.started[-1]
        return self.started[-1]

    found, forget, _forget_old = (
        getattr(sweeping.Sweepers, name) for name in ("found", "forget", "_forget_old")
    )


@pytest.fixture
def sweepers(monkeypatch):
    made = Sweepers(Hosting(sweep_runs=100))
    monkeypatch.setattr(sweeping, "_server", made)
    return made


@pytest.fixture
def opened(visit, sweepers):
    page = visit(**SMALL)
    page.open("sweep")
    return page


def widget(page, key):
    (found,) = [e for e in page.app.main if getattr(e, "key", None) == key]
    return found


def keys(page):
    return {e.key for e in page.app.main if getattr(e, "key", None)}


def put(page, key, value):
    page._ran(widget(page, key).set_value(value).run())


def press(page, key):
    page._ran(widget(page, key).click().run())


def shown(page):
    """All text and HTML of the panel."""
    texts = ("markdown", "html", "error", "warning", "caption")
    return "\n".join(str(each.value) for each in page.app.main if each.type in texts)


def trained(sweep, count):
    trials, done = Trials(), len(sweep.outcomes)
    for key, run in enumerate(list(sweep.plan)[done : done + count]):
        _, outcome = trials.begin(key, run)
        while outcome is None:
            _, outcome = trials.go_on(key)
        sweep.add(run, outcome)
        sweep.seconds += 0.25
    if len(sweep.outcomes) == len(sweep.plan):
        sweep.stop()


def test_the_form_makes_the_plan_of_the_command_line(opened, sweepers):
    put(opened, "sweep_fields", ["hidden", "activation"])
    put(opened, "sweep_values_hidden", "2;3,3")
    put(opened, "sweep_values_activation", "tanh,relu")
    put(opened, "sweep_seeds", "5..7")
    put(opened, "sweep_data_seeds", "2")
    put(opened, "sweep_epoch", 40)
    put(opened, "sweep_target", "train_loss=0.2")
    assert "**24 runs, about 6 s on 2 processes**" in shown(opened)
    press(opened, "sweep_start")
    (sweep,) = sweepers.started
    assert [run.key for run in sweep.plan] == [run.key for run in make_plan(
        Recipe(samples=30, hidden=(2,)), {"hidden": "2;3,3", "activation": "tanh,relu"},
        seeds=(5, 6, 7), data_seeds=2, epoch=40)]  # fmt: skip
    assert "epochs_to_train_loss_0.2" in sweep.plan.columns
    assert sweep.plan.epoch == 40


def test_every_field_of_the_sidebar_can_vary(opened):
    names = offered(opened.app.session_state["page"].values)
    assert set(names) == {
        "data", "samples", "noise", "test_share", "standardise", "inputs", "hidden", "activation",
        "output", "init", "optimiser", "learning_rate", "batch_size", "l1", "l2",
    }  # fmt: skip


def test_runs_end_by_stop_rules_too(opened, sweepers):
    put(opened, "sweep_stop_loss", 0.3)
    put(opened, "sweep_stop_patience", 25)
    put(opened, "sweep_epoch", 700)
    press(opened, "sweep_start")
    plan = sweepers.started[0].plan
    assert (plan.look.stop_loss, plan.look.stop_patience, plan.epoch) == (0.3, 25, 700)
    assert plan.has_rules


def reloaded(visit, page):
    """Another session, to which the browser has brought what it kept of the one before."""
    kept = json.loads(field(page).json)["kept"]
    again = visit(**page.url)
    assert set(kept) <= set(json.loads(field(again).json)["wanted"])
    brings(again, kept)
    again.open("sweep")
    return again


def test_a_reload_finds_the_sweep_again(visit, opened, sweepers):
    press(opened, "sweep_start")
    (sweep,) = sweepers.started
    trained(sweep, 2)
    again = reloaded(visit, opened)
    assert again.app.session_state["sweep"] is sweep
    assert shown(again).count("<img") == 2
    assert len(sweep._pages) == 2
    sweep.stop()
    again.app.run()
    press(again, "sweep_new")
    assert "is gone" not in shown(again)
    assert json.loads(field(again).json)["kept"] == {"sweep:~": ""}
    third = reloaded(visit, again)
    assert "sweep_start" in keys(third)
    assert "is gone" not in shown(third)


def test_a_sweep_that_is_gone_is_reported(visit, opened, sweepers):
    press(opened, "sweep_start")
    sweepers.forget(sweepers.started[0])
    again = reloaded(visit, opened)
    (info,) = again.app.info
    assert info.value.startswith("The sweep that this tab had is gone: the server keeps one for an")
    press(again, "sweep_start")
    assert not again.app.info


def test_a_random_sample_of_combinations(opened, sweepers):
    put(opened, "sweep_values_learning_rate", "0.01..1:log:50")
    put(opened, "sweep_sample", 4)
    put(opened, "sweep_seeds", "3")
    press(opened, "sweep_start")
    assert len(sweepers.started[0].plan.combinations) == 4


def test_what_is_wrong_is_one_sentence_and_nothing_starts(opened):
    for key, text, sentence in (
        ("values_learning_rate", "fast", "learning rate must be 1e-05…10; got fast"),
        ("seeds", "many", "seed must be a whole number 0…4294967295; got many"),
        ("data_seeds", "0", "data seeds must be a number 1…1000000 or a list of different seeds"),
        ("target", "loss=1", "target must be one of train_loss, test_loss, train_accuracy"),
        ("seeds", "50", "a sweep on this server must have at most 100 runs; got 350"),
    ):
        before = widget(opened, f"sweep_{key}").value
        put(opened, f"sweep_{key}", text)
        (error,) = opened.app.error
        assert sentence in error.value.replace("\\", "")
        assert "sweep_start" not in keys(opened)
        put(opened, f"sweep_{key}", before)


def test_combinations_left_out_are_noted(opened):
    put(opened, "sweep_fields", ["output", "hidden"])
    put(opened, "sweep_values_output", "softmax,step")
    put(opened, "sweep_values_hidden", "none;2")
    assert "1 of 4 combinations are left out, such as output=step, hidden=2" in shown(opened)


def test_where_no_estimate_comes_soon_it_is_asked_for_again(visit, sweepers):
    sweepers.seconds = None
    page = visit(**SMALL)
    page.open("sweep")
    assert "**35 runs**" in shown(page)
    assert not widget(page, "sweep_start").disabled
    sweepers.seconds = 0.2
    page.app.run()
    assert "**35 runs, about 4 s on 2 processes**" in shown(page)


def test_a_large_sweep_asks_for_a_yes(opened, monkeypatch):
    monkeypatch.setattr(estimate, "MOST_RUNS", 30)
    put(opened, "sweep_epoch", 50)
    assert widget(opened, "sweep_start").disabled
    put(opened, "sweep_yes", True)
    assert not widget(opened, "sweep_start").disabled


def test_without_a_bound_memory_is_one(visit, sweepers, monkeypatch):
    sweepers.hosting = Hosting(sweep_runs=0)
    page = visit(**SMALL)
    page.open("sweep")
    put(page, "sweep_seeds", "5000")
    rule = (
        "a sweep of these data must have at most {} runs on the page, and any number by nnviz sweep"
    )
    (error,) = page.app.error
    assert error.value.replace("\\", "") == f"{rule.format(20000)}; got 35000"
    recipe = Recipe(samples=30, hidden=(2,))
    monkeypatch.setattr(sweep_form, "MOST_BYTES", 10 * len(recipe.to_json()))
    put(page, "sweep_seeds", "2")
    (error,) = page.app.error
    assert error.value.replace("\\", "") == f"{rule.format(10)}; got 14"


def test_a_refusal_is_a_sentence(opened, sweepers):
    sweepers.refusal = "16 sweeps are being carried out already. Try again in a minute."
    press(opened, "sweep_start")
    assert sweepers.refusal in [e.value for e in opened.app.error]
    assert "sweep_start" in keys(opened)


def test_ready_made_sweeps_start_by_one_click(opened, sweepers):
    for name, record in READY_MADE.items():
        press(opened, f"sweep_ready_{name}")
        sweep = sweepers.started[-1]
        assert list(sweep.plan) == list(record.plan("https://nnviz.test/"))
        sweep.stop()
        opened.app.run()
        press(opened, "sweep_new")
    assert sweepers.started[0].plan.targets[0].column == "epochs_to_test_accuracy_0.95"


@pytest.fixture
def started(opened, sweepers):
    put(opened, "sweep_values_learning_rate", "0.1,1")
    put(opened, "sweep_seeds", "2")
    put(opened, "sweep_epoch", 10)
    press(opened, "sweep_start")
    return opened, sweepers.started[-1]


def test_a_sweep_is_wanted_while_its_page_is_connected(monkeypatch):
    class Runtime:
        sessions: ClassVar = {"a"}

        def is_active_session(self, session):
            return session in self.sessions

    monkeypatch.setattr(sweep_panel, "get_script_run_ctx", lambda: SimpleNamespace(session_id="a"))
    monkeypatch.setattr(sweep_panel.runtime, "exists", lambda: True)
    monkeypatch.setattr(sweep_panel.runtime, "get_instance", Runtime)
    is_wanted = sweep_panel._presence()
    assert is_wanted()
    Runtime.sessions.clear()
    assert not is_wanted()
    Runtime.sessions.add("a")  # connected again
    assert is_wanted()


def test_cells_fill_as_runs_end(started):
    page, sweep = started
    assert shown(page).count("<td>–</td>") == 4
    trained(sweep, 3)
    page.app.run()
    html = shown(page)
    assert html.count("<td>–</td>") == 1
    assert html.count("<img") == 3
    assert "sweep_csv" not in keys(page)
    trained(sweep, 1)
    page.app.run()
    assert shown(page).count("<td>–</td>") == 0
    assert len([e for e in page.app.main if e.type == "plotly_chart"]) == 4
    assert len(axes_of(page)) == 1
    assert "sweep_csv" in keys(page)


def axes_of(page):
    """The data of components of parallel axes."""
    found = [e.proto for e in page.app.main if e.type == "bidi_component"]
    return [json.loads(each.json) for each in found if each.component_name == "nnviz.axes"]


def test_all_runs_stand_on_axes_that_are_moved_in_the_browser(started):
    page, sweep = started
    trained(sweep, 4)
    page.app.run()
    (data,) = axes_of(page)
    layout = json.loads(data["figure"])["layout"]
    assert layout["xaxis"]["ticktext"] == ["learning rate", "seed", "test loss", "test accuracy"]
    assert data["alt"] == "All runs on parallel axes; the table below has all numbers."


def test_while_it_runs_cells_are_not_drawn_for_every_run(started, monkeypatch):
    page, sweep = started
    monkeypatch.setattr(sweep_panel, "MOST_REDRAWN", 2)
    for done, drawn in ((1, 0), (2, 0), (3, 3)):
        trained(sweep, 1)
        page.app.run()
        assert len(sweep.outcomes) == done
        assert shown(page).count("<img") == drawn
    trained(sweep, 1)
    page.app.run()
    assert shown(page).count("<img") >= 4  # it is over


def test_every_link_opens_its_run(started):
    page, sweep = started
    trained(sweep, 4)
    page.app.run()
    links = set(re.findall(r'href="(.*?)"', shown(page)))
    assert len(links) == 4
    runs = {run.key for run in sweep.plan}
    for link in links:
        moment = Moment.from_query(link.replace("&amp;", "&").partition("?")[2])
        assert moment.recipe.to_json() in runs
        assert moment.epoch == 10


def test_it_is_paused_gone_on_with_and_stopped(started):
    page, sweep = started
    press(page, "sweep_pause")
    assert sweep.is_paused
    press(page, "sweep_pause")
    assert not sweep.is_paused
    trained(sweep, 1)
    press(page, "sweep_stop")
    assert sweep.is_over
    assert shown(page).count("<td>–</td>") == 3
    assert {"sweep_new", "sweep_report"} <= keys(page)


def test_it_goes_on_while_another_panel_is_open(started):
    page, sweep = started
    page.open("gallery")
    assert not sweep.is_over
    page.open("sweep")
    assert "sweep_pause" in keys(page)


def test_what_the_server_stopped_says_why(started):
    page, sweep = started
    sweep.stop("The 1 s of processor time for a sweep on this server are used.")
    page.app.run()
    assert page.warnings == ["The 1 s of processor time for a sweep on this server are used."]


def test_results_and_report_hold_every_run(started):
    _, sweep = started
    trained(sweep, 4)
    rows = list(csv.DictReader(io.StringIO(sweep_panel._csv(sweep))))
    assert list(rows[0]) == sweep.plan.columns
    assert {row["recipe"] for row in rows} == {run.key for run in sweep.plan}
    report = Trials().report(sweep.outcomes).decode()
    assert report.count("<img") == 4
    assert rows[0]["link"].replace("&", "&amp;") in report
