"""The public names of the package, and what importing it does not import."""

import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import nnviz

ROOT = Path(__file__).parents[1]
HEAVY = {"sklearn", "scipy", "streamlit", "plotly", "starlette", "pandas", "matplotlib"}

PUBLIC = {
    "DecisionBoundaryDisplay", "Edit", "Moment", "Network", "NeuralNetworkClassifier", "Recipe",
    "RecipeError", "Trainer", "compare", "sweep",
}  # fmt: skip


def modules_after(code):
    """The top-level modules a fresh Python has imported after running ``code``."""
    script = f"import sys\n{code}\nprint(*sys.modules)"
    run = [sys.executable, "-W", "error", "-c", script]
    names = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    return {name.partition(".")[0] for name in names}


def test_the_public_names_are_there():
    assert set(nnviz.__all__) == PUBLIC
    assert all(hasattr(nnviz, name) for name in nnviz.__all__)


def test_the_public_methods_are_there():
    for name in ("from_json", "to_json", "from_query", "to_query"):
        assert callable(getattr(nnviz.Recipe, name))
    for name in ("advance", "seek"):
        assert callable(getattr(nnviz.Trainer, name))
    for name in ("predict_proba", "loss_and_gradients"):
        assert callable(getattr(nnviz.Network, name))
    assert {"epoch", "network", "history"} <= set(dir(nnviz.Trainer(nnviz.Recipe(data="xor"))))


@pytest.mark.parametrize(
    "code",
    [
        "import nnviz",
        "import nnviz.analysis.field, nnviz.choices.palette, nnviz.recipe.moment",
        "import nnviz.writing.programs",
        "import nnviz.writing.derivation, nnviz.writing.step_script, nnviz.analysis.health",
        "import nnviz; nnviz.Trainer(nnviz.Recipe(data='xor')).advance(2)",
    ],
)
def test_the_engine_imports_nothing_but_numpy_to_train(code):
    modules = modules_after(code)
    assert "numpy" in modules
    assert not HEAVY & modules


def test_scikit_learn_is_imported_where_a_data_set_needs_it():
    assert "sklearn" in modules_after("import nnviz; nnviz.Trainer(nnviz.Recipe(data='iris'))")


def test_the_distribution_has_a_name_of_its_own_and_the_readme_names_it():
    name = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["name"]
    assert name != "nnviz"  # another project on the package index
    assert name in packages_distributions()["nnviz"]
    assert f"`{name}`" in (ROOT / "README.md").read_text("utf-8")
