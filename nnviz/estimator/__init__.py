"""The network as a scikit-learn classifier: ``classifier``, its ``parameters``, its ``fitting``."""

from .classifier import NeuralNetworkClassifier

__all__ = ["NeuralNetworkClassifier"]
