"""The maths panel: every number is the engine's, at the epoch where the stage is paused."""

import json
import re
from itertools import product

import numpy as np
import pytest

from nnviz import Edit, Recipe, Trainer
from nnviz.analysis.step import worked_example
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.ui import maths, panels
from nnviz.ui.escaping import escape_markdown
from nnviz.writing.derivation import parts
from tests import by_hand, latex

SMALL = {"samples": "30", "hidden": "3,2", "learning_rate": "0.05"}


def trainer_of(page, epoch):
    trainer = Trainer(Recipe.from_query(page.url))
    trainer.advance(epoch)
    return trainer


def opened(visit, epoch=0, sample=0, all_parts=False, **query):
    """A page with the maths panel open at an epoch and a point, counted from 0."""
    page = visit(**SMALL | query)
    state = {}
    if all_parts:
        found = worked_example(trainer_of(page, 0), 0)
        keys = [part.key for part in parts(found)] + ["check", "copy"]
        state = {f"part_{key}": True for key in keys}
    page.open("maths", sample=sample + 1, **state)
    if epoch:
        page.report(epoch=epoch, sample=sample)
    return page


def shown(page):
    """The formulas of every part, by the part's key."""
    keys = [part.key for part in parts(worked_example(trainer_of(page, 0), 0))] + ["check", "copy"]
    return {
        key: [formula.value.strip("$\n") for formula in room.latex]
        for key, room in zip(keys, page.app.main.expander, strict=True)
    }


def matrices(formulas):
    return [matrix for formula in formulas for matrix in latex.matrices(formula)]


def texts(page):
    return [element.value for element in page.app.main.markdown]


def epoch_of(page):
    """The epoch in the panel's caption."""
    (caption,) = [c.value for c in page.app.main.caption if c.value.startswith("Numbers of epoch ")]
    return int(caption.split()[3].rstrip("."))


# --- the numbers ------------------------------------------------------------------------

CASES = [
    *({"activation": a, "output": o} for a, o in product(ACTIVATIONS, ("softmax", "sigmoid"))),
    {"output": "step", "hidden": "none", "data": "linear"},
    *({"optimiser": name, "batch_size": "5", "l1": "0.01", "l2": "0.1"} for name in OPTIMISERS),
    {"data": "iris", "inputs": "x1,x2sq"},
]


@pytest.mark.parametrize("query", CASES, ids=lambda query: "-".join(query.values()))
def test_every_number_shown_is_the_engines(visit, query):
    page = opened(visit, epoch=3, sample=4, all_parts=True, **query)
    trainer = trainer_of(page, 3)
    found = by_hand.numbers(trainer, 4)
    expected = by_hand.matrices(found, trainer.recipe.output)
    formulas = shown(page)
    for key, wanted in expected.items():
        read = matrices(formulas[key])
        assert len(read) == len(wanted), key
        for number, (values, numbers) in enumerate(zip(read, wanted, strict=True)):
            assert latex.shows(values, numbers), (key, number)
    assert latex.shows(latex.result(formulas["loss"][-1]), found.loss)
    # the check is of the weight from the first input to the first unit, unless chosen
    difference, analytic = formulas["check"]
    own = found.gradients[0][1, 0]
    assert latex.shows(latex.result(analytic), own)
    corner = trainer.recipe.activation in ("step", "relu", "leaky_relu")
    assert corner or latex.result(difference)[0] == pytest.approx(own, rel=1e-3, abs=1e-8)


def test_the_code_runs_and_ends_where_the_engine_ends(visit):
    page = opened(visit, epoch=3, sample=4, all_parts=True, batch_size="5", optimiser="adam")
    step = trainer_of(page, 3).step_with(4)
    (code,) = page.app.code
    names = {}
    exec(code.value, names)
    for layer, (before, after) in enumerate(zip(step.before, step.after, strict=True), start=1):
        np.testing.assert_array_equal(names[f"W{layer}"], before)
        np.testing.assert_allclose(names[f"W{layer}_new"], after, rtol=1e-9, atol=1e-14)


