"""Records answer for themselves: nobody else compares their names or writes their constants."""

import ast
import inspect
import pathlib
import re
import types

import pytest

import nnviz
from nnviz import Recipe, RecipeError
from nnviz.choices import activations, datasets, optimisers
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.datasets import SOURCES
from nnviz.choices.initialisers import INITIALISERS
from nnviz.choices.inputs import INPUTS
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.choices.outputs import OUTPUTS

TABLES = (ACTIVATIONS, OUTPUTS, OPTIMISERS, SOURCES, INITIALISERS, INPUTS)
NAMES = {name for table in TABLES for name in table}
MODULES = sorted(pathlib.Path(nnviz.__file__).parent.rglob("*.py"))


def names_compared(path):
    """Names of records that a module compares something with."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            for side in ast.walk(node):
                if isinstance(side, ast.Constant) and side.value in NAMES:
                    yield f"{path.name}:{node.lineno} {side.value}"


def test_no_module_compares_the_name_of_a_record():
    assert [found for path in MODULES for found in names_compared(path)] == []


# --- constants are written once -----------------------------------------------------------


def with_constant(module, name, value):
    """The module once more, with another value of one of its constants."""
    source = inspect.getsource(module)
    pattern = rf"^{name} = [\d.e-]+" if "," not in name else rf"^{name} = [\d.e-]+, [\d.e-]+"
    source, changed = re.subn(pattern, f"{name} = {value}", source, flags=re.MULTILINE)
    assert changed == 1
    other = types.ModuleType(module.__name__)
    other.__package__ = module.__package__
    exec(compile(source, "other", "exec"), vars(other))
    return other


@pytest.mark.parametrize(
    ("module", "table", "name", "value", "before", "after", "records"),
    [
        (optimisers, "OPTIMISERS", "MOMENTUM", "0.75", ["0.9"], ["0.75"],
         ["momentum", "nesterov"]),
        (optimisers, "OPTIMISERS", "DECAY", "0.75", ["0.9", "0.1"], ["0.75", "0.25"], ["rmsprop"]),
        (optimisers, "OPTIMISERS", "BETA_1, BETA_2", "0.75, 0.95",
         ["0.9 ", "0.1", "0.999", "0.001"], ["0.75", "0.25", "0.95", "0.05"], ["adam"]),
        (optimisers, "OPTIMISERS", "EPSILON", "1e-5",
         ["1e-8", "{-8}", "1e-08"], ["1e-5", "{-5}", "1e-05"], ["rmsprop", "adam"]),
        (activations, "ACTIVATIONS", "LEAK", "0.125", ["0.01"], ["0.125"], ["leaky_relu"]),
        (datasets, "SOURCES", "INNER", "0.25", ["0.5"], ["factor=0.25"], ["circles"]),
        (datasets, "SOURCES", "SPREAD", "0.25", ["0.1"], ["0.25 + {noise}"], ["blobs"]),
        (datasets, "SOURCES", "TURN", "3.5", ["2.5"], ["3.5 * np.pi"], ["spirals"]),
        (datasets, "SOURCES", "GAP", "0.25", ["0.1"], ["0.25, -0.25"], ["linear"]),
    ],
)  # fmt: skip
def test_a_constant_is_written_once(module, table, name, value, before, after, records):
    first, other = vars(module)[table], vars(with_constant(module, name, value))[table]
    for record in records:
        old, new = repr(first[record]), repr(other[record])
        assert [text for text in before if text not in old] == []
        assert [text for text in before if text in new] == []
        assert [text for text in after if text not in new] == []


# --- what records allow -------------------------------------------------------------------


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_says_whether_there_may_be_hidden_layers_below_it(name):
    assert Recipe(output=name, hidden=()).sizes == (2, OUTPUTS[name].units(2))
    if OUTPUTS[name].allows_hidden:
        assert Recipe(output=name, hidden=(3,)).hidden == (3,)
    else:
        with pytest.raises(RecipeError):
            Recipe(output=name, hidden=(3,))
