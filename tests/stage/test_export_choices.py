"""The tables of the export dialog: it cannot request what a plan refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nnviz.export.animation import AnimationPlan
from nnviz.problems import RecipeError
from nnviz.stage.export_choices import choices


def plan_of(name: str, value: int) -> AnimationPlan:
    plan = replace(AnimationPlan(), first=0, last=1_000_000)
    if name in ("width", "height"):
        width, height = plan.size
        return replace(plan, size=(value, height) if name == "width" else (width, value))
    values: dict[str, Any] = {name: value}
    return replace(plan, **values)


NUMBERS = [name for name, kind in choices()["plan"].items() if "low" in kind]


@pytest.mark.parametrize("name", NUMBERS)
def test_the_bounds_of_the_form_are_those_of_a_plan(name: str) -> None:
    kind = choices()["plan"][name]
    assert kind["low"] <= kind["default"] <= kind["high"]
    plan_of(name, kind["low"])
    plan_of(name, kind["high"])
    for beyond in (kind["low"] - 1, kind["high"] + 1):
        with pytest.raises(RecipeError, match="must be"):
            plan_of(name, beyond)


def test_each_number_and_the_spacing_of_the_form_have_a_default() -> None:
    assert set(NUMBERS) == {"first", "last", "count", "fps", "width", "height"}
    assert choices()["plan"]["spacing"]["default"] in [row["name"] for row in choices()["spacings"]]
