"""What the tests of displays share: the grid by hand, and what a figure shows, read back."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from nnviz.display import DecisionBoundaryDisplay

WORDS = np.array(["ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen"])
draw = DecisionBoundaryDisplay.from_estimator


def grid(X, resolution=100, eps=1.0):
    """The points of the grid row by row, and the corner and the step it has."""
    low, high = X[:, :2].min(axis=0) - eps, X[:, :2].max(axis=0) + eps
    step = (high - low) / (resolution - 1)
    points = [
        (low[0] + i * step[0], low[1] + j * step[1])
        for j in range(resolution)
        for i in range(resolution)
    ]
    return np.array(points), low, step


def pixels(figure, number=0):
    """The field as an array, the first row at the bottom."""
    data = figure.layout.images[number].source.partition(",")[2]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))[::-1].astype(int)


def legends(figure):
    return [trace.name for trace in figure.data if trace.showlegend]


def texts(figure):
    return [annotation.text for annotation in figure.layout.annotations]


def refuses(error, words):
    """Expects an error of these very words; of their beginning where they end in a dash."""
    start = re.escape(words.removesuffix(" –"))
    return pytest.raises(error, match=f"^{start}" if words.endswith(" –") else f"^{start}$")
