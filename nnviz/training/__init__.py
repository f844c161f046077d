"""A run as a function of its recipe: network, gradient descent, trainer."""
