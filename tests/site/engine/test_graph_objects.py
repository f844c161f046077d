"""The stand-in for Plotly's graph objects: its pictures are those of the package."""

import base64
import importlib
import json
import math
import sys

import numpy as np
import pytest
from plotly.colors import sequential

from nnviz.analysis.snapshot import Plane, Snapshot
from nnviz.export import pictures
from nnviz.export.pictures import PICTURES, Shot
from nnviz.figures import sweeps
from nnviz.recipe.look import Look
from nnviz.recipe.recipe import Recipe
from nnviz.site.engine import graph_objects
from nnviz.sweeps.pictures import FIGURES
from nnviz.sweeps.plan import make_plan
from nnviz.sweeps.portrait import portrait_of
from nnviz.sweeps.run import row_of
from nnviz.sweeps.summary import summarise
from nnviz.training.trainer import Trainer

MODULES = [
    module
    for name, module in sys.modules.items()
    if name.startswith(("nnviz.figures.", "nnviz.export.pictures")) and hasattr(module, "go")
]
RUNS = [
    (Recipe(), Look()),
    (Recipe(data="iris", hidden=(4, 3)), Look(view="confidence", rings=True, probe=(3.0, 1.0))),
    (Recipe(data="moons"), Look(view="surface", log_loss=True, log_epochs=True, unit=(1, 2))),
    (Recipe(data="linear", hidden=(), output="step"), Look(points="train")),
]


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(("recipe", "look"), RUNS, ids=lambda run: getattr(run, "data", ""))
def test_its_pictures_are_those_of_the_package(name, recipe, look, monkeypatch):
    trainer = Trainer(recipe)
    trainer.advance(5)
    snapshot = Snapshot(trainer, Plane(trainer), look)
    shot = Shot(look=look, caption="50 % of <all>")
    theirs = pictures.picture(snapshot, name, shot).to_json()
    for module in MODULES:
        monkeypatch.setattr(module, "go", graph_objects)
    ours = pictures.picture(snapshot, name, shot).to_json()
    assert without_arrays(json.loads(ours)) == without_arrays(json.loads(theirs))


@pytest.mark.parametrize("name", [record.name for record in FIGURES.values() if record.on_page])
def test_figures_of_a_sweep_are_those_of_the_package(name, monkeypatch):
    plan = make_plan(Recipe(samples=30, hidden=(2,)), {"learning_rate": [0.1, 10]}, epoch=5)
    rows = [plan.completed(row_of(run)) for run in plan]
    summary = summarise(rows)
    portraits = {number: portrait_of(run) for number, run in enumerate(plan)}
    theirs = json.loads(FIGURES[name].draw(summary, portraits).to_json())
    monkeypatch.setattr(sweeps, "go", graph_objects)
    ours = json.loads(FIGURES[name].draw(summary, portraits).to_json())
    assert without_arrays(with_named_scales(ours)) == without_arrays(with_named_scales(theirs))


def with_named_scales(value):
    """A figure in which the package's numbers of a scale of colours are its name again."""
    if isinstance(value, list):
        return [with_named_scales(part) for part in value]
    if not isinstance(value, dict):
        return value
    parts = {name: with_named_scales(part) for name, part in value.items()}
    if isinstance(parts.get("colorscale"), list):
        assert [colour for _, colour in parts["colorscale"]] == sequential.Cividis
        parts["colorscale"] = "Cividis"
    return parts


def without_arrays(value):
    """A figure with plain lists, and numbers to within rounding."""
    if isinstance(value, dict) and "bdata" in value:
        array = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        if "shape" in value:
            array = array.reshape([int(n) for n in value["shape"].split(",")])
        return without_arrays(array.tolist())
    if isinstance(value, dict):
        return {name: without_arrays(part) for name, part in value.items()}
    if isinstance(value, list):
        return [without_arrays(part) for part in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return None if math.isnan(value) else round(float(value), 9)
    return value


def test_it_stands_in_for_the_package(monkeypatch):
    for name in ("plotly", "plotly.graph_objects"):
        monkeypatch.setitem(sys.modules, name, sys.modules[name])
    graph_objects.stand_in()
    assert importlib.import_module("plotly.graph_objects") is graph_objects