def test_a_program_too_long_to_show_can_be_downloaded(visit):
    page = opened(visit, all_parts=True, hidden="64,64")
    assert len(page.app.code) == 0
    assert any("too long to show" in text for text in texts(page))
    assert [e for e in page.app.main if e.type == "download_button"]


def test_large_matrices_are_tables(visit):
    page = opened(visit, epoch=2, all_parts=True, hidden="64,64")
    gradient = by_hand.numbers(trainer_of(page, 2), 0).gradients[1]
    tables = [e.proto.body for e in page.app.main if e.type == "html" and "<table>" in e.proto.body]
    written = [f"{value:.4g}" for value in gradient.ravel()]
    shown, *_ = [t for t in tables if re.findall(r"<td>([^<]+)</td>", t) == written]
    assert re.findall(r'<th scope="row">(.*?)</th>', shown)[:2] == ["bias", "a₁[1]"]


# --- which weights, which point, which epoch ----------------------------------------------


def test_numbers_are_of_epoch_0_until_the_stage_has_reported(visit):
    page = opened(visit)
    assert epoch_of(page) == 0
    page.report(epoch=7, sample=None)
    assert epoch_of(page) == 7
    (values,) = matrices(shown(page)["forward_1"])[:1]
    assert latex.shows(values, trainer_of(page, 7).network.weights[0].T)


def test_a_long_run_is_replayed_to_its_end(visit):
    page = opened(visit, epoch=1500)
    assert epoch_of(page) == 1500
    (values,) = matrices(shown(page)["forward_1"])[:1]
    assert latex.shows(values, trainer_of(page, 1500).network.weights[0].T)


def test_a_run_that_diverges_says_so_and_shows_its_last_numbers(visit):
    query = {"activation": "relu", "learning_rate": "10", "l2": "1"}
    page = opened(visit, epoch=1500, all_parts=True, **query)
    trainer = trainer_of(page, 1500)
    assert trainer.diverged in page.warnings
    assert epoch_of(page) == trainer.epoch


def test_the_trainer_is_kept_while_the_recipe_stays(visit, monkeypatch):
    page = opened(visit, epoch=7)
    made = []
    monkeypatch.setattr(panels, "Trainer", lambda recipe: made.append(recipe) or Trainer(recipe))
    page.report(epoch=9, sample=2)
    page.report(epoch=4, sample=2)
    assert epoch_of(page) == 4
    assert made == []
    edited = Recipe.from_query(page.url).with_edit(Edit(4, "learning_rate", 0.1))
    page.report(recipe=json.loads(edited.to_json()))
    assert made == [edited]
    assert epoch_of(page) == 4


def test_another_network_starts_at_epoch_0_and_another_learning_rate_stays_where_it_was(visit):
    page = opened(visit, epoch=7)
    edited = Recipe.from_query(page.url).with_edit(Edit(7, "learning_rate", 0.1))
    page.report(recipe=json.loads(edited.to_json()))
    assert epoch_of(page) == 7
    page.set("seed", 5)
    assert epoch_of(page) == 0


def test_edits_during_the_run_are_replayed(visit):
    page = opened(visit, epoch=3, edits="5:learning_rate:1")
    page.report(epoch=6, sample=0)
    (values,) = matrices(shown(page)["forward_1"])[:1]
    assert latex.shows(values, trainer_of(page, 6).network.weights[0].T)
    assert not latex.shows(values, _plain(page, 6).weights[0].T)


def _plain(page, epoch):
    trainer = Trainer(Recipe.from_query({k: v for k, v in page.url.items() if k != "edits"}))
    trainer.advance(epoch)
    return trainer.network


def test_with_batches_the_panel_says_which_weights_it_shows(visit):
    page = opened(visit, batch_size="5")
    trainer = trainer_of(page, 0)
    sample = next(s for s in range(24) if trainer.step_with(s).batch == 4)
    page.report(epoch=0, sample=sample)
    sentence = "Batch 4 of 5: the weights below are those after 3 steps of epoch 1, which are used "
    assert any(text.startswith(sentence) for text in texts(page))


