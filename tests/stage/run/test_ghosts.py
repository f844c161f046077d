"""The legend of earlier runs: what differed, in the words of the page."""

import json
from typing import Any

import pytest

from nnviz import Recipe
from nnviz.stage.tables import tables
from tests import node

IRIS = {"data": "iris", "noise": 0.3}
PERCEPTRON = {"output": "step", "hidden": []}
L2_LATE = {"edits": [[40, "l2", 0.1], [60, "l2", 0.2]]}
BY_HAND = {"edits": [[5, "weight", 1.0, [0, 0, 0]]]}

# an earlier run, the present one, and what the legend says of the earlier
CASES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"hidden": [3]}, {}, "3 hidden units"),
    ({}, {"hidden": [3]}, "10 hidden units"),
    ({"hidden": [1]}, {}, "1 hidden unit"),
    ({"hidden": [4, 2]}, {}, "4 + 2 hidden units"),
    ({"hidden": []}, {}, "no hidden layer"),
    ({}, {"optimiser": "adam"}, "SGD"),
    ({"activation": "relu"}, {}, "ReLU"),
    ({"inputs": ["x1", "x2sq"]}, {}, "inputs x₁, x₂²"),
    ({"standardise": False}, {}, "not standardised"),
    ({}, {"l2": 0.1}, "no L2"),
    ({"l2": 0.1, "batch_size": 10}, {}, "batch size 10, L2 0.1"),
    ({}, {"batch_size": 10}, "full batch"),
    ({}, {}, "the same settings"),
    # three are named, and the others counted
    ({"seed": 1, "hidden": [1], "l2": 1.0, "noise": 0.2}, {},
     "noise 0.2, 1 hidden unit, weights seed 1 and 1 more"),
    # what follows from another choice is not named
    (IRIS, {}, "iris instead of circles"),
    ({}, IRIS, "circles instead of iris"),
    ({"data": "wine"}, IRIS, "wine instead of iris"),
    ({"data": "xor"}, {"data": "blobs", "classes": 4}, "XOR instead of blobs"),
    (IRIS | {"features": ["petal length (cm)", "sepal width (cm)"]}, IRIS,
     "petal length (cm) and sepal width (cm)"),
    (IRIS, IRIS | {"noise": 0.1}, "the same settings"),
    (PERCEPTRON, {}, "perceptron"),
    ({}, PERCEPTRON, "softmax output"),
    ({"data": "blobs", "classes": 4}, {"data": "blobs"}, "4 classes"),
    # what was changed during a run
    (L2_LATE, {}, "L2 0.2 from epoch 60"),
    (L2_LATE, {"l2": 0.2}, "L2 0.2 from epoch 60"),
    ({"l2": 0.2}, L2_LATE, "L2 0.2 from the start"),
    ({}, L2_LATE, "no L2"),
    (BY_HAND, {}, "weights set by hand"),
    ({}, BY_HAND, "no weights set by hand"),
]  # fmt: skip


@pytest.fixture(scope="module")
def legends() -> list[str]:
    runs = [[json.loads(Recipe(**fields).to_json()) for fields in case[:2]] for case in CASES]
    return node.evaluate(f"""
      const {{ difference }} = await load("run/ghosts.js");
      const phrases = {json.dumps(tables()["phrases"])};
      return {json.dumps(runs)}.map(([earlier, present]) => difference(earlier, present, phrases));
    """)


@pytest.mark.parametrize("index", range(len(CASES)), ids=[case[2] for case in CASES])
def test_a_legend_says_what_differed_as_people_do(legends: list[str], index: int) -> None:
    assert legends[index] == CASES[index][2]
