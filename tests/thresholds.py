"""Thresholds that every door refuses, with what the sentence calls them."""

import numpy as np

REFUSED = [
    (0, "0"), (1, "1"), (0.0, "0.0"), (-0.5, "-0.5"), (1.5, "1.5"), (np.float64(1.0), "1.0"),
    (np.nan, "nan"), (np.inf, "inf"), ("0.5", "0.5"), ("", "nothing"), (True, "True"),
    (None, "None"), ([0.5], "[0.5]"), (1 - 1e-17, "1.0"),
]  # fmt: skip