# --- the point -----------------------------------------------------------------------------


def number_of(page):
    return page.app.number_input(key="sample")


def test_a_point_chosen_by_number_is_shown_on_page_and_stage(visit):
    page = opened(visit)
    assert page.data["sample"] == 0
    number_of(page).set_value(12).run()
    assert not page.app.exception
    assert page.data["sample"] == 11
    data = trainer_of(page, 0).dataset
    label = data.class_names[data.train_labels[11]]
    assert any(text.startswith(f"**Point 12: class {label}, ") for text in texts(page))


def test_a_point_picked_on_the_stage_is_chosen(visit):
    page = opened(visit)
    page.report(epoch=0, sample=8)
    assert number_of(page).value == 9
    assert page.data["sample"] == 8
    page.report(epoch=5, sample=None)  # no point: the last one is kept
    assert number_of(page).value == 9


def test_a_number_without_a_point_gets_a_sentence_and_changes_nothing(visit):
    page = opened(visit, sample=6)
    before = [element.value for element in page.app.latex]
    number_of(page).set_value(25).run()
    assert not page.app.exception
    assert "The training points are numbered 1…24; this is point 7." in page.warnings
    assert [element.value for element in page.app.latex] == before
    assert page.data["sample"] == 6


def test_a_number_without_a_point_in_another_data_set_gets_a_sentence(visit):
    page = opened(visit, sample=20)
    page.set("samples", 20)
    assert "The training points are numbered 1…16; this is point 1." in page.warnings
    assert page.data["sample"] == 0
    page.set("samples", 40)
    assert page.warnings == []
    assert page.data["sample"] == 20


@pytest.mark.parametrize(
    "wrong",
    [{"epoch": -1, "sample": -2}, {"epoch": "x"}, {"epoch": 10**9, "sample": 10**9}, {"epoch": 1.5},
     {"epoch": True}, {"sample": "7"}, {"recipe": 5}, {"number": None}, {"heard": -1}],
    ids=str,
)  # fmt: skip
def test_an_invalid_report_changes_nothing(visit, wrong):
    page = opened(visit, epoch=3, sample=4)
    page.report(**{"epoch": 7, "sample": 8} | wrong)
    assert epoch_of(page) == 3
    assert number_of(page).value == 5


# --- the weight that is checked --------------------------------------------------------------


def test_any_weight_can_be_checked(visit):
    page = opened(visit, epoch=3, all_parts=True)
    for label, value in (("Layer", 1), ("From", 0), ("To", 1)):
        (box,) = [box for box in page.app.main.selectbox if box.label == label]
        box.set_value(value).run()
    _, analytic = shown(page)["check"]
    own = by_hand.numbers(trainer_of(page, 3), 0).gradients[1][0, 1]
    assert latex.shows(latex.result(analytic), own)
    assert any("bias of a₂[2]" in text for text in texts(page))


def test_another_network_has_other_weights_to_check(visit):
    page = opened(visit, all_parts=True)
    (box,) = [box for box in page.app.main.selectbox if box.label == "Layer"]
    box.set_value(2).run()
    page.set("layers", 1)
    assert not page.app.exception


# --- a point that is no training point ----------------------------------------------------


def test_a_pinned_point_has_its_pass_and_a_part_for_each_class(visit):
    page = opened(visit, epoch=3, data="iris")
    page.report(epoch=3, sample=None, point=[4.5, 1.5])
    assert any("never learns from it" in info.value for info in page.app.info)
    assert any("Pinned point" in text and "petal length (cm) = 4.5" in text for text in texts(page))
    titles = [room.label for room in page.app.main.expander]
    assert [title for title in titles if title.startswith("4 · If it were")] == [
        f"4 · If it were class {name}: loss and gradient"
        for name in ("setosa", "versicolor", "virginica")
    ]
    (shown,) = latex.matrices(page.app.main.expander[4].latex[-1].value)[-1:]
    trainer = trainer_of(page, 3)
    expected = trainer.network.predict_proba(trainer.preparation.apply([[4.5, 1.5]]))[0]
    assert latex.shows(shown, expected)


