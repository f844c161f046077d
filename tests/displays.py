"""Helpers of the tests of displays: an independent grid, and functions that read a figure."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from nnviz.display import DecisionBoundaryDisplay

NAMES = np.array(["ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis", "jay"])
draw = DecisionBoundaryDisplay.from_estimator


def grid(X, resolution=100, eps=1.0):
    """The points of the grid row by row, its lower left corner, and its step."""
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


def refuses(error, message):
    """Expect an error with exactly this message, or beginning with it if it ends in a dash."""
    start = re.escape(message.removesuffix(" –"))
    return pytest.raises(error, match=f"^{start}" if message.endswith(" –") else f"^{start}$")
