"""The stand-in for Plotly's graph objects: its pictures are those of the package."""

import base64
import importlib
import json
import math
import sys

import numpy as np
import pytest

from nnviz.analysis.snapshot import Plane, Snapshot
from nnviz.export import pictures
from nnviz.export.pictures import PICTURES, Shot
from nnviz.recipe.look import Look
from nnviz.recipe.recipe import Recipe
from nnviz.site.engine import graph_objects
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
