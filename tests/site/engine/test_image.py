"""PNGs, read again by Pillow."""

import io

import numpy as np
import pytest
from PIL import Image

from nnviz.site.engine import image


@pytest.mark.parametrize("shape", [(1, 1, 4), (3, 5, 3), (40, 30, 4)])
def test_pixels_come_back(shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    file = io.BytesIO()
    image.fromarray(pixels).save(file, "PNG")
    np.testing.assert_array_equal(np.array(Image.open(file)), pixels)