def test_the_training_point_next_to_a_pinned_one_is_offered(visit):
    page = opened(visit, sample=4)
    x, y = trainer_of(page, 0).dataset.train[11]
    page.report(epoch=0, sample=None, point=[x + 1e-3, y])
    (button,) = [each for each in page.app.button if "nearest" in each.label]
    assert button.label.startswith("Show training point 12,")
    button.click().run()
    assert number_of(page).value == 12
    assert page.data["sample"] == 11
    assert "sample" in page.data["changed"]
    assert not page.app.info


def test_the_training_point_that_was_shown_before_can_be_shown_again(visit):
    page = opened(visit, sample=11)
    page.report(epoch=0, sample=11)
    x, y = trainer_of(page, 0).dataset.train[11]
    page.report(epoch=0, sample=None, point=[x + 1e-3, y])
    (button,) = [each for each in page.app.button if "nearest" in each.label]
    button.click().run()
    assert number_of(page).value == 12
    assert not page.app.info


# --- closed ---------------------------------------------------------------------------------


def test_a_closed_panel_computes_nothing(visit, monkeypatch):
    def fail(*_):
        raise AssertionError("nothing is to be worked out")

    monkeypatch.setattr(panels, "Trainer", fail)
    page = visit()
    page.report(epoch=3, sample=1)
    page.set("seed", 5)
    assert (page.data["follow"], page.data["sample"]) == (False, None)
    assert len(page.app.latex) == len(page.app.main.expander) == 0


def test_a_closed_part_computes_nothing(visit, monkeypatch):
    def fail(*_):
        raise AssertionError("nothing is to be worked out")

    monkeypatch.setattr(maths, "check", fail)
    monkeypatch.setattr(maths, "step_script", fail)
    page = opened(visit)
    assert [key for key, formulas in shown(page).items() if formulas] == ["input", "forward_1"]
    assert len(page.app.code) == 0


def test_closing_the_panel_drops_the_trainer_and_updates_the_stage(visit):
    page = opened(visit, sample=4)
    assert page.data["follow"]
    page.open(None)
    assert (page.data["follow"], page.data["sample"]) == (False, None)
    assert "trainer" not in page.app.session_state
    page.open("maths")
    assert number_of(page).value == 5


def test_a_panel_opened_before_the_browser_has_the_last_url_keeps_the_recipe(visit):
    page = visit()
    before = page.url
    page.set("data_seed", 5)
    page.app.query_params.clear()
    page.app.query_params.update(before)  # the URL that a quick click still sends
    page.open("maths")
    assert page.url["data_seed"] == "5"


def test_names_of_own_data_are_shown_as_they_are(visit):
    """Neither formatted, nor as LaTeX, nor as an image of somewhere else."""
    names, axes = ("**bold** $x$", "![i](//e)"), ["*a*_", ":red[b]"]
    points = [[i, i * i % 7] for i in range(12)]
    table = Recipe.from_table(points, [names[i % 2] for i in range(12)], feature_names=axes)
    query = dict(Recipe(data=table.data, hidden=(2,)).to_params())
    page = visit(**query)
    page.open("maths", sample=1, **{f"part_{key}": True for key in ("target", "output")})
    found = worked_example(Trainer(Recipe.from_query(page.url)), 0)
    heading = next(text for text in texts(page) if text.startswith("**Point 1:"))
    assert escape_markdown(found.class_name) in heading
    for axis in axes:
        assert escape_markdown(axis) in heading
    for text in texts(page):
        assert not any(name in text for name in (*names, *axes))
    page.report(epoch=0, sample=None, point=[0.5, 0.5])
    titles = [room.label for room in page.app.main.expander]
    assert any(escape_markdown(names[0]) in title for title in titles)
    assert not any(names[0] in title for title in titles)
