"""nnviz: neural-network decision boundaries, trained live."""

from .edits import Edit
from .fields import RecipeError
from .network import Network
from .recipe import Recipe
from .training import Trainer

__all__ = ["Edit", "Network", "Recipe", "RecipeError", "Trainer"]
