"""What a page offers to sweep: values to start from for every field, and sweeps ready made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations, islice

from ..recipe.recipe import FIELDS, Recipe
from .plan import Plan, make_plan
from .run import Target
from .vary import read

_MOST_PAIRS = 6  # of features

VALUES = {
    "data": "circles,moons,xor,spirals",
    "classes": "2..4",
    "samples": "50,100,200,500",
    "noise": "0..0.5:6",
    "test_share": "0.1,0.3,0.5",
    "standardise": "*",
    "inputs": "x1,x2;x1,x2,x1x2;x1,x2,x1sq,x2sq",
    "hidden": "2;4;8;8,8",
    "activation": "*",
    "output": "*",
    "init": "*",
    "optimiser": "*",
    "learning_rate": "0.01,0.03,0.1,0.3,1,3,10",
    "batch_size": "1,10,50,full",
    "l1": "0,0.001,0.01,0.1",
    "l2": "0,0.001,0.01,0.1",
}


def values_for(name: str, recipe: Recipe) -> str:
    """Values of a field to start from, written as on the command line."""
    if name != "features":
        return VALUES[name]
    kind, pairs = FIELDS[name], combinations(recipe.source.features, 2)
    return ";".join(kind.write(pair) for pair in islice(pairs, _MOST_PAIRS))


@dataclass(frozen=True)
class ReadyMade:
    """A sweep that shows something; ``vary`` as on the command line."""

    name: str
    label: str
    recipe: Recipe
    vary: Mapping[str, str]
    seeds: int
    epoch: int = 500
    targets: tuple[Target, ...] = field(default=(Target("test_accuracy", 0.95),))

    def plan(self, page: str) -> Plan:
        vary = read(f"{name}={values}" for name, values in self.vary.items())
        return make_plan(self.recipe, vary, seeds=self.seeds, epoch=self.epoch,
                         targets=self.targets, page=page)  # fmt: skip


READY_MADE = {
    record.name: record
    for record in (
        ReadyMade("xor", "How often do 3 hidden units solve XOR?", Recipe(data="xor", noise=0.03),
                  {"hidden": "2;3;4;8"}, seeds=20),
        ReadyMade("circles", "At which learning rate do circles break?", Recipe(),
                  {"learning_rate": "0.01,0.03,0.1,0.3,1,2,3,5,7,10"}, seeds=5, epoch=300),
    )
}  # fmt: skip
