"""The network as a classifier with scikit-learn's conventions."""

from .classifier import NeuralNetworkClassifier

__all__ = ["NeuralNetworkClassifier"]
