"""What the panels say in Markdown."""

import numpy as np

from nnviz.ui.panel_texts import layer_heading


def test_the_heading_of_a_layer_has_the_singular_for_one_unit():
    assert layer_heading(2, np.zeros((3, 40))) == "**Layer 2: z of 3 units at 40 points**"
    assert layer_heading(1, np.zeros((1, 40))) == "**Layer 1: z of 1 unit at 40 points**"
