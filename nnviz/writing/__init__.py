"""A run as text: the derivation of a step, one step as a script, whole programs."""
