"""Fields of networks and their lines, for tests."""

from nnviz import Network
from nnviz.analysis.field import RESOLUTION, Extent, Grid, boundary_lines
from nnviz.choices.inputs import Preparation

SQUARE = Extent((-2.0, 2.0), (-2.0, 2.0))
PLAIN = Preparation(("x1", "x2"))
CELL = 4 / (RESOLUTION - 1)


def field_of(network, preparation=PLAIN, extent=SQUARE, resolution=RESOLUTION):
    return Grid(extent, preparation, resolution).field(network)


def lines_of(network, preparation=PLAIN, extent=SQUARE):
    return boundary_lines(field_of(network, preparation, extent))


def logistic(bias, *slopes):
    return Network([[[bias], *([slope] for slope in slopes)]], output="sigmoid")
