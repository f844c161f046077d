"""Pictures of any classifier's decision boundary, with scikit-learn's conventions."""

from .boundary import DecisionBoundaryDisplay
from .comparison import compare

__all__ = ["DecisionBoundaryDisplay", "compare"]
