"""The tables that the stage is given."""

from nnviz.choices.palette import CLASS_STYLES
from nnviz.recipe.recipe import LIVE_FIELDS
from nnviz.stage.tables import tables


def test_every_class_has_a_colour_and_a_symbol_of_its_own():
    styles = tables()["classStyles"]
    colours, symbols = ({style[name] for style in styles} for name in ("colour", "symbol"))
    assert len(colours) == len(symbols) == len(CLASS_STYLES) == 8


def test_activations_without_a_bend_are_listed():
    assert tables()["straight"] == ["identity"]


def test_fields_that_may_change_during_the_run_are_listed():
    assert tables()["liveFields"] == list(LIVE_FIELDS)
