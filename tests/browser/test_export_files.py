"""Numbers and scripts through real downloads, read again by what reads them."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Download, expect

from nnviz import Recipe
from nnviz.recipe.moment import Moment
from nnviz.writing.programs import differences
from tests.browser.carriers import on_both_carriers
from tests.browser.export_dialog import (
    CLIPBOARD,
    NAME,
    at_moment,
    dialog_of,
    open_experiment,
    trained,
)

LOSE = """() => { // the live socket, with the next request
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...args) {
    if (!this.url.endsWith('/live')) return send.apply(this, args);
    WebSocket.prototype.send = send;
    this.close();
  }; }"""


@on_both_carriers
def test_the_numbers_are_those_of_the_engine(open_stage: Any) -> None:
    trainer = trained()
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage, "Data")
        name, file = dialog.download("Download Losses and accuracies (CSV)")
        assert name == f"{NAME}-history.csv"
        *_, last = csv.DictReader(io.StringIO(file.decode()))
        assert last["epoch"] == "200"
        assert float(last["train_loss"]) == pytest.approx(trainer.history[-1].train_loss, rel=1e-9)

        _, file = dialog.download("Download Weights (NumPy)")
        with np.load(io.BytesIO(file)) as stored:
            for layer, matrix in enumerate(trainer.network.weights, start=1):
                assert stored[f"W{layer}"] == pytest.approx(matrix, abs=1e-12)
        _, file = dialog.download("Download Weights (JSON)")
        assert np.shape(json.loads(file)["weights"][0]) == trainer.network.weights[0].shape


def test_the_points_are_those_to_the_bit_and_a_lost_server_is_said(open_stage: Any) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage, "Data")
        name, file = dialog.download("Download Points (CSV)")
        assert name == f"{NAME}-points.csv"
        rows = list(csv.reader(io.StringIO(file.decode())))
        data = trained().dataset
        points = np.array([row[:2] for row in rows[1:]], dtype=float)
        assert (points == np.concatenate([data.train, data.test])).all()

        stage.page.evaluate(LOSE)
        dialog.press("Download Points (CSV)")
        expect(dialog.says).to_have_text(
            "The server can’t be reached. Try again when the run is back."
        )
        stage.wait("stage.dataset.state === 'paused'")
        dialog.download("Download Points (CSV)")
        assert stage.epoch == 200


def test_a_script_of_a_large_table_comes_with_the_points_that_it_reads(
    open_stage: Any, tmp_path: Path
) -> None:
    points = np.random.default_rng(0).normal(size=(600, 2)).round(1)
    recipe = Recipe.from_table(points, np.where(points[:, 0] > 0, "a", "b"), name="own.csv")
    stage = open_stage(f"?{recipe.to_query()}", fresh=True)
    dialog = dialog_of(stage, "Code")
    dialog.field("For").select_option("numpy")
    saved: list[Download] = []
    stage.page.on("download", lambda download: saved.append(download))
    dialog.press("Download")
    expect(dialog.says).to_have_text(
        re.compile("Saved .*-numpy.py, and .*-points.csv, which it reads")
    )
    for each in saved:
        each.save_as(tmp_path / each.suggested_filename)
    (script,) = tmp_path.glob("*.py")
    ran = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_scripts_say_what_differs_and_which_runs_they_cannot_make(open_stage: Any) -> None:
    adam, elu = Moment(Recipe(optimiser="adam"), 20), Moment(Recipe(activation="elu"), 20)
    with at_moment(open_stage, "?" + adam.to_query(), permissions=CLIPBOARD) as stage:
        dialog = dialog_of(stage, "Code")
        script = dialog.panel.get_by_role("region", name="Script")
        names = dialog.field("For").evaluate("list => [...list.options].map((o) => o.value)")
        for flavour in names:
            dialog.field("For").select_option(flavour)
            expect(script).to_contain_text("import")
            expect(dialog.panel.get_by_role("button", name="Copy")).to_be_enabled()
            name, file = dialog.download()
            assert name == f"{adam.name}-{flavour}.py"
            compile(file, name, "exec")
            assert file.decode() == script.text_content()
            listed = dialog.panel.get_by_role("listitem").all_inner_texts()
            assert listed == differences(adam.recipe, adam.epoch, flavour)
        dialog.press("Copy")
        expect(dialog.says).to_have_text("Script copied.")
        assert stage.page.evaluate("navigator.clipboard.readText()") == file.decode()
        open_experiment(stage, dialog, elu)
        dialog_of(stage, "Code")
        dialog.field("For").select_option("sklearn")
        expect(dialog.panel.get_by_text("MLPClassifier has no ELU activation")).to_be_visible()
        expect(dialog.panel.get_by_role("button", name="Download")).to_be_disabled()
