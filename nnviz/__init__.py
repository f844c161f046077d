"""nnviz: neural-network decision boundaries, trained live.

Names that need scikit-learn or Plotly are imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .problems import RecipeError
from .recipe.edits import Edit
from .recipe.moment import Moment
from .recipe.recipe import Recipe
from .training.network import Network
from .training.trainer import Trainer

if TYPE_CHECKING:
    from .display import DecisionBoundaryDisplay, compare
    from .estimator import NeuralNetworkClassifier
    from .sweeps import sweep

__all__ = [
    "DecisionBoundaryDisplay",
    "Edit",
    "Moment",
    "Network",
    "NeuralNetworkClassifier",
    "Recipe",
    "RecipeError",
    "Trainer",
    "compare",
    "sweep",
]

_LAZY = {
    "DecisionBoundaryDisplay": "display",
    "compare": "display",
    "NeuralNetworkClassifier": "estimator",
    "sweep": "sweeps",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LAZY[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
